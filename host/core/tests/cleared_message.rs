//! A cleared message cannot be built outside the gate, copied, read back, or sent twice: the compiler
//! refuses. Each file in `compile_fail/` is one attempt; beside it is what the compiler says.

#[test]
fn the_compiler_refuses_every_way_around_the_gate() {
    let attempts = trybuild::TestCases::new();
    attempts.pass("tests/compile_fail/sent_once.rs");
    for attempt in ["built", "constructed", "cloned", "defaulted", "deserialised", "sent_twice", "sent_unlooked"] {
        attempts.compile_fail(format!("tests/compile_fail/{attempt}.rs"));
    }
}
