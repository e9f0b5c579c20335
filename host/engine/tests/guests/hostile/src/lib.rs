//! A plugin that does what its message says, however bad that is.

wit_bindgen::generate!({ path: "../../../../../wit/0.1.0", world: "plugin" });

mod deeds;
mod memory;

use exports::santun::plugin::behaviour::Guest;
use santun::plugin::types::{Content, Context, Decision, Event, Outgoing, Reply, Verdict};

const TEXT: &[u8] = br#"{"contract":"0.1","name":"hostile","version":"1.0.0",
"purpose":{"en":"Does what it is told."},"languages":["en"],
"config_schema":{"type":"object","additionalProperties":false,
  "properties":{"prepare":{"type":"string"},"note":{"type":"string"},"check":{"type":"string"}}},
"asks":[{"capability":"http","reason":"tests"},{"capability":"customer.name","reason":"tests"},
  {"capability":"customer.phone","reason":"tests"},{"capability":"warm","reason":"tests"}],
"examples":[{"text":"check","expect":"reply"}]}"#;

#[used]
#[unsafe(link_section = "santun:manifest")]
static MANIFEST: [u8; TEXT.len()] = {
    let mut bytes = [0; TEXT.len()];
    let mut i = 0;
    while i < TEXT.len() {
        bytes[i] = TEXT[i];
        i += 1;
    }
    bytes
};

struct Hostile;

impl Guest for Hostile {
    fn prepare(config: String) -> Result<Vec<u8>, String> {
        let deed = |name: &str| config.contains(&format!("\"prepare\":\"{name}\""));
        if deed("loop") {
            deeds::spin();
        }
        if deed("error") {
            return Err("entries, line 3: the answer is missing; write one".into());
        }
        if deed("trap") {
            panic!("prepare was told to");
        }
        Ok(config.into_bytes())
    }

    fn handle(event: Event, context: Context) -> Result<Verdict, String> {
        let Event::Messages(messages) = event else { return Ok(said("handed back".into())) };
        let Content::Text(text) = &messages[0].content else { return Ok(said("no text".into())) };
        let (deed, rest) = text.split_once(' ').unwrap_or((text, ""));
        deeds::deed(deed, rest, &context)
    }
}

fn said(text: String) -> Verdict {
    with(Decision::Reply(Reply { messages: vec![Outgoing::Text(text)], outcome: "answer".into() }))
}

fn with(decision: Decision) -> Verdict {
    Verdict { decision, labels: vec![], attributes: vec![], facts: vec![], confidence: None, why: "told so".into() }
}

export!(Hostile);
