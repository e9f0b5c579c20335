//! What it can be told to do.

use std::hint::black_box;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::time::{Duration, Instant, SystemTime};

use crate::santun::plugin::state::Scope;
use crate::santun::plugin::types::{Context, Decision, Reply, Verdict};
use crate::santun::plugin::{history, http, log, prepared, state};
use crate::{memory, said, with};

static CALLS: AtomicU32 = AtomicU32::new(0);

unsafe extern "C" {
    fn getentropy(buffer: *mut u8, length: usize) -> i32;
}

pub fn deed(deed: &str, rest: &str, context: &Context) -> Result<Verdict, String> {
    Ok(said(match deed {
        "check" => {
            let config = String::from_utf8(prepared::read(0, u32::MAX)).unwrap();
            if config.contains("\"check\":\"trap\"") {
                panic!("the check was told to");
            }
            "checked".into()
        }
        "echo" => rest.into(),
        "pass" => return Ok(with(Decision::Pass)),
        "who" => format!("{} {:?} {:?}", context.contact.key, context.contact.name, context.contact.phone),
        "prepared" => {
            let size = prepared::size();
            format!("{size} {}", String::from_utf8(prepared::read(0, size as u32)).unwrap())
        }
        "count" => (CALLS.fetch_add(1, Relaxed) + 1).to_string(),
        "history" => {
            let turns = history::last(rest.parse().unwrap());
            turns.iter().map(|turn| format!("{}:{}", turn.by, turn.text)).collect::<Vec<_>>().join("|")
        }
        "loop" => spin(),
        "grow" => {
            let mut kept: Vec<Vec<u8>> = Vec::new();
            loop {
                kept.push(black_box(vec![1; 1 << 20]));
            }
        }
        "trap" => panic!("boom, as told"),
        "log-then-trap" => {
            log::write(log::Level::Error, "the table of prices is empty");
            core::arch::wasm32::unreachable()
        }
        "ask-history" => loop {
            black_box(history::last(1_000));
        },
        "ask-state" => loop {
            black_box(state::get(Scope::Conversation, "nothing"));
        },
        "ask-prepared" => loop {
            black_box(prepared::read(0, u32::MAX));
        },
        "keep" => {
            memory::keep(rest);
            "kept".into()
        }
        "search" => memory::search(rest),
        "recurse" => recurse(1).to_string(),
        "exit" => std::process::exit(3),
        "error" => return Err("the shop's file has no such order".into()),
        "empty-reply" => {
            return Ok(with(Decision::Reply(Reply { messages: vec![], outcome: "answer".into() })));
        }
        "oversize" => "x".repeat(rest.parse::<usize>().unwrap() << 10),
        "log-flood" => {
            for _ in 0..10_000 {
                log::write(log::Level::Info, &"a line of a flood ".repeat(8));
            }
            "flooded".into()
        }
        "log-big" => {
            log::write(log::Level::Info, &"x".repeat(8 << 20));
            "logged".into()
        }
        "print-flood" => {
            for line in 0..4_000 {
                println!("line {line} of a flood");
            }
            "printed".into()
        }
        "print" => {
            println!("printed");
            eprintln!("complained");
            "printed".into()
        }
        "random-flood" => {
            let mut buffer = [0_u8; 256];
            for _ in 0..100_000 {
                unsafe { getentropy(buffer.as_mut_ptr(), 256) };
            }
            "random".into()
        }
        "random" => {
            let mut buffer = [0_u8; 16];
            unsafe { getentropy(buffer.as_mut_ptr(), 16) };
            format!("{buffer:02x?}")
        }
        "sleep" => {
            let begun = Instant::now();
            std::thread::sleep(Duration::from_secs(rest.parse().unwrap()));
            begun.elapsed().as_secs().to_string()
        }
        "clock" => {
            let begun = Instant::now();
            std::thread::sleep(Duration::from_secs(3_600));
            let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
            format!("{} {}", begun.elapsed().as_secs(), now.as_millis())
        }
        "surroundings" => {
            let files = std::fs::read_dir("/").is_ok() || std::fs::write("x", "y").is_ok();
            let socket = std::net::TcpStream::connect("127.0.0.1:80").is_ok();
            let variables = std::env::vars().count() + std::env::args().count();
            format!("files {files}, socket {socket}, variables {variables}")
        }
        "set" => {
            let (key, value) = rest.split_once(' ').unwrap();
            state::set(Scope::Conversation, key, value.as_bytes());
            format!("{:?}", get(Scope::Conversation, key))
        }
        "get" => format!("{:?}", get(Scope::Conversation, rest)),
        "add" => {
            let number: u32 = get(Scope::Shared, rest).map_or(0, |text| text.parse().unwrap()) + 1;
            state::set(Scope::Shared, rest, number.to_string().as_bytes());
            number.to_string()
        }
        "set-then-trap" => {
            state::set(Scope::Conversation, rest, b"1");
            panic!("after a write");
        }
        "state-flood" => {
            for i in 0..1_000 {
                state::set(Scope::Conversation, &format!("k{i}"), &[0; 1_024]);
            }
            "written".into()
        }
        "http" => {
            let (method, url) = rest.split_once(' ').unwrap();
            let body = (method != "GET").then(|| b"body".to_vec());
            ask(method, url, body, vec![])
        }
        "http-header" => {
            let (name, url) = rest.split_once(' ').unwrap();
            ask("GET", url, None, vec![http::Header { name: name.into(), value: "x".into() }])
        }
        "http-flood" => (0..100).map(|_| ask("GET", rest, None, vec![])).last().unwrap(),
        other => return Err(format!("told to `{other}`, which it cannot")),
    }))
}

/// Computes for ever.
pub fn spin() -> ! {
    let mut turns = 0_u64;
    loop {
        turns = black_box(turns.wrapping_add(1));
    }
}

fn recurse(depth: u64) -> u64 {
    let frame = black_box([depth; 32]);
    if depth == u64::MAX { 0 } else { recurse(frame[7] + 1) + frame[3] }
}

fn get(scope: Scope, key: &str) -> Option<String> {
    state::get(scope, key).map(|value| String::from_utf8(value).unwrap())
}

fn ask(method: &str, url: &str, body: Option<Vec<u8>>, headers: Vec<http::Header>) -> String {
    let request = http::Request { method: method.into(), url: url.into(), headers, body, timeout_ms: Some(2_000) };
    match http::send(&request) {
        Ok(answer) => format!("{} {}", answer.status, String::from_utf8_lossy(&answer.body)),
        Err(failure) => failure.code,
    }
}
