//! The plugin's words.

use santun_plugin::calendar::Day;
use santun_plugin::prelude::*;

use crate::asked::Asked;
use crate::order::{Order, Status};

/// Whose order it is, as far as can be known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Owner {
    /// The customer's phone number is the order's.
    Same,
    /// One of the two is not known: nothing personal is shown.
    Unknown,
}

pub(crate) fn human(context: &Context) -> Title {
    if context.english() { title!("Talk to a human") } else { title!("Bicara dengan Agen") }
}

pub(crate) fn again(context: &Context) -> Title {
    if context.english() { title!("Try again") } else { title!("Coba lagi") }
}

pub(crate) fn missing(context: &Context) -> Title {
    if context.english() { title!("I didn't get it") } else { title!("Belum sampai") }
}

pub(crate) fn opener(context: &Context) -> Title {
    if context.english() { title!("See orders") } else { title!("Lihat pesanan") }
}

/// The state of an order in words.
pub(crate) fn state(context: &Context, order: &Order, asked: &Asked, owner: Owner, today: Day) -> String {
    let en = context.english();
    let (it, opening) = (asked.spoken(en), asked.opening(en));
    let mut text = match (order.status, en) {
        (Status::Unpaid, false) => format!("{opening} masih menunggu pembayaran, kak."),
        (Status::Unpaid, true) => format!("{opening} is still waiting for payment."),
        (Status::Processing, false) => format!("{opening} sudah kami terima dan sedang disiapkan, kak."),
        (Status::Processing, true) => format!("We have {it} and are preparing it."),
        (Status::Packed, false) => format!("{opening} sudah dikemas dan menunggu dijemput kurir, kak."),
        (Status::Packed, true) => format!("{opening} is packed and waiting for the courier."),
        (Status::Shipped, false) => {
            format!("{opening} sedang dalam perjalanan{}, kak.", with_courier(order, owner, en))
        }
        (Status::Shipped, true) => format!("{opening} is on its way{}.", with_courier(order, owner, en)),
        (Status::OutForDelivery, false) => {
            format!("Kabar baik kak, {it} sedang diantar{}.", with_courier(order, owner, en))
        }
        (Status::OutForDelivery, true) => {
            format!("Good news: {it} is out for delivery{}.", with_courier(order, owner, en))
        }
        (Status::DeliveryFailed, false) => {
            format!("Kurir sudah coba antar {it}{}, tapi belum berhasil, kak.", with_courier(order, owner, en))
        }
        (Status::DeliveryFailed, true) => {
            let by = with_courier(order, owner, en);
            let by = by.trim_start_matches(" with ").trim_start_matches(", ");
            let by = if by.is_empty() { String::new() } else { format!(" ({by})") };
            format!("The courier tried to deliver {it}{by}, but couldn't.")
        }
        (Status::Delivered, false) => match order.delivered {
            Some(day) => format!("{opening} tercatat sudah diterima tanggal {}, kak.", day.words(en)),
            None => format!("{opening} tercatat sudah diterima, kak."),
        },
        (Status::Delivered, true) => match order.delivered {
            Some(day) => format!("{opening} is recorded as delivered on {}.", day.words(en)),
            None => format!("{opening} is recorded as delivered."),
        },
        (Status::Cancelled, false) => format!("{opening} sudah dibatalkan, kak."),
        (Status::Cancelled, true) => format!("{opening} was cancelled."),
        (Status::Returned, false) => format!("{opening} sudah kembali ke kami, kak."),
        (Status::Returned, true) => format!("{opening} came back to us."),
        (Status::Unknown, false) => {
            format!("{opening} ada di catatan kami, kak, tapi statusnya belum bisa aku pastikan.")
        }
        (Status::Unknown, true) => format!("{opening} is in our records, but I can't tell its state for sure."),
    };
    if owner == Owner::Same {
        add_details(&mut text, order, en);
    }
    add_promise(&mut text, order, today, en);
    if order.status == Status::Delivered {
        text.push_str(if en {
            " If you haven't received it, please tell us right away."
        } else {
            " Kalau ternyata belum sampai di tangan kakak, langsung kabari kami ya."
        });
    }
    text
}

/// The courier; and the waybill, by which a courier tells an address, only to whoever ordered.
fn with_courier(order: &Order, owner: Owner, en: bool) -> String {
    let waybill = order.waybill.as_ref().filter(|_| owner == Owner::Same);
    match (&order.courier, waybill, en) {
        (Some(courier), Some(waybill), false) => format!(" lewat {courier} (resi {waybill})"),
        (Some(courier), Some(waybill), true) => format!(" with {courier}, waybill {waybill}"),
        (Some(courier), None, false) => format!(" lewat {courier}"),
        (Some(courier), None, true) => format!(" with {courier}"),
        (None, Some(waybill), false) => format!(" (resi {waybill})"),
        (None, Some(waybill), true) => format!(", waybill {waybill}"),
        (None, None, _) => String::new(),
    }
}

/// What only the owner may read.
fn add_details(text: &mut String, order: &Order, en: bool) {
    if let Some(items) = &order.items {
        text.push_str(if en { " In it: " } else { " Isinya: " });
        text.push_str(items);
        text.push('.');
    }
    if order.status.is_final() {
        return;
    }
    if let Some(place) = &order.last_place {
        text.push_str(if en { " Last seen: " } else { " Terakhir tercatat di " });
        text.push_str(place);
        if let Some(day) = order.updated {
            text.push_str(if en { ", " } else { ", tanggal " });
            text.push_str(&day.words(en));
        }
        text.push('.');
    }
}

fn add_promise(text: &mut String, order: &Order, today: Day, en: bool) {
    let Some(promised) = order.promised else { return };
    if order.status.is_final() || order.status == Status::Unpaid {
        return;
    }
    let day = promised.words(en);
    let late = order.days_late(today);
    let words = match (late, en) {
        (0, false) if promised == today => " Perkiraan sampai hari ini.".to_owned(),
        (0, true) if promised == today => " It should arrive today.".to_owned(),
        (0, false) => format!(" Perkiraan sampai {day}."),
        (0, true) => format!(" It should arrive by {day}."),
        (days, false) => format!(
            " Seharusnya sampai {day}, jadi sudah terlambat {days} hari. Mohon maaf ya kak 🙏 Aku belum tahu \
             kenapa. Kalau mau, tim kami bisa bantu tanyakan ke kurir."
        ),
        (1, true) => format!(
            " It should have arrived on {day}, so it is 1 day late. We're sorry 🙏 I don't know why yet; our team can \
             ask the courier if you like."
        ),
        (days, true) => format!(
            " It should have arrived on {day}, so it is {days} days late. We're sorry 🙏 I don't know why yet; our \
             team can ask the courier if you like."
        ),
    };
    text.push_str(&words);
}

/// Asks for the number, in other words each time.
pub(crate) fn ask_number(context: &Context, example: &str, asked: u32) -> String {
    match (asked, context.english()) {
        (0, false) => format!("Siap kak, aku bantu cek. Boleh minta nomor pesanannya? Contohnya {example}."),
        (0, true) => format!("Sure, let me check. May I have your order number? It looks like {example}."),
        (_, false) => format!(
            "Supaya bisa dicek, aku perlu nomor pesanannya (seperti {example}, ada di bukti pesanan) atau nomor resi \
             dari kurir ya, kak. Kalau tidak ketemu, tim kami bisa bantu carikan."
        ),
        (_, true) => format!(
            "To check it I need the order number (like {example}, it is on your receipt) or the courier's waybill \
             number. If you can't find it, our team can look it up."
        ),
    }
}

pub(crate) fn not_found(context: &Context, number: &str, missed: u32) -> String {
    match (missed, context.english()) {
        (0, false) => format!("Maaf kak, aku tidak menemukan pesanan {number}. Coba dicek lagi nomornya ya."),
        (0, true) => format!("Sorry, I can't find order {number}. Could you check the number again?"),
        (_, false) => format!("Nomor {number} juga tidak ada di catatan kami, kak. Tim kami bisa bantu mencarikan."),
        (_, true) => format!("Number {number} isn't in our records either. Our team can help you look for it."),
    }
}

pub(crate) fn waybill_not_found(context: &Context, waybill: &str, courier: &str) -> String {
    if context.english() {
        return format!(
            "{waybill} looks like a waybill of {courier}, but it isn't in our orders. You can check it with {courier}, \
             or send me your order number."
        );
    }
    format!(
        "{waybill} sepertinya nomor resi {courier}, tapi tidak ada di catatan pesanan kami, kak. Kakak bisa cek langsung \
         di {courier}, atau kirim nomor pesanannya ke sini ya."
    )
}

pub(crate) fn somebody_elses(context: &Context, asked: &Asked) -> String {
    let opening = asked.opening(context.english());
    if context.english() {
        return format!(
            "{opening} belongs to another phone number, so I can't show it here. If it is yours, our team can check \
             that with you."
        );
    }
    format!(
        "{opening} terdaftar dengan nomor WhatsApp lain, jadi demi keamanan tidak bisa aku tampilkan di sini, kak. \
         Kalau memang punya kakak, tim kami bisa bantu cek."
    )
}

/// One of several that is in no records.
pub(crate) fn not_there(context: &Context, written: &str) -> String {
    if context.english() {
        return format!("I can't find {written}. Could you check the number again?");
    }
    format!("{written} tidak aku temukan, kak. Coba dicek lagi nomornya ya.")
}

/// What is said of more than can be answered at once.
pub(crate) fn the_rest(context: &Context) -> &'static str {
    context.say(
        "Aku cek yang ini dulu ya, kak. Sisanya boleh dikirim lagi.",
        "That's these; please send me the rest again.",
    )
}

pub(crate) fn down(context: &Context, what: Option<&str>) -> String {
    let what = what.unwrap_or(context.say("pesanannya", "your order"));
    if context.english() {
        return format!(
            "Sorry, our order system isn't answering at the moment, so I can't check {what} right now. Please try \
             again a little later, or talk to our team."
        );
    }
    format!(
        "Maaf kak, sistem pesanan kami lagi gangguan, jadi {what} belum bisa aku cek. Boleh coba lagi nanti, \
         atau minta dibantu tim kami ya."
    )
}

pub(crate) fn several(context: &Context) -> &'static str {
    context.say(
        "Ada beberapa pesanan atas nomor kakak. Mau cek yang mana?",
        "You have several orders. Which one shall I check?",
    )
}

/// A few words for a row: the state, and when it is due.
pub(crate) fn short_state(context: &Context, order: &Order, today: Day) -> String {
    let en = context.english();
    let state = match (order.status, en) {
        (Status::Unpaid, false) => "Menunggu pembayaran",
        (Status::Unpaid, true) => "Waiting for payment",
        (Status::Processing, false) => "Sedang disiapkan",
        (Status::Processing, true) => "Being prepared",
        (Status::Packed, false) => "Sudah dikemas",
        (Status::Packed, true) => "Packed",
        (Status::Shipped, false) => "Dalam perjalanan",
        (Status::Shipped, true) => "On its way",
        (Status::OutForDelivery, false) => "Sedang diantar",
        (Status::OutForDelivery, true) => "Out for delivery",
        (Status::DeliveryFailed, false) => "Belum berhasil diantar",
        (Status::DeliveryFailed, true) => "Delivery failed",
        (Status::Delivered, false) => "Sudah diterima",
        (Status::Delivered, true) => "Delivered",
        (Status::Cancelled, false) => "Dibatalkan",
        (Status::Cancelled, true) => "Cancelled",
        (Status::Returned, false) => "Dikembalikan",
        (Status::Returned, true) => "Returned",
        (Status::Unknown, false) => "Status belum pasti",
        (Status::Unknown, true) => "State unknown",
    };
    match (order.days_late(today), order.promised.filter(|_| !order.status.is_final())) {
        (0, Some(promised)) => format!("{state}, {} {}", context.say("perkiraan", "due"), promised.words(en)),
        (0, None) => state.to_owned(),
        (days, _) => format!("{state}, {} {days} {}", context.say("terlambat", "late by"), context.say("hari", "days")),
    }
}
