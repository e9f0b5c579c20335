//! The orders, and how they are found.

use std::collections::HashMap;
use std::path::Path;

use jiff::ToSpan as _;
use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize};

/// An order, as the API shows it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Order {
    pub number: String,
    pub status: String,
    #[serde(default, deserialize_with = "filled", skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    #[serde(default, deserialize_with = "filled", skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(default, deserialize_with = "filled", skip_serializing_if = "Option::is_none")]
    pub items: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ordered: Option<Date>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promised: Option<Date>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivered: Option<Date>,
    #[serde(default, deserialize_with = "filled", skip_serializing_if = "Option::is_none")]
    pub courier: Option<String>,
    #[serde(default, deserialize_with = "filled", skip_serializing_if = "Option::is_none")]
    pub waybill: Option<String>,
    #[serde(default, deserialize_with = "filled", skip_serializing_if = "Option::is_none")]
    pub last_place: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated: Option<Date>,
}

/// An empty cell of a CSV is no value.
fn filled<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(Option::<String>::deserialize(deserializer)?.filter(|text| !text.trim().is_empty()))
}

/// A file that holds no orders.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unreadable {
    #[error("cannot read {file}: {source}")]
    File { file: String, source: std::io::Error },
    #[error("{file} is not a JSON list of orders: {source}")]
    Json { file: String, source: serde_json::Error },
    #[error(
        "{file} is not a CSV of orders (its first line names the columns; `number` and `status` are needed): {source}"
    )]
    Csv { file: String, source: csv::Error },
    #[error("{file} ends neither in .csv nor in .json: rename it")]
    Ending { file: String },
}

/// Every order, found by number, waybill and phone.
#[derive(Debug, Default)]
pub(crate) struct Book {
    orders: Vec<Order>,
    by_number: HashMap<String, usize>,
    by_waybill: HashMap<String, usize>,
    by_phone: HashMap<String, Vec<usize>>,
}

/// Most orders that one answer lists.
const MOST: usize = 20;

impl Book {
    /// The orders of a file.
    pub(crate) fn read(path: &Path) -> Result<Self, Unreadable> {
        let file = path.display().to_string();
        let text = std::fs::read_to_string(path).map_err(|source| Unreadable::File { file: file.clone(), source })?;
        let orders = match path.extension().and_then(|ending| ending.to_str()) {
            Some("json") => serde_json::from_str(&text).map_err(|source| Unreadable::Json { file, source })?,
            Some("csv") => {
                let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
                let orders: Result<Vec<Order>, _> = reader.deserialize().collect();
                orders.map_err(|source| Unreadable::Csv { file, source })?
            }
            _ => return Err(Unreadable::Ending { file }),
        };
        Ok(Self::of(orders))
    }

    /// Orders that are made up, with dates around a day, so that something is always late.
    pub(crate) fn example(today: Date) -> Self {
        let day = |days: i32| today.checked_add(days.days()).ok();
        let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let order = |number: &str, phone: &str, name: &str, status: &str, parcel: [&str; 4], days: [Option<i32>; 4]| {
            let [ordered, promised, delivered, updated] = days.map(|days| days.and_then(day));
            let [courier, waybill, items, last_place] = parcel.map(text);
            Order {
                number: number.to_owned(),
                status: status.to_owned(),
                phone: text(phone),
                name: text(name),
                items,
                ordered,
                promised,
                delivered,
                courier,
                waybill,
                last_place,
                updated,
            }
        };
        let (budi, ayu) = ("+6281234567890", "+6285711112222");
        Self::of(vec![
            order(
                "TC-10234",
                budi,
                "Budi Santoso",
                "shipped",
                ["JNE", "0412345678901234", "Kemeja batik (2)", "Gudang JNE Surabaya"],
                [Some(-6), Some(-2), None, Some(-1)],
            ),
            order(
                "TC-10235",
                budi,
                "Budi Santoso",
                "delivered",
                ["SiCepat", "002345678901", "Sepatu kulit (1)", ""],
                [Some(-17), Some(-13), Some(-14), Some(-14)],
            ),
            order(
                "TC-10236",
                ayu,
                "Ayu Lestari",
                "processing",
                ["", "", "Kemeja batik (1)", ""],
                [Some(-1), Some(4), None, Some(-1)],
            ),
            order(
                "TC-10237",
                ayu,
                "Ayu Lestari",
                "out-for-delivery",
                ["AnterAja", "10008765432109", "Sepatu kulit (1), kaus kaki (3)", "Hub AnterAja Bandung"],
                [Some(-4), Some(0), None, Some(0)],
            ),
            order(
                "TC-10238",
                "+6287800001111",
                "Rizky Pratama",
                "shipped",
                ["J&T", "JP1234567890", "Jaket kulit (1)", "Gudang J&T Makassar"],
                [Some(-20), Some(-14), None, Some(-16)],
            ),
            order(
                "TC-10239",
                "+6289900003333",
                "Dewi Anggraini",
                "cancelled",
                ["", "", "Kemeja batik (1)", ""],
                [Some(-12), Some(-7), None, Some(-11)],
            ),
            order(
                "TC-10240",
                "",
                "",
                "packed",
                ["Pos Indonesia", "", "Kemeja batik (4)", ""],
                [Some(-2), Some(3), None, Some(-1)],
            ),
            order(
                "TC-10241",
                "+6281322224444",
                "Sinta Wijaya",
                "delivery-failed",
                ["ID Express", "IDE702012345678", "Sepatu kulit (2)", "Hub ID Express Depok"],
                [Some(-5), Some(-1), None, Some(-1)],
            ),
        ])
    }

    fn of(mut orders: Vec<Order>) -> Self {
        orders.sort_by_key(|order| std::cmp::Reverse(order.ordered));
        let mut book = Self::default();
        for (place, order) in orders.iter().enumerate() {
            book.by_number.insert(key(&order.number), place);
            if let Some(waybill) = &order.waybill {
                book.by_waybill.insert(key(waybill), place);
            }
            if let Some(phone) = &order.phone {
                book.by_phone.entry(digits(phone)).or_default().push(place);
            }
        }
        book.orders = orders;
        book
    }

    pub(crate) fn len(&self) -> usize {
        self.orders.len()
    }

    pub(crate) fn by_number(&self, number: &str) -> Option<&Order> {
        self.by_number.get(&key(number)).map(|place| &self.orders[*place])
    }

    pub(crate) fn by_waybill(&self, waybill: &str) -> Option<&Order> {
        self.by_waybill.get(&key(waybill)).map(|place| &self.orders[*place])
    }

    /// The newest first.
    pub(crate) fn by_phone(&self, phone: &str) -> Vec<&Order> {
        let places = self.by_phone.get(&digits(phone)).map(Vec::as_slice).unwrap_or_default();
        places.iter().take(MOST).map(|place| &self.orders[*place]).collect()
    }
}

fn key(number: &str) -> String {
    number.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect()
}

fn digits(phone: &str) -> String {
    phone.chars().filter(char::is_ascii_digit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_demonstrations_csv_can_be_read() {
        let book = Book::read(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../order-tracking/demo/orders.csv")));
        let book = book.unwrap();
        assert_eq!(book.len(), 8);
        let order = book.by_number("tc 10240").unwrap();
        assert_eq!((order.phone.as_deref(), order.status.as_str()), (None, "packed"));
    }

    #[test]
    fn made_up_orders_lie_around_today() {
        let today = "2030-01-10".parse().unwrap();
        let book = Book::example(today);
        assert_eq!(book.by_number("TC-10234").unwrap().promised, Some("2030-01-08".parse().unwrap()));
        let numbers: Vec<&str> = book.by_phone("+62 857-1111-2222").iter().map(|order| order.number.as_str()).collect();
        assert_eq!(numbers, ["TC-10236", "TC-10237"], "the newest first");
    }

    #[test]
    fn a_file_of_another_kind_is_refused() {
        assert!(matches!(Book::read(Path::new("/nowhere/orders.csv")), Err(Unreadable::File { .. })));
    }
}
