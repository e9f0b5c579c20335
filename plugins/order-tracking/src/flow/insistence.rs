//! Customers who are sure of a number that no order has.

use santun_language::{is_one_of, normalise, root};
use santun_plugin::prelude::*;

use super::Desk;
use crate::asked::Asked;

/// A longer text says more than that.
const FEW_WORDS: usize = 10;
/// "nomernya bener kok", "sesuai di invoice".
const SURE: &str = "benar betul yakin sesuai valid right correct sure certain";
/// "salah ding", "not sure".
const NOT_SO: &str = "salah keliru bukan tidak belum wrong not typo";
/// "coba cek lagi", "please check again": both must be there.
const CHECK: [&str; 2] = ["cek periksa cari lihat coba check look try", "lagi ulang dulu again once"];

impl Desk<'_> {
    /// The number that was not found, if the customer says that it is right.
    pub(super) fn insisted_on(&self, text: &str) -> Option<Asked> {
        let unfound = self.talk.unfound.as_deref()?;
        insists(text).then(|| Asked::of_id(unfound))
    }

    /// Looks again: the order may be there by now. Otherwise a human looks for it.
    pub(super) fn look_again(&mut self, asked: &Asked) -> Result<Verdict, Error> {
        match self.look_up(asked) {
            Ok(Some(order)) => self.found(&order, asked),
            Err(down) => self.down(&down, Some(asked)),
            Ok(None) => {
                self.talk.settle();
                let summary = format!("Yakin nomornya {}, tapi tidak ada di catatan pesanan.", asked.written());
                let call = self.call(Reason::NoProgress, &summary);
                Ok(Verdict::handover(call, "the customer is sure of a number that no order has"))
            }
        }
    }
}

/// Whether a text says that what was said is right, or asks to look again.
pub(super) fn insists(text: &str) -> bool {
    if text.split_whitespace().nth(FEW_WORDS).is_some() {
        return false;
    }
    let text = normalise(text);
    let any = |list: &str| text.words().any(|word| is_one_of(list, word) || is_one_of(list, root(word)));
    !any(NOT_SO) && (any(SURE) || CHECK.iter().all(|list| any(list)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_sure_says_so_in_few_words() {
        for text in [
            "nomernya bener kok",
            "udh bener kak itu",
            "coba cek lagi dong",
            "tolong dicek ulang ya",
            "sesuai invoice kak",
            "yes it's correct",
            "please check again",
        ] {
            assert!(insists(text), "{text}");
        }
        for text in
            ["eh salah nomornya", "bentar kak", "ga yakin sih", "ongkir ke solo brp", "oh iya typo", "lagi dimana kak"]
        {
            assert!(!insists(text), "{text}");
        }
    }
}
