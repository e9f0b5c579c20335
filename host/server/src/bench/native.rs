//! The same logic without a sandbox: plugins called as plain Rust, on the SDK's host for tests.

use std::time::{Duration, Instant};

use santun_plugin::prelude::*;

use super::Failure;
use super::question::{MESSAGES, SAID, TEXT, TURNS};
use super::samples::Samples;

/// A plugin with its host, ready to be asked.
pub(super) struct Native {
    host: TestHost,
    event: Event,
    context: Context,
    handle: fn(&Event, &Context, &dyn Host) -> Result<Verdict, Error>,
}

impl Native {
    pub(super) fn new<P: Plugin>(config: &serde_json::Value, text: &str) -> Result<Self, Failure> {
        let turns = [("customer", SAID); TURNS];
        let host = TestHost::new()
            .configure::<P>(&config.to_string())
            .map_err(|error| error.sentence().to_owned())?
            .with_history(&turns)
            .change(|context| context.counters.customer_messages = MESSAGES);
        let event = Event::Messages(vec![host.message(Content::Text(text.to_owned()))]);
        let context = host.context();
        Ok(Self { host, event, context, handle: P::handle })
    }

    /// Asks once: the verdict's kind.
    pub(super) fn ask(&self) -> Result<&'static str, Failure> {
        let verdict = (self.handle)(&self.event, &self.context, &self.host);
        let verdict = verdict.map_err(|error| error.sentence().to_owned())?;
        Ok(verdict.kind())
    }
}

/// The four plugins that ship, in their order.
pub(super) fn four(text: &str) -> Result<[Native; 4], Failure> {
    use super::shop::{escalation, faq, menu, order_tracking};
    Ok([
        Native::new::<santun_plugin_escalation::Escalation>(&escalation(), text)?,
        Native::new::<santun_plugin_order_tracking::OrderTracking>(&order_tracking(), text)?,
        Native::new::<santun_plugin_faq::Faq>(&faq(), text)?,
        Native::new::<santun_plugin_menu::Menu>(&menu(), text)?,
    ])
}

/// The plugin that does little.
pub(super) fn little() -> Result<Native, Failure> {
    Native::new::<santun_plugin_measured::Measured>(&serde_json::json!({}), TEXT)
}

/// Times of asking all of them one after the other.
pub(super) fn times(asked: &[Native], rounds: usize) -> Result<Samples, Failure> {
    let mut times: Vec<Duration> = Vec::with_capacity(rounds);
    for round in 0..rounds + rounds / 10 {
        let begun = Instant::now();
        for native in asked {
            std::hint::black_box(native.ask()?);
        }
        // The first tenth warms caches and branch predictors.
        if round >= rounds / 10 {
            times.push(begun.elapsed());
        }
    }
    Ok(Samples::of(times))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::end_to_end::TEXTS;

    fn kinds(text: &str) -> Vec<&'static str> {
        four(text).unwrap().iter().map(|native| native.ask().unwrap()).collect()
    }

    #[test]
    fn what_the_chain_is_measured_with_is_answered_by_its_last_plugin() {
        assert_eq!(kinds(TEXT), ["pass", "pass", "pass", "reply"]);
    }

    #[test]
    fn what_the_whole_way_is_measured_with_is_answered_by_the_last_plugin() {
        for text in TEXTS {
            assert_eq!(kinds(text), ["pass", "pass", "pass", "reply"], "{text}");
        }
    }

    #[test]
    fn the_plugin_that_does_little_answers() {
        assert_eq!(little().unwrap().ask().unwrap(), "reply");
    }
}
