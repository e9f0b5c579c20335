//! The document written out again, in one canonical form.

use serde_json::{Map, Value, json};

use super::{Bot, Channel, CustomerGrant, Grants, Instance, OfficeHours, OnFailure, Plugin, Policy};
use crate::language::Language;

impl Bot {
    /// The whole document with every default written out, in the shape of `bot.toml`. Two documents that
    /// mean the same have the same view.
    pub fn to_json(&self) -> Value {
        let mut view = json!({
            "bot": {
                "name": self.name,
                "business": self.business,
                "language": self.language.code(),
                "about": self.about,
                "about_in": self.about_in,
            },
            "channel": self.channels.iter().map(channel).collect::<Vec<_>>(),
            "plugin": self.plugins.iter().map(plugin).collect::<Vec<_>>(),
            "division": self.divisions.iter()
                .map(|division| json!({ "name": division.name, "answer_minutes": division.answer_minutes }))
                .collect::<Vec<_>>(),
            "office": {
                "timezone": self.office.timezone.iana_name().unwrap_or("UTC"),
                "hours": hours(&self.office.hours),
                "holidays": self.office.holidays.iter().map(ToString::to_string).collect::<Vec<_>>(),
            },
            "policy": policy(&self.policy),
        });
        set(&mut view["bot"], "privacy_notice", self.privacy_notice.as_deref());
        set(&mut view["bot"], "texts", self.texts.as_deref());
        if !self.purposes.is_empty() {
            view["purpose"] = self
                .purposes
                .iter()
                .map(|(purpose, words)| {
                    let words: Map<String, Value> = words
                        .iter()
                        .map(|(language, words): (&Language, &String)| {
                            (language.code().to_owned(), words.as_str().into())
                        })
                        .collect();
                    (purpose.as_str().to_owned(), Value::Object(words))
                })
                .collect::<Map<_, _>>()
                .into();
        }
        view
    }

    /// The same as TOML: what parses to an equal bot.
    pub fn to_toml(&self) -> String {
        // Keys are texts and there are no nulls, so that nothing of JSON's is foreign to TOML.
        toml::to_string(&self.to_json()).unwrap_or_default()
    }
}

fn set(object: &mut Value, key: &str, text: Option<&str>) {
    if let Some(text) = text {
        object[key] = text.into();
    }
}

fn channel(channel: &Channel) -> Value {
    let mut view = json!({
        "name": channel.name,
        "phone_number_id": channel.id,
        "typing": channel.typing,
        "chain": channel.chain,
        "messages_per_second": channel.messages_per_second,
    });
    set(&mut view, "waba_id", channel.waba_id.as_deref());
    set(&mut view, "access_token", channel.access_token.as_deref());
    view
}

fn plugin(plugin: &Plugin) -> Value {
    json!({
        "name": plugin.name,
        "source": plugin.source.to_string(),
        "on_failure": match plugin.on_failure { OnFailure::Skip => "skip", OnFailure::Handover => "handover" },
        "instance": match plugin.instance { Instance::Fresh => "fresh", Instance::Warm => "warm" },
        "grants": grants(&plugin.grants),
        "limits": plugin.limits,
        "config": plugin.config,
    })
}

fn grants(grants: &Grants) -> Value {
    let customer = |grant: &CustomerGrant| match grant {
        CustomerGrant::Name => "name",
        CustomerGrant::Phone => "phone",
    };
    json!({
        "http": grants.http,
        "customer": grants.customer.iter().map(customer).collect::<Vec<_>>(),
        "history_turns": grants.history_turns,
        "secrets": grants.secrets,
    })
}

fn hours(hours: &OfficeHours) -> Value {
    const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let written = |(from, to)| format!("{}-{}", clock(from), clock(to));
    DAYS.iter()
        .zip(hours)
        .filter_map(|(day, hours)| Some(((*day).to_owned(), written((*hours)?).into())))
        .collect::<Map<_, _>>()
        .into()
}

fn clock(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

fn policy(policy: &Policy) -> Value {
    json!({
        "session_gap_hours": policy.session_gap_hours,
        "settle_ms": policy.settle_ms,
        "fallbacks_before_handover": policy.fallbacks_before_handover,
        "no_agent_minutes": policy.no_agent_minutes,
        "phone_release_minutes": policy.phone_release_minutes,
        "stale_minutes": policy.stale_minutes,
        "quiet_hours": policy.quiet_hours
            .map_or_else(|| "off".to_owned(), |(from, to)| format!("{}-{}", clock(from), clock(to))),
        "business_messages_per_week": policy.business_messages_per_week,
        "retention_days": policy.retention_days,
        "words": policy.words,
    })
}
