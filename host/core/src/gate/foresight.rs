//! What the gate would do to words that lie in a configuration, told before a customer would have read them.
//!
//! Only what hangs on the words alone can be told: not who owns a conversation, who has consented, or how late it is.

use super::care::secret_in;
use super::disclosure::claims_human;
use super::promises::{self, Promise, promised};
use crate::trace::Rule;

/// What a rule would do to words, if a plugin said them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Objection {
    /// The rule.
    pub rule: Rule,
    /// What it would do and why, with what to do: a sentence that follows the rule's name.
    pub what: String,
}

/// What the gate would do to a text, if a plugin said it.
pub fn objections(text: &str) -> Vec<Objection> {
    let mut found: Vec<Objection> = promised(text).map(|(sentence, promise)| promising(sentence, promise)).collect();
    if claims_human(text) {
        let what = "it claims to be a human, and would be refused: say that a bot is speaking".to_owned();
        found.push(Objection { rule: Rule::Disclosure, what });
    }
    if let Some(secret) = secret_in(text) {
        let what = format!("it contains {secret}, and would be refused: take it out");
        found.push(Objection { rule: Rule::Care, what });
    }
    let unknown =
        promises::placeholders(text).filter(|name| name.contains('.') && !promises::is_placeholder_of_ours(name));
    found.extend(unknown.map(|name| {
        let what = format!("there is no placeholder `{{{name}}}`, and it would be refused; {}", promises::known());
        Objection { rule: Rule::Promises, what }
    }));
    found
}

fn promising(sentence: &str, promise: Promise) -> Objection {
    let what = match promise {
        Promise::Hours => "the true ones would be said in its place; write `{office.hours}`",
        Promise::Wait => "it would be taken out; write `{queue.wait}`, which is what was measured",
        Promise::Human => "it would be taken out; a handover lets the host say what is true",
    };
    Objection { rule: Rule::Promises, what: format!("“{sentence}” {}: {what}", promise.in_words()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn foreseen(text: &str) -> Vec<(Rule, String)> {
        objections(text).into_iter().map(|objection| (objection.rule, objection.what)).collect()
    }

    #[test]
    fn what_would_be_taken_out_or_refused_is_told_with_its_rule() {
        for (text, rule, word) in [
            ("Admin kami segera membalas kak.", Rule::Promises, "promises that a human comes"),
            ("Bisa kak. Kami buka Senin sampai Jumat jam 9 sampai 5 sore.", Rule::Promises, "{office.hours}"),
            ("Mohon tunggu {queue.wat} ya kak", Rule::Promises, "{queue.wait}"),
            ("Saya manusia asli kok kak", Rule::Disclosure, "a bot"),
            ("Bayar pakai 4111 1111 1111 1111", Rule::Care, "card"),
        ] {
            let found = foreseen(text);
            assert!(matches!(&found[..], [(by, what)] if *by == rule && what.contains(word)), "{text}: {found:?}");
        }
    }

    #[test]
    fn what_a_shop_says_of_its_own_is_no_objection() {
        for text in [
            "Ongkir dihitung otomatis sesuai berat dan kota tujuan, mulai Rp9.000.",
            "Pesanan dikirim 1-2 hari kerja setelah pembayaran ya kak.",
            "Kami buka {office.hours}, kak.",
            "Halo, ini {bot} dari {business}.",
        ] {
            assert_eq!(foreseen(text), [], "{text}");
        }
    }
}
