//! The bars on the language sets under `tests/language/escalation/`.

use santun_plugin_escalation::scoring::score;

fn holds(conversations: &str) {
    let scores = score(conversations, "{}").unwrap();
    let misses = scores.misses.join("\n");
    assert!(scores.classes.values().map(|(all, _)| all).sum::<usize>() > 60);
    assert!(scores.recall() >= 0.95, "recall {:.3}\n{misses}", scores.recall());
    assert!(scores.false_handovers() <= 0.05, "false handovers {:.3}\n{misses}", scores.false_handovers());
}

#[test]
fn conversations_that_need_a_human_call_one_and_ordinary_ones_do_not() {
    holds(include_str!("../../../tests/language/escalation/development.tsv"));
}

#[test]
fn the_bars_hold_on_more_varied_conversations() {
    holds(include_str!("../../../tests/language/escalation/varied.tsv"));
}

#[test]
fn the_bars_hold_in_many_voices_over_all_triggers() {
    holds(include_str!("../../../tests/language/escalation/voices.tsv"));
}

#[test]
fn the_bars_hold_for_workshops_cafes_and_clinics() {
    let scores = score(include_str!("../../../tests/language/escalation/trades.tsv"), "{}").unwrap();
    let misses = scores.misses.join("\n");
    assert!(scores.recall() >= 0.9, "recall {:.3}\n{misses}", scores.recall());
    assert!(scores.false_handovers() <= 0.05, "false handovers {:.3}\n{misses}", scores.false_handovers());
}
