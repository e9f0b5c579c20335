//! `verdict_fresh_rust_p50`, `verdict_fresh_rust_p99`, `verdict_warm_overhead_p50`: one plugin, one
//! call, everything of the engine around it.
//!
//! The plugin does little (it reads ten turns and counts words), so that the figure is the engine's.

use std::sync::Arc;
use std::time::{Duration, Instant};

use santun_core::bot::{Grants, Instance, Limits};
use santun_core::ids::PluginName;
use santun_engine::{Behaviour, Bounds, Engine, EngineSettings, Revision, Setup};

use super::question::{Question, TEXT};
use super::samples::Samples;
use super::{Asked, Failure, Measured, Row, native, place};
use crate::world::SystemWorld;

const ROUNDS: usize = 20_000;

/// Measures.
pub(super) async fn measure(asked: &Asked) -> Result<Measured, Failure> {
    let engine = engine()?;
    let revision = engine.admit(&place::file(&asked.guest)?).await?;
    let fresh = ready(&engine, &revision, "measured", serde_json::json!({}), Instance::Fresh).await?;
    let fresh = times(&[fresh], ROUNDS).await?;
    let warm = ready(&engine, &revision, "measured", serde_json::json!({}), Instance::Warm).await?;
    let warm = times(&[warm], ROUNDS).await?;
    let native = native::times(&[native::little()?], ROUNDS)?;
    let rows = vec![
        Row::new("verdict_fresh_rust_p50", "µs", fresh.micros(500), native.micros(500)),
        Row::new("verdict_fresh_rust_p99", "µs", fresh.micros(990), native.micros(990)),
        Row::new(
            "verdict_warm_overhead_p50",
            "µs",
            (warm.micros(500) - native.micros(500)).max(0.0),
            native.micros(500),
        ),
    ];
    let notes = vec![format!(
        "verdict_*: a plugin that reads ten turns and counts the words of {} bytes; {} calls, one after the other; \
         fresh p50 {:.1} µs, p90 {:.1}, p99 {:.1}, p99.9 {:.1}; warm p50 {:.1}, p99 {:.1}; native p50 {:.2}. The warm \
         overhead is the whole warm call less the same logic called natively, so that slower code of the guest counts \
         as overhead.",
        TEXT.len(),
        fresh.len(),
        fresh.micros(500),
        fresh.micros(900),
        fresh.micros(990),
        fresh.micros(999),
        warm.micros(500),
        warm.micros(990),
        native.micros(500),
    )];
    Ok(Measured { rows, notes })
}

/// An engine as the host sets it up, without a cache.
pub(super) fn engine() -> Result<Engine, Failure> {
    let settings = EngineSettings {
        cache: None,
        cache_key: [1; 32],
        contact_secret: [2; 32],
        world: Arc::new(SystemWorld),
        bounds: Bounds::default(),
    };
    Ok(Engine::new(settings)?)
}

/// A behaviour with ordinary limits.
pub(super) async fn ready(
    engine: &Engine,
    revision: &Arc<Revision>,
    name: &str,
    config: serde_json::Value,
    instance: Instance,
) -> Result<Arc<Behaviour>, Failure> {
    let setup = Setup {
        name: PluginName::from(name),
        config,
        grants: Grants { history_turns: 30, ..Grants::default() },
        limits: Limits { warm_calls: u32::MAX, ..Limits::default() },
        instance,
        secrets: Vec::new(),
    };
    Ok(engine.ready(revision.clone(), setup).await?)
}

/// Times of asking all of them one after the other, each in the manner that it was made ready for.
pub(super) async fn times(asked: &[Arc<Behaviour>], rounds: usize) -> Result<Samples, Failure> {
    let question = Question::new(TEXT);
    let mut times: Vec<Duration> = Vec::with_capacity(rounds);
    for round in 0..rounds + rounds / 10 {
        let begun = Instant::now();
        for behaviour in asked {
            behaviour.handle(question.call()).await.result?;
        }
        // The first tenth warms the pool of instances.
        if round >= rounds / 10 {
            times.push(begun.elapsed());
        }
    }
    Ok(Samples::of(times))
}
