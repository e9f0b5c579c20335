//! A plugin that never gets beyond its start.

wit_bindgen::generate!({ path: "../../../../../wit/0.1.0", world: "plugin" });

use exports::santun::plugin::behaviour::Guest;
use santun::plugin::types::{Context, Event, Verdict};

const TEXT: &[u8; 104] =
    br#"{"contract":"0.1","name":"looping-start","version":"1.0.0","purpose":{"en":"Loops."},"languages":["en"]}"#;

#[used]
#[unsafe(link_section = "santun:manifest")]
static MANIFEST: [u8; TEXT.len()] = *TEXT;

#[used]
#[unsafe(link_section = ".init_array")]
static START: extern "C" fn() = {
    extern "C" fn start() {
        let mut turns = 0_u64;
        loop {
            turns = std::hint::black_box(turns.wrapping_add(1));
        }
    }
    start
};

struct LoopingStart;

impl Guest for LoopingStart {
    fn prepare(_: String) -> Result<Vec<u8>, String> {
        Ok(Vec::new())
    }

    fn handle(_: Event, _: Context) -> Result<Verdict, String> {
        Err("never".into())
    }
}

export!(LoopingStart);
