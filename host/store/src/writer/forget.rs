//! Forgetting, which takes two databases: first the key goes, then what it sealed.

use super::Writer;

impl Writer {
    /// The data of everybody who is being forgotten is removed, durably.
    pub(super) async fn forgotten(&mut self) {
        if self.forgetting.is_empty() {
            return;
        }
        let forgetting = std::mem::take(&mut self.forgetting);
        if let Err(error) = self.keys.removed(&forgetting).await {
            // Nothing of them is left; the note goes with the next one, or at the next start.
            tracing::warn!(%error, "it could not be noted that forgotten contacts' data is removed");
            self.forgetting = forgetting;
        }
    }
}
