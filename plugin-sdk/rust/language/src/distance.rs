//! Words that differ by a slip of the finger.

/// The longest word that is compared letter by letter.
const LONGEST: usize = 32;

/// How many slips (a letter too many, too few, wrong, or two swapped) lie between two words, if not more
/// than `most` (at most 3). Letters are bytes here: the words are expected to be normalised.
pub fn distance(a: &str, b: &str, most: usize) -> Option<usize> {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a == b {
        return Some(0);
    }
    if a.len().abs_diff(b.len()) > most || a.len() > LONGEST || b.len() > LONGEST {
        return None;
    }
    // Optimal string alignment over three rows of small numbers, on the stack.
    let mut before_last = [0_u8; LONGEST + 1];
    let mut last = [0_u8; LONGEST + 1];
    let mut row = [0_u8; LONGEST + 1];
    for (cell, count) in last.iter_mut().zip(0_u8..) {
        *cell = count;
    }
    for i in 1..=a.len() {
        row[0] = i as u8;
        let mut smallest = row[0];
        for j in 1..=b.len() {
            let wrong = u8::from(a[i - 1] != b[j - 1]);
            let mut cost = (last[j] + 1).min(row[j - 1] + 1).min(last[j - 1] + wrong);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                cost = cost.min(before_last[j - 2] + 1);
            }
            row[j] = cost;
            smallest = smallest.min(cost);
        }
        if usize::from(smallest) > most {
            return None;
        }
        (before_last, last, row) = (last, row, before_last);
    }
    Some(usize::from(last[b.len()])).filter(|slips| *slips <= most)
}

/// Whether `typed` is `word` with as few slips as a word of that length bears: none below five letters,
/// one below nine, two beyond; and the first letter as it should be, unless the first two are swapped.
pub fn alike(typed: &str, word: &str) -> bool {
    if typed == word {
        return true;
    }
    let most = match word.len().min(typed.len() + 1) {
        0..=4 => return false,
        5..=8 => 1,
        _ => 2,
    };
    let (t, w) = (typed.as_bytes(), word.as_bytes());
    let begins_alike = t.first() == w.first() || (t.len() > 1 && t[0] == w[1] && t[1] == w[0]);
    begins_alike && distance(typed, word, most).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_counted() {
        assert_eq!(distance("berhenti", "berhenti", 2), Some(0));
        assert_eq!(distance("berhneti", "berhenti", 2), Some(1));
        assert_eq!(distance("brhenti", "berhenti", 2), Some(1));
        assert_eq!(distance("berhennti", "berhenti", 2), Some(1));
        assert_eq!(distance("berganti", "berhenti", 2), Some(2));
        assert_eq!(distance("botol", "robot", 2), None);
        assert_eq!(distance("", "ab", 2), Some(2));
    }

    #[test]
    fn short_words_bear_no_slip() {
        assert!(!alike("stok", "stop"));
        assert!(!alike("agan", "agen"));
        assert!(alike("manuisa", "manusia"));
        assert!(alike("langgannan", "langganan"));
        assert!(!alike("batang", "datang"));
    }
}
