//! What goes off by the clock: conversations' timers, who is there, what has expired.

mod jumps;

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use santun_core::time::Timestamp;
use tokio::time::Instant;

use crate::gauges;
use crate::host::Host;
use crate::lanes::Work;
use jumps::Jumps;

/// How often due timers are looked for.
const EVERY: Duration = Duration::from_secs(1);

/// How often expired files and turns are dropped, in minutes of the host's clock.
const EXPIRE_EVERY: u32 = 10;

/// Runs in a row that drop expired turns, at most.
const RUNS_IN_A_ROW: u32 = 25;

/// How long events can be followed up by whoever was away.
const EVENTS_KEPT: Duration = Duration::from_secs(7 * 24 * 3600);

/// How long updates that nothing followed from are kept.
const KEPT_KEPT: Duration = Duration::from_secs(90 * 24 * 3600);

/// Runs until the host stops.
pub async fn run(host: Arc<Host>) {
    let mut given = HashSet::new();
    let mut expired: Option<Timestamp> = None;
    let shown = gauges::Shown::default();
    let (begun, mut jumps) = (Instant::now(), Jumps::default());
    while !host.draining() {
        if let Err(error) = once(&host, &mut given).await {
            tracing::error!(%error, "timers could not be read");
        }
        if let Err(error) = gauges::look(&host, &shown).await {
            tracing::error!(%error, "what waits could not be counted");
        }
        let now = host.world.now();
        if let Some(by_ms) = jumps.look(now, begun.elapsed()) {
            tracing::warn!(by_ms, "the clock was set, or the machine slept; timers and windows follow the new time");
        }
        // A clock that was set back does not put it off.
        if expired.is_none_or(|at| now < at || at.plus_minutes(EXPIRE_EVERY) <= now) {
            expired = Some(now);
            if let Err(error) = expire(&host).await {
                tracing::error!(%error, "what has expired could not be dropped");
            }
        }
        tokio::select! {
            () = tokio::time::sleep(EVERY) => {}
            () = host.drain_begins() => {}
        }
    }
}

async fn once(host: &Arc<Host>, given: &mut HashSet<santun_store::DueTimer>) -> Result<(), santun_store::StoreError> {
    host.refresh_presence().await?;
    if host.live().is_none() {
        return Ok(());
    }
    let due = host.store.timers_due(host.world.now()).await?;
    // A timer is given to its lane once; the lane's step clears it from the store.
    for timer in due.iter().filter(|timer| !given.contains(timer)) {
        host.give(timer.conversation, Work::Tick(timer.timer));
    }
    *given = due.into_iter().collect();
    Ok(())
}

/// Drops what policy does not keep any longer.
async fn expire(host: &Host) -> Result<(), santun_store::StoreError> {
    let now = host.world.now();
    host.store.media_expire(now).await?;
    host.store.prune_events(now - EVENTS_KEPT).await?;
    host.store.kept_expire(now - KEPT_KEPT).await?;
    let Some(live) = host.live() else { return Ok(()) };
    let days = live.bot.policy.retention_days.turns;
    let before = now - Duration::from_secs(u64::from(days) * 24 * 3600);
    for _ in 0..RUNS_IN_A_ROW {
        let expired = host.store.turns_expire(before).await?;
        if expired.turns > 0 {
            tracing::info!(turns = expired.turns, "turns whose time was over are gone");
        }
        if !expired.more {
            break;
        }
    }
    for _ in 0..RUNS_IN_A_ROW {
        let faded = host.store.fade(before).await?;
        if faded.contacts > 0 {
            tracing::info!(contacts = faded.contacts, "contacts that were idle for long have lost name and attributes");
        }
        if !faded.more {
            break;
        }
    }
    Ok(())
}
