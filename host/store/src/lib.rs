//! Everything that lasts: who wrote, what was said, what waits to be said, who may, and why.
//!
//! - **One writer.** A single task owns the only connection that writes. Whatever is queued for it
//!   (arrivals, effects of steps, sends, statuses, people's changes) it commits in *batches*, set-based,
//!   and answers each caller once the batch is durable. A member that cannot be stored (a stale lease, a
//!   conflict) is left out and gets its error; it never takes its neighbours down.
//! - **Reading goes beside it**, on connections that cannot write.
//! - **Sealed.** Names, numbers, texts, traces and plugins' memories are ciphertext under a key per
//!   contact. Keys live in a database of their own, wrapped by the [`MasterKey`]. Destroying one key
//!   forgets one person ([`Store::forget`]), in every backup of the data too.
//! - **Found by keyed hash**: numbers, user ids and Meta's message ids.
//!
//! What differs by database is in one module (`sqlite`): everything else speaks SQL that the databases
//! agree on.

mod accounts;
mod applied;
mod backup;
mod cache;
mod contacts;
#[doc(hidden)]
pub mod decoding;
mod error;
mod events;
pub mod faults;
mod files;
mod history;
mod ingest;
mod inspect;
mod keys;
mod lease;
mod listing;
mod lookup;
mod master_key;
mod outbox;
pub mod ownership;
mod plugin_state;
mod requests;
mod restore;
mod retention;
mod rows;
mod seal;
mod settings;
mod sqlite;
mod steps;
mod store;
mod templates;
mod timers;
mod writer;

pub use accounts::{NewToken, NewUser, Role, TokenOwner, User};
pub use applied::{Applied, NewApplied};
pub use backup::{CopyError, copy_data, copy_keys, database_path, is_unused, master_key_of};
pub use contacts::{ConsentLine, ContactView};
pub use error::{CommitError, OpenError, StoreError};
pub use events::{Event, NewEvent};
pub use files::{KeptUpdate, StoredMedia};
pub use history::TurnView;
pub use ingest::Ingested;
pub use inspect::{DatabaseState, Depth, Inspected, KeyFit, Schema, Staff};
pub use lease::{Lease, Loaded, PhoneTurn};
pub use listing::{ConversationFilter, ConversationRow, OwnerKind, PageStart};
pub use master_key::{MasterKey, MasterKeyError};
pub use outbox::{DeliveryView, OpenRow, OutboxRow, Pending, Settled, Settlement};
pub use plugin_state::ConversationState;
pub use requests::{RequestRow, Waiting};
pub use restore::{ReuniteError, Reunited, reunite};
pub use retention::{Expired, Faded};
pub use settings::StoreSettings;
pub use steps::{Step, Steps, hold};
pub use store::Store;
pub use timers::DueTimer;
