//! What customers send, kind by kind.

use santun_core::identity::{PersonName, Wamid};
use santun_core::message::{Content, MediaKind};
use santun_core::time::Timestamp;

use crate::support::{CHANNEL, arrival, content, dewi, text};

#[test]
fn a_text_arrives_with_sender_name_and_time() {
    let arrival = arrival("text");
    assert_eq!(arrival.channel.as_str(), CHANNEL);
    assert_eq!(arrival.sender, dewi());
    assert_eq!(arrival.name, Some(PersonName::new("Dewi Lestari")));
    assert_eq!(arrival.wamid, Wamid::new("wamid.PAYLOAD0001"));
    assert_eq!(arrival.sent_at, Timestamp::from_seconds(1_763_790_001));
    assert_eq!(arrival.body.content, text("Kak, baju batik yang biru masih ada?"));
    assert_eq!(
        (arrival.quotes, arrival.group, arrival.body.forwarded, arrival.body.referral),
        (None, None, false, None)
    );
}

#[test]
fn a_quoted_message_is_named() {
    assert_eq!(arrival("text_quoting").quotes, Some(Wamid::new("wamid.QUOTED01")));
}

#[test]
fn a_forwarded_message_says_so() {
    assert!(arrival("text_forwarded").body.forwarded);
}

#[test]
fn the_advertisement_that_a_customer_came_from_is_kept() {
    let referral = arrival("text_from_ad").body.referral.unwrap();
    let referral: serde_json::Value = serde_json::from_str(&referral).unwrap();
    assert_eq!(referral["ctwa_clid"], "ARb-contoh");
    assert_eq!(referral["headline"], "Batik Lebaran");
}

#[test]
fn the_product_that_a_customer_asks_about_is_kept() {
    let arrival = arrival("text_about_product");
    let referral: serde_json::Value = serde_json::from_str(&arrival.body.referral.unwrap()).unwrap();
    assert_eq!(referral["referred_product"]["product_retailer_id"], "BTK-07");
    assert_eq!(arrival.quotes, Some(Wamid::new("wamid.PRODUK01")));
}

#[test]
fn a_text_cut_in_the_middle_of_an_emoji_arrives() {
    assert_eq!(content("text_half_emoji"), text("Terima kasih \u{fffd}"));
}

#[test]
fn files_arrive_by_reference() {
    let expected = [
        ("image", MediaKind::Image, "915500012", "image/jpeg", Some("Bukti transfer"), None),
        ("voice_note", MediaKind::Voice, "915500013", "audio/ogg; codecs=opus", None, None),
        ("audio_file", MediaKind::Audio, "915500014", "audio/mpeg", None, None),
        ("video", MediaKind::Video, "915500015", "video/mp4", None, None),
        ("document", MediaKind::Document, "915500016", "application/pdf", Some("Faktur"), Some("faktur-november.pdf")),
        ("sticker", MediaKind::Sticker, "915500017", "image/webp", None, None),
    ];
    for (name, kind, id, mime, caption, filename) in expected {
        let Content::Media(media) = content(name) else { panic!("{name}") };
        assert_eq!((media.media, media.meta_id.as_str(), media.mime_type.as_str()), (kind, id, mime), "{name}");
        assert_eq!((media.caption.as_deref(), media.filename.as_deref()), (caption, filename), "{name}");
    }
    let Content::Media(image) = content("image") else { panic!("image") };
    assert_eq!(image.sha256.as_deref(), Some("kGPzWOTvaw5PuZMDPNJj3x4RMhlhRRjcCRmNMIYHWnQ="));
}

#[test]
fn a_file_that_meta_lost_is_told_all_the_same() {
    let Content::Other { other, json } = content("image_lost") else { panic!("not other") };
    assert_eq!(other, "image");
    assert!(json.contains("131052"));
}

#[test]
fn a_place_is_read_from_numbers_and_strings() {
    let Content::Location(place) = content("location") else { panic!("no place") };
    assert_eq!((place.latitude, place.longitude), (-6.914_744, 107.609_81));
    assert_eq!(place.name.as_deref(), Some("Gedung Sate"));
    assert_eq!(place.address.as_deref(), Some("Jl. Diponegoro No.22, Bandung"));
}

#[test]
fn contact_cards_are_read_from_fields_and_from_vcards() {
    let Content::Contacts { cards } = content("contacts") else { panic!("no cards") };
    assert_eq!(cards[0].name, "Rina Wulandari");
    assert_eq!(cards[0].phones, ["+62 812-9000-7788", "+6281290009900"]);

    let Content::Contacts { cards } = content("contacts_requested") else { panic!("no cards") };
    assert_eq!((cards[0].name.as_str(), &cards[0].phones[..]), ("Agus Pratama", &["+62 813-2222-1100".to_owned()][..]));
}

#[test]
fn a_reaction_is_set_and_taken_away() {
    let set = arrival("reaction");
    assert_eq!(set.body.content, Content::Reaction { emoji: Some("🙏".to_owned()) });
    assert_eq!(set.quotes, Some(Wamid::new("wamid.REACTED1")));
    assert_eq!(content("reaction_removed"), Content::Reaction { emoji: None });
}

#[test]
fn tapped_buttons_and_rows_are_choices() {
    let choice = |id: &str, title: &str| Content::Choice { id: id.to_owned(), title: title.to_owned() };
    assert_eq!(content("button_reply"), choice("lacak", "Lacak pesanan"));
    assert_eq!(content("list_reply"), choice("ukuran-l", "Ukuran L"));
    assert_eq!(content("template_button"), choice("BERHENTI-PROMO", "Berhenti"));
    assert_eq!(arrival("button_reply").quotes, Some(Wamid::new("wamid.BTN1")));
}

#[test]
fn a_form_arrives_whatever_its_answers_look_like() {
    let form = |name: &str, response: &str| Content::Form { name: name.to_owned(), response: response.to_owned() };
    assert_eq!(content("form"), form("flow", r#"{"kota":"Bandung","flow_token":"t1"}"#));
    assert_eq!(content("form_malformed"), form("flow", r#"{"kota":"#));
    assert_eq!(content("form_null"), form("flow", "null"));
    let Content::Form { name, response } = content("form_object") else { panic!("no form") };
    assert_eq!(name, "address_message");
    assert_eq!(serde_json::from_str::<serde_json::Value>(&response).unwrap(), serde_json::json!({"kota": "Solo"}));
}

#[test]
fn a_cart_is_read_with_numbers_and_strings() {
    let Content::Order(order) = content("order") else { panic!("no order") };
    assert_eq!((order.catalog_id.as_str(), order.text), ("778812", None));
    let items: Vec<_> =
        order.items.iter().map(|item| (item.product_id.as_str(), item.quantity, item.price.as_str())).collect();
    assert_eq!(items, [("BTK-07", 2, "185000"), ("BTK-09", 1, "99500.50")]);
}

#[test]
fn what_we_have_no_words_for_arrives_without_ids() {
    for (name, expected) in [
        ("unsupported", "unsupported"),
        ("unknown_type", "hologram"),
        ("edit", "edit"),
        ("revoke", "revoke"),
        ("identity_changed", "system"),
        ("call_permission", "call_permission_reply"),
    ] {
        let Content::Other { other, json } = content(name) else { panic!("{name}") };
        assert_eq!(other, expected);
        serde_json::from_str::<serde_json::Value>(&json).unwrap();
        assert!(!json.contains("wamid") && !json.contains("62812") && !json.contains("Dewi"), "{json}");
    }
    assert_eq!(arrival("edit").quotes, Some(Wamid::new("wamid.ORIG1")));
    assert_eq!(arrival("revoke").quotes, Some(Wamid::new("wamid.ORIG2")));
    let Content::Other { json, .. } = content("edit") else { panic!("no edit") };
    assert!(json.contains("Maksud saya ukuran L"));
}

#[test]
fn a_group_message_names_its_group() {
    assert_eq!(arrival("group_message").group.as_deref(), Some("Z3J1cC1jb250b2g"));
}
