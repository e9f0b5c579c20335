//! Plugins whose code no compiler would make: they lie about pointers and lengths, leak handles, and
//! grow what they can.

use crate::forged::{that_allocates, that_answers, that_does};
use crate::support::*;

async fn ends_as(what: &str, component: &[u8], code: &str, says: &str) {
    println!("{what}");
    Two::made_of(&engine(), component, setup("forged")).await.ends_as("do it", code, says).await;
}

#[tokio::test]
async fn table_growth_ends_at_table_elements() {
    let grows = that_does(
        "(table $t 1 funcref)",
        "(loop $on (br_if $on (i32.ne (table.grow $t (ref.null func) (i32.const 100)) (i32.const -1)))) unreachable",
    );
    ends_as("grows its table", &grows, "table_elements", "limits.table_elements").await;
}

#[tokio::test]
async fn memory_growth_in_small_steps_ends_at_memory_mb() {
    let grows = that_does("", "(loop $on (br_if $on (i32.ne (memory.grow (i32.const 1)) (i32.const -1)))) unreachable");
    ends_as("grows its memory", &grows, "memory_mb", "limits.memory_mb").await;
}

#[tokio::test]
async fn a_leak_of_handles_ends_at_handles() {
    let leaks = that_does(
        r#"(import "wasi:clocks/monotonic-clock@0.2.0" "subscribe-duration" (func $wait (param i64) (result i32)))"#,
        "(loop $on (drop (call $wait (i64.const 1))) (br $on))",
    );
    ends_as("keeps every handle", &leaks, "handles", "handles = 1000").await;
}

#[tokio::test]
async fn a_flood_of_host_calls_ends_at_cpu_ms() {
    let asks = that_does(
        r#"(import "santun:plugin/prepared@0.1.0" "size" (func $size (result i64)))"#,
        "(loop $on (drop (call $size)) (br $on))",
    );
    ends_as("asks for ever", &asks, "cpu_ms", "limits.cpu_ms").await;
}

#[tokio::test]
async fn a_list_that_costs_the_host_more_than_the_guest_ends_at_host_fuel() {
    let polls = that_does(
        r#"(import "wasi:io/poll@0.2.0" "poll" (func $poll (param i32 i32 i32)))"#,
        "(drop (memory.grow (i32.const 256))) (call $poll (i32.const 65536) (i32.const 4000000) (i32.const 2048))",
    );
    ends_as("polls four million handles", &polls, "host_fuel", "host function").await;
}

#[tokio::test]
async fn lies_about_the_answer_are_traps() {
    for (what, answer) in [
        ("answers outside its memory", "(i32.const -16)"),
        ("answers a list that ends outside", "(i32.store (i32.const 1080) (i32.const 0x7fffffff)) (i32.const 1024)"),
        ("answers with a decision that there is not", "(i32.store8 (i32.const 1028) (i32.const 9)) (i32.const 1024)"),
        (
            "answers with text that is none",
            "(i32.store (i32.const 0) (i32.const -1)) (i32.store (i32.const 1112) (i32.const 4)) (i32.const 1024)",
        ),
    ] {
        ends_as(what, &that_answers(answer), "trap", "the plugin").await;
    }
}

#[tokio::test]
async fn a_million_empty_labels_exceed_output_kb() {
    let answer = "(drop (memory.grow (i32.const 256))) (i32.store (i32.const 1076) (i32.const 65536))
      (i32.store (i32.const 1080) (i32.const 1000000)) (i32.const 1024)";
    ends_as("answers with a million labels", &that_answers(answer), "output_kb", "output_kb = 64").await;
}

#[tokio::test]
async fn lies_of_the_allocator_end_the_call_alone() {
    let long = "x".repeat(2_000);
    for (what, body, code) in [
        ("allocates outside its memory", "(return (i32.const -4))", "trap"),
        ("traps while it allocates", "unreachable", "trap"),
        ("never returns from allocating", "(loop $on (br $on))", "cpu_ms"),
    ] {
        println!("{what}");
        let two = Two::made_of(&engine(), &that_allocates(body), setup("forged")).await;
        two.ends_as(&long, code, "").await;
    }
}
