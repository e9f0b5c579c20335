//! Compiles `everyday.txt`, `concepts.txt`, `fields.txt` and `trades.txt` into tables that a fresh plugin instance reads
//! without building anything.

#[path = "src/spelling.rs"]
#[expect(dead_code, unreachable_pub, reason = "the library uses more of it than the compiler does")]
mod spelling;

#[path = "src/compile.rs"]
#[expect(unreachable_pub, reason = "lexicons of other crates are compiled by it too")]
mod compile;

fn main() {
    println!("cargo::rerun-if-changed=src/compile.rs");
    println!("cargo::rerun-if-changed=src/spelling.rs");
    if let Err(fault) = compile::into_out_dir(&["everyday.txt", "concepts.txt"])
        .and_then(|()| compile::into_out_dir_as("fields-", &["everyday.txt", "fields.txt"]))
        .and_then(|()| compile::into_out_dir_as("trades-", &["everyday.txt", "trades.txt"]))
    {
        panic!("{fault}");
    }
}
