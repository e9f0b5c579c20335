//! One request to the Graph.

use std::time::SystemTime;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use santun_core::delivery::{Attempt, GraphError, Wait};
use santun_core::draft::StoredDraft;
use santun_core::gate::ClearedMessage;
use santun_core::ids::TurnId;
use santun_core::outgoing::{MediaSource, Outgoing};
use santun_store::faults::{Point, pass};

use crate::lane::Lane;
use crate::live::Live;

/// What one attempt came to.
pub(in crate::lane) struct Sent {
    pub(super) draft: StoredDraft,
    pub(super) attempts: u32,
    pub(super) attempt: Attempt,
    /// When the request was made, if anybody wants spans.
    pub(super) began: Option<SystemTime>,
}

impl Lane {
    pub(super) fn send(
        &self,
        cleared: ClearedMessage,
        draft: StoredDraft,
        attempts: u32,
        live: &std::sync::Arc<Live>,
    ) -> BoxFuture<'static, Sent> {
        let host = self.host.clone();
        let token = host.token(live, &self.conversation.channel);
        let (began, asked_at) = (std::time::Instant::now(), host.spans.begin());
        async move {
            let media = match cleared.content() {
                Outgoing::Media { source: MediaSource::Turn(turn), filename, .. } => {
                    let filename = filename.clone().unwrap_or_else(|| "file".to_owned());
                    match upload(&host, &token, &cleared, *turn, &filename).await {
                        Ok(id) => Some(id),
                        Err(attempt) => return Sent { draft, attempts, attempt, began: asked_at },
                    }
                }
                _ => None,
            };
            let about = match cleared.content() {
                Outgoing::Reaction { to, .. } => match host.store.wamid(*to).await {
                    Ok(wamid) => wamid,
                    Err(error) => return Sent { draft, attempts, attempt: not_read(&error), began: asked_at },
                },
                _ => None,
            };
            let attempt = host.graph.send(&token, cleared, about.as_ref(), media.as_ref()).await;
            pass(Point::GraphAnswered);
            metrics::histogram!("santun_graph_seconds").record(began.elapsed().as_secs_f64());
            Sent { draft, attempts, attempt, began: asked_at }
        }
        .boxed()
    }
}

/// What is needed for sending could not be read just now. Nothing was sent.
fn not_read(error: &santun_store::StoreError) -> Attempt {
    Attempt::Again {
        wait: Wait::Unreachable,
        error: GraphError { code: 0, title: format!("the store could not be read: {error}"), details: None },
    }
}

async fn upload(
    host: &crate::host::Host,
    token: &santun_whatsapp::graph::AccessToken,
    cleared: &ClearedMessage,
    turn: TurnId,
    filename: &str,
) -> Result<santun_whatsapp::graph::UploadedMediaId, Attempt> {
    let gone = |title: &str| Attempt::Never {
        error: GraphError { code: 0, title: title.to_owned(), details: None },
        ours: true,
    };
    match host.store.media(turn).await {
        Ok(Some(media)) => {
            let uploaded =
                host.graph.upload_media(token, cleared.channel(), media.bytes.into(), &media.mime_type, filename).await;
            // Nothing was sent to the customer yet: whatever went wrong, trying again is safe.
            uploaded.map_err(|error| Attempt::Again {
                wait: Wait::Unreachable,
                error: GraphError { code: 0, title: error.to_string(), details: None },
            })
        }
        Ok(None) => Err(gone("the file is not kept any more")),
        Err(error) => Err(not_read(&error)),
    }
}
