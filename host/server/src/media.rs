//! Files that customers sent: fetched through the Graph while their id lives, sealed, shown to agents,
//! gone when policy says so.

use std::sync::Arc;
use std::time::Duration;

use santun_core::conversation::Conversation;
use santun_core::ids::{ChannelId, TurnId};
use santun_core::message::{self, Content, MessageBody};
use santun_core::turn::TurnBody;
use santun_store::faults::{Point, pass};
use santun_store::{StoreError, StoredMedia};
use tokio::sync::Semaphore;

use crate::host::Host;

/// Downloads at the same time: each may hold 100 MB for a moment.
const AT_THE_SAME_TIME: usize = 4;

/// Bytes of one file at most: WhatsApp's own limit for documents.
const LARGEST: u64 = 100 * 1024 * 1024;

/// Attempts, with a minute, four, nine and so on between them.
const ATTEMPTS: u32 = 5;

/// Downloads that are under way.
pub struct Media {
    places: Arc<Semaphore>,
}

impl Default for Media {
    fn default() -> Self {
        Self { places: Arc::new(Semaphore::new(AT_THE_SAME_TIME)) }
    }
}

impl Media {
    /// Begins to fetch a file. Without success the turn stays without it: agents see that it is missing.
    pub fn fetch(&self, host: &Arc<Host>, conversation: &Conversation, turn: TurnId, media: &message::Media) {
        let (host, places) = (host.clone(), self.places.clone());
        let (channel, conversation) = (conversation.channel.clone(), conversation.id);
        let media = media.clone();
        tokio::spawn(async move {
            for attempt in 1..=ATTEMPTS {
                let Ok(_place) = places.acquire().await else { return };
                match fetch_once(&host, &channel, turn, &media).await {
                    Ok(()) => return,
                    Err(error) => {
                        tracing::warn!(%conversation, %turn, attempt, %error, "a file could not be fetched");
                    }
                }
                drop(_place);
                tokio::select! {
                    () = tokio::time::sleep(Duration::from_secs(60 * u64::from(attempt * attempt))) => {}
                    () = host.drain_begins() => return,
                }
            }
        });
    }
}

/// A file for somebody who asks for it: if a restart came before it was fetched, it is fetched now. `None`:
/// the turn has no file, or neither the host nor Meta has it any more.
pub async fn look_up(host: &Host, turn: TurnId) -> Result<Option<StoredMedia>, StoreError> {
    if let Some(kept) = host.store.media(turn).await? {
        return Ok(Some(kept));
    }
    let (conversation, view) = match host.store.turn(turn).await {
        Ok(found) => found,
        Err(StoreError::NotFound { .. }) => return Ok(None),
        Err(error) => return Err(error),
    };
    let TurnBody::Received(MessageBody { content: Content::Media(media), .. }) = &view.turn.body else {
        return Ok(None);
    };
    // What policy has let expire is not fetched back.
    let days = host.live().map_or(0, |live| live.bot.policy.retention_days.media);
    if view.arrived_at.plus_hours(days.saturating_mul(24)) < host.world.now() {
        return Ok(None);
    }
    let channel = host.store.conversation(conversation, host.first_language()).await?.channel;
    if let Err(error) = fetch_once(host, &channel, turn, media).await {
        tracing::warn!(%conversation, %turn, %error, "a file could not be fetched for whoever asked for it");
        return Ok(None);
    }
    host.store.media(turn).await
}

#[derive(Debug, thiserror::Error)]
enum FetchError {
    #[error("{0}")]
    Graph(String),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("nothing is applied")]
    NothingApplied,
}

async fn fetch_once(host: &Host, channel: &ChannelId, turn: TurnId, media: &message::Media) -> Result<(), FetchError> {
    if host.store.media(turn).await?.is_some() {
        return Ok(());
    }
    let live = host.live().ok_or(FetchError::NothingApplied)?;
    let token = host.token(&live, channel);
    let graph = |error: &dyn std::fmt::Display| FetchError::Graph(error.to_string());
    let address = host.graph.media_url(&token, channel, &media.meta_id).await.map_err(|error| graph(&error))?;
    let bytes = host.graph.download_media(&token, &address, media.sha256.as_deref(), LARGEST).await;
    let bytes = bytes.map_err(|error| graph(&error))?;
    let days = live.bot.policy.retention_days.media;
    let expires_at = host.world.now().plus_hours(days.saturating_mul(24));
    pass(Point::MediaFetched);
    host.store.media_put(turn, &media.mime_type, &bytes, expires_at).await?;
    pass(Point::MediaKept);
    Ok(())
}
