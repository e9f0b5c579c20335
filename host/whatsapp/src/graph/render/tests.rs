use santun_core::identity::{Bsuid, Phone};
use santun_core::ids::Purpose;
use santun_core::message::ContactCard;
use santun_core::outgoing::{ProductSection, Row};
use serde_json::{Value, json};

use super::*;

const TURN: &str = "0199a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b";

fn dewi() -> Identity {
    Identity { phone: Some(Phone::new("6281290001122")), ..Identity::default() }
}

fn rendered(
    content: &Outgoing,
    recipient: &Identity,
    quote: Option<&Wamid>,
    media: Option<&UploadedMediaId>,
) -> Result<Value, Unsendable> {
    let letter = Letter { id: TURN.parse().unwrap(), recipient, content, quote, media };
    body(&letter).map(|body| serde_json::from_slice(&body).unwrap())
}

/// What is sent for `content` beside the frame that all messages share.
fn payload(content: &Outgoing, media: Option<&UploadedMediaId>) -> Value {
    let mut rendered = rendered(content, &dewi(), None, media).unwrap();
    let fields = rendered.as_object_mut().unwrap();
    assert_eq!(fields.remove("messaging_product").unwrap(), "whatsapp");
    assert_eq!(fields.remove("recipient_type").unwrap(), "individual");
    assert_eq!(fields.remove("to").unwrap(), "+6281290001122");
    assert_eq!(fields.remove("biz_opaque_callback_data").unwrap(), TURN);
    rendered
}

#[test]
fn a_text() {
    assert_eq!(
        payload(&Outgoing::text("Halo Kak"), None),
        json!({"type": "text", "text": {"body": "Halo Kak", "preview_url": false}})
    );
}

#[test]
fn an_answer_names_what_it_answers() {
    let quote = Wamid::new("wamid.ABC");
    let rendered = rendered(&Outgoing::text("Ya"), &dewi(), Some(&quote), None).unwrap();
    assert_eq!(rendered["context"], json!({"message_id": "wamid.ABC"}));
}

#[test]
fn who_is_known_by_bsuid_alone_is_the_recipient() {
    let sinta = Identity { bsuid: Some(Bsuid::new("ID.5567abcd")), ..Identity::default() };
    let by_bsuid = rendered(&Outgoing::text("Ya"), &sinta, None, None).unwrap();
    assert_eq!((by_bsuid.get("to"), &by_bsuid["recipient"]), (None, &json!("ID.5567abcd")));

    let both = Identity { phone: dewi().phone, ..sinta };
    let by_phone = rendered(&Outgoing::text("Ya"), &both, None, None).unwrap();
    assert_eq!((&by_phone["to"], by_phone.get("recipient")), (&json!("+6281290001122"), None));
}

#[test]
fn buttons() {
    let button = |id: &str, title: &str| Button { id: id.to_owned(), title: title.to_owned() };
    let content = Outgoing::Buttons {
        body: "Mau apa?".to_owned(),
        footer: Some("Toko Contoh".to_owned()),
        buttons: vec![button("lacak", "Lacak"), button("orang", "Bicara dengan CS")],
    };
    assert_eq!(
        payload(&content, None),
        json!({"type": "interactive", "interactive": {"type": "button", "body": {"text": "Mau apa?"}, "footer": {"text": "Toko Contoh"},
            "action": {"buttons": [{"type": "reply", "reply": {"id": "lacak", "title": "Lacak"}},
                                   {"type": "reply", "reply": {"id": "orang", "title": "Bicara dengan CS"}}]}}})
    );
}

#[test]
fn a_list() {
    let row = |id: &str, description: Option<&str>| Row {
        id: id.to_owned(),
        title: format!("Ukuran {id}"),
        description: description.map(str::to_owned),
    };
    let content = Outgoing::List {
        body: "Pilih ukuran".to_owned(),
        footer: None,
        button: "Lihat".to_owned(),
        sections: vec![
            Section { title: Some("Dewasa".to_owned()), rows: vec![row("M", None), row("L", Some("104 cm"))] },
            Section { title: None, rows: vec![row("S", None)] },
        ],
    };
    assert_eq!(
        payload(&content, None),
        json!({"type": "interactive", "interactive": {"type": "list", "body": {"text": "Pilih ukuran"},
            "action": {"button": "Lihat", "sections": [
                {"title": "Dewasa", "rows": [{"id": "M", "title": "Ukuran M"}, {"id": "L", "title": "Ukuran L", "description": "104 cm"}]},
                {"rows": [{"id": "S", "title": "Ukuran S"}]}]}}})
    );
}

#[test]
fn a_link() {
    let content = Outgoing::Link {
        body: "Bayar di sini".to_owned(),
        label: "Bayar".to_owned(),
        url: "https://toko.example/bayar".to_owned(),
    };
    assert_eq!(
        payload(&content, None),
        json!({"type": "interactive", "interactive": {"type": "cta_url", "body": {"text": "Bayar di sini"},
            "action": {"name": "cta_url", "parameters": {"display_text": "Bayar", "url": "https://toko.example/bayar"}}}})
    );
}

fn file(media: MediaKind, source: MediaSource, caption: Option<&str>) -> Outgoing {
    Outgoing::Media { media, source, caption: caption.map(str::to_owned), filename: Some("faktur.pdf".to_owned()) }
}

#[test]
fn files_by_address() {
    let url = || MediaSource::Url("https://toko.example/f".to_owned());
    for (kind, expected) in [
        (MediaKind::Image, json!({"type": "image", "image": {"link": "https://toko.example/f"}})),
        (MediaKind::Audio, json!({"type": "audio", "audio": {"link": "https://toko.example/f"}})),
        (MediaKind::Voice, json!({"type": "audio", "audio": {"link": "https://toko.example/f", "voice": true}})),
        (MediaKind::Video, json!({"type": "video", "video": {"link": "https://toko.example/f"}})),
        (MediaKind::Sticker, json!({"type": "sticker", "sticker": {"link": "https://toko.example/f"}})),
        (
            MediaKind::Document,
            json!({"type": "document", "document": {"link": "https://toko.example/f", "filename": "faktur.pdf"}}),
        ),
    ] {
        assert_eq!(payload(&file(kind, url(), None), None), expected);
    }
    assert_eq!(
        payload(&file(MediaKind::Image, url(), Some("Ini fotonya")), None),
        json!({"type": "image", "image": {"link": "https://toko.example/f", "caption": "Ini fotonya"}})
    );
}

#[test]
fn an_uploaded_file_goes_by_its_id() {
    let source = MediaSource::Turn(TURN.parse().unwrap());
    let uploaded = UploadedMediaId::from("1166".to_owned());
    assert_eq!(
        payload(&file(MediaKind::Document, source.clone(), Some("Faktur")), Some(&uploaded)),
        json!({"type": "document", "document": {"id": "1166", "caption": "Faktur", "filename": "faktur.pdf"}})
    );
    assert_eq!(rendered(&file(MediaKind::Image, source, None), &dewi(), None, None), Err(Unsendable::NotUploaded));
}

#[test]
fn a_place() {
    let content = Outgoing::Location(Location {
        latitude: -6.914744,
        longitude: 107.60981,
        name: Some("Gedung Sate".to_owned()),
        address: Some("Bandung".to_owned()),
    });
    assert_eq!(
        payload(&content, None),
        json!({"type": "location", "location": {"latitude": -6.914744, "longitude": 107.60981, "name": "Gedung Sate", "address": "Bandung"}})
    );
}

#[test]
fn a_template() {
    let components = vec![json!({"type": "body", "parameters": [{"type": "text", "text": "Dewi"}]})];
    let template = |components| {
        Outgoing::Template(Template {
            name: "pesanan_dikirim".to_owned(),
            language: "id".to_owned(),
            components,
            text: "Halo Kak".to_owned(),
        })
    };
    assert_eq!(
        payload(&template(components.clone()), None),
        json!({"type": "template", "template": {"name": "pesanan_dikirim", "language": {"code": "id"}, "components": components}})
    );
    assert_eq!(
        payload(&template(Vec::new()), None),
        json!({"type": "template", "template": {"name": "pesanan_dikirim", "language": {"code": "id"}}})
    );
}

#[test]
fn contact_cards() {
    let card = ContactCard { name: "Rina Wulandari".to_owned(), phones: vec!["+62 812-9000-1122".to_owned()] };
    assert_eq!(
        payload(&Outgoing::Contacts { cards: vec![card] }, None),
        json!({"type": "contacts", "contacts": [{
            "name": {"formatted_name": "Rina Wulandari", "first_name": "Rina Wulandari"},
            "phones": [{"phone": "+62 812-9000-1122"}],
        }]})
    );
}

#[test]
fn a_reaction_names_the_message_and_quotes_none() {
    let reaction =
        |emoji: Option<&str>| Outgoing::Reaction { to: TURN.parse().unwrap(), emoji: emoji.map(str::to_owned) };
    let wamid = Wamid::new("wamid.ABC");
    let rendered_of = |emoji| rendered(&reaction(emoji), &dewi(), Some(&wamid), None).unwrap();
    assert_eq!(rendered_of(Some("🙏"))["reaction"], json!({"message_id": "wamid.ABC", "emoji": "🙏"}));
    assert_eq!(rendered_of(None)["reaction"], json!({"message_id": "wamid.ABC", "emoji": ""}));
    assert_eq!((&rendered_of(None)["type"], rendered_of(None).get("context")), (&json!("reaction"), None));
    assert_eq!(rendered(&reaction(None), &dewi(), None, None), Err(Unsendable::NothingToReactTo));
}

#[test]
fn products_of_a_catalogue() {
    let one = |body: Option<&str>| Outgoing::Product {
        body: body.map(str::to_owned),
        footer: None,
        catalog_id: "194836987003835".to_owned(),
        product_id: "KB-01".to_owned(),
    };
    let action = json!({"catalog_id": "194836987003835", "product_retailer_id": "KB-01"});
    assert_eq!(
        payload(&one(None), None),
        json!({"type": "interactive", "interactive": {"type": "product", "action": action}})
    );
    assert_eq!(payload(&one(Some("Yang ini kak")), None)["interactive"]["body"], json!({"text": "Yang ini kak"}));
    let list = Outgoing::ProductList {
        header: "Kemeja".to_owned(),
        body: "Pilih ya kak".to_owned(),
        footer: Some("Toko Contoh".to_owned()),
        catalog_id: "194836987003835".to_owned(),
        sections: vec![ProductSection { title: Some("Batik".to_owned()), products: vec!["KB-01".to_owned()] }],
    };
    assert_eq!(
        payload(&list, None),
        json!({"type": "interactive", "interactive": {
            "type": "product_list",
            "header": {"type": "text", "text": "Kemeja"},
            "body": {"text": "Pilih ya kak"},
            "footer": {"text": "Toko Contoh"},
            "action": {"catalog_id": "194836987003835", "sections": [
                {"title": "Batik", "product_items": [{"product_retailer_id": "KB-01"}]},
            ]},
        }})
    );
}

#[test]
fn the_whole_catalogue() {
    let catalogue = |thumbnail: Option<&str>| Outgoing::Catalogue {
        body: "Lihat semuanya ya kak".to_owned(),
        footer: None,
        thumbnail: thumbnail.map(str::to_owned),
    };
    assert_eq!(
        payload(&catalogue(None), None),
        json!({"type": "interactive", "interactive": {
            "type": "catalog_message",
            "body": {"text": "Lihat semuanya ya kak"},
            "action": {"name": "catalog_message"},
        }})
    );
    assert_eq!(
        payload(&catalogue(Some("KB-01")), None)["interactive"]["action"]["parameters"],
        json!({"thumbnail_product_retailer_id": "KB-01"})
    );
}

#[test]
fn a_form_opens_with_a_screen_and_bears_the_messages_id() {
    let form = |screen: Option<&str>, data: serde_json::Value| Outgoing::Form {
        body: "Isi datanya ya kak".to_owned(),
        footer: Some("Toko Contoh".to_owned()),
        label: "Isi formulir".to_owned(),
        form_id: "8812".to_owned(),
        screen: screen.map(str::to_owned),
        data: data.as_object().cloned().unwrap_or_default(),
    };
    assert_eq!(
        payload(&form(Some("ALAMAT"), json!({"kota": "Solo"})), None),
        json!({"type": "interactive", "interactive": {
            "type": "flow",
            "body": {"text": "Isi datanya ya kak"},
            "footer": {"text": "Toko Contoh"},
            "action": {"name": "flow", "parameters": {
                "flow_message_version": "3",
                "flow_id": "8812",
                "flow_cta": "Isi formulir",
                "flow_token": TURN,
                "flow_action": "navigate",
                "flow_action_payload": {"screen": "ALAMAT", "data": {"kota": "Solo"}},
            }},
        }})
    );
    let parameters = &payload(&form(None, json!({})), None)["interactive"]["action"]["parameters"];
    assert_eq!((parameters.get("flow_action"), parameters.get("flow_action_payload")), (None, None));
    let bare = payload(&form(Some("ALAMAT"), json!({})), None);
    let opened = &bare["interactive"]["action"]["parameters"]["flow_action_payload"];
    assert_eq!(*opened, json!({"screen": "ALAMAT"}), "Meta refuses empty data");
}

#[test]
fn a_customer_is_asked_where_they_are() {
    assert_eq!(
        payload(&Outgoing::AskLocation { body: "Kakak di mana?".to_owned() }, None),
        json!({"type": "interactive", "interactive": {
            "type": "location_request_message",
            "body": {"text": "Kakak di mana?"},
            "action": {"name": "send_location"},
        }})
    );
}

#[test]
fn what_has_no_words_at_meta_is_not_sent() {
    let consent = Outgoing::AskConsent { purpose: Purpose::from("promo") };
    assert_eq!(rendered(&consent, &dewi(), None, None), Err(Unsendable::ConsentNotWorded));
    assert_eq!(rendered(&Outgoing::text("a"), &Identity::default(), None, None), Err(Unsendable::NobodyKnown));
    let sticker = file(MediaKind::Sticker, MediaSource::Url("https://a.example".to_owned()), Some("lucu"));
    assert_eq!(rendered(&sticker, &dewi(), None, None), Err(Unsendable::NoCaption));
}
