//! Making a behaviour ready: everything that can be refused is refused here, before a customer writes.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use santun_core::bot::{CustomerGrant, Instance};
use santun_core::ids::{ContactId, ConversationId, PluginName, StepId, TurnId};
use santun_core::language::Language;
use santun_core::message::{Content, Message, MessageBody};
use santun_core::turn::Turn;
use santun_core::verdict::{Context, Counters, Event, Failure, OfficeView, StateScope, Verdict};
use santun_core::world::World;
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;

use super::warm::Warm;
use super::{Behaviour, run};
use crate::breaker::Breaker;
use crate::call::{ContactView, Recall, RecallError};
use crate::engine::{Inner, Prepared};
use crate::guest::{CallState, Network, Surroundings};
use crate::http::Access;
use crate::manifest::{Manifest, schema};
use crate::rejected::Rejected;
use crate::revision::Revision;
use crate::setup::Setup;

impl Behaviour {
    pub(crate) async fn ready(
        engine: &Arc<Inner>,
        revision: Arc<Revision>,
        setup: Setup,
    ) -> Result<Arc<Self>, Rejected> {
        check_limits(&setup, engine)?;
        let misfits = schema::misfits(&revision.manifest().config_schema, &setup.config);
        if !misfits.is_empty() {
            return Err(Rejected::Config(misfits));
        }
        let grants = Granted::of(revision.manifest(), &setup)?;
        let surroundings = Arc::new(Surroundings {
            plugin: setup.name.clone(),
            revision: revision.id(),
            limits: setup.limits,
            bounds: engine.settings.bounds,
            history_turns: setup.grants.history_turns,
            access: grants.access,
            client: engine.client.clone(),
            log: engine.log.clone(),
        });
        let prepared = prepared(engine, &revision, &surroundings, &setup.config).await?;
        let warm = Arc::new(if grants.warm { Warm::within(&setup.limits) } else { Warm::never() });
        if grants.warm {
            engine.knows_warm(&warm);
        }
        let behaviour = Self {
            engine: engine.clone(),
            contact_keys: super::contact_keys(&engine.settings.contact_secret, &setup.name),
            places: Arc::new(Semaphore::new(setup.limits.concurrency as usize)),
            revision,
            setup: setup.fingerprint(),
            surroundings,
            prepared,
            customer: grants.customer,
            notes: grants.notes,
            breaker: Breaker::new(),
            waiting: Default::default(),
            warm,
        };
        behaviour.check().await?;
        Ok(Arc::new(behaviour))
    }

    /// Has it answer its examples, or a greeting if it brings none.
    async fn check(&self) -> Result<(), Rejected> {
        let manifest = self.revision.manifest();
        let language = manifest.languages.first().copied().unwrap_or_default();
        let greeting = match language {
            Language::Id => "halo",
            Language::En => "hello",
        };
        let mut texts: Vec<&str> = manifest.examples.iter().map(|example| example.text.as_str()).collect();
        if texts.is_empty() {
            texts.push(greeting);
        }
        for text in texts {
            if let Err(failure) = self.example(text, language).await {
                return Err(Rejected::Check(format!("it was asked `{text}`: {failure}")));
            }
        }
        Ok(())
    }

    async fn example(&self, text: &str, language: Language) -> Result<Verdict, Failure> {
        let world = &*self.engine.settings.world;
        let place = self.place().await?;
        let state = CallState::new(StepId::new(world), 0, world.now(), Some(Arc::new(Nothing)), Network::Closed);
        let contact = ContactView { id: ContactId::new(world), name: None, phone: None };
        let event = crate::lower::event(&said(text, world));
        let context = crate::lower::context(&context(language, world), self.contact(contact));
        self.run(place, state, &event, &context).await.result
    }
}

/// What a plugin is granted of what it asks for.
struct Granted {
    access: Access,
    customer: Vec<CustomerGrant>,
    warm: bool,
    notes: Vec<String>,
}

impl Granted {
    fn of(manifest: &Manifest, setup: &Setup) -> Result<Self, Rejected> {
        let grants = &setup.grants;
        // Read even if it does not ask: an operator's slip should not wait for the next revision.
        let access = Access::new(&grants.http, &setup.secrets).map_err(Rejected::Setup)?;
        let mut notes = Vec::new();
        let mut both = |capability: &str, key: &str, granted: bool| {
            let asked = manifest.asks.iter().find(|ask| ask.capability == capability);
            match asked {
                Some(ask) if !granted => {
                    notes.push(format!("it asks for `{capability}`, which is not granted ({key}): {}", ask.reason));
                }
                None if granted => {
                    notes.push(format!("{key} is granted and the plugin does not ask for `{capability}`"))
                }
                _ => {}
            }
            asked.is_some() && granted
        };
        let http = both("http", "grants.http", !grants.http.is_empty());
        let mut customer = Vec::new();
        for (grant, capability) in [(CustomerGrant::Name, "customer.name"), (CustomerGrant::Phone, "customer.phone")] {
            if both(capability, "grants.customer", grants.customer.contains(&grant)) {
                customer.push(grant);
            }
        }
        let warm = both("warm", "instance = \"warm\"", setup.instance == Instance::Warm);
        let access = if http { access } else { Access::default() };
        Ok(Self { access, customer, warm, notes })
    }
}

fn check_limits(setup: &Setup, engine: &Inner) -> Result<(), Rejected> {
    let (limits, bounds) = (&setup.limits, &engine.settings.bounds);
    let needed = [
        ("cpu_ms", limits.cpu_ms),
        ("wall_ms", limits.wall_ms),
        ("memory_mb", limits.memory_mb),
        ("concurrency", limits.concurrency),
        ("output_kb", limits.output_kb),
        ("prepare_cpu_ms", limits.prepare_cpu_ms),
    ];
    if let Some((name, _)) = needed.iter().find(|(_, value)| *value == 0) {
        return Err(Rejected::Setup(format!("limits.{name} must be at least 1")));
    }
    for (name, value, most) in [
        ("memory_mb", limits.memory_mb, bounds.memory_mb),
        ("table_elements", limits.table_elements, bounds.table_elements),
        ("output_kb", limits.output_kb, bounds.host_fuel_kb),
    ] {
        if value > most {
            return Err(Rejected::Setup(format!("limits.{name} = {value} is more than this host allows ({most})")));
        }
    }
    Ok(())
}

async fn prepared(
    engine: &Inner,
    revision: &Revision,
    surroundings: &Arc<Surroundings>,
    config: &serde_json::Value,
) -> Result<Arc<Prepared>, Rejected> {
    let config = config.to_string();
    let key = (revision.id(), Sha256::digest(config.as_bytes()).into());
    if let Some(prepared) = engine.prepared(&key) {
        return Ok(prepared);
    }
    let prepared = Arc::new(Prepared(run::prepare(engine, revision, surroundings.clone(), &config).await?));
    engine.keep_prepared(key, &prepared);
    Ok(prepared)
}

/// A conversation in which nothing was ever said.
struct Nothing;

#[async_trait]
impl Recall for Nothing {
    async fn history(&self, _: u32) -> Result<Arc<Vec<Turn>>, RecallError> {
        Ok(Arc::default())
    }

    async fn state(&self, _: &PluginName, _: StateScope, _: &str) -> Result<Option<(Vec<u8>, u64)>, RecallError> {
        Ok(None)
    }
}

fn said(text: &str, world: &dyn World) -> Event {
    let content = Content::Text { text: text.to_owned() };
    Event::Messages(vec![Message {
        id: TurnId::new(world),
        conversation: ConversationId::new(world),
        sent_at: world.now(),
        arrived_at: world.now(),
        reply_to: None,
        body: MessageBody { content, forwarded: false, referral: None },
    }])
}

fn context(language: Language, world: &dyn World) -> Context {
    Context {
        now: world.now(),
        channel: "check".into(),
        language,
        bot_name: "Santun".into(),
        business: "Santun".into(),
        about: String::new(),
        counters: Counters { sessions: 1, ..Counters::default() },
        office: OfficeView { open: true, ..OfficeView::default() },
        attributes: BTreeMap::new(),
    }
}
