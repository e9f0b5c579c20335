//! Several orders in one message, answered in one.

use santun_plugin::prelude::*;

use super::{Desk, called, with_facts};
use crate::asked::Asked;
use crate::order::Order;
use crate::texts::{self, Owner};

/// So many are looked up for one message: each may be a request to the order service, and a call has four of them
/// unless the operator sets `http_requests`.
const MOST: usize = 4;
/// The longest text that WhatsApp shows above buttons, in UTF-16 units.
const LONGEST: usize = 1_024;

/// What was found for one of them.
enum Found {
    Order(Asked, Box<Order>, Owner),
    SomebodyElses(Asked),
    Nothing(Asked),
}

impl Desk<'_> {
    pub(super) fn several(&mut self, asked: &[Asked]) -> Result<Verdict, Error> {
        let first = &asked[..asked.len().min(MOST)];
        self.source.share_patience(first.len());
        let mut all: Vec<Found> = Vec::with_capacity(first.len());
        for one in first {
            if all.iter().any(|known| known.is_of(one)) {
                continue;
            }
            match self.look_up(one) {
                Ok(Some(order)) => match self.owner(&order) {
                    Some(owner) => all.push(Found::Order(called(&order, owner, one), Box::new(order), owner)),
                    None => all.push(Found::SomebodyElses(one.clone())),
                },
                Ok(None) => all.push(Found::Nothing(one.clone())),
                Err(down) => return self.down(&down, None),
            }
        }
        match &all[..] {
            // A number and the waybill of its parcel.
            [Found::Order(asked, order, _)] => return self.found(order, asked),
            _ if all.iter().all(|one| matches!(one, Found::Nothing(_))) => {
                self.talk.missed += 1;
                self.talk.asked = self.talk.asked.max(1);
            }
            _ => self.talk.settle(),
        }
        if self.talk.missed > 2 {
            let numbers: Vec<&str> = first.iter().map(Asked::written).collect();
            self.talk.settle();
            let summary = format!("Nomor pesanan tidak ditemukan, terakhir {}.", numbers.join(", "));
            return Ok(Verdict::handover(
                self.call(Reason::NoProgress, &summary),
                "the third time that no order is found",
            ));
        }
        if let Some(verdict) = self.hand_over_latest(&all) {
            return Ok(verdict);
        }
        self.answer(&all, first.len() < asked.len())
    }

    /// A human, if one of them is very late; the summary names the others.
    fn hand_over_latest(&mut self, all: &[Found]) -> Option<Verdict> {
        let orders = || all.iter().filter_map(Found::order);
        let late = orders().filter(|order| self.calls_for_a_human(order, order.days_late(self.today)));
        let latest = late.max_by_key(|order| order.days_late(self.today))?;
        let others = orders().filter(|order| order.number != latest.number);
        let others: Vec<String> = others.map(|order| format!("{} ({})", order.number, order.status.as_str())).collect();
        let verdict = self.hand_over_late(latest, latest.days_late(self.today));
        Some(if others.is_empty() { verdict } else { verdict.fact("asked-too", others.join(", ")) })
    }

    fn answer(&self, all: &[Found], more: bool) -> Result<Verdict, Error> {
        let rest = if more { format!("\n\n{}", texts::the_rest(self.context)) } else { String::new() };
        let whole: Vec<String> = all.iter().map(|one| self.told(one)).collect();
        let mut body = whole.join("\n\n") + &rest;
        if body.encode_utf16().count() > LONGEST {
            let short: Vec<String> = all.iter().map(|one| self.told_shortly(one)).collect();
            body = short.join("\n\n") + &rest;
        }
        let calm = |one: &Found| {
            one.order().is_some_and(|order| order.days_late(self.today) == 0 && !order.status.is_uneasy())
        };
        let message: Outgoing = match all.iter().all(calm) {
            true => body.into(),
            false => Buttons::new(body, [Button::human(texts::human(self.context))])?.into(),
        };
        let orders: Vec<&Order> = all.iter().filter_map(Found::order).collect();
        let outcome =
            if all.iter().all(|one| matches!(one, Found::Nothing(_))) { Outcome::Question } else { Outcome::Answer };
        let why = format!("asked for {}, found {}", all.len(), orders.len());
        let verdict = Verdict::reply(Reply::new(outcome, [message]), why);
        let late = orders.iter().any(|order| order.days_late(self.today) > 0);
        let verdict = if late { verdict.label("late") } else { verdict };
        Ok(match &orders[..] {
            [] => verdict,
            [order] => with_facts(verdict, order, order.days_late(self.today)),
            _ => {
                let numbers: Vec<&str> = orders.iter().map(|order| &*order.number).collect();
                verdict.fact("order-number", numbers.join(", "))
            }
        })
    }

    fn told(&self, one: &Found) -> String {
        match one {
            Found::Order(asked, order, owner) => texts::state(self.context, order, asked, *owner, self.today),
            Found::SomebodyElses(asked) => texts::somebody_elses(self.context, asked),
            Found::Nothing(asked) => texts::not_there(self.context, asked.written()),
        }
    }

    fn told_shortly(&self, one: &Found) -> String {
        match one {
            Found::Order(asked, order, _) => {
                format!("{}: {}.", asked.written(), texts::short_state(self.context, order, self.today))
            }
            other => self.told(other),
        }
    }
}

impl Found {
    fn order(&self) -> Option<&Order> {
        match self {
            Self::Order(_, order, _) => Some(order),
            Self::SomebodyElses(_) | Self::Nothing(_) => None,
        }
    }

    /// Whether this is the answer to what is asked, too: an order by its waybill.
    fn is_of(&self, asked: &Asked) -> bool {
        let known = |order: &Order| match asked {
            Asked::Number(number) => order.number == *number,
            Asked::Waybill(waybill) => {
                order.waybill.as_deref().is_some_and(|known| crate::numbers::key(known) == waybill.number)
            }
        };
        self.order().is_some_and(known)
    }
}
