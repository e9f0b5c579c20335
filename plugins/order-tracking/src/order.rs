//! An order as the shop knows it.

use santun_plugin::calendar::Day;
use serde::{Deserialize, Serialize};

/// An order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Order {
    pub number: String,
    pub status: Status,
    pub phone: Option<String>,
    pub items: Option<String>,
    pub ordered: Option<Day>,
    pub promised: Option<Day>,
    pub delivered: Option<Day>,
    pub courier: Option<String>,
    pub waybill: Option<String>,
    pub last_place: Option<String>,
    pub updated: Option<Day>,
}

/// How far an order has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Status {
    /// Nothing that this plugin knows: it says so.
    #[default]
    Unknown,
    Unpaid,
    Processing,
    Packed,
    Shipped,
    OutForDelivery,
    DeliveryFailed,
    Delivered,
    Cancelled,
    Returned,
}

impl Status {
    /// The status that a shop's word means, Indonesian or English.
    pub(crate) fn from_word(word: &str) -> Self {
        let word = word.trim().to_lowercase().replace(['-', '_'], " ");
        match word.as_str() {
            "unpaid" | "pending" | "pending payment" | "belum bayar" | "belum dibayar" | "menunggu pembayaran" => {
                Self::Unpaid
            }
            "processing" | "paid" | "confirmed" | "diproses" | "sedang diproses" | "proses" | "dibayar"
            | "sudah dibayar" | "baru" => Self::Processing,
            "packed" | "ready" | "ready to ship" | "dikemas" | "sedang dikemas" | "siap kirim" | "siap dikirim" => {
                Self::Packed
            }
            "shipped" | "in transit" | "on the way" | "dikirim" | "sudah dikirim" | "dalam perjalanan"
            | "dalam pengiriman" => Self::Shipped,
            "out for delivery" | "with courier" | "diantar" | "sedang diantar" => Self::OutForDelivery,
            "failed" | "delivery failed" | "gagal" | "gagal antar" => Self::DeliveryFailed,
            "delivered" | "completed" | "done" | "terkirim" | "diterima" | "sudah diterima" | "sampai"
            | "sudah sampai" | "selesai" => Self::Delivered,
            "cancelled" | "canceled" | "batal" | "dibatalkan" => Self::Cancelled,
            "returned" | "return" | "retur" | "dikembalikan" => Self::Returned,
            _ => Self::Unknown,
        }
    }

    /// The words that a sheet may use, one for each status.
    pub(crate) fn words() -> [&'static str; 9] {
        use Status::{
            Cancelled, Delivered, DeliveryFailed, OutForDelivery, Packed, Processing, Returned, Shipped, Unpaid,
        };
        [Unpaid, Processing, Packed, Shipped, OutForDelivery, DeliveryFailed, Delivered, Cancelled, Returned]
            .map(Self::as_str)
    }

    /// One word for the agent's panel.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Unpaid => "unpaid",
            Self::Processing => "processing",
            Self::Packed => "packed",
            Self::Shipped => "shipped",
            Self::OutForDelivery => "out for delivery",
            Self::DeliveryFailed => "delivery failed",
            Self::Delivered => "delivered",
            Self::Cancelled => "cancelled",
            Self::Returned => "returned",
        }
    }

    /// Whether nothing more will happen by itself.
    pub(crate) const fn is_final(self) -> bool {
        matches!(self, Self::Delivered | Self::Cancelled | Self::Returned)
    }

    /// Whether a customer who reads it may want a human.
    pub(crate) const fn is_uneasy(self) -> bool {
        matches!(self, Self::DeliveryFailed | Self::Unknown | Self::Returned)
    }
}

impl Order {
    /// How many days after its promised day it is, and still not there; 0 if it is in time.
    pub(crate) fn days_late(&self, today: Day) -> u32 {
        let promised = self.promised.filter(|_| !self.status.is_final() && self.status != Status::Unpaid);
        promised.map_or(0, |promised| u32::try_from(today.days_after(promised)).unwrap_or(0))
    }
}

/// A day as shops write it: `2026-11-22`, or `22/11/2026` and `22-11-2026` as Indonesians do.
pub(crate) fn day(text: &str) -> Option<Day> {
    let text = text.trim();
    if let Ok(day) = text.parse() {
        return Some(day);
    }
    let mut parts = text.get(..10).unwrap_or(text).split(['/', '-', '.']);
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
    Day::new(year.trim().parse().ok()?, month.parse().ok()?, day.parse().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn late_is_counted_from_the_promised_day_until_it_is_there() {
        let order = |status| Order { status, promised: day("2026-11-20"), ..Order::default() };
        let today = day("22/11/2026").unwrap();
        assert_eq!(order(Status::Shipped).days_late(today), 2);
        assert_eq!(order(Status::Delivered).days_late(today), 0);
        assert_eq!(order(Status::Shipped).days_late(day("2026-11-20").unwrap()), 0);
        assert_eq!(Order::default().days_late(today), 0);
    }

    #[test]
    fn shops_words_are_understood_in_both_languages() {
        assert_eq!(Status::from_word("Dalam Perjalanan"), Status::Shipped);
        assert_eq!(Status::from_word("out_for_delivery"), Status::OutForDelivery);
        assert_eq!(Status::from_word("hilang di laut"), Status::Unknown);
    }
}
