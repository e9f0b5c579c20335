//! Files: fetched while Meta still has them, and uploaded to be sent on.

use bytes::Bytes;
use reqwest::Url;
use reqwest::multipart::{Form, Part};
use santun_core::ids::ChannelId;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use super::call::{self, CallError};
use super::{AccessToken, Graph};

/// A file that was uploaded, ready to be sent; lives 30 days at Meta.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct UploadedMediaId(String);

impl UploadedMediaId {
    /// Meta's id.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for UploadedMediaId {
    fn from(id: String) -> Self {
        Self(id)
    }
}

/// Where a file can be fetched during the next five minutes.
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub struct MediaAddress {
    /// Its address; only with the token.
    url: String,
    /// For example `image/jpeg`.
    #[serde(default)]
    pub mime_type: Option<String>,
    /// The SHA-256 that Meta states, in hexadecimal or base64.
    #[serde(default)]
    sha256: Option<String>,
    /// Its length in bytes, if Meta states it.
    #[serde(default)]
    pub file_size: Option<u64>,
}

/// Says nothing of the address: whoever has it and the token has the file.
impl std::fmt::Debug for MediaAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MediaAddress")
            .field("mime_type", &self.mime_type)
            .field("file_size", &self.file_size)
            .finish_non_exhaustive()
    }
}

/// Why a file could not be fetched.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MediaError {
    /// The call failed.
    #[error(transparent)]
    Call(#[from] CallError),
    /// It is longer than allowed.
    #[error("the file is longer than the {limit} bytes that are fetched at most")]
    TooLong {
        /// The most bytes that are fetched.
        limit: u64,
    },
    /// What came is not what Meta states.
    #[error("the file's SHA-256 is not the one that Meta states")]
    Corrupt,
    /// The Graph named an address to which the token must not be sent.
    #[error("the Graph named an address for the file that is neither https nor its own")]
    Address,
}

impl Graph {
    /// Uploads a file, so that it can be sent from `channel`.
    ///
    /// # Errors
    /// [`CallError`] if it cannot be reached, or refuses.
    pub async fn upload_media(
        &self,
        token: &AccessToken,
        channel: &ChannelId,
        file: Bytes,
        mime_type: &str,
        filename: &str,
    ) -> Result<UploadedMediaId, CallError> {
        #[derive(Deserialize)]
        struct Uploaded {
            id: UploadedMediaId,
        }
        let length = file.len() as u64;
        let part = Part::stream_with_length(file, length)
            .file_name(filename.to_owned())
            .mime_str(mime_type)
            .map_err(|_| CallError::Request("the file's type is no MIME type".to_owned()))?;
        let form =
            Form::new().text("messaging_product", "whatsapp").text("type", mime_type.to_owned()).part("file", part);
        let address = self.address(&[channel.as_str(), "media"]);
        let request = self.http.post(address).header(reqwest::header::AUTHORIZATION, token.header());
        let request = self.request(request).timeout(self.media_timeout).multipart(form);
        Ok(call::call::<Uploaded>(request).await?.id)
    }

    /// Asks where a customer's file can be fetched; `meta_id` is that of
    /// [`Media`](santun_core::message::Media), and lives seven days.
    ///
    /// # Errors
    /// [`CallError`] if it cannot be reached, or refuses, as it does once the file is gone.
    pub async fn media_url(
        &self,
        token: &AccessToken,
        channel: &ChannelId,
        meta_id: &str,
    ) -> Result<MediaAddress, CallError> {
        let mut url = self.address(&[meta_id]);
        // Meta then checks that the file was sent to this very number.
        url.query_pairs_mut().append_pair("phone_number_id", channel.as_str());
        call::call(self.get(token, url)).await
    }

    /// Fetches a file of at most `limit` bytes, and checks it against the SHA-256 that Meta states: in the
    /// webhook (`sha256`), and with the address.
    ///
    /// # Errors
    /// [`MediaError`]; nothing of the file is kept then.
    pub async fn download_media(
        &self,
        token: &AccessToken,
        address: &MediaAddress,
        sha256: Option<&str>,
        limit: u64,
    ) -> Result<Bytes, MediaError> {
        let too_long = MediaError::TooLong { limit };
        if address.file_size.is_some_and(|size| size > limit) {
            return Err(too_long);
        }
        let url = self.trusted(&address.url)?;
        let request = self.get(token, url).timeout(self.media_timeout);
        let mut response = request.send().await?;
        let status = response.status().as_u16();
        if status != 200 {
            return Err(CallError::Refused { status, error: crate::errors::of_answer(status, b"") }.into());
        }

        let stated = response.content_length().filter(|length| *length <= limit).unwrap_or_default();
        let mut file = Vec::with_capacity(usize::try_from(stated).unwrap_or_default());
        let mut digest = Sha256::new();
        while let Some(chunk) = call::next_chunk(&mut response).await? {
            if (file.len() + chunk.len()) as u64 > limit {
                return Err(too_long);
            }
            digest.update(&chunk);
            file.extend_from_slice(&chunk);
        }
        let digest: [u8; 32] = digest.finalize().into();
        let is_as_stated = |stated: &str| digest_of(stated).is_none_or(|stated| stated == digest);
        if [sha256, address.sha256.as_deref()].into_iter().flatten().all(is_as_stated) {
            Ok(file.into())
        } else {
            Err(MediaError::Corrupt)
        }
    }

    /// The address, if the token may be sent there.
    fn trusted(&self, address: &str) -> Result<Url, MediaError> {
        let url = Url::parse(address).map_err(|_| MediaError::Address)?;
        if url.scheme() == "https" || url.origin() == self.root.origin() { Ok(url) } else { Err(MediaError::Address) }
    }
}

/// The SHA-256 that this text states, in hexadecimal or base64; None if it states none.
fn digest_of(text: &str) -> Option<[u8; 32]> {
    use base64::Engine as _;
    let bytes = match text.len() {
        64 => hex::decode(text).ok(),
        _ => base64::engine::general_purpose::STANDARD.decode(text).ok(),
    };
    bytes?.try_into().ok()
}
