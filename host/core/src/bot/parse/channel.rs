//! `[[channel]]`: the numbers that the bot answers on.

use std::collections::BTreeSet;

use super::{Names, reference};
use crate::bot::Channel;
use crate::bot::reading::Section;
use crate::ids::PluginName;

/// What a number may send a second: 80 unless Meta has raised it, never more than 1,000.
const THROUGHPUT: u32 = 80;

pub(super) fn read_all(root: &Section<'_, '_>) -> Vec<Channel> {
    let sections = root.sections("channel");
    if sections.is_empty() {
        root.problem("there must be at least one `[[channel]]`: the number that the bot answers on");
    }
    let mut names = Names::of("channel");
    let mut ids = BTreeSet::new();
    sections.into_iter().map(|section| read(section, &mut names, &mut ids)).collect()
}

fn read(section: Section<'_, '_>, names: &mut Names, ids: &mut BTreeSet<String>) -> Channel {
    let id = section.required_text("phone_number_id");
    check_digits(&section, "phone_number_id", &id);
    if !id.is_empty() && !ids.insert(id.clone()) {
        section.problem(format!("two channels have the phone_number_id `{id}`; one number is one channel"));
    }
    let waba_id = section.text("waba_id");
    if let Some(waba_id) = &waba_id {
        check_digits(&section, "waba_id", waba_id);
    }
    let channel = Channel {
        name: names.read(&section),
        id: id.into(),
        waba_id,
        typing: section.flag_or("typing", true),
        access_token: section.value("access_token").and_then(|value| reference::read(&value)),
        chain: section.texts("chain").into_iter().map(PluginName::from).collect(),
        messages_per_second: section.number_or("messages_per_second", THROUGHPUT, 1..=1_000),
    };
    section.finish();
    channel
}

fn check_digits(section: &Section<'_, '_>, key: &'static str, id: &str) {
    if id.is_empty() || (id.len() <= 32 && id.bytes().all(|byte| byte.is_ascii_digit())) {
        return;
    }
    if let Some(value) = section.value(key) {
        value.problem(format!("`{key}` is Meta's id, digits only (not the phone number itself), not `{id}`"));
    }
}
