//! What is measured by looking, once a second: how much waits, who is there, what rests.

use std::collections::HashSet;
use std::time::Duration;

use metrics::gauge;
use parking_lot::Mutex;
use santun_core::delivery::OutboxState;
use santun_engine::BreakerState;
use santun_store::StoreError;

use crate::host::Host;

/// Plugins and divisions that were shown once, so that what is gone is shown as nothing, and not as it last was.
#[derive(Default)]
pub struct Shown {
    plugins: Mutex<HashSet<String>>,
    divisions: Mutex<HashSet<String>>,
}

/// Looks at everything.
pub async fn look(host: &Host, shown: &Shown) -> Result<(), StoreError> {
    let counts = host.store.outbox_counts().await?;
    for state in [OutboxState::Queued, OutboxState::Sending, OutboxState::Unknown] {
        let count = counts.iter().find(|(counted, _)| *counted == state).map_or(0, |(_, count)| *count);
        gauge!("santun_outbox", "state" => state.as_str()).set(count as f64);
    }
    let oldest = host.store.oldest_undecided().await?;
    let waited = oldest.map_or(Duration::ZERO, |at| host.world.now().since(at));
    gauge!("santun_oldest_unprocessed_seconds").set(waited.as_secs_f64());
    gauge!("santun_lanes").set(host.lanes.len() as f64);
    people(host, shown).await?;
    plugins(host, shown);
    disk(host);
    Ok(())
}

/// Who waits for a human, and who is there.
async fn people(host: &Host, shown: &Shown) -> Result<(), StoreError> {
    let (live, presence, now) = (host.live(), host.presence(), host.world.now());
    let waiting = host.store.waiting().await?;
    let mut divisions = shown.divisions.lock();
    if let Some(live) = &live {
        divisions.extend(live.bot.divisions.iter().map(|division| division.name.to_string()));
        gauge!("santun_office_open").set(f64::from(u8::from(live.bot.office.is_open(now))));
    }
    divisions.extend(waiting.iter().map(|waiting| waiting.division.clone()));
    for division in divisions.iter() {
        let queue = waiting.iter().find(|waiting| waiting.division == *division);
        let count = queue.map_or(0, |queue| queue.conversations);
        let oldest = queue.map_or(Duration::ZERO, |queue| now.since(queue.since));
        let there =
            presence.available.iter().find(|(name, _)| name.as_str() == division).map_or(0, |(_, there)| *there);
        gauge!("santun_queue_waiting", "division" => division.clone()).set(count as f64);
        gauge!("santun_queue_oldest_seconds", "division" => division.clone()).set(oldest.as_secs_f64());
        gauge!("santun_agents_available", "division" => division.clone()).set(f64::from(there));
    }
    Ok(())
}

/// Which plugins failed so often that they are left alone.
fn plugins(host: &Host, shown: &Shown) {
    let Some(live) = host.live() else { return };
    let mut known = shown.plugins.lock();
    known.extend(live.behaviours.keys().map(ToString::to_string));
    for name in known.iter() {
        let behaviour = live.behaviours.iter().find(|(plugin, _)| plugin.as_str() == name).map(|(_, one)| one);
        let rests = behaviour.is_some_and(|one| !matches!(one.gauges().breaker, BreakerState::Closed { .. }));
        let running = behaviour.map_or(0, |one| one.gauges().running);
        gauge!("santun_plugin_breaker_open", "plugin" => name.clone()).set(f64::from(u8::from(rests)));
        gauge!("santun_plugin_running", "plugin" => name.clone()).set(f64::from(running));
    }
}

/// How much room there is for the databases.
fn disk(host: &Host) {
    if let Ok(stat) = rustix::fs::statvfs(&host.data_folder) {
        gauge!("santun_disk_free_bytes").set(stat.f_bavail.saturating_mul(stat.f_frsize) as f64);
    }
}
