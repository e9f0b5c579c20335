//! Contact cards.

use super::fits;
use crate::gate::piece::Why;
use crate::message::ContactCard;

/// Cards of one message.
const CARDS: usize = 257;
/// Characters of a name.
const NAME: usize = 1_024;

/// Whether WhatsApp takes these cards.
pub(super) fn fit(cards: &[ContactCard]) -> Result<(), Why> {
    if cards.is_empty() || cards.len() > CARDS {
        return Err(format!("a message has 1 to {CARDS} contact cards, not {}", cards.len()));
    }
    for card in cards {
        fits("the name on a card", &card.name, NAME)?;
        if card.phones.is_empty() {
            return Err("a card without a number is of no use".into());
        }
        card.phones.iter().try_for_each(|phone| number_fits(phone))?;
    }
    Ok(())
}

fn number_fits(phone: &str) -> Result<(), Why> {
    let digits = phone.chars().filter(char::is_ascii_digit).count();
    let plain = phone.chars().all(|char| char.is_ascii_digit() || matches!(char, '+' | ' ' | '-' | '.' | '(' | ')'));
    if !plain || !(3..=15).contains(&digits) {
        return Err("a number on a card has 3 to 15 digits, and nothing but spaces, dots, dashes and brackets".into());
    }
    Ok(())
}
