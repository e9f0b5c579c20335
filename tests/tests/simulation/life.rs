//! One life of a host: it starts, everything happens to it, and it stops, dies, or the simulation is over.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use santun::host::Host;
use santun::serve::begin;
use tokio::time::{advance, sleep, timeout};

use crate::actions;
use crate::check;
use crate::meta::Mood;
use crate::simulation::Sim;
use crate::witness::Witness;

/// How a life ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// It died.
    Died,
    /// It was stopped, and finished what was under way.
    Stopped,
    /// It did not start: the disk had failed.
    NotStarted,
    /// The simulation is over.
    Done,
}

impl End {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Died => "died",
            Self::Stopped => "stopped",
            Self::NotStarted => "not started",
            Self::Done => "simulations",
        }
    }
}

/// What is still to happen, over all lives.
pub(crate) struct Plan {
    /// Deeds that are left.
    left: u64,
    pub(crate) customers: u64,
    /// Messages that each customer has written.
    pub(crate) written: Vec<u64>,
    pub(crate) replies: u64,
    counted: BTreeMap<&'static str, usize>,
}

impl Plan {
    pub(crate) fn new(sim: &Sim) -> Self {
        let customers = sim.plan.between(1, 5);
        let written = vec![0; usize::try_from(customers).unwrap()];
        Self { left: sim.plan.between(15, 70), customers, written, replies: 0, counted: BTreeMap::new() }
    }

    pub(crate) fn count(&mut self, what: &'static str) {
        *self.counted.entry(what).or_default() += 1;
    }

    pub(crate) fn counted(&self) -> BTreeMap<&'static str, usize> {
        self.counted.clone()
    }
}

/// Lives one life.
pub(crate) async fn live(sim: &Arc<Sim>, plan: &mut Plan) -> End {
    sim.fate.revive();
    let end = tokio::select! {
        biased;
        () = sim.fate.death() => End::Died,
        end = life(sim, plan) => end,
    };
    // Whatever goes on until the runtime is gone must have no effect.
    sim.fate.kill();
    sim.meta.watch_with(None);
    sim.log.line(sim.world.truth(), format!("the host ends: {end:?}"));
    if end != End::Done {
        // Whoever starts it again needs a moment.
        sleep(Duration::from_millis(sim.plan.between(1, 4_000))).await;
        sim.disk.mend();
        if end != End::NotStarted && sim.plan.one_in(12) {
            plan.count("failing starts");
            sim.log.line(sim.world.truth(), "the disk fails at the start");
            sim.disk.fail(sim.plan.between(1, 6));
        }
    }
    end
}

async fn life(sim: &Arc<Sim>, plan: &mut Plan) -> End {
    let host = match sim.host().await {
        Ok(host) => host,
        Err(error) => {
            // The folder has another name each time, and nothing else may differ.
            let told = error.to_string().replace(&*sim.folder.path().to_string_lossy(), "");
            sim.log.line(sim.world.truth(), format!("the host does not start: {told}"));
            return End::NotStarted;
        }
    };
    sim.meta.watch_with(Some(Witness::of(sim.folder.path())));
    if let Err(error) = begin(&host).await {
        sim.log.line(sim.world.truth(), format!("the host does not begin: {error}"));
        return End::NotStarted;
    }
    sim.log.line(sim.world.truth(), "the host serves");
    while plan.left > 0 {
        plan.left -= 1;
        if actions::one(sim, plan, &host).await == actions::Then::Stop {
            stop(sim, &host).await;
            return End::Stopped;
        }
        sim.meta.post.hand_in(sim, &host);
    }
    calm_down(sim, &host).await;
    check::all(sim, &host).await;
    End::Done
}

/// Stops the host as a signal does.
async fn stop(sim: &Sim, host: &Arc<Host>) {
    sim.log.line(sim.world.truth(), "the host is asked to stop");
    host.begin_drain();
    if timeout(Duration::from_secs(45), host.tasks.wait()).await.is_err() {
        sim.log.wrong(sim.world.truth(), "not everything ended in the time of a drain");
    }
    host.store.close().await;
}

/// Time passes, in one leap, as for a machine that was asleep.
pub(crate) async fn leap(sim: &Sim, by: Duration) {
    sim.world.leaps(by);
    advance(by).await;
    sleep(Duration::from_millis(1)).await;
}

/// Everything works again, the post is delivered, and time passes until nothing is left to do.
async fn calm_down(sim: &Arc<Sim>, host: &Arc<Host>) {
    sim.log.line(sim.world.truth(), "all is calm from now on");
    sim.meta.is(Mood::Calm);
    sim.disk.mend();
    let mut wait = 5;
    for _ in 0..200 {
        sim.meta.post.hand_in(sim, host);
        sleep(Duration::from_millis(1_500)).await;
        let now = sim.world.truth();
        if !sim.meta.post.is_idle(now) || !is_idle(host).await {
            // What holds a message up is seldom longer than minutes, and seldom shorter than seconds.
            leap(sim, Duration::from_secs(wait)).await;
            wait = (wait * 2).min(300);
            continue;
        }
        wait = 5;
        match sim.meta.post.next_due() {
            Some(due) => leap(sim, Duration::from_millis(u64::try_from(due - now).unwrap_or(0))).await,
            None => return,
        }
    }
    sim.log.wrong(sim.world.truth(), "the host never came to rest");
}

/// Whether nothing waits to be decided or to be sent.
async fn is_idle(host: &Host) -> bool {
    host.store.pending_conversations().await.is_ok_and(|pending| pending.is_empty())
}
