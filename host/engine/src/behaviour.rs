//! A behaviour: a revision with an operator's settings, ready to be asked.

mod ready;
mod run;
pub(crate) mod warm;

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::time::Duration;

use hmac::{Hmac, Mac};
use santun_core::bot::CustomerGrant;
use santun_core::ids::{PluginName, RevisionId};
use santun_core::verdict::Failure;
use sha2::Sha256;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::breaker::{Breaker, BreakerState};
use crate::call::{Answer, Call, ContactView, LogCount};
use crate::contract::santun::plugin::types as wit;
use crate::engine::{Inner, Prepared};
use crate::failure::failure;
use crate::guest::{CallState, Network, Surroundings};
use crate::limits::{Exceeded, Limit};
use crate::manifest::Manifest;
use crate::revision::Revision;
use crate::setup::Setup;

/// A plugin that is ready to be asked. Calls may run at the same time, up to `limits.concurrency`.
pub struct Behaviour {
    engine: Arc<Inner>,
    revision: Arc<Revision>,
    /// Of the settings that it was made ready with.
    setup: [u8; 32],
    surroundings: Arc<Surroundings>,
    prepared: Arc<Prepared>,
    customer: Vec<CustomerGrant>,
    notes: Vec<String>,
    contact_keys: Hmac<Sha256>,
    breaker: Breaker,
    places: Arc<Semaphore>,
    waiting: AtomicU32,
    warm: Arc<warm::Warm>,
}

/// How a behaviour is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gauges {
    /// Calls that run.
    pub running: u32,
    /// Calls that wait for their turn.
    pub waiting: u32,
    /// Warm instances that wait for a call.
    pub warm: u32,
    /// Where its breaker stands.
    pub breaker: BreakerState,
}

/// The right to run: a place of this behaviour and one of the engine.
struct Place {
    _own: OwnedSemaphorePermit,
    engines: OwnedSemaphorePermit,
}

impl Behaviour {
    /// Asks the plugin. Whatever it does, an answer comes, within its limits.
    pub async fn handle(&self, call: Call<'_>) -> Answer {
        let world = &self.engine.settings.world;
        if !self.engine.is_asked.load(Relaxed) {
            self.engine.is_asked.store(true, Relaxed);
        }
        if let Err(until) = self.breaker.admit(|| world.now()) {
            let message = format!("the plugin failed repeatedly and is left alone until {until}");
            return unanswered(failure("breaker-open", message));
        }
        let place = match self.place().await {
            Ok(place) => place,
            Err(failure) => {
                self.count(&failure);
                return unanswered(failure);
            }
        };
        let state = CallState::new(call.step, call.seed, call.context.now, Some(call.recall), Network::Granted);
        let event = crate::lower::event(call.event);
        let context = crate::lower::context(call.context, self.contact(call.contact));
        let answer = self.run(place, state, &event, &context).await;
        match &answer.result {
            Ok(_) => self.breaker.succeeded(),
            Err(failure) => {
                self.count(failure);
                // The host's own trouble is not the plugin's failure.
                let its_own = !matches!(failure.code.as_str(), "host" | "concurrency");
                if its_own && self.breaker.failed(world.now()) {
                    let (plugin, revision) = (self.name(), self.revision().short());
                    tracing::warn!(%plugin, %revision, code = failure.code, "the breaker of plugin {plugin} opened");
                    metrics::counter!("santun_plugin_breaker_opened_total", "plugin" => plugin.to_string())
                        .increment(1);
                }
            }
        }
        answer
    }

    /// Its name in `bot.toml`.
    pub fn name(&self) -> &PluginName {
        &self.surroundings.plugin
    }

    /// The revision that runs.
    pub fn revision(&self) -> RevisionId {
        self.revision.id()
    }

    /// Whether this revision with these settings would be the same behaviour again.
    pub fn is_made_of(&self, revision: RevisionId, setup: &Setup) -> bool {
        self.revision() == revision && self.setup == setup.fingerprint()
    }

    /// What it says of itself.
    pub fn manifest(&self) -> &Manifest {
        self.revision.manifest()
    }

    /// What the operator should know of its grants: asked for and not granted, or granted and never
    /// asked for.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// How it is doing.
    pub fn gauges(&self) -> Gauges {
        let free = u32::try_from(self.places.available_permits()).unwrap_or(u32::MAX);
        Gauges {
            running: self.surroundings.limits.concurrency.saturating_sub(free),
            waiting: self.waiting.load(Relaxed),
            warm: self.warm.idle(),
            breaker: self.breaker.state(),
        }
    }

    /// Waits for a place. Nothing of the call's own time runs meanwhile.
    async fn place(&self) -> Result<Place, Failure> {
        let engine = &self.engine.places;
        if let Ok(own) = self.places.clone().try_acquire_owned() {
            // An instance that only waits in case it is called again makes room for a call.
            while engine.available_permits() == 0 && self.engine.give_up_warm() {}
            if let Ok(engines) = engine.clone().try_acquire_owned() {
                return Ok(Place { _own: own, engines });
            }
        }
        let limits = &self.surroundings.limits;
        let _waiting = Waiting::begin(&self.waiting);
        let both = async {
            let own = self.places.clone().acquire_owned().await.ok()?;
            let engines = engine.clone().acquire_owned().await.ok()?;
            Some(Place { _own: own, engines })
        };
        match tokio::time::timeout(Duration::from_millis(limits.wall_ms.into()), both).await {
            Ok(Some(place)) => Ok(place),
            _ => Err(Exceeded::new(Limit::Concurrency, limits.concurrency).failure()),
        }
    }

    /// The contact as this plugin may know them.
    fn contact(&self, contact: ContactView<'_>) -> wit::Contact {
        let mac = self.contact_keys.clone().chain_update(contact.id.as_uuid().as_bytes()).finalize().into_bytes();
        let granted = |grant| self.customer.contains(&grant);
        wit::Contact {
            key: key_of(&mac),
            name: contact.name.filter(|_| granted(CustomerGrant::Name)).map(|name| name.expose().to_owned()),
            phone: contact.phone.filter(|_| granted(CustomerGrant::Phone)).map(|phone| format!("+{}", phone.expose())),
        }
    }

    fn count(&self, failure: &Failure) {
        let counter = match failure.code.as_str() {
            "trap" | "error" | "invalid-verdict" | "host" => "santun_plugin_failure_total",
            _ => "santun_plugin_limit_total",
        };
        let plugin = self.name().to_string();
        match counter {
            "santun_plugin_limit_total" => {
                metrics::counter!(counter, "plugin" => plugin, "limit" => failure.code.clone()).increment(1);
            }
            _ => metrics::counter!(counter, "plugin" => plugin, "code" => failure.code.clone()).increment(1),
        }
    }
}

/// The first half of a code, in hexadecimal.
fn key_of(mac: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut key = String::with_capacity(32);
    for byte in &mac[..16] {
        key.push(char::from(DIGITS[usize::from(byte >> 4)]));
        key.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    key
}

/// The key of a plugin's own that contacts' keys are made with.
fn contact_keys(secret: &[u8; 32], plugin: &PluginName) -> Hmac<Sha256> {
    crate::keyed::keyed(secret).chain_update(b"santun:contact\0").chain_update(plugin.as_str()).chain_update(b"\0")
}

/// An answer of a call that never ran.
fn unanswered(failure: Failure) -> Answer {
    Answer {
        result: Err(failure),
        writes: Vec::new(),
        micros: 0,
        guest_micros: 0,
        logs: LogCount::default(),
        http: Vec::new(),
    }
}

struct Waiting<'a>(&'a AtomicU32);

impl<'a> Waiting<'a> {
    fn begin(waiting: &'a AtomicU32) -> Self {
        waiting.fetch_add(1, Relaxed);
        Self(waiting)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Relaxed);
    }
}

impl fmt::Debug for Behaviour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Behaviour")
            .field("name", self.name())
            .field("revision", &self.revision())
            .field("gauges", &self.gauges())
            .finish_non_exhaustive()
    }
}
