//! Plugins that misbehave before they are ever asked, and files that are no plugins: each is refused in a
//! sentence, and another plugin answers all the same.

use santun_engine::*;
use serde_json::json;

use crate::forged::{beside, in_world, that_does};
use crate::support::*;

fn impatient(name: &str) -> Setup {
    let mut setup = setup(name);
    setup.limits.prepare_cpu_ms = 50;
    setup
}

#[tokio::test]
async fn a_loop_in_the_start_is_refused() {
    let start = "(module (func $start (loop $on (br $on))) (start $start))";
    for (what, bytes) in [
        ("loops in a constructor", guest("looping-start")),
        ("loops in a module's start", beside(that_does("", ""), start)),
    ] {
        let refused = refused(&engine(), what, &bytes, impatient("looping")).await;
        assert_eq!(refused.code(), "check");
        assert!(refused.to_string().contains("prepare_cpu_ms"), "{refused}");
    }
}

#[tokio::test]
async fn a_loop_or_a_trap_in_prepare_is_refused() {
    for (deed, says) in [("loop", "prepare_cpu_ms"), ("trap", "prepare was told to")] {
        let setup = Setup { config: json!({ "prepare": deed }), ..impatient("preparing") };
        let refused = refused(&engine(), &format!("prepares a {deed}"), &guest("hostile"), setup).await;
        assert_eq!(refused.code(), "check");
        assert!(refused.to_string().contains(says), "{refused}");
    }
}

#[tokio::test]
async fn memory_over_many_memories_counts_together() {
    let grow = "(module (memory 1) (func $start
      (if (i32.eq (memory.grow (i32.const 32)) (i32.const -1)) (then unreachable))) (start $start))";
    let mut bytes = that_does("", "");
    (0..6).for_each(|_| bytes = beside(std::mem::take(&mut bytes), grow));
    let mut small = setup("many");
    small.limits.memory_mb = 8;
    let refused = refused(&engine(), "grows six memories of 2 MiB", &bytes, small).await;
    assert!(refused.to_string().contains("memory_mb = 8"), "{refused}");
    let engine = engine();
    let revision = engine.admit(&bytes).await.unwrap();
    let mut enough = setup("many");
    enough.limits.memory_mb = 16;
    assert!(engine.ready(revision, enough).await.is_ok(), "what fits the limit is allowed");
}

#[tokio::test]
async fn more_memories_or_instances_than_a_plugin_may_have_are_refused() {
    for (what, module, count) in
        [("twelve memories", "(module (memory 1))", 12), ("ninety core instances", "(module)", 90)]
    {
        let mut bytes = that_does("", "");
        (0..count).for_each(|_| bytes = beside(std::mem::take(&mut bytes), module));
        let refused = refused(&engine(), what, &bytes, setup("many")).await;
        assert_eq!(refused.code(), "too-large", "{refused}");
    }
}

#[tokio::test]
async fn a_memory_that_begins_larger_than_its_limit_is_refused() {
    let huge = beside(that_does("", ""), "(module (memory 2048))");
    let refused = refused(&engine(), "begins with 128 MiB", &huge, setup("huge")).await;
    assert!(refused.to_string().contains("limits.memory_mb"), "{refused}");
}

#[tokio::test]
async fn truncated_corrupt_and_mistyped_files_are_refused() {
    let whole = guest("hostile");
    let mut flipped = whole.clone();
    // Somewhere in the code, where only compiling notices.
    let middle = flipped.len() / 3;
    flipped[middle..middle + 64].fill(0xff);
    for (what, bytes, code) in [
        ("half a file", whole[..whole.len() / 2].to_vec(), "corrupt"),
        ("all but its last byte", whole[..whole.len() - 1].to_vec(), "corrupt"),
        ("an empty file", Vec::new(), "corrupt"),
        ("a script", b"#!/bin/sh\necho".to_vec(), "corrupt"),
        ("flipped bytes in its code", flipped, "corrupt"),
        ("a core module", b"\0asm\x01\0\0\0".to_vec(), "core-module"),
    ] {
        assert_eq!(refused(&engine(), what, &bytes, setup("broken")).await.code(), code);
    }
}

#[tokio::test]
async fn every_cut_of_a_plugin_is_refused_without_a_panic() {
    let whole = include_bytes!("../guests/golden/golden-0.1.0.wasm");
    for cut in (0..whole.len()).step_by(whole.len() / 97) {
        let refused = Engine::inspect(&whole[..cut]).unwrap_err();
        assert!(matches!(refused.code(), "corrupt" | "missing-export" | "manifest"), "{cut}: {refused}");
    }
}

#[tokio::test]
async fn components_whose_functions_have_other_types_are_refused_before_they_run() {
    let exports = in_world(
        "package santun:plugin@0.1.0;
         interface behaviour { prepare: func(config: string) -> list<u8>; handle: func(event: string) -> string; }",
        "package santun:forged@0.1.0; world forged { export santun:plugin/behaviour@0.1.0; }",
        r#"(memory (export "memory") 1)
           (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) unreachable)
           (func (export "santun:plugin/behaviour@0.1.0#prepare") (param i32 i32) (result i32) unreachable)
           (func (export "santun:plugin/behaviour@0.1.0#handle") (param i32 i32) (result i32) unreachable)"#,
    );
    let imports = in_world(
        "package santun:plugin@0.1.0;
         interface prepared { size: func() -> u32; }
         interface behaviour { prepare: func(config: string) -> result<list<u8>, string>; }",
        "package santun:forged@0.1.0;
         world forged { import santun:plugin/prepared@0.1.0; export santun:plugin/behaviour@0.1.0; }",
        r#"(import "santun:plugin/prepared@0.1.0" "size" (func (result i32)))
           (memory (export "memory") 1)
           (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) unreachable)
           (func (export "santun:plugin/behaviour@0.1.0#prepare") (param i32 i32) (result i32) unreachable)"#,
    );
    for (what, bytes) in [("exports of other types", exports), ("imports of other types", imports)] {
        let refused = refused(&engine(), what, &bytes, setup("mistyped")).await;
        assert_eq!(refused.code(), "mismatch", "{refused}");
    }
}

#[tokio::test]
async fn components_of_another_world_are_refused_with_what_they_lack_or_want() {
    for (text, code, says) in [
        ("(component)", "missing-export", "santun:plugin/behaviour"),
        ("(component (import \"wasi:http/types@0.2.0\" (instance)))", "import", "santun:plugin/http"),
        ("(component (import \"wasi:cli/environment@0.3.0\" (instance)))", "import", "WASI 0.2"),
        ("(component (import \"acme:door/open@1.0.0\" (instance)))", "import", "acme:door/open"),
        ("(component (import \"santun:plugin/history@0.2.0\" (instance)))", "contract", "supports 0.1"),
    ] {
        let refused = refused(&engine(), text, &wat::parse_str(text).unwrap(), setup("another")).await;
        assert_eq!(refused.code(), code, "{refused}");
        assert!(refused.to_string().contains(says), "{refused}");
    }
}
