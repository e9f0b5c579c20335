//! A revision: one immutable build of a plugin, compiled and linked.

use std::fmt;
use std::sync::OnceLock;

use santun_core::ids::RevisionId;
use wasmtime::Store;
use wasmtime::component::{Component, ComponentExportIndex, Instance, InstancePre, TypedFunc};

use crate::contract::santun::plugin::types as wit;
use crate::guest::Guest;
use crate::manifest::Manifest;
use crate::rejected::Rejected;

/// `handle` of a plugin's instance.
pub(crate) type Handle = TypedFunc<(&'static wit::Event, &'static wit::Context), (Result<wit::Verdict, String>,)>;
/// `prepare` of a plugin's instance.
pub(crate) type Prepare = TypedFunc<(&'static str,), (Result<Vec<u8>, String>,)>;

/// A plugin that was admitted: verified, compiled, linked, and not yet set up.
pub struct Revision {
    id: RevisionId,
    manifest: Manifest,
    pre: InstancePre<Guest>,
    prepare: ComponentExportIndex,
    handle: ComponentExportIndex,
    /// Set once the types of its functions were found to be the contract's.
    fits: OnceLock<()>,
}

/// The types of its functions are not the contract's.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Misfit(String);

impl Revision {
    pub(crate) fn new(id: RevisionId, manifest: Manifest, pre: InstancePre<Guest>) -> Result<Self, Rejected> {
        let component = pre.component();
        let behaviour = component.get_export_index(None, BEHAVIOUR);
        let function = |name: &str| {
            let function = behaviour.as_ref().and_then(|behaviour| component.get_export_index(Some(behaviour), name));
            function.ok_or_else(|| Rejected::MissingExport(format!("{BEHAVIOUR}#{name}")))
        };
        let (prepare, handle) = (function("prepare")?, function("handle")?);
        Ok(Self { id, manifest, pre, prepare, handle, fits: OnceLock::new() })
    }

    /// What was compiled of it.
    pub(crate) fn component(&self) -> &Component {
        self.pre.component()
    }

    /// A new instance, with its `handle`.
    pub(crate) async fn instantiate(&self, store: &mut Store<Guest>) -> wasmtime::Result<(Instance, Handle)> {
        let instance = self.pre.instantiate_async(&mut *store).await?;
        if self.fits.get().is_none() {
            let misfit = |error: wasmtime::Error| Misfit(format!("{error:#}").replace('\n', " "));
            instance
                .get_typed_func::<(&str,), (Result<Vec<u8>, String>,)>(&mut *store, self.prepare)
                .map_err(misfit)?;
            instance
                .get_typed_func::<(&wit::Event, &wit::Context), (Result<wit::Verdict, String>,)>(
                    &mut *store,
                    self.handle,
                )
                .map_err(misfit)?;
            let _ = self.fits.set(());
        }
        let handle = instance.get_func(&mut *store, self.handle).ok_or_else(|| Misfit("`handle` is none".into()))?;
        // Comparing the types again would cost every call 0.5 µs.
        #[expect(unsafe_code, reason = "types are compared once a revision; see SAFETY")]
        // SAFETY: every instance of a component has functions of the same types, and those of this component
        // were compared with these very types before `fits` was set.
        let handle = unsafe { Handle::new_unchecked(handle) };
        Ok((instance, handle))
    }

    /// `prepare` of an instance.
    pub(crate) fn prepare(&self, store: &mut Store<Guest>, instance: Instance) -> wasmtime::Result<Prepare> {
        instance.get_typed_func(store, self.prepare)
    }

    /// The SHA-256 of its bytes.
    pub fn id(&self) -> RevisionId {
        self.id
    }

    /// What it says of itself.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }
}

/// What a plugin exports; a newer patch of the contract is linked to it by its major and minor number.
const BEHAVIOUR: &str = "santun:plugin/behaviour@0.1.0";

impl fmt::Debug for Revision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Revision").field("id", &self.id).field("name", &self.manifest.name).finish_non_exhaustive()
    }
}
