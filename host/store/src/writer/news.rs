//! What became of a message and somebody must know: a turn that a step takes note of.

use santun_core::delivery::GraphError;
use santun_core::delivery::codes::STOPPED_MARKETING;
use santun_core::ids::TurnId;
use santun_core::time::Timestamp;
use santun_core::turn::{Happening, News};

use super::Writer;
use super::commit::news_row;
use super::settle::RowState;
use crate::error::StoreError;
use crate::events::NewEvent;

/// How far a message had come when it failed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Failed {
    /// It never left.
    ToLeave,
    /// WhatsApp had taken it.
    ToArrive,
}

impl Writer {
    /// Tells of a failure, in the same transaction that records it. A forgotten person is told of no more.
    pub(super) fn tell(
        &mut self,
        row: &RowState,
        failed: Failed,
        error: Option<&GraphError>,
        at: Timestamp,
    ) -> Result<Option<News>, StoreError> {
        let Some(key) = &row.key else { return Ok(None) };
        let turn = TurnId::from_uuid(crate::rows::uuid(row.id));
        let code = error.map_or(0, |error| error.code);
        let what = match (failed, code) {
            (_, STOPPED_MARKETING) => Happening::StoppedMarketing,
            (Failed::ToArrive, _) => Happening::NotDelivered { turn, code, reason: why(error, "could not deliver it") },
            (Failed::ToLeave, _) => Happening::NotSent { turn, code, reason: why(error, "refused it") },
        };
        let news = News { id: TurnId::new(&*self.world), at, what };
        self.news.push(news_row(&news, row.conversation, &row.channel, key, &*self.world)?);
        self.events.push(NewEvent {
            kind: "news",
            conversation: Some(row.conversation),
            at,
            body: format!(r#"{{"turn":"{}"}}"#, news.id),
        });
        Ok(Some(news))
    }
}

fn why(error: Option<&GraphError>, what: &str) -> String {
    match error {
        Some(GraphError { code: 0, title, .. }) => title.clone(),
        Some(error) => format!("WhatsApp {what}: {} (code {})", error.title, error.code),
        None => format!("WhatsApp {what} and gave no reason"),
    }
}
