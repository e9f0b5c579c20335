//! What WhatsApp wants of ids, titles and addresses.

use crate::limited::Forbidden;

pub(super) fn checked_id(id: String) -> Result<String, Forbidden> {
    if id.is_empty() || id.len() > 200 { Err(Forbidden::Id) } else { Ok(id) }
}

pub(super) fn https(url: String) -> Result<String, Forbidden> {
    if url.len() > "https://".len() && url.starts_with("https://") { Ok(url) } else { Err(Forbidden::Url) }
}

pub(super) fn distinct<'a>(options: impl Iterator<Item = (&'a str, &'a str)> + Clone) -> Result<(), Forbidden> {
    for (n, (id, title)) in options.clone().enumerate() {
        for (other_id, other_title) in options.clone().skip(n + 1) {
            if id == other_id {
                return Err(Forbidden::SameId(id.to_owned()));
            }
            if title == other_title {
                return Err(Forbidden::SameTitle(title.to_owned()));
            }
        }
    }
    Ok(())
}
