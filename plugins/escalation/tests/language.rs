//! How the plugin does on conversations that nothing was trained or tuned on, and that the model is of today.

use santun_plugin_escalation::model::Model;
use santun_plugin_escalation::scoring::score;
use santun_plugin_escalation::training::{digest, training_sets};

fn holds(conversations: &str, recall: f64, false_handovers: f64) {
    let scores = score(conversations, "{}").unwrap();
    let misses = scores.misses.join("\n");
    assert!(scores.classes.values().map(|tally| tally.all).sum::<usize>() > 60);
    assert!(scores.recall() >= recall, "recall {:.3}\n{misses}", scores.recall());
    assert!(scores.false_handovers() <= false_handovers, "false {:.3}\n{misses}", scores.false_handovers());
}

#[test]
fn conversations_of_others_that_need_a_human_call_one_and_ordinary_ones_do_not() {
    let shops = include_str!("../../../tests/language/escalation/varied.tsv");
    let trades = include_str!("../../../tests/language/escalation/trades.tsv");
    holds(&format!("{shops}\n{trades}"), 0.9, 0.07);
}

#[test]
fn what_the_model_was_trained_on_it_knows() {
    let sets = training_sets().unwrap().into_iter().map(|file| std::fs::read_to_string(file).unwrap());
    holds(&sets.collect::<Vec<_>>().join("\n"), 0.95, 0.04);
}

#[test]
fn the_model_is_of_the_training_sets_and_the_lexicon_as_they_are() {
    let sets: Vec<String> =
        training_sets().unwrap().iter().map(|file| std::fs::read_to_string(file).unwrap()).collect();
    assert_eq!(Model::built_in().digest(), digest(&sets), "train it anew: `make language-train`");
    assert!(Model::built_in().features() > 5_000);
}
