//! `[policy]`: how the host behaves.

use super::office::time_range;
use crate::bot::reading::Section;
use crate::bot::{Policy, Retention, Words};

impl Default for Policy {
    fn default() -> Self {
        Self {
            session_gap_hours: 24,
            settle_ms: 1_200,
            fallbacks_before_handover: 2,
            no_agent_minutes: 5,
            phone_release_minutes: 240,
            stale_minutes: 60,
            quiet_hours: Some((21 * 60, 8 * 60)),
            business_messages_per_week: 2,
            retention_days: Retention::default(),
            words: Words::default(),
        }
    }
}

pub(super) fn read(root: &Section<'_, '_>) -> Policy {
    let Some(section) = root.section("policy", "[policy]") else { return Policy::default() };
    let usual = Policy::default();
    let policy = Policy {
        session_gap_hours: section.number_or("session_gap_hours", usual.session_gap_hours, 1..=720),
        settle_ms: section.number_or("settle_ms", usual.settle_ms, 0..=10_000),
        fallbacks_before_handover: section.number_or(
            "fallbacks_before_handover",
            usual.fallbacks_before_handover,
            1..=20,
        ),
        no_agent_minutes: section.number_or("no_agent_minutes", usual.no_agent_minutes, 1..=1_440),
        phone_release_minutes: section.number_or("phone_release_minutes", usual.phone_release_minutes, 1..=10_080),
        stale_minutes: section.number_or("stale_minutes", usual.stale_minutes, 1..=10_080),
        quiet_hours: quiet_hours(&section, usual.quiet_hours),
        business_messages_per_week: section.number_or(
            "business_messages_per_week",
            usual.business_messages_per_week,
            0..=100,
        ),
        retention_days: section.section("retention_days", "`retention_days`").map(retention).unwrap_or_default(),
        words: section.section("words", "[policy.words]").map(words).unwrap_or_default(),
    };
    section.finish();
    policy
}

fn quiet_hours(section: &Section<'_, '_>, usual: Option<(u16, u16)>) -> Option<(u16, u16)> {
    let Some(value) = section.value("quiet_hours") else { return usual };
    let text = value.filled_text()?;
    if text == "off" {
        return None;
    }
    let range = time_range(&text).filter(|(from, to)| from != to);
    if range.is_none() {
        value.problem(format!("`{text}` is not a time such as `21:00-08:00`, or `off`"));
    }
    range
}

/// WhatsApp may deliver a message again for seven days: so long it must be known again.
const TURNS_KEPT_AT_LEAST: u32 = 8;

fn retention(section: Section<'_, '_>) -> Retention {
    let usual = Retention::default();
    let retention = Retention {
        turns: section.number_or("turns", usual.turns, TURNS_KEPT_AT_LEAST..=3_650),
        media: section.number_or("media", usual.media, 1..=3_650),
        recordings: section.number_or("recordings", usual.recordings, 1..=3_650),
    };
    section.finish();
    retention
}

fn words(section: Section<'_, '_>) -> Words {
    let words = Words { human: section.texts("human"), stop: section.texts("stop"), start: section.texts("start") };
    if [&words.human, &words.stop, &words.start].into_iter().flatten().any(|word| word.chars().count() > 40) {
        section.problem("a word in [policy.words] may have at most 40 characters");
    }
    section.finish();
    words
}
