//! Products of a catalogue.

use santun_core::outgoing::ProductSection;
use serde::Serialize;

#[derive(Serialize)]
pub(super) struct Header<'a> {
    #[serde(rename = "type")]
    pub(super) kind: &'static str,
    pub(super) text: &'a str,
}

#[derive(Serialize)]
pub(super) struct ProductAction<'a> {
    pub(super) catalog_id: &'a str,
    pub(super) product_retailer_id: &'a str,
}

#[derive(Serialize)]
pub(super) struct ProductListAction<'a> {
    pub(super) catalog_id: &'a str,
    pub(super) sections: Vec<Products<'a>>,
}

#[derive(Serialize)]
pub(super) struct Products<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'a str>,
    product_items: Vec<Item<'a>>,
}

impl<'a> Products<'a> {
    pub(super) fn of(section: &'a ProductSection) -> Self {
        let product_items = section.products.iter().map(|product_retailer_id| Item { product_retailer_id }).collect();
        Self { title: section.title.as_deref(), product_items }
    }
}

#[derive(Serialize)]
struct Item<'a> {
    product_retailer_id: &'a str,
}

/// The whole catalogue.
#[derive(Serialize)]
pub(super) struct CatalogueAction<'a> {
    name: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    parameters: Option<Shown<'a>>,
}

#[derive(Serialize)]
struct Shown<'a> {
    thumbnail_product_retailer_id: &'a str,
}

impl<'a> CatalogueAction<'a> {
    pub(super) fn showing(product: Option<&'a str>) -> Self {
        let parameters = product.map(|thumbnail_product_retailer_id| Shown { thumbnail_product_retailer_id });
        Self { name: "catalog_message", parameters }
    }
}
