//! Contact cards.

use super::fields::Fields;
use crate::graph::error::GraphError;

/// The most cards in a message.
const CARDS: usize = 257;

/// Checks a message of contact cards.
pub(super) fn message(fields: &Fields<'_>) -> Result<(), GraphError> {
    for card in fields.required_objects("contacts", CARDS)? {
        let name = card.required_object("name")?;
        name.required_text("formatted_name", 1_024)?;
        let mut parts = 0;
        for part in ["first_name", "last_name", "middle_name", "suffix", "prefix"] {
            parts += usize::from(name.text(part)?.is_some());
        }
        if parts == 0 {
            return Err(name.missing("first_name"));
        }
        for (list, member) in [("phones", "phone"), ("emails", "email"), ("urls", "url")] {
            if card.value(list).is_none() {
                continue;
            }
            for item in card.required_objects(list, CARDS)? {
                item.text(member)?;
            }
        }
    }
    Ok(())
}
