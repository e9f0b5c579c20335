//! Order tracking: where an order is, by its number, its waybill or the customer's phone, and honest words
//! when it is late, unknown, or when the shop's order service does not answer.

mod asked;
pub mod config;
mod couriers;
mod csv;
mod flow;
mod intent;
mod numbers;
mod order;
mod sheet;
mod source;
mod talk;
mod texts;

use santun_plugin::prelude::*;

use config::Settings;

/// The plugin.
pub struct OrderTracking;

#[plugin(
    name = "order-tracking",
    purpose(
        id = "Memberi tahu sampai di mana pesanan, dan jujur bila terlambat",
        en = "Tells where an order is, and is honest when it is late",
    ),
    languages("id", "en"),
    asks(
        "http" = "to ask the shop's order service, if one is set",
        "customer.phone" = "to find the customer's recent orders, and to show an order's details only to its owner",
    ),
    examples(
        "kak pesanan aku kok blm nyampe sih" => reply,
        "paket gw dmn" => reply,
        "cek resi" => reply,
        "where is my order" => reply,
        "ongkir ke Surabaya berapa" => pass,
        "jam buka toko?" => pass,
    ),
)]
impl Plugin for OrderTracking {
    type Config = Settings;

    fn prepare(config: Settings) -> Result<Prepared, Error> {
        source::prepare(config)
    }

    fn handle(event: &Event, context: &Context, host: &dyn Host) -> Result<Verdict, Error> {
        flow::decide(event, context, host)
    }
}

#[cfg(test)]
mod tests;
