//! The templates that every account begins with: Meta's own sample, and what a small Indonesian shop would have.

use serde_json::{Value, json};

/// As they would be posted to Graph.
pub(super) fn all() -> Vec<Value> {
    vec![hello_world(), shipped("id"), shipped("en"), promotion(), catalogue(), code()]
}

fn hello_world() -> Value {
    json!({
        "name": "hello_world", "language": "en_US", "category": "UTILITY",
        "components": [
            { "type": "HEADER", "format": "TEXT", "text": "Hello World" },
            {
                "type": "BODY",
                "text": "Welcome and congratulations!! This message demonstrates your ability to send a WhatsApp \
                         message notification from the Cloud API, hosted by Meta. Thank you for taking the time to \
                         test with us.",
            },
            { "type": "FOOTER", "text": "WhatsApp Business Platform sample message" },
        ],
    })
}

fn shipped(language: &str) -> Value {
    let (body, example, footer, track, ask) = match language {
        "id" => (
            "Halo Kak {{1}}, pesanan {{2}} sudah kami kirim. Perkiraan sampai {{3}} ya.",
            ["Budi", "TC-10234", "hari Kamis"],
            "Balas pesan ini kalau ada pertanyaan",
            "Lacak paket",
            "Tanya pesanan",
        ),
        _ => (
            "Hi {{1}}, your order {{2}} is on its way. It should arrive on {{3}}.",
            ["Budi", "TC-10234", "Thursday"],
            "Reply to this message with any question",
            "Track the parcel",
            "Ask about it",
        ),
    };
    json!({
        "name": "pesanan_dikirim", "language": language, "category": "UTILITY",
        "components": [
            { "type": "BODY", "text": body, "example": { "body_text": [example] } },
            { "type": "FOOTER", "text": footer },
            { "type": "BUTTONS", "buttons": [
                { "type": "URL", "text": track, "url": "https://toko.example/lacak/{{1}}", "example": ["TC-10234"] },
                { "type": "QUICK_REPLY", "text": ask },
            ] },
        ],
    })
}

fn promotion() -> Value {
    json!({
        "name": "promo_bulanan", "language": "id", "category": "MARKETING", "parameter_format": "NAMED",
        "components": [
            { "type": "HEADER", "format": "TEXT", "text": "Promo bulan ini" },
            {
                "type": "BODY",
                "text": "Halo Kak {{nama}}, ada potongan {{potongan}} untuk semua kemeja sampai akhir bulan.",
                "example": { "body_text_named_params": [
                    { "param_name": "nama", "example": "Budi" }, { "param_name": "potongan", "example": "20%" },
                ] },
            },
            { "type": "FOOTER", "text": "Balas STOP untuk berhenti" },
            { "type": "BUTTONS", "buttons": [
                { "type": "QUICK_REPLY", "text": "Lihat promo" }, { "type": "QUICK_REPLY", "text": "Berhenti promosi" },
            ] },
        ],
    })
}

fn catalogue() -> Value {
    json!({
        "name": "katalog_baru", "language": "id", "category": "MARKETING",
        "components": [
            { "type": "HEADER", "format": "IMAGE", "example": { "header_handle": ["4::aW"] } },
            { "type": "BODY", "text": "Koleksi baru sudah datang, Kak. Mau lihat katalognya?" },
            { "type": "BUTTONS", "buttons": [{ "type": "QUICK_REPLY", "text": "Mau lihat" }] },
        ],
    })
}

fn code() -> Value {
    json!({
        "name": "kode_masuk", "language": "id", "category": "AUTHENTICATION",
        "components": [
            { "type": "BODY", "add_security_recommendation": true },
            { "type": "FOOTER", "code_expiration_minutes": 5 },
            { "type": "BUTTONS", "buttons": [{ "type": "OTP", "otp_type": "COPY_CODE", "text": "Salin kode" }] },
        ],
    })
}

#[cfg(test)]
mod tests {
    use super::super::{TemplateStatus, Templates};
    use super::*;

    #[test]
    fn every_seed_is_a_valid_template() {
        let templates = Templates::default();
        for seed in all() {
            let made = templates.add("1", &seed, TemplateStatus::Approved, 0);
            assert!(made.is_ok(), "{seed}: {made:?}");
        }
    }
}
