//! Compiles `lexicon.txt` into tables that a fresh plugin instance reads without building anything.

#[path = "src/spelling.rs"]
#[expect(dead_code, unreachable_pub, reason = "the library uses more of it than the compiler does")]
mod spelling;

#[path = "src/compile.rs"]
mod compile;

use std::path::Path;

fn main() {
    println!("cargo::rerun-if-changed=lexicon.txt");
    println!("cargo::rerun-if-changed=src/compile.rs");
    println!("cargo::rerun-if-changed=src/spelling.rs");
    let text = std::fs::read_to_string("lexicon.txt").expect("lexicon.txt lies beside build.rs");
    let compiled = match compile::compile(&text) {
        Ok(compiled) => compiled,
        Err(fault) => panic!("lexicon.txt: {fault}"),
    };
    let out = std::env::var("OUT_DIR").expect("cargo sets OUT_DIR");
    let out = Path::new(&out);
    for (name, bytes) in
        [("phrases.bin", &compiled.phrases), ("meanings.bin", &compiled.meanings), ("near.bin", &compiled.near)]
    {
        std::fs::write(out.join(name), bytes).expect("OUT_DIR can be written");
    }
    std::fs::write(out.join("concepts.rs"), compiled.names).expect("OUT_DIR can be written");
}
