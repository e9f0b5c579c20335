//! The body of a webhook.

use serde_json::json;

use crate::settings::BusinessNumber;

/// Where in a webhook an update stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// `messages` of the field `messages`.
    Messages,
    /// `statuses` of the field `messages`.
    Statuses,
    /// `message_echoes` of the field `smb_message_echoes`.
    Echoes,
    /// `user_preferences` of the field of that name.
    Preferences,
    /// `history` of the field of that name: chats from before the number joined the API.
    History,
    /// `state_sync` of the field `smb_app_state_sync`: the contacts of the business's phone.
    AppState,
    /// A field of the account, not of a number: the update is the whole value.
    Account(&'static str),
}

impl Place {
    fn field(self) -> &'static str {
        match self {
            Self::Messages | Self::Statuses => "messages",
            Self::Echoes => "smb_message_echoes",
            Self::Preferences => "user_preferences",
            Self::History => "history",
            Self::AppState => "smb_app_state_sync",
            Self::Account(field) => field,
        }
    }

    fn list(self) -> &'static str {
        match self {
            Self::Messages => "messages",
            Self::Statuses => "statuses",
            Self::Echoes => "message_echoes",
            Self::Preferences => "user_preferences",
            Self::History => "history",
            Self::AppState => "state_sync",
            Self::Account(_) => "",
        }
    }

    /// Whether neighbours may share a change.
    fn shares(self) -> bool {
        !matches!(self, Self::Account(_))
    }
}

/// One update: a message, a status, an echo or a preference, already in JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Update {
    /// Which business number, by its place in the settings.
    pub(crate) number: usize,
    pub(crate) place: Place,
    /// The member of `contacts` that goes with it, if any.
    pub(crate) contact: Option<String>,
    pub(crate) json: String,
}

/// What every webhook of a number begins with.
#[derive(Clone, Debug)]
pub(crate) struct Letterhead {
    waba_id: String,
    metadata: String,
}

impl Letterhead {
    pub(crate) fn of(number: &BusinessNumber) -> Self {
        let metadata =
            json!({ "display_phone_number": number.digits(), "phone_number_id": number.phone_number_id }).to_string();
        Self { waba_id: number.waba_id.clone(), metadata }
    }
}

/// A webhook with these updates, in their order. Neighbours of the same number and place share a change, changes of
/// the same account share an entry. As from WhatsApp, it is all ASCII: the rest is escaped, and so are slashes.
pub(crate) fn render(updates: &[Update], letterheads: &[Letterhead]) -> Vec<u8> {
    let room = updates.iter().map(|update| update.json.len() + 320).sum();
    let mut body = String::with_capacity(room);
    body.push_str(r#"{"object":"whatsapp_business_account","entry":["#);
    let mut account: Option<&str> = None;
    let mut rest = updates;
    while let Some(first) = rest.first() {
        let same = rest.iter().take_while(|u| u.number == first.number && u.place == first.place).count();
        let same = if first.place.shares() { same } else { 1 };
        let (change, after) = rest.split_at(same);
        rest = after;
        let Some(letterhead) = letterheads.get(first.number) else { continue };
        match account {
            Some(waba_id) if waba_id == letterhead.waba_id => body.push(','),
            other => {
                if other.is_some() {
                    body.push_str("]},");
                }
                account = Some(&letterhead.waba_id);
                body.push_str(r#"{"id":""#);
                body.push_str(&letterhead.waba_id);
                body.push_str(r#"","changes":["#);
            }
        }
        push_change(&mut body, change, letterhead);
    }
    if account.is_some() {
        body.push_str("]}");
    }
    body.push_str("]}");
    escaped(body)
}

/// JSON as PHP writes it: `/` as `\\/`, and what is not ASCII as `\\u` and four lower-case digits. Both can only stand
/// inside strings.
fn escaped(body: String) -> Vec<u8> {
    if body.bytes().all(|b| b.is_ascii() && b != b'/') {
        return body.into_bytes();
    }
    let mut ascii = Vec::with_capacity(body.len() + body.len() / 8);
    let mut units = [0; 2];
    for c in body.chars() {
        match u8::try_from(c) {
            Ok(b'/') => ascii.extend_from_slice(br"\/"),
            Ok(byte) if byte.is_ascii() => ascii.push(byte),
            _ => {
                for unit in c.encode_utf16(&mut units) {
                    ascii.extend_from_slice(format!("\\u{unit:04x}").as_bytes());
                }
            }
        }
    }
    ascii
}

fn push_change(body: &mut String, updates: &[Update], letterhead: &Letterhead) {
    let place = updates[0].place;
    if let Place::Account(field) = place {
        body.push_str(r#"{"value":"#);
        body.push_str(&updates[0].json);
        body.push_str(r#","field":""#);
        body.push_str(field);
        body.push_str(r#""}"#);
        return;
    }
    body.push_str(r#"{"value":{"messaging_product":"whatsapp","metadata":"#);
    body.push_str(&letterhead.metadata);
    let mut contacts: Vec<&str> = Vec::new();
    for contact in updates.iter().filter_map(|update| update.contact.as_deref()) {
        if !contacts.contains(&contact) {
            contacts.push(contact);
        }
    }
    if !contacts.is_empty() {
        body.push_str(r#","contacts":["#);
        push_list(body, contacts.into_iter());
        body.push(']');
    }
    body.push_str(r#",""#);
    body.push_str(place.list());
    body.push_str(r#"":["#);
    push_list(body, updates.iter().map(|update| update.json.as_str()));
    body.push_str(r#"]},"field":""#);
    body.push_str(place.field());
    body.push_str(r#""}"#);
}

fn push_list<'a>(body: &mut String, items: impl Iterator<Item = &'a str>) {
    for (at, item) in items.enumerate() {
        if at > 0 {
            body.push(',');
        }
        body.push_str(item);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letterheads() -> Vec<Letterhead> {
        let number = |id: &str, waba_id: &str| BusinessNumber {
            phone_number_id: id.into(),
            display_phone_number: "+62 811 1000".into(),
            waba_id: waba_id.into(),
            verified_name: "Toko".into(),
        };
        [number("1", "900"), number("2", "900"), number("3", "901")].iter().map(Letterhead::of).collect()
    }

    fn update(number: usize, place: Place, json: &str) -> Update {
        let contact = (place == Place::Messages).then(|| r#"{"wa_id":"62"}"#.to_owned());
        Update { number, place, contact, json: json.into() }
    }

    #[test]
    fn a_webhook_of_one_message_has_the_known_envelope() {
        let body = render(&[update(0, Place::Messages, r#"{"id":"a"}"#)], &letterheads());
        let body: serde_json::Value = serde_json::from_slice(&body).unwrap();
        let expected = json!({
            "object": "whatsapp_business_account",
            "entry": [{ "id": "900", "changes": [{
                "value": {
                    "messaging_product": "whatsapp",
                    "metadata": { "display_phone_number": "628111000", "phone_number_id": "1" },
                    "contacts": [{ "wa_id": "62" }],
                    "messages": [{ "id": "a" }],
                },
                "field": "messages",
            }] }],
        });
        assert_eq!(body, expected);
    }

    #[test]
    fn updates_of_several_numbers_and_accounts_keep_their_order() {
        let updates = [
            update(0, Place::Messages, "1"),
            update(0, Place::Messages, "2"),
            update(0, Place::Statuses, "3"),
            update(1, Place::Messages, "4"),
            update(2, Place::Echoes, "5"),
        ];
        let body: serde_json::Value = serde_json::from_slice(&render(&updates, &letterheads())).unwrap();
        let entries = body["entry"].as_array().unwrap();
        assert_eq!(entries.len(), 2);
        let changes = entries[0]["changes"].as_array().unwrap();
        assert_eq!(changes[0]["value"]["messages"], json!([1, 2]));
        assert_eq!(changes[0]["value"]["contacts"].as_array().unwrap().len(), 1);
        assert_eq!(changes[1]["value"]["statuses"], json!([3]));
        assert_eq!(changes[2]["value"]["messages"], json!([4]));
        assert_eq!(entries[1]["changes"][0]["value"]["message_echoes"], json!([5]));
        assert_eq!(entries[1]["changes"][0]["field"], "smb_message_echoes");
    }

    #[test]
    fn what_is_not_ascii_is_escaped_and_means_the_same() {
        let body = render(&[update(0, Place::Messages, r#"{"b":"é 🙏 a/b \\"}"#)], &letterheads());
        let text = String::from_utf8(body.clone()).unwrap();
        assert!(text.contains(r#"{"b":"\u00e9 \ud83d\ude4f a\/b \\"}"#), "{text}");
        let body: serde_json::Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(body["entry"][0]["changes"][0]["value"]["messages"][0]["b"], "é 🙏 a/b \\");
    }

    #[test]
    fn a_field_of_the_account_has_its_value_to_itself() {
        let place = Place::Account("message_template_status_update");
        let updates = [update(0, place, r#"{"event":"APPROVED"}"#), update(0, place, r#"{"event":"PAUSED"}"#)];
        let body: serde_json::Value = serde_json::from_slice(&render(&updates, &letterheads())).unwrap();
        let changes = json!([
            { "value": { "event": "APPROVED" }, "field": "message_template_status_update" },
            { "value": { "event": "PAUSED" }, "field": "message_template_status_update" },
        ]);
        assert_eq!(body["entry"][0]["changes"], changes);
    }
}
