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
fn shops_of_other_trades_are_answered_rightly_or_not_at_all() {
    let shop = |entries: &str, queries: &str, [answered, precision, offered]: [f64; 3]| {
        let scores = score(entries, queries, &THRESHOLDS).unwrap();
        let misses = scores.misses.join("\n");
        assert!(scores.answered() >= answered, "answered {:.3}\n{misses}", scores.answered());
        assert!(scores.precision() >= precision, "precision {:.3}\n{misses}", scores.precision());
        assert!(scores.offered() >= offered, "among three {:.3}\n{misses}", scores.offered());
    };
    macro_rules! set {
        ($name:literal, $floors:expr) => {
            shop(
                include_str!(concat!("../../../tests/language/faq/", $name, ".csv")),
                include_str!(concat!("../../../tests/language/faq/", $name, ".tsv")),
                $floors,
            );
        };
    }
    set!("bajuanak", [0.44, 0.94, 0.89]);
    set!("cafe", [0.61, 0.92, 0.97]);
    set!("dapur", [0.53, 0.96, 0.92]);
    set!("elektronik", [0.61, 0.94, 0.92]);
    set!("gawai", [0.34, 0.93, 0.88]);
    set!("gym", [0.23, 0.90, 0.83]);
    set!("hijab", [0.61, 0.97, 0.94]);
    set!("konveksi", [0.31, 0.95, 0.88]);
    set!("kosmetik", [0.61, 0.97, 0.94]);
    set!("kursus", [0.42, 0.94, 0.92]);
    set!("mebel", [0.39, 0.98, 0.91]);
    set!("optik", [0.22, 0.89, 0.77]);
    set!("ponsel", [0.39, 0.91, 0.88]);
    set!("rental", [0.18, 0.98, 0.88]);
    set!("roti", [0.24, 0.94, 0.89]);
    set!("salon", [0.39, 0.93, 0.91]);
    set!("skincare", [0.36, 0.95, 0.92]);
}

/// The floors are what there is, and the bars lie higher. What came out wrongly is not told: whoever reads it tunes for it.
#[test]
fn shops_that_nothing_was_learnt_or_tuned_from_are_answered_rightly_or_not_at_all() {
    macro_rules! set {
        ($name:literal, [$answered:literal, $precision:literal, $offered:literal, $outside:literal]) => {
            let entries = include_str!(concat!("../../../tests/language/faq/", $name, ".csv"));
            let queries = include_str!(concat!("../../../tests/language/faq/", $name, ".tsv"));
            let scores = score(entries, queries, &THRESHOLDS).unwrap();
            assert!(scores.answered() >= $answered, "{} answered {:.3}", $name, scores.answered());
            assert!(scores.precision() >= $precision, "{} precision {:.3}", $name, scores.precision());
            assert!(scores.offered() >= $offered, "{} among three {:.3}", $name, scores.offered());
            assert!(scores.outside() <= $outside, "{} outside answered {:.3}", $name, scores.outside());
        };
    }
    set!("sepatu", [0.62, 0.98, 0.99, 0.02]);
    set!("homestay", [0.44, 0.84, 0.91, 0.09]);
    // Of six messages that an entry answers, one shares a word with it, by its beginning at least.
    set!("petshop", [0.12, 0.94, 0.57, 0.02]);
    set!("oleholeh", [0.27, 0.95, 0.79, 0.02]);
    set!("bengkel", [0.08, 0.92, 0.50, 0.02]);
}
