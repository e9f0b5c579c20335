//! A channel's pace: throughput, back-off, halting and resuming.

use std::num::NonZeroU32;
use std::time::Duration;

use santun_core::delivery::{Attempt, GraphError, Wait};
use santun_core::time::Timestamp;
use santun_core::world::World;

use super::{Permit, Throughput, backoff};

/// How long after halting the Graph is asked whether the channel works again.
const FIRST_PROBE: Duration = Duration::from_secs(60);

/// The most between two such questions, for a channel whose probe says yes and whose next message is
/// refused again (spam limits, payment).
const LAST_PROBE: Duration = Duration::from_secs(3600);

/// Whether the Graph is to be asked about a halted channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Probe {
    /// The channel is not halted.
    NotHalted,
    /// Not before this time.
    NotBefore(Timestamp),
    /// Now: ask ([`Graph::phone_number`](crate::graph::Graph::phone_number)), and tell
    /// [`ChannelPace::probed`].
    Due,
}

/// When a channel may send.
#[derive(Debug)]
pub struct ChannelPace {
    throughput: Throughput,
    messages_per_second: NonZeroU32,
    /// How often it was too fast, or out of reach, since the last success.
    setbacks: u32,
    not_before: Timestamp,
    halt: Option<Halt>,
    /// Grows while a channel resumes only to be halted again.
    next_probe_after: Duration,
}

#[derive(Debug)]
struct Halt {
    error: GraphError,
    probe_at: Timestamp,
}

impl ChannelPace {
    /// A channel that works, and may send so many messages a second.
    pub fn new(messages_per_second: NonZeroU32) -> Self {
        Self {
            throughput: Throughput::new(messages_per_second),
            messages_per_second,
            setbacks: 0,
            not_before: Timestamp::default(),
            halt: None,
            next_probe_after: FIRST_PROBE,
        }
    }

    /// Changes how many messages a second it may send. The same number changes nothing.
    pub fn set_throughput(&mut self, messages_per_second: NonZeroU32) {
        if self.messages_per_second != messages_per_second {
            self.messages_per_second = messages_per_second;
            self.throughput = Throughput::new(messages_per_second);
        }
    }

    /// Whether a message may be sent now; if so, it counts.
    pub fn permit(&mut self, now: Timestamp) -> Permit {
        if self.halt.is_some() {
            return Permit::Halted;
        }
        if self.backs_off(now) {
            return Permit::WaitUntil(self.not_before);
        }
        self.throughput.permit(now)
    }

    /// Learns from what an attempt came to.
    pub fn after(&mut self, attempt: &Attempt, now: Timestamp, world: &dyn World) {
        match attempt {
            Attempt::Accepted { .. } => {
                self.setbacks = 0;
                self.next_probe_after = FIRST_PROBE;
            }
            Attempt::Again { wait: Wait::Channel | Wait::Unreachable, .. } => self.back_off(now, world),
            Attempt::Halted { error } => self.halt(error, now),
            // One contact's limit, one message's failure: the channel goes on.
            Attempt::Again { wait: Wait::Contact, .. } | Attempt::Never { .. } | Attempt::Unknown { .. } => {}
        }
    }

    /// Why the channel is halted, if it is.
    pub fn halted(&self) -> Option<&GraphError> {
        self.halt.as_ref().map(|halt| &halt.error)
    }

    /// Whether the Graph is to be asked whether the channel works again.
    pub fn probe(&self, now: Timestamp) -> Probe {
        match &self.halt {
            None => Probe::NotHalted,
            Some(halt) if now < halt.probe_at && halt.probe_at.since(now) <= LAST_PROBE => {
                Probe::NotBefore(halt.probe_at)
            }
            Some(_) => Probe::Due,
        }
    }

    /// Learns what the Graph said about the halted channel: it resumes, or stays halted for another minute.
    pub fn probed<T, E>(&mut self, answer: &Result<T, E>, now: Timestamp) {
        let Some(halt) = &mut self.halt else { return };
        if answer.is_err() {
            halt.probe_at = now + FIRST_PROBE;
            return;
        }
        self.halt = None;
        self.setbacks = 0;
        self.not_before = now;
    }

    /// Whether it is left alone. What seems to be longer than that ever is comes from a clock that was set back.
    fn backs_off(&self, now: Timestamp) -> bool {
        now < self.not_before && self.not_before.since(now) <= backoff::CEILING
    }

    fn back_off(&mut self, now: Timestamp, world: &dyn World) {
        // Several messages under way at once fail together: that is one setback.
        if self.backs_off(now) {
            return;
        }
        // At least a tenth of a second: without it, chance might choose no wait at all.
        let wait = backoff::full_jitter(self.setbacks, world).max(Duration::from_millis(100));
        self.not_before = now + wait;
        self.setbacks = self.setbacks.saturating_add(1);
    }

    fn halt(&mut self, error: &GraphError, now: Timestamp) {
        if self.halt.is_some() {
            return;
        }
        self.halt = Some(Halt { error: error.clone(), probe_at: now + self.next_probe_after });
        self.next_probe_after = self.next_probe_after.saturating_mul(2).min(LAST_PROBE);
    }
}

#[cfg(test)]
mod tests {
    use santun_core::identity::Wamid;

    use super::*;

    struct Half;

    impl World for Half {
        fn now(&self) -> Timestamp {
            Timestamp::default()
        }
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(128);
        }
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_seconds(1_763_790_000 + seconds)
    }

    fn error() -> GraphError {
        GraphError { code: 190, title: "Access token has expired".to_owned(), details: None }
    }

    fn pace() -> ChannelPace {
        ChannelPace::new(NonZeroU32::new(80).unwrap())
    }

    fn too_fast() -> Attempt {
        Attempt::Again { wait: Wait::Channel, error: error() }
    }

    fn accepted() -> Attempt {
        Attempt::Accepted { wamid: Wamid::new("wamid.A") }
    }

    fn wait_of(pace: &mut ChannelPace, now: Timestamp) -> u128 {
        match pace.permit(now) {
            Permit::WaitUntil(then) => then.since(now).as_millis(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn each_setback_waits_longer_until_a_message_is_accepted() {
        let mut pace = pace();
        let mut waits = Vec::new();
        for minute in 0..4 {
            let now = at(minute * 60);
            pace.after(&too_fast(), now, &Half);
            waits.push(wait_of(&mut pace, now));
        }
        assert_eq!(waits, [501, 1003, 2007, 4015]);

        pace.after(&accepted(), at(300), &Half);
        pace.after(&too_fast(), at(300), &Half);
        assert_eq!(wait_of(&mut pace, at(300)), 501);
    }

    #[test]
    fn a_clock_that_is_set_back_holds_nobody_up() {
        let mut ahead = pace();
        while ahead.permit(at(10_000)) == Permit::Go {}
        ahead.after(&too_fast(), at(10_000), &Half);
        // Neither by its back-off nor by what it has sent: only as long as its own pace asks for.
        match ahead.permit(at(0)) {
            Permit::Go => {}
            Permit::WaitUntil(then) => assert!(then.since(at(0)) < Duration::from_secs(1), "{then:?}"),
            Permit::Halted => panic!("halted"),
        }
        let mut halted = pace();
        halted.after(&Attempt::Halted { error: error() }, at(10_000), &Half);
        assert_eq!(halted.probe(at(0)), Probe::Due);
        let mut contact = super::super::ContactPace::new();
        contact.refused(at(10_000));
        assert_eq!(contact.permit(at(0)), Permit::Go);
    }

    #[test]
    fn messages_that_fail_together_are_one_setback() {
        let mut pace = pace();
        for _ in 0..20 {
            pace.after(&too_fast(), at(0), &Half);
        }
        assert_eq!(wait_of(&mut pace, at(0)), 501);
    }

    #[test]
    fn one_contacts_limit_does_not_hold_the_channel() {
        let mut pace = pace();
        pace.after(&Attempt::Again { wait: Wait::Contact, error: error() }, at(0), &Half);
        pace.after(&Attempt::Unknown { error: error() }, at(0), &Half);
        assert_eq!(pace.permit(at(0)), Permit::Go);
    }

    #[test]
    fn a_halted_channel_is_probed_every_minute_and_resumes() {
        let mut pace = pace();
        pace.after(&Attempt::Halted { error: error() }, at(0), &Half);
        assert_eq!(pace.permit(at(1000)), Permit::Halted);
        assert_eq!(pace.halted(), Some(&error()));
        assert_eq!(pace.probe(at(59)), Probe::NotBefore(at(60)));
        assert_eq!(pace.probe(at(60)), Probe::Due);

        pace.probed(&Err::<(), _>("still expired"), at(60));
        assert_eq!(pace.permit(at(61)), Permit::Halted);
        assert_eq!(pace.probe(at(119)), Probe::NotBefore(at(120)));

        pace.probed(&Ok::<_, ()>(()), at(120));
        assert_eq!(pace.probe(at(120)), Probe::NotHalted);
        assert_eq!(pace.permit(at(120)), Permit::Go);
    }

    #[test]
    fn a_channel_that_resumes_only_to_be_halted_again_is_probed_less_often() {
        let mut pace = pace();
        let mut now = at(0);
        let mut waits = Vec::new();
        for _ in 0..8 {
            pace.after(&Attempt::Halted { error: error() }, now, &Half);
            let Probe::NotBefore(then) = pace.probe(now) else { panic!("no probe is planned") };
            waits.push(then.since(now).as_secs());
            now = then;
            pace.probed(&Ok::<_, ()>(()), now);
        }
        assert_eq!(waits, [60, 120, 240, 480, 960, 1920, 3600, 3600]);
        pace.after(&accepted(), now, &Half);
        pace.after(&Attempt::Halted { error: error() }, now, &Half);
        assert_eq!(pace.probe(now), Probe::NotBefore(now + Duration::from_secs(60)));
    }
}
