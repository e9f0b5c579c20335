//! `history`: the conversation so far, as deep as granted.
//!
//! Turns go into the guest's memory straight from where the host keeps them: made into values of the contract first,
//! each would be three more texts, copied to be dropped.

use std::mem::MaybeUninit;
use std::sync::Arc;

use santun_core::draft::Author;
use santun_core::turn::{Turn, TurnBody};
use wasmtime::component::__internal::{CanonicalAbiInfo, InstanceType, InterfaceType, LowerContext};
use wasmtime::component::{ComponentType, Linker, Lower};

use super::Guest;

/// What it is linked as; a plugin of an older patch of the contract finds it by its major and minor number.
const INTERFACE: &str = "santun:plugin/history@0.1.0";

/// `turn`, as the contract has it.
#[derive(ComponentType, Lower)]
#[component(record)]
struct Shown<'a> {
    at: u64,
    by: &'a str,
    kind: &'a str,
    text: &'a str,
    plugin: Option<&'a str>,
}

impl<'a> Shown<'a> {
    /// Notes are among agents.
    fn of(turn: &'a Turn) -> Option<Self> {
        let plugin = match &turn.body {
            TurnBody::Note { .. } => return None,
            TurnBody::Said { author: Author::Plugin { plugin, .. }, .. } => Some(plugin.as_str()),
            _ => None,
        };
        Some(Self {
            at: crate::lower::timestamp(turn.at),
            by: turn.by.as_str(),
            kind: turn.body.kind(),
            text: turn.body.words(),
            plugin,
        })
    }
}

/// `list<turn>`: the last of these, the oldest first.
struct Last {
    turns: Arc<Vec<Turn>>,
    most: usize,
}

impl Last {
    fn shown(&self) -> Vec<Shown<'_>> {
        let skip = self.turns.len().saturating_sub(self.most);
        self.turns.iter().skip(skip).filter_map(Shown::of).collect()
    }
}

#[expect(unsafe_code, reason = "a list that is made where it is lowered; see SAFETY")]
// SAFETY: everything is that of the list that `shown` makes.
unsafe impl ComponentType for Last {
    type Lower = <[Shown<'static>] as ComponentType>::Lower;
    const ABI: CanonicalAbiInfo = <[Shown<'static>] as ComponentType>::ABI;

    fn typecheck(ty: &InterfaceType, types: &InstanceType<'_>) -> wasmtime::Result<()> {
        <[Shown<'static>] as ComponentType>::typecheck(ty, types)
    }
}

#[expect(unsafe_code, reason = "a list that is made where it is lowered; see SAFETY")]
// SAFETY: as above.
unsafe impl Lower for Last {
    fn linear_lower_to_flat<T>(
        &self,
        cx: &mut LowerContext<'_, T>,
        ty: InterfaceType,
        to: &mut MaybeUninit<Self::Lower>,
    ) -> wasmtime::Result<()> {
        self.shown().as_slice().linear_lower_to_flat(cx, ty, to)
    }

    fn linear_lower_to_memory<T>(
        &self,
        cx: &mut LowerContext<'_, T>,
        ty: InterfaceType,
        offset: usize,
    ) -> wasmtime::Result<()> {
        self.shown().as_slice().linear_lower_to_memory(cx, ty, offset)
    }
}

/// Offers it.
pub(super) fn add_to_linker(linker: &mut Linker<Guest>) -> wasmtime::Result<()> {
    linker.instance(INTERFACE)?.func_wrap_async("last", |mut store, (n,): (u32,)| {
        Box::new(async move { Ok((store.data_mut().last(n).await?,)) })
    })
}

impl Guest {
    async fn last(&mut self, n: u32) -> wasmtime::Result<Last> {
        let n = n.min(self.surroundings.history_turns);
        let turns = match &self.call.recall {
            Some(recall) if n > 0 => recall.history(n).await?,
            _ => Arc::default(),
        };
        Ok(Last { turns, most: n as usize })
    }
}
