//! The golden component of contract 0.1.0: it uses every interface of it once.
//!
//! What tests load is `golden-0.1.0.wasm` beside this, built once from it and frozen: a later compiler would
//! make another component, and what must keep loading is what was built then. A later contract gets a file of
//! its own.

wit_bindgen::generate!({ path: "../../../../../wit/0.1.0", world: "plugin" });

use exports::santun::plugin::behaviour::Guest;
use santun::plugin::types::{Content, Context, Decision, Event, Fact, Outgoing, Reply, Verdict};
use santun::plugin::{history, http, log, prepared, state};

const TEXT: &[u8; 168] = br#"{"contract":"0.1","name":"golden","version":"0.1.0",
"purpose":{"id":"Menyapa.","en":"Greets."},"languages":["id","en"],
"examples":[{"text":"halo","expect":"reply"}]} "#;

#[used]
#[unsafe(link_section = "santun:manifest")]
static MANIFEST: [u8; TEXT.len()] = *TEXT;

struct Golden;

impl Guest for Golden {
    fn prepare(config: String) -> Result<Vec<u8>, String> {
        Ok(config.into_bytes())
    }

    fn handle(event: Event, context: Context) -> Result<Verdict, String> {
        let Event::Messages(messages) = event else { return Err("only messages".into()) };
        let Content::Text(said) = &messages[0].content else { return Err("only text".into()) };
        log::write(log::Level::Debug, "asked");
        let turns = history::last(5).len();
        let size = prepared::read(0, 64).len() as u64;
        state::set(state::Scope::Conversation, "greeted", b"yes");
        state::delete(state::Scope::Conversation, "greeted");
        state::set(state::Scope::Conversation, "greeted", b"yes");
        let set = state::get(state::Scope::Conversation, "greeted").is_some();
        let request =
            http::Request { method: "GET".into(), url: "https://a.example".into(), headers: vec![], body: None, timeout_ms: None };
        if http::send(&request).is_ok() || size != prepared::size() {
            return Err("this cannot be".into());
        }
        let state = if set { "set" } else { "lost" };
        let text = format!("{said} from 0.1.0 in {}, {size} prepared, {turns} turns, state {state}", context.language);
        Ok(Verdict {
            decision: Decision::Reply(Reply { messages: vec![Outgoing::Text(text)], outcome: "greeting".into() }),
            labels: vec!["greeting".into()],
            attributes: vec![Fact { name: "city".into(), value: "Bandung".into() }],
            facts: vec![],
            confidence: Some(0.5),
            why: "it is golden".into(),
        })
    }
}

export!(Golden);
