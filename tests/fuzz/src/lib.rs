//! What is fuzzed: one function a target, each of which takes any bytes and must come back.
//!
//! `make fuzz` runs them under libFuzzer; `tests/tests/fuzzed.rs` runs them over their corpora.

use std::sync::{Arc, OnceLock};

use hmac::{Hmac, KeyInit as _, Mac as _};
use santun_core::bot::{Bot, Words};
use santun_core::ears::Ears;
use santun_core::message::Content;
use santun_core::time::Timestamp;
use santun_core::webhook::Update;
use santun_core::world::World;
use santun_engine::{Bounds, Engine, EngineSettings};
use santun_whatsapp::signature::{AppSecrets, handshake, verify};
use sha2::Sha256;
use tokio::runtime::{Builder, Runtime};

/// A target: takes any bytes, and must come back.
pub type Target = fn(&[u8]);

/// All targets, by name: that of the folder of its corpus, and of its program.
pub const TARGETS: [(&str, Target); 6] = [
    ("webhook", webhook),
    ("signature", signature),
    ("component", component),
    ("bot_toml", bot_toml),
    ("ears", ears),
    ("store", santun_store::decoding::read_as_everything),
];

/// A webhook's body, as anybody can send one once its signature is right.
pub fn webhook(bytes: &[u8]) {
    let Ok(updates) = santun_whatsapp::webhook::parse(bytes) else { return };
    for update in updates {
        // What is kept is written as JSON; it must be possible to read it again.
        let json = serde_json::to_string(&update).expect("an update has a JSON form");
        let again: Update = serde_json::from_str(&json).expect("and can be read from it");
        assert_eq!(again, update);
    }
}

/// The first line is the header of a signature and the query of a handshake, the rest is the body: nothing that
/// was not signed gets in.
pub fn signature(bytes: &[u8]) {
    const SECRETS: [&str; 2] = ["new secret", "old secret"];
    let end = bytes.iter().position(|byte| *byte == b'\n').unwrap_or(bytes.len());
    let line = String::from_utf8_lossy(&bytes[..end]);
    let body = bytes.get(end + 1..).unwrap_or_default();
    let secrets = AppSecrets::new(SECRETS).expect("two secrets");
    if verify(&secrets, body, Some(&line)).is_ok() {
        let right = SECRETS.map(|secret| signed(secret, body));
        // Space around a header is not part of it.
        assert!(right.iter().any(|right| right.eq_ignore_ascii_case(line.trim())), "a forged signature got in");
    }
    if let Ok(challenge) = handshake(&line, "verify") {
        assert!(line.contains("verify") && challenge.len() <= 512, "a handshake without the token");
    }
}

fn signed(secret: &str, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("any length");
    mac.update(body);
    let hex: String = mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256={hex}")
}

/// A file that somebody installs: its manifest is read, and if that is one, it is checked and compiled.
pub fn component(bytes: &[u8]) {
    static ENGINE: OnceLock<(Engine, Runtime)> = OnceLock::new();
    if Engine::inspect(bytes).is_err() {
        return;
    }
    let (engine, runtime) = ENGINE.get_or_init(|| {
        let world = Arc::new(Still);
        let bounds = Bounds { instances: 4, ..Bounds::default() };
        let settings = EngineSettings { cache: None, cache_key: [1; 32], contact_secret: [2; 32], world, bounds };
        let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
        (Engine::new(settings).expect("an engine"), runtime)
    });
    if let Err(rejected) = runtime.block_on(engine.admit(bytes)) {
        assert!(!rejected.to_string().is_empty(), "a rejection says why");
    }
}

/// A `bot.toml`: what is right has a form that says the same, and what is wrong is said with a place.
pub fn bot_toml(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    match Bot::parse(text) {
        Ok(bot) => {
            assert!(Bot::diff(&bot, &bot).is_empty(), "nothing differs from itself");
            let _ = (bot.to_json(), bot.default_division(), bot.plugins.first().map(|plugin| plugin.file_references()));
        }
        Err(error) => assert!(!error.problems.is_empty(), "what is wrong is said"),
    }
}

/// What a customer writes, or taps, or sends with a file.
pub fn ears(bytes: &[u8]) {
    static EARS: OnceLock<Ears> = OnceLock::new();
    let ears = EARS.get_or_init(|| Ears::new(&Words::default()));
    let text = String::from_utf8_lossy(bytes).into_owned();
    let _ = ears.hear(&Content::Text { text: text.clone() });
    let (id, title) = text.split_once('\n').unwrap_or((&text, ""));
    let _ = ears.hear(&Content::Choice { id: id.to_owned(), title: title.to_owned() });
}

/// A clock that stands still, and no chance.
struct Still;

impl World for Still {
    fn now(&self) -> Timestamp {
        Timestamp::from_seconds(1_790_000_000)
    }

    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill(7);
    }
}
