//! How fast channels and contacts may be sent to, and channels that cannot send at all.

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use santun_core::delivery::{Attempt, Wait};
use santun_core::ids::{ChannelId, ContactId};
use santun_core::time::Timestamp;
use santun_core::world::World;
use santun_whatsapp::pacing::{ChannelPace, ContactPace, Permit, Probe, full_jitter};

use crate::host::Host;

/// Contacts whose pace is remembered before those at rest are looked for and forgotten.
const CONTACTS: usize = 10_000;

/// The pace of a number that `bot.toml` says nothing else of: WhatsApp's own default.
const DEFAULT_PACE: NonZeroU32 = NonZeroU32::new(80).unwrap();

/// The paces of this process.
#[derive(Default)]
pub struct Paces {
    channels: Mutex<HashMap<ChannelId, ChannelPace>>,
    contacts: Mutex<Contacts>,
}

struct Contacts {
    known: HashMap<ContactId, ContactPace>,
    /// How many there are when those at rest are looked for next. Twice what was left the last time, so
    /// that a crowd of whom nobody rests is not looked through again for each of its messages.
    forget_at: usize,
}

impl Default for Contacts {
    fn default() -> Self {
        Self { known: HashMap::new(), forget_at: CONTACTS }
    }
}

impl Contacts {
    fn pace(&mut self, contact: ContactId, now: Timestamp) -> &mut ContactPace {
        if self.known.len() >= self.forget_at {
            self.known.retain(|_, pace| !pace.is_idle(now));
            self.forget_at = CONTACTS.max(self.known.len() * 2);
        }
        self.known.entry(contact).or_default()
    }
}

impl Paces {
    /// Takes over what `bot.toml` says of channels. A channel whose pace is the same keeps its state.
    pub fn set(&self, channels: &[santun_core::bot::Channel]) {
        let mut paces = self.channels.lock();
        paces.retain(|id, _| {
            let named = channels.iter().any(|channel| channel.id == *id);
            if !named {
                metrics::gauge!("santun_channel_halted", "channel" => id.to_string()).set(0.0);
            }
            named
        });
        for channel in channels {
            let pace = NonZeroU32::new(channel.messages_per_second).unwrap_or(DEFAULT_PACE);
            let channel_pace = paces.entry(channel.id.clone()).or_insert_with(|| ChannelPace::new(pace));
            channel_pace.set_throughput(pace);
            let halted = if channel_pace.halted().is_some() { 1.0 } else { 0.0 };
            metrics::gauge!("santun_channel_halted", "channel" => channel.id.to_string()).set(halted);
        }
    }

    /// Whether a message to this contact may be sent now; if so, it counts.
    pub fn permit(&self, channel: &ChannelId, contact: ContactId, now: Timestamp) -> Permit {
        // The channel first: if the contact is to wait, a place among many a second is lost, and not one
        // of the few that a contact has in a minute.
        match self.channels.lock().entry(channel.clone()).or_insert_with(|| ChannelPace::new(DEFAULT_PACE)).permit(now)
        {
            Permit::Go => {}
            wait => return wait,
        }
        self.contacts.lock().pace(contact, now).permit(now)
    }

    /// Learns from what an attempt came to.
    pub fn after(&self, channel: &ChannelId, contact: ContactId, attempt: &Attempt, now: Timestamp, world: &dyn World) {
        match attempt {
            Attempt::Again { wait: Wait::Contact, .. } => self.contacts.lock().pace(contact, now).refused(now),
            Attempt::Accepted { .. } => self.contacts.lock().pace(contact, now).accepted(),
            _ => {}
        }
        self.of_channel(channel, attempt, now, world);
    }

    /// Learns what concerns the whole channel, whoever the message was for.
    pub fn of_channel(&self, channel: &ChannelId, attempt: &Attempt, now: Timestamp, world: &dyn World) {
        let mut channels = self.channels.lock();
        if let Some(pace) = channels.get_mut(channel) {
            pace.after(attempt, now, world);
            let halted = if pace.halted().is_some() { 1.0 } else { 0.0 };
            metrics::gauge!("santun_channel_halted", "channel" => channel.to_string()).set(halted);
        }
    }

    /// How long a message waits after an attempt that certainly did not send it.
    pub fn back_off(wait: Wait, attempts: u32, world: &dyn World) -> Duration {
        match wait {
            Wait::Channel | Wait::Unreachable => full_jitter(attempts, world).max(Duration::from_millis(100)),
            // Meta's own advice for the pair limit: 4^n seconds.
            Wait::Contact => Duration::from_secs(4_u64.saturating_pow(attempts.min(6))),
        }
    }

    /// Channels that cannot send, and why.
    pub fn halted(&self) -> Vec<(ChannelId, String)> {
        let channels = self.channels.lock();
        let halted = channels.iter().filter_map(|(id, pace)| Some((id, pace.halted()?)));
        halted.map(|(id, error)| (id.clone(), format!("{} (code {})", error.title, error.code))).collect()
    }

    fn to_probe(&self, now: Timestamp) -> Vec<ChannelId> {
        let channels = self.channels.lock();
        channels.iter().filter(|(_, pace)| pace.probe(now) == Probe::Due).map(|(id, _)| id.clone()).collect()
    }
}

/// Asks the Graph, now and then, whether halted channels work again. Runs until the host stops.
pub async fn probe_halted(host: Arc<Host>) {
    while !host.draining() {
        for channel in host.paces.to_probe(host.world.now()) {
            let Some(live) = host.live() else { break };
            let answer = host.graph.phone_number(&host.token(&live, &channel), &channel).await;
            let works = answer.is_ok();
            if let Some(pace) = host.paces.channels.lock().get_mut(&channel) {
                pace.probed(&answer, host.world.now());
            }
            if works {
                tracing::info!(%channel, "the channel works again");
                metrics::gauge!("santun_channel_halted", "channel" => channel.to_string()).set(0.0);
                host.lanes.wake_waiting();
            }
        }
        tokio::select! {
            () = tokio::time::sleep(Duration::from_secs(1)) => {}
            () = host.drain_begins() => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use santun_core::delivery::GraphError;
    use santun_core::identity::Wamid;

    use super::*;
    use crate::world::SystemWorld;

    #[test]
    fn a_crowd_is_looked_through_seldom_and_forgotten_at_rest() {
        let mut contacts = Contacts::default();
        let now = SystemWorld.now();
        for _ in 0..=CONTACTS {
            assert_eq!(contacts.pace(ContactId::new(&SystemWorld), now).permit(now), Permit::Go);
        }
        assert_eq!(contacts.known.len(), CONTACTS + 1, "nobody rests yet");
        assert_eq!(contacts.forget_at, 2 * CONTACTS);
        let later = now.plus_minutes(10);
        for _ in 0..CONTACTS {
            let _ = contacts.pace(ContactId::new(&SystemWorld), later).permit(later);
        }
        assert!(contacts.known.len() < 2 * CONTACTS, "those at rest are forgotten");
    }

    #[test]
    fn a_contact_who_got_a_message_waits_no_longer_after_the_next_refusal_than_after_the_first() {
        let (paces, channel, contact) = (Paces::default(), ChannelId::from("1"), ContactId::new(&SystemWorld));
        let mut now = SystemWorld.now();
        let error = GraphError { code: 131_056, title: "Pair rate limit hit".to_owned(), details: None };
        let refused = Attempt::Again { wait: Wait::Contact, error };
        let accepted = Attempt::Accepted { wamid: Wamid::new("wamid.A") };
        for _ in 0..4 {
            paces.after(&channel, contact, &refused, now, &SystemWorld);
            let again = now + Duration::from_secs(1);
            assert_eq!(paces.permit(&channel, contact, now), Permit::WaitUntil(again));
            assert_eq!(paces.permit(&channel, contact, again), Permit::Go);
            paces.after(&channel, contact, &accepted, again, &SystemWorld);
            now = again;
        }
    }
}
