//! Keeping a number and a contact below WhatsApp's limits: pure structures that are told the time.
//!
//! - [`Throughput`]: how many messages a second a number may send.
//! - [`ContactPace`]: one contact gets at most one message in six seconds, after a burst of 45.
//! - [`full_jitter`] and [`contact_back_off`]: how long to wait before another attempt.
//! - [`ChannelPace`]: the first and the third together, with halting and resuming.
//!
//! They advise; Meta decides. Nothing is lost by a wrong guess but an answer “too fast”.

mod backoff;
mod bucket;
mod channel;

use santun_core::time::Timestamp;

pub use backoff::{contact as contact_back_off, full_jitter};
pub use bucket::{ContactPace, Throughput};
pub use channel::{ChannelPace, Probe};

/// Whether a message may be sent now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permit {
    /// Now; what it costs is taken.
    Go,
    /// Not before this time; nothing is taken.
    WaitUntil(Timestamp),
    /// Not until the channel's trouble is mended: see [`ChannelPace::probe`].
    Halted,
}
