#![no_main]
//! See `santun_fuzz`.

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| santun_fuzz::bot_toml(bytes));
