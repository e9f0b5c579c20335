//! The bars on the language sets under `tests/language/faq/`.

use santun_plugin_faq::THRESHOLDS;
use santun_plugin_faq::scoring::score;

fn holds(entries: &str, queries: &str) {
    let scores = score(entries, queries, &THRESHOLDS).unwrap();
    let misses = scores.misses.join("\n");
    assert!(scores.within > 50 && scores.outside > 30);
    assert!(scores.answered() >= 0.70, "answered {:.3}\n{misses}", scores.answered());
    assert!(scores.precision() >= 0.95, "precision {:.3}\n{misses}", scores.precision());
    assert!(scores.offered() >= 0.93, "among three {:.3}\n{misses}", scores.offered());
    assert!(scores.outside() <= 0.03, "outside answered {:.3}\n{misses}", scores.outside());
}

#[test]
fn everyday_queries_find_their_entry_in_the_development_set() {
    let queries = include_str!("../../../tests/language/faq/development.tsv");
    holds(include_str!("../demo/faq.csv"), queries);
}

#[test]
fn the_bars_hold_on_another_shops_entries() {
    let entries = include_str!("../../../tests/language/faq/varied.csv");
    holds(entries, include_str!("../../../tests/language/faq/varied.tsv"));
}

#[test]
fn a_cafe_with_questions_of_its_own_is_understood_well_enough_to_be_of_use() {
    let entries = include_str!("../../../tests/language/faq/cafe.csv");
    let queries = include_str!("../../../tests/language/faq/cafe.tsv");
    let scores = score(entries, queries, &THRESHOLDS).unwrap();
    let misses = scores.misses.join("\n");
    assert!(scores.answered() >= 0.65, "answered {:.3}\n{misses}", scores.answered());
    assert!(scores.precision() >= 0.9, "precision {:.3}\n{misses}", scores.precision());
    assert!(scores.offered() >= 0.93, "among three {:.3}\n{misses}", scores.offered());
}
