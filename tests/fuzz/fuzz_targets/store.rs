#![no_main]
//! See `santun_fuzz`.

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| santun_store::decoding::read_as_everything(bytes));
