//! Compiles `cues.txt`, `classes.txt` and `senses.txt` into tables that a fresh plugin instance reads without building anything.

fn main() {
    let lexicon = ["../concepts/everyday.txt", "cues.txt", "classes.txt", "senses.txt"];
    if let Err(fault) = santun_concepts::compile::into_out_dir(&lexicon) {
        panic!("{fault}");
    }
}
