//! Image, audio, video, document and sticker: by id or by link.

use super::fields::Fields;
use crate::graph::error::GraphError;
use crate::media::MediaKind;

/// The most characters of a caption.
const CAPTION: usize = 1_024;
/// The most characters of a document's name.
const FILENAME: usize = 240;

/// Checks a message of this kind.
pub(super) fn message<'a>(
    fields: &Fields<'a>,
    kind: MediaKind,
    used: &mut Vec<(MediaKind, &'a str)>,
) -> Result<(), GraphError> {
    let media = fields.required_object(kind.name())?;
    source(&media, kind, used)?;
    let caption = media.text_up_to("caption", CAPTION)?;
    if caption.is_some() && matches!(kind, MediaKind::Audio | MediaKind::Sticker) {
        return Err(media.invalid("caption", "is not supported for this type"));
    }
    let filename = media.text_up_to("filename", FILENAME)?;
    if filename.is_some() && kind != MediaKind::Document {
        return Err(media.invalid("filename", "is only supported for documents"));
    }
    media.boolean("voice")?;
    Ok(())
}

/// Checks where a file comes from: exactly one of `id` and `link`.
pub(super) fn source<'a>(
    media: &Fields<'a>,
    kind: MediaKind,
    used: &mut Vec<(MediaKind, &'a str)>,
) -> Result<(), GraphError> {
    match (media.text("id")?, media.value("link")) {
        (Some(_), Some(_)) => Err(media.invalid("link", "and id exclude each other")),
        (None, None) => Err(media.missing("id")),
        (None, Some(_)) => media.required_url("link").map(drop),
        (Some(id), None) => {
            if id.is_empty() || !id.bytes().all(|b| b.is_ascii_digit()) {
                return Err(media.invalid("id", "is not a media id"));
            }
            used.push((kind, id));
            Ok(())
        }
    }
}
