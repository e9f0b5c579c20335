//! Checks a version beside the running one, keeps it, and swaps.

use std::collections::HashMap;
use std::sync::Arc;

use futures_util::future::try_join_all;
use santun_core::bot::{Bot, Plugin, Problem, did_you_mean};
use santun_core::ears::Ears;
use santun_core::ids::{AppliedId, ChannelId, PluginName};
use santun_core::language::Language;
use santun_core::texts::Texts;
use santun_engine::{Behaviour, NamedDivision, Rejected, Secret, Setup};
use santun_store::faults::{Point, pass};
use santun_store::{Applied as StoredVersion, NewApplied};
use santun_whatsapp::graph::AccessToken;

use super::files::{Gathered, Places, gather};
use super::{Applied, ApplyError, Intent, Proposal, Resolved, Sources, beside, changes, remarks};
use crate::host::Host;
use crate::live::Live;
use crate::memory;
use crate::secrets::SecretRef;

impl Host {
    /// Applies a document: everything is checked beside the running version, which goes on if
    /// anything is wrong.
    pub async fn apply(self: &Arc<Self>, proposal: Proposal, intent: Intent) -> Result<Applied, ApplyError> {
        let host = self.clone();
        beside(async move { host.check_and_serve(proposal, intent).await }).await
    }

    pub(super) async fn check_and_serve(
        self: &Arc<Self>,
        proposal: Proposal,
        intent: Intent,
    ) -> Result<Applied, ApplyError> {
        let _one_at_a_time = self.applying.lock().await;
        let before = self.store.applied_latest().await?;
        check_base(before.as_ref(), proposal.base)?;
        let known = before.as_ref().map(resolved_of).unwrap_or_default();
        let bot = Bot::parse(&proposal.document)?;
        let folder = match proposal.sources {
            Sources::Folder => Some(self.plugins_folder.as_path()),
            Sources::Kept => None,
        };
        let places = Places { attached: &proposal.files, plugins: folder, before: &known, store: &self.store };
        let gathered = gather(&bot, &places).await?;
        if proposal.sources == Sources::Folder {
            check_texts(&bot, &gathered)?;
        }
        let old = before.as_ref().and_then(|version| Bot::parse(&version.document).ok());
        let differences = changes(old.as_ref().map(|old| (old, &known)), (&bot, &gathered.resolved));
        let (texts, problems) = texts_of(&bot, &gathered);
        if !problems.is_empty() {
            return Err(ApplyError::Texts(problems));
        }
        let made = self.make_ready(AppliedId::new(&*self.world), bot, texts, &gathered).await?;
        if proposal.sources == Sources::Folder {
            check_divisions(&made)?;
        }
        let remarks = remarks::of(&made, &gathered);
        let nothing_new = before.is_some() && differences.is_empty() && self.live.load().is_some();
        if intent == Intent::Check || nothing_new {
            let version = before.map(|version| version.id);
            return Ok(Applied { version, changes: differences, served: nothing_new, remarks });
        }
        self.keep(&gathered, &known).await?;
        pass(Point::FilesKept);
        let version = NewApplied {
            id: made.applied,
            base: before.map(|version| version.id),
            at: self.world.now(),
            author: proposal.by,
            note: proposal.note,
            document: proposal.document,
            files: gathered.resolved.0.clone(),
            resolved: made.bot.to_json().to_string(),
        };
        let version = self.store.applied_append(version).await?;
        pass(Point::Applied);
        let id = made.applied;
        self.serve(made);
        self.tidy_after(version, id).await;
        tracing::info!(applied = %id, changes = differences.len(), "a new version is served");
        Ok(Applied { version: Some(id), changes: differences, served: true, remarks })
    }

    async fn keep(&self, gathered: &Gathered, before: &Resolved) -> Result<(), ApplyError> {
        for bytes in gathered.beyond(before) {
            self.store.blob_put(bytes.to_vec()).await?;
        }
        Ok(())
    }

    /// Makes a version ready to serve, without serving it.
    async fn make_ready(&self, id: AppliedId, bot: Bot, texts: Texts, files: &Gathered) -> Result<Live, ApplyError> {
        let ears = Ears::new(&bot.policy.words);
        let made = try_join_all(bot.plugins.iter().map(|plugin| self.ready_plugin(plugin, files))).await?;
        let behaviours = made.into_iter().collect();
        let tokens = self.tokens_of(&bot)?;
        Ok(Live { applied: id, bot, texts, ears, behaviours, tokens })
    }

    /// A plugin with its settings; the very one that is served, if nothing of it has changed: what it has failed at, and
    /// which instances it keeps warm, is nobody's business who swaps another.
    async fn ready_plugin(
        &self,
        plugin: &Plugin,
        files: &Gathered,
    ) -> Result<(PluginName, Arc<Behaviour>), ApplyError> {
        let mut config = plugin.config.clone();
        for reference in plugin.file_references() {
            let text =
                String::from_utf8(files.bytes(&reference.path).to_vec()).map_err(|_| ApplyError::UselessFile {
                    what: format!("plugin `{}`", plugin.name),
                    path: reference.path.clone(),
                    why: "which is not text in UTF-8: save it as UTF-8",
                })?;
            if let Some(place) = config.pointer_mut(&reference.pointer) {
                *place = text.into();
            }
        }
        let mut secrets = Vec::new();
        for secret in &plugin.grants.secrets {
            let value = self.secret(&secret.value, || format!("plugin `{}`, header {}", plugin.name, secret.header))?;
            secrets.push(Secret { origin: secret.origin.clone(), header: secret.header.clone(), value });
        }
        let setup = Setup {
            name: plugin.name.clone(),
            config,
            grants: plugin.grants.clone(),
            limits: plugin.limits,
            instance: plugin.instance,
            secrets,
        };
        if let (Some(live), Some(revision)) = (self.live(), files.revision(plugin))
            && let Some(served) = live.behaviours.get(&plugin.name)
            && served.is_made_of(revision, &setup)
        {
            return Ok((plugin.name.clone(), served.clone()));
        }
        let rejected = |why: Rejected| ApplyError::Plugin { plugin: plugin.name.clone(), why };
        let bytes = files.component(plugin, &self.store).await?;
        let revision = self.engine.admit(&bytes).await.map_err(rejected)?;
        let behaviour = self.engine.ready(revision, setup).await.map_err(rejected)?;
        Ok((plugin.name.clone(), behaviour))
    }

    fn tokens_of(&self, bot: &Bot) -> Result<HashMap<ChannelId, AccessToken>, ApplyError> {
        let mut tokens = HashMap::new();
        for channel in &bot.channels {
            if let Some(reference) = &channel.access_token {
                let token = self.secret(reference, || format!("channel `{}`, access_token", channel.name))?;
                let token = AccessToken::new(&token).map_err(|error| ApplyError::Secret {
                    what: format!("channel `{}`, access_token", channel.name),
                    why: error.to_string(),
                })?;
                tokens.insert(channel.id.clone(), token);
            }
        }
        Ok(tokens)
    }

    fn secret(&self, reference: &str, what: impl Fn() -> String) -> Result<String, ApplyError> {
        SecretRef::try_from(reference.to_owned())
            .and_then(|reference| reference.read(&self.folder))
            .map_err(|why| ApplyError::Secret { what: what(), why: why.to_string() })
    }

    fn serve(&self, live: Live) {
        self.paces.set(&live.bot.channels);
        self.live.store(Some(Arc::new(live)));
        self.lanes.wake_waiting();
    }
}

/// The words of a version, and what is wrong with the operator's own, in whose place Santun's stand.
fn texts_of(bot: &Bot, files: &Gathered) -> (Texts, Vec<Problem>) {
    let Some(folder) = &bot.texts else { return (Texts::built_in(), Vec::new()) };
    let mut own = Vec::new();
    for (name, bytes) in files.texts(folder) {
        let language = if name == "en" { Language::En } else { Language::Id };
        own.push((language, String::from_utf8_lossy(bytes).into_owned()));
    }
    let own: Vec<(Language, &str)> = own.iter().map(|(language, text)| (*language, text.as_str())).collect();
    Texts::with_overrides(&own)
}

/// A folder of own wordings without any is a slip of the pen, and would leave the built-in words unnoticed.
fn check_texts(bot: &Bot, files: &Gathered) -> Result<(), ApplyError> {
    let Some(folder) = &bot.texts else { return Ok(()) };
    if files.texts(folder).next().is_some() {
        return Ok(());
    }
    Err(ApplyError::UselessFile {
        what: "`texts` of [bot]".to_owned(),
        path: folder.clone(),
        why: "in which no wordings are: put `id.toml` or `en.toml` with your own into that folder beside bot.toml, or \
              leave `texts` out",
    })
}

/// A division that there is not would leave a customer waiting for nobody.
fn check_divisions(live: &Live) -> Result<(), ApplyError> {
    let Some((plugin, _)) = unknown_divisions(live).next() else { return Ok(()) };
    let misfits = unknown_divisions(live).filter(|(of, _)| *of == plugin).map(|(_, misfit)| misfit).collect();
    Err(ApplyError::Plugin { plugin: plugin.clone(), why: Rejected::Config(misfits) })
}

/// The divisions that plugins' configuration names and the document does not have: whose, and where.
pub(super) fn unknown_divisions(live: &Live) -> impl Iterator<Item = (&PluginName, String)> {
    let known: Vec<&str> = live.bot.divisions.iter().map(|division| division.name.as_str()).collect();
    live.bot.plugins.iter().flat_map(move |plugin| {
        let named =
            live.behaviours.get(&plugin.name).map(|behaviour| behaviour.manifest().divisions_in(&plugin.config));
        let unknown = named.into_iter().flatten().filter(|named| !known.contains(&named.name.as_str()));
        let misfits = unknown.map(|NamedDivision { at, name }| {
            (&plugin.name, format!("{at}: there is no division `{name}`; {}", did_you_mean(&name, &known)))
        });
        misfits.collect::<Vec<_>>()
    })
}

fn check_base(before: Option<&StoredVersion>, base: Option<AppliedId>) -> Result<(), ApplyError> {
    match (before, base) {
        (Some(before), Some(base)) if before.id != base => {
            Err(ApplyError::MovedOn { served: before.id.to_string(), base: base.to_string() })
        }
        (None, Some(base)) => Err(ApplyError::MovedOn { served: "nothing".to_owned(), base: base.to_string() }),
        _ => Ok(()),
    }
}

pub(super) fn resolved_of(version: &StoredVersion) -> Resolved {
    Resolved(version.files.clone())
}

/// Serves the last applied version again, from what was kept: a restart changes nothing. An own wording that a newer
/// Santun does not take any more is no reason to stop serving: Santun's stands in its place, and the log says so.
///
/// Gives `false` if nothing was ever applied.
pub async fn restore_last(host: &Host) -> Result<bool, ApplyError> {
    let Some(version) = host.store.applied_latest().await? else { return Ok(false) };
    let bot = Bot::parse(&version.document)?;
    let known = resolved_of(&version);
    let attached = super::Files::default();
    let places = Places { attached: &attached, plugins: None, before: &known, store: &host.store };
    let gathered = gather(&bot, &places).await?;
    let (texts, problems) = texts_of(&bot, &gathered);
    for Problem { at, what } in problems {
        tracing::error!(%at, "an own wording is not used, Santun's stands in its place until a version is applied that mends it: {what}");
    }
    let live = host.make_ready(version.id, bot, texts, &gathered).await?;
    drop(gathered);
    host.serve(live);
    memory::give_back();
    Ok(true)
}
