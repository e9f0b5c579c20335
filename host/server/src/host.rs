//! The host: everything that runs, held together.

use std::path::PathBuf;
use std::sync::Arc;

use arc_swap::{ArcSwap, ArcSwapOption};
use santun_core::conversation::Conversation;
use santun_core::facts::Presence;
use santun_core::ids::{ChannelId, ConversationId};
use santun_core::language::Language;
use santun_core::message::{Content, Message};
use santun_core::time::Timestamp;
use santun_core::world::World;
use santun_engine::Engine;
use santun_store::{Store, StoreError};
use santun_whatsapp::graph::{AccessToken, Graph};
use tokio::sync::{Mutex, watch};
use tokio_util::task::TaskTracker;

use crate::lanes::{Lanes, Work};
use crate::live::Live;
use crate::media::Media;
use crate::paces::Paces;
use crate::spans::Spans;
use crate::templates::Templates;

/// Everything that runs.
pub struct Host {
    /// Time and chance.
    pub world: Arc<dyn World>,
    /// Everything that lasts.
    pub store: Store,
    /// Plugins.
    pub engine: Engine,
    /// The way to WhatsApp.
    pub graph: Graph,
    /// What is served; `None` until something is applied.
    pub live: ArcSwapOption<Live>,
    /// Who works on which conversation.
    pub lanes: Lanes,
    /// How fast channels may send.
    pub paces: Paces,
    /// Where spans go.
    pub spans: Spans,
    /// Files that customers sent.
    pub media: Media,
    /// Message templates.
    pub templates: Templates,
    /// One version is applied at a time.
    pub applying: Mutex<()>,
    /// Where `file:` sources of plugins are looked up.
    pub plugins_folder: PathBuf,
    /// Where relative paths start.
    pub folder: PathBuf,
    /// Where the data lies.
    pub data_folder: PathBuf,
    /// What must end before the host does.
    pub tasks: TaskTracker,
    pub(crate) presence: ArcSwap<Presence>,
    pub(crate) token: AccessToken,
    pub(crate) drain: watch::Sender<bool>,
}

/// What a host is put together from.
pub struct Parts {
    /// Time and chance.
    pub world: Arc<dyn World>,
    /// Everything that lasts.
    pub store: Store,
    /// Plugins.
    pub engine: Engine,
    /// The way to WhatsApp.
    pub graph: Graph,
    /// The token of channels that have none of their own.
    pub token: AccessToken,
    /// Where `file:` sources of plugins are looked up.
    pub plugins_folder: PathBuf,
    /// Where relative paths start.
    pub folder: PathBuf,
    /// Where the data lies.
    pub data_folder: PathBuf,
    /// Where spans go.
    pub spans: Spans,
}

impl Host {
    /// A host that does nothing yet: [`begin`](crate::serve::begin) sets it to work.
    pub fn at_rest(parts: Parts) -> Arc<Self> {
        let Parts { world, store, engine, graph, token, plugins_folder, folder, data_folder, spans } = parts;
        Arc::new(Self {
            world,
            store,
            engine,
            graph,
            live: ArcSwapOption::empty(),
            lanes: Lanes::default(),
            paces: Paces::default(),
            media: Media::default(),
            templates: Templates::default(),
            applying: Mutex::new(()),
            plugins_folder,
            folder,
            data_folder,
            spans,
            tasks: TaskTracker::new(),
            presence: ArcSwap::from_pointee(Presence::default()),
            token,
            drain: watch::Sender::new(false),
        })
    }

    /// What is served now.
    pub fn live(&self) -> Option<Arc<Live>> {
        self.live.load_full()
    }

    /// The humans who are there, as last read.
    pub fn presence(&self) -> Arc<Presence> {
        self.presence.load_full()
    }

    /// Reads again who is there, and how long customers have waited.
    pub async fn refresh_presence(&self) -> Result<(), StoreError> {
        let live = self.live();
        let divisions: Vec<_> = match &live {
            Some(live) => live.bot.divisions.iter().map(|division| division.name.clone()).collect(),
            None => Vec::new(),
        };
        // Only a wait within one stretch of office hours was a wait for an agent.
        let counts = |opened: Timestamp, taken: Timestamp| {
            let office = live.as_ref().map(|live| &live.bot.office);
            office.is_some_and(|office| {
                office.is_open(opened) && office.next_opening(opened).is_none_or(|opening| taken < opening)
            })
        };
        self.presence.store(Arc::new(self.store.presence(&divisions, counts).await?));
        Ok(())
    }

    /// The language in which a conversation begins.
    pub fn first_language(&self) -> Language {
        self.live.load().as_ref().map_or(Language::Id, |live| live.bot.language)
    }

    /// The token that a channel sends with.
    pub fn token(&self, live: &Live, channel: &ChannelId) -> AccessToken {
        live.tokens.get(channel).unwrap_or(&self.token).clone()
    }

    /// Whether the host is about to stop: what is under way is finished, and nothing new is begun.
    pub fn draining(&self) -> bool {
        *self.drain.borrow()
    }

    /// Returns when the host is about to stop.
    pub async fn drain_begins(&self) {
        let mut drain = self.drain.subscribe();
        // The sender lives as long as the host.
        let _ = drain.wait_for(|draining| *draining).await;
    }

    /// Begins to stop.
    pub fn begin_drain(&self) {
        self.drain.send_replace(true);
        self.tasks.close();
    }

    /// Gives work to a conversation's lane.
    pub fn give(self: &Arc<Self>, conversation: ConversationId, work: Work) {
        self.lanes.give(self, conversation, work);
    }

    /// Fetches a message's file, if it has one, while Meta still has it.
    pub fn fetch_media(self: &Arc<Self>, conversation: &Conversation, message: &Message) {
        if let Content::Media(media) = &message.body.content {
            self.media.fetch(self, conversation, message.id, media);
        }
    }
}
