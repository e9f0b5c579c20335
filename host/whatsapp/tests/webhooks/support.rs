//! Payloads, read.

use std::fs;
use std::path::PathBuf;

use santun_core::identity::{Bsuid, Identity, Phone};
use santun_core::message::{Arrival, Content};
use santun_core::webhook::{StatusUpdate, Update};
use santun_whatsapp::webhook::parse;

pub(crate) const CHANNEL: &str = "204611553927710";

pub(crate) fn payloads() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/payloads")
}

pub(crate) fn updates(name: &str) -> Vec<Update> {
    let updates = parse(&fs::read(payloads().join(format!("{name}.json"))).unwrap()).unwrap();
    for update in &updates {
        assert!(update.channel().is_none_or(|channel| channel.as_str() == CHANNEL));
    }
    updates
}

pub(crate) fn arrival(name: &str) -> Arrival {
    match <[Update; 1]>::try_from(updates(name)) {
        Ok([Update::Message(arrival)]) => arrival,
        other => panic!("{name}: {other:?}"),
    }
}

pub(crate) fn content(name: &str) -> Content {
    arrival(name).body.content
}

pub(crate) fn statuses(name: &str) -> Vec<StatusUpdate> {
    let of_status = |update| if let Update::Status(status) = update { Some(status) } else { None };
    updates(name).into_iter().filter_map(of_status).collect()
}

pub(crate) fn kept(name: &str) -> Vec<String> {
    let of_kept = |update| if let Update::Kept { field, .. } = update { Some(field) } else { None };
    updates(name).into_iter().filter_map(of_kept).collect()
}

pub(crate) fn dewi() -> Identity {
    Identity { phone: Some(Phone::new("6281290001122")), ..Identity::default() }
}

pub(crate) fn by_bsuid(bsuid: &str) -> Identity {
    Identity { bsuid: Some(Bsuid::new(bsuid)), ..Identity::default() }
}

pub(crate) fn text(text: &str) -> Content {
    Content::Text { text: text.to_owned() }
}
