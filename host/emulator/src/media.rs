//! Media: uploads of the business, and files that customers send.

use std::collections::{HashMap, VecDeque};

use bytes::Bytes;
use parking_lot::Mutex;

use crate::{ids, signature};

/// How long the address of a file works, in milliseconds.
pub(crate) const URL_LIFE_MS: i64 = 5 * 60 * 1000;
const DAY_MS: i64 = 24 * 3600 * 1000;

/// Who brought a file; it decides how long its id lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// Uploaded by the business: 30 days.
    Business,
    /// Sent by a customer: 7 days.
    Customer,
}

/// A file.
#[derive(Clone, Debug)]
pub(crate) struct Media {
    pub(crate) id: String,
    pub(crate) mime_type: String,
    pub(crate) bytes: Bytes,
    pub(crate) sha256: [u8; 32],
    pub(crate) filename: Option<String>,
    expires_ms: i64,
}

#[derive(Debug, Default)]
struct Shelf {
    files: HashMap<String, Media>,
    order: VecDeque<String>,
    bytes: usize,
}

/// All files, within a bound of bytes.
#[derive(Debug)]
pub(crate) struct MediaStore {
    shelf: Mutex<Shelf>,
    most_bytes: usize,
}

impl MediaStore {
    pub(crate) fn new(most_bytes: usize) -> Self {
        Self { shelf: Mutex::default(), most_bytes }
    }

    /// Keeps a file; the oldest go where room is short.
    pub(crate) fn put(
        &self,
        bytes: Bytes,
        mime_type: &str,
        filename: Option<String>,
        origin: Origin,
        now_ms: i64,
    ) -> Media {
        let days = match origin {
            Origin::Business => 30,
            Origin::Customer => 7,
        };
        let media = Media {
            id: ids::media_id(),
            mime_type: mime_type.to_owned(),
            sha256: signature::sha256(&bytes),
            bytes,
            filename,
            expires_ms: now_ms + days * DAY_MS,
        };
        let mut shelf = self.shelf.lock();
        shelf.bytes += media.bytes.len();
        shelf.order.push_back(media.id.clone());
        shelf.files.insert(media.id.clone(), media.clone());
        while shelf.bytes > self.most_bytes && shelf.order.len() > 1 {
            let Some(oldest) = shelf.order.pop_front() else { break };
            if let Some(gone) = shelf.files.remove(&oldest) {
                shelf.bytes -= gone.bytes.len();
            }
        }
        media
    }

    /// A file whose id still lives.
    pub(crate) fn get(&self, id: &str, now_ms: i64) -> Option<Media> {
        self.shelf.lock().files.get(id).filter(|media| now_ms < media.expires_ms).cloned()
    }

    /// Forgets a file; whether there was one.
    pub(crate) fn remove(&self, id: &str) -> bool {
        let mut shelf = self.shelf.lock();
        let Some(gone) = shelf.files.remove(id) else { return false };
        shelf.bytes -= gone.bytes.len();
        shelf.order.retain(|kept| kept != id);
        true
    }
}

/// The kinds of media and what WhatsApp takes of each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MediaKind {
    Audio,
    Image,
    Video,
    Document,
    Sticker,
}

impl MediaKind {
    /// The kind with this name in messages.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "audio" => Self::Audio,
            "image" => Self::Image,
            "video" => Self::Video,
            "document" => Self::Document,
            "sticker" => Self::Sticker,
            _ => return None,
        })
    }

    /// Its name in messages.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Audio => "audio",
            Self::Image => "image",
            Self::Video => "video",
            Self::Document => "document",
            Self::Sticker => "sticker",
        }
    }

    /// Whether a file of this type can be sent as this kind.
    pub(crate) fn takes(self, mime_type: &str) -> bool {
        let essence = mime_type.split(';').next().unwrap_or_default().trim();
        match self {
            Self::Audio => {
                matches!(essence, "audio/aac" | "audio/mp4" | "audio/mpeg" | "audio/amr" | "audio/ogg" | "audio/opus")
            }
            Self::Image => matches!(essence, "image/jpeg" | "image/png"),
            Self::Video => matches!(essence, "video/mp4" | "video/3gpp" | "video/3gp"),
            Self::Sticker => essence == "image/webp",
            // Any type may travel as a document.
            Self::Document => true,
        }
    }

    /// The most bytes of a file of this kind.
    pub(crate) fn most_bytes(self) -> usize {
        const MB: usize = 1024 * 1024;
        match self {
            Self::Audio | Self::Video => 16 * MB,
            Self::Image => 5 * MB,
            Self::Document => 100 * MB,
            Self::Sticker => 500 * 1024,
        }
    }

    /// The kind that a type belongs to when uploaded.
    pub(crate) fn of(mime_type: &str) -> Self {
        [Self::Sticker, Self::Image, Self::Audio, Self::Video]
            .into_iter()
            .find(|kind| kind.takes(mime_type))
            .unwrap_or(Self::Document)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_customers_file_lives_seven_days() {
        let store = MediaStore::new(100);
        let media = store.put(Bytes::from_static(b"x"), "image/png", None, Origin::Customer, 0);
        assert!(store.get(&media.id, 7 * DAY_MS - 1).is_some());
        assert!(store.get(&media.id, 7 * DAY_MS).is_none());
    }

    #[test]
    fn the_oldest_file_goes_where_room_is_short() {
        let store = MediaStore::new(3);
        let first = store.put(Bytes::from_static(b"xx"), "image/png", None, Origin::Business, 0);
        let second = store.put(Bytes::from_static(b"yy"), "image/png", None, Origin::Business, 0);
        assert!(store.get(&first.id, 0).is_none());
        assert!(store.get(&second.id, 0).is_some());
    }
}
