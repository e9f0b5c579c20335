//! Compiles `cues.txt` and `classes.txt` into tables that a fresh plugin instance reads without building anything.

fn main() {
    if let Err(fault) = santun_concepts::compile::into_out_dir(&["../concepts/everyday.txt", "cues.txt", "classes.txt"])
    {
        panic!("{fault}");
    }
}
