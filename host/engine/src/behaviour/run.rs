//! One call: an instance, its limits, its answer.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use santun_core::ids::StepId;
use santun_core::verdict::{Failure, Verdict};
use wasmtime::{Store, UpdateDeadline};

use super::warm::Living;
use super::{Behaviour, Place};
use crate::call::Answer;
use crate::contract::santun::plugin::types as wit;
use crate::engine::Inner;
use crate::failure::{failure, of_error};
use crate::guest::{CallState, Guest, Network, Surroundings};
use crate::limits::{Exceeded, Limit};
use crate::meter::Meter;
use crate::rejected::Rejected;
use crate::revision::{Misfit, Revision};

impl Behaviour {
    /// Runs `handle` in a fresh instance, or in a warm one where that is granted.
    pub(super) async fn run(
        &self,
        place: Place,
        state: CallState,
        event: &wit::Event,
        context: &wit::Context,
    ) -> Answer {
        let Surroundings { limits, .. } = &*self.surroundings;
        let now = self.engine.settings.world.now();
        let warm = self.warm.take(now);
        let (mut store, instance) = match warm {
            Some(Living { mut store, handle, calls, born }) => {
                let guest = store.data_mut();
                guest.call = state;
                guest.space.refused = None;
                guest.meter.reset();
                store.set_epoch_deadline(1);
                (store, Some((handle, calls, born)))
            }
            None => {
                let cpu = Exceeded::new(Limit::CpuMs, limits.cpu_ms);
                let prepared = self.prepared.0.clone();
                (store(&self.engine, self.surroundings.clone(), prepared, cpu, state), None)
            }
        };
        let meter = store.data().meter.clone();
        let begun = meter.elapsed_micros();
        let calling = async {
            let (handle, calls, born) = match instance {
                Some(living) => living,
                None => (self.revision.instantiate(&mut store).await?.1, 0, now),
            };
            let (result,) = handle.call_async(&mut store, (event, context)).await?;
            wasmtime::Result::Ok((result, handle, calls, born))
        };
        let wall = Duration::from_millis(limits.wall_ms.into());
        let called = tokio::time::timeout(wall, meter.charge(calling)).await;
        let micros = meter.elapsed_micros() - begun;
        let guest = store.data_mut();
        guest.log_printed();
        let mut answer = Answer {
            result: Err(Exceeded::new(Limit::WallMs, limits.wall_ms).failure()),
            writes: std::mem::take(&mut guest.call.writes),
            micros,
            guest_micros: meter.micros(),
            logs: guest.call.logs,
            http: std::mem::take(&mut guest.call.http),
        };
        if guest.call.logs.dropped > 0 {
            let plugin = self.name().to_string();
            metrics::counter!("santun_plugin_log_dropped_total", "plugin" => plugin)
                .increment(guest.call.logs.dropped.into());
        }
        match called {
            Err(_) => {}
            Ok(Err(error)) => {
                let output = Exceeded::new(Limit::OutputKb, limits.output_kb);
                answer.result = Err(of_error(&error, store.data(), output));
            }
            Ok(Ok((result, handle, calls, born))) => {
                answer.result = result.map_err(|message| said(&message)).and_then(|v| lift(v, limits.output_kb));
                if self.warm.is_granted() && answer.result.is_ok() {
                    store.data_mut().call.recall = None;
                    let living = Living { store, handle, calls: calls + 1, born };
                    self.warm.keep(living, place.engines, now);
                }
            }
        }
        if answer.result.is_err() {
            answer.writes.clear();
        }
        answer
    }
}

fn lift(verdict: wit::Verdict, output_kb: u32) -> Result<Verdict, Failure> {
    crate::lift::verdict(verdict, output_kb)
}

/// The plugin's own error, bounded.
fn said(message: &str) -> Failure {
    let end = message.floor_char_boundary(1_024);
    failure("error", format!("the plugin answered with an error: {}", &message[..end]))
}

/// A store with every limit armed.
fn store(
    engine: &Inner,
    surroundings: Arc<Surroundings>,
    prepared: Bytes,
    cpu: Exceeded,
    state: CallState,
) -> Store<Guest> {
    let bounds = surroundings.bounds;
    let meter = Arc::new(Meter::new());
    let mut store = Store::new(&engine.wasm, Guest::new(surroundings, prepared, meter, cpu, state));
    store.limiter(|guest| &mut guest.space);
    store.set_hostcall_fuel((bounds.host_fuel_kb as usize) << 10);
    store.set_max_component_handles(bounds.handles as usize);
    store.set_epoch_deadline(1);
    store.epoch_deadline_callback(|store| {
        let guest = store.data();
        if guest.meter.tick() > guest.cpu.value.saturating_mul(1_000_000) {
            return Err(guest.cpu.into());
        }
        // Whoever else waits for this thread comes first.
        Ok(UpdateDeadline::YieldCustom(1, Box::pin(tokio::task::yield_now())))
    });
    store
}

/// Runs `prepare` once, in an instance of its own.
pub(super) async fn prepare(
    engine: &Inner,
    revision: &Revision,
    surroundings: Arc<Surroundings>,
    config: &str,
) -> Result<Bytes, Rejected> {
    let (limits, bounds) = (surroundings.limits, surroundings.bounds);
    let world = &engine.settings.world;
    let state = CallState::new(StepId::new(&**world), 0, world.now(), None, Network::Closed);
    let cpu = Exceeded::new(Limit::PrepareCpuMs, limits.prepare_cpu_ms);
    let mut store = store(engine, surroundings, Bytes::new(), cpu, state);
    store.set_hostcall_fuel((bounds.prepared_kb as usize) << 10);
    let meter = store.data().meter.clone();
    let calling = async {
        let (instance, _) = revision.instantiate(&mut store).await?;
        let (result,) = revision.prepare(&mut store, instance)?.call_async(&mut store, (config,)).await?;
        wasmtime::Result::Ok(result)
    };
    // It cannot wait for anything, so the wall only guards against a machine that is too busy.
    let wall = Duration::from_millis(u64::from(limits.prepare_cpu_ms) * 4 + u64::from(limits.wall_ms));
    let called: Result<wasmtime::Result<_>, _> = tokio::time::timeout(wall, meter.charge(calling)).await;
    store.data_mut().log_printed();
    let failed = |failure: Failure| Rejected::Check(format!("prepare: {failure}"));
    match called {
        Err(_) => Err(failed(cpu.failure())),
        Ok(Err(error)) => {
            if let Some(misfit) = error.downcast_ref::<Misfit>() {
                return Err(Rejected::Mismatch(misfit.to_string()));
            }
            let output = Exceeded::new(Limit::OutputKb, bounds.prepared_kb);
            Err(failed(of_error(&error, store.data(), output)))
        }
        Ok(Ok(Err(message))) => {
            let end = message.floor_char_boundary(4_096);
            Err(Rejected::Config(vec![message[..end].to_owned()]))
        }
        Ok(Ok(Ok(bytes))) => Ok(bytes.into()),
    }
}
