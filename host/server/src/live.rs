//! What is served right now: one applied version, made ready. Immutable; a new version replaces it
//! whole, between two steps.

use std::collections::HashMap;
use std::sync::Arc;

use santun_core::bot::{Bot, Channel, Instance, Plugin};
use santun_core::conversation::Conversation;
use santun_core::ears::Ears;
use santun_core::flow;
use santun_core::ids::{AppliedId, ChannelId, PluginName, RevisionId};
use santun_core::texts::Texts;
use santun_engine::Behaviour;
use santun_whatsapp::graph::AccessToken;

/// One applied version, ready to serve.
pub struct Live {
    /// Which one.
    pub applied: AppliedId,
    /// What the bot is.
    pub bot: Bot,
    /// What the host can say.
    pub texts: Texts,
    /// What the host hears by itself.
    pub ears: Ears,
    /// The plugins, by name.
    pub behaviours: HashMap<PluginName, Arc<Behaviour>>,
    /// Tokens of channels that have their own.
    pub tokens: HashMap<ChannelId, AccessToken>,
}

impl Live {
    /// The chain of a channel, in the order in which it is asked about this conversation now.
    pub fn chain(&self, channel: &Channel, conversation: &Conversation) -> Vec<Arc<Behaviour>> {
        let order = flow::order(&channel.chain, conversation).into_iter();
        order.filter_map(|at| self.behaviours.get(channel.chain.get(at)?).cloned()).collect()
    }

    /// The revisions that are served, by plugin.
    pub fn revisions(&self) -> impl Iterator<Item = (&PluginName, RevisionId, &Plugin)> {
        self.bot.plugins.iter().filter_map(|plugin| {
            let behaviour = self.behaviours.get(&plugin.name)?;
            Some((&plugin.name, behaviour.revision(), plugin))
        })
    }

    /// Whether a plugin runs in warm instances.
    pub fn is_warm(plugin: &Plugin) -> bool {
        plugin.instance == Instance::Warm
    }
}
