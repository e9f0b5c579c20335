//! The decision: from what was written to what is said.

mod insistence;
mod several;

use santun_plugin::Level;
use santun_plugin::calendar::Day;
use santun_plugin::prelude::*;

use crate::asked::Asked;
use crate::couriers::Waybill;
use crate::intent::{Intent, intent};
use crate::numbers::{BareDigits, Pattern, phone_key};
use crate::order::{Order, Status};
use crate::source::{Down, Source};
use crate::talk::Talk;
use crate::texts::{self, Owner};

/// Ids of this plugin's options begin so.
const SHOW: &str = "order-tracking:show:";
const MISSING: &str = "order-tracking:missing:";
/// Digits alone are a number only in a message of at most so many words.
const FEW_WORDS: usize = 4;

/// Why a message is passed on.
const ANOTHER_MATTER: &str = "something about an order that is not its whereabouts";
const NO_QUESTION: &str = "no question for an order";

/// One call.
struct Desk<'a> {
    context: &'a Context,
    source: Source<'a>,
    host: &'a dyn Host,
    today: Day,
    talk: Talk,
}

pub(crate) fn decide(event: &Event, context: &Context, host: &dyn Host) -> Result<Verdict, Error> {
    if event.messages().is_empty() {
        return Ok(Verdict::pass("the customer has written nothing"));
    }
    let text = event.text();
    let intent = intent(&text);
    if event.choice().is_none() {
        // Most messages of a chain are about something else: they need neither the orders nor what was said of them.
        if intent == Intent::Other && !is_short(&text) {
            return Ok(Verdict::pass(ANOTHER_MATTER));
        }
        if intent == Intent::None && !Asked::may_be_in(&text) && !insistence::insists(&text) {
            return Ok(Verdict::pass(NO_QUESTION));
        }
    }
    let source = Source::open(host)?;
    let today = Day::of(context.now, source.kept.minutes_ahead);
    let mut desk = Desk { context, source, host, today, talk: Talk::recall(host, context.now) };
    let verdict = desk.decide(event, &text, intent)?;
    if verdict.kind() != "pass" {
        desk.talk.remember(host, context.now)?;
    }
    Ok(verdict)
}

fn is_short(text: &str) -> bool {
    text.split_whitespace().nth(FEW_WORDS).is_none()
}

impl Desk<'_> {
    fn decide(&mut self, event: &Event, text: &str, intent: Intent) -> Result<Verdict, Error> {
        if let Some(choice) = event.choice() {
            if let Some(id) = choice.id.strip_prefix(SHOW) {
                return self.one(&Asked::of_id(id));
            }
            if let Some(id) = choice.id.strip_prefix(MISSING) {
                return self.not_received(&Asked::of_id(id));
            }
        }
        // After a number that was not found, "eh salah, TC-10236" names another, not something wrong with an order.
        let short = is_short(text);
        if intent == Intent::Other && !(short && self.talk.unfound.is_some()) {
            return Ok(Verdict::pass(ANOTHER_MATTER));
        }
        let pattern = Pattern::parse(&self.source.kept.pattern)?;
        let awaited = intent == Intent::Track || self.talk.awaits_number() || short;
        let bare = if awaited { BareDigits::Taken } else { BareDigits::Refused };
        let asked = Asked::all(text, &pattern, bare);
        match &asked[..] {
            [] => {}
            [one] => return self.one(one),
            several => return self.several(several),
        }
        if let Some(asked) = self.insisted_on(text) {
            return self.look_again(&asked);
        }
        if intent != Intent::Track {
            return Ok(Verdict::pass(NO_QUESTION));
        }
        match &self.context.contact.phone {
            Some(phone) => self.by_phone(phone, &pattern),
            None => self.ask_number(&pattern),
        }
    }

    /// An order that the customer named.
    fn one(&mut self, asked: &Asked) -> Result<Verdict, Error> {
        match self.look_up(asked) {
            Ok(Some(order)) => self.found(&order, asked),
            Ok(None) => self.not_there(asked),
            Err(down) => self.down(&down, Some(asked)),
        }
    }

    fn look_up(&self, asked: &Asked) -> Result<Option<Order>, Down> {
        match asked {
            Asked::Number(number) => self.source.by_number(number),
            Asked::Waybill(waybill) => self.source.by_waybill(&waybill.number),
        }
    }

    fn not_there(&mut self, asked: &Asked) -> Result<Verdict, Error> {
        match asked {
            Asked::Number(number) => self.not_found(number),
            Asked::Waybill(waybill) => self.waybill_of_nobody(waybill),
        }
    }

    fn waybill_of_nobody(&mut self, waybill: &Waybill) -> Result<Verdict, Error> {
        self.talk.asked += 1;
        self.talk.unfound = Some(Asked::Waybill(waybill.clone()).id());
        let body = texts::waybill_not_found(self.context, &waybill.number, waybill.courier);
        let message = Buttons::new(body, [Button::human(texts::human(self.context))])?;
        let why = format!("a waybill of {} that no order carries", waybill.courier);
        let verdict = Verdict::reply(Reply::question(message), why);
        Ok(verdict.fact("waybill", &waybill.number).fact("courier", waybill.courier))
    }

    fn by_phone(&mut self, phone: &str, pattern: &Pattern) -> Result<Verdict, Error> {
        let orders = match self.source.by_phone(phone) {
            Ok(orders) => orders,
            Err(down) => return self.down(&down, None),
        };
        let mut open = orders.iter().filter(|order| !order.status.is_final());
        match (open.next(), open.next(), &orders[..]) {
            (_, _, []) => self.ask_number(pattern),
            (Some(only), None, _) | (None, None, [only]) => self.found(only, &Asked::Number(only.number.clone())),
            _ => self.choose(&orders),
        }
    }

    fn choose(&mut self, orders: &[Order]) -> Result<Verdict, Error> {
        let mut rows = Vec::new();
        // Nine orders and a human fill a list.
        for order in orders.iter().take(9) {
            let row = Row::new(format!("{SHOW}{}", order.number), RowTitle::shortened(order.number.clone())?)?;
            let state = texts::short_state(self.context, order, self.today);
            rows.push(row.description(RowDescription::shortened(state)?));
        }
        rows.push(Row::human(RowTitle::new(String::from(texts::human(self.context)))?));
        self.talk.asked = 1;
        let message = List::new(texts::several(self.context), texts::opener(self.context), rows)?;
        Ok(Verdict::reply(Reply::question(message), format!("{} orders of this phone number", orders.len())))
    }

    fn ask_number(&mut self, pattern: &Pattern) -> Result<Verdict, Error> {
        let asked = self.talk.asked;
        self.talk.asked += 1;
        if asked >= 2 {
            self.talk.settle();
            let call = self.call(Reason::NoProgress, "Menanyakan pesanan, tapi tidak punya nomornya.");
            return Ok(Verdict::handover(call, "asked twice for a number, and none came"));
        }
        let text = texts::ask_number(self.context, &pattern.example(), asked);
        let message: Outgoing = match asked {
            0 => text.into(),
            _ => Buttons::new(text, [Button::human(texts::human(self.context))])?.into(),
        };
        Ok(Verdict::reply(Reply::question(message), "asks for an order, and no number is known"))
    }

    fn not_found(&mut self, number: &str) -> Result<Verdict, Error> {
        let missed = self.talk.missed;
        self.talk.missed += 1;
        self.talk.asked = self.talk.asked.max(1);
        self.talk.unfound = Some(Asked::Number(number.to_owned()).id());
        if missed >= 2 {
            self.talk.settle();
            let call = self.call(Reason::NoProgress, &format!("Nomor pesanan tidak ditemukan, terakhir {number}."));
            return Ok(Verdict::handover(call, "the third number that no order has"));
        }
        let body = texts::not_found(self.context, number, missed);
        let message = Buttons::new(body, [Button::human(texts::human(self.context))])?;
        Ok(Verdict::reply(Reply::question(message), "no order has this number").fact("order-number", number))
    }

    fn down(&mut self, down: &Down, asked: Option<&Asked>) -> Result<Verdict, Error> {
        self.host.log(Level::Warn, &format!("the order service gave no answer: {}", down.code));
        self.talk.down += 1;
        let why = format!("the order service gave no answer ({})", down.code);
        if self.talk.down >= 3 {
            self.talk.settle();
            let what = asked.map(|asked| format!(" Menunggu kabar {}.", asked.written())).unwrap_or_default();
            let call = self.call(Reason::Other, &format!("Sistem pesanan tidak menjawab tiga kali.{what}"));
            return Ok(Verdict::handover(call, why));
        }
        let body = texts::down(self.context, asked.map(Asked::written));
        let human = Button::human(texts::human(self.context));
        let message = match asked {
            Some(asked) => {
                Buttons::new(body, [Button::new(format!("{SHOW}{}", asked.id()), texts::again(self.context))?, human])?
            }
            None => Buttons::new(body, [human])?,
        };
        Ok(Verdict::reply(Reply::answer(message), why).label("order-service-down"))
    }

    fn found(&mut self, order: &Order, asked: &Asked) -> Result<Verdict, Error> {
        self.talk.settle();
        let Some(owner) = self.owner(order) else {
            let body = texts::somebody_elses(self.context, asked);
            let message = Buttons::new(body, [Button::human(texts::human(self.context))])?;
            return Ok(Verdict::reply(Reply::answer(message), "the order belongs to another phone number"));
        };
        let late = order.days_late(self.today);
        if self.calls_for_a_human(order, late) {
            return Ok(self.hand_over_late(order, late));
        }
        let asked = called(order, owner, asked);
        let body = texts::state(self.context, order, &asked, owner, self.today);
        let verdict = Verdict::reply(Reply::answer(self.with_ways_on(order, &asked, late, body)?), why(order, late));
        Ok(with_facts(if late > 0 { verdict.label("late") } else { verdict }, order, late))
    }

    /// Whether it is so late that a human must look into it, and none does yet.
    fn calls_for_a_human(&self, order: &Order, late: u32) -> bool {
        let known = self.talk.handed_over.as_deref() == Some(&order.number);
        late >= u32::from(self.source.kept.very_late_days) && !known
    }

    /// The answer, with buttons where the customer may want more than to read it.
    fn with_ways_on(&self, order: &Order, asked: &Asked, late: u32, body: String) -> Result<Outgoing, Error> {
        let human = Button::human(texts::human(self.context));
        if order.status == Status::Delivered {
            let missing = Button::new(format!("{MISSING}{}", asked.id()), texts::missing(self.context))?;
            return Ok(Buttons::new(body, [missing, human])?.into());
        }
        if late > 0 || order.status.is_uneasy() {
            return Ok(Buttons::new(body, [human])?.into());
        }
        Ok(body.into())
    }

    /// Whose order it is; nothing if it is known to be somebody else's.
    fn owner(&self, order: &Order) -> Option<Owner> {
        let theirs = self.context.contact.phone.as_deref().and_then(phone_key);
        match (theirs, order.phone.as_deref().and_then(phone_key)) {
            (Some(theirs), Some(known)) if theirs == known => Some(Owner::Same),
            (Some(_), Some(_)) => None,
            _ => Some(Owner::Unknown),
        }
    }

    fn hand_over_late(&mut self, order: &Order, late: u32) -> Verdict {
        self.talk.handed_over = Some(order.number.clone());
        let courier = order.courier.as_deref().unwrap_or("kurir belum tercatat");
        let waybill = order.waybill.as_deref().unwrap_or("tanpa resi");
        let summary = format!(
            "Pesanan {} terlambat {late} hari ({courier}, {waybill}). Pelanggan menanyakan; belum ada penjelasan.",
            order.number
        );
        let call = self.call(Reason::Complaint, &summary).priority(Priority::High);
        let verdict = Verdict::handover(call, format!("{} days late: a human must look into it", late));
        with_facts(verdict.label("late").label("complaint"), order, late)
    }

    /// The customer says that a delivered order is not there.
    fn not_received(&mut self, asked: &Asked) -> Result<Verdict, Error> {
        let order = match self.look_up(asked) {
            Ok(Some(order)) => order,
            Ok(None) => return self.not_there(asked),
            Err(down) => return self.down(&down, Some(asked)),
        };
        if self.owner(&order).is_none() {
            return self.found(&order, asked);
        }
        self.talk.settle();
        self.talk.handed_over = Some(order.number.clone());
        let when = order.delivered.map(|day| format!(" {}", day.words(false))).unwrap_or_default();
        let summary = format!("Pesanan {} tercatat diterima{when}, tapi pelanggan belum menerimanya.", order.number);
        let call = self.call(Reason::Complaint, &summary).priority(Priority::High);
        let verdict = Verdict::handover(call, "recorded as delivered, and the customer does not have it");
        Ok(with_facts(verdict.label("complaint"), &order, 0))
    }

    fn call(&self, reason: Reason, summary: &str) -> Handover {
        let call = Handover::new(reason, summary);
        match &self.source.kept.division {
            Some(division) => call.division(division.clone()),
            None => call,
        }
    }
}

/// How an order is called: by its number where that is the customer's own or was written by them.
fn called(order: &Order, owner: Owner, asked: &Asked) -> Asked {
    match owner {
        Owner::Same => Asked::Number(order.number.clone()),
        Owner::Unknown => asked.clone(),
    }
}

fn why(order: &Order, late: u32) -> String {
    match late {
        0 => format!("found the order: {}", order.status.as_str()),
        days => format!("found the order: {}, {days} days late", order.status.as_str()),
    }
}

/// What the agent sees beside the conversation.
fn with_facts(verdict: Verdict, order: &Order, late: u32) -> Verdict {
    let mut verdict = verdict.fact("order-number", &order.number).fact("order-state", order.status.as_str());
    let told = [
        ("courier", order.courier.clone()),
        ("waybill", order.waybill.clone()),
        ("items", order.items.clone()),
        ("ordered", order.ordered.map(|day| day.to_string())),
        ("promised", order.promised.map(|day| day.to_string())),
        ("last-place", order.last_place.clone()),
    ];
    for (name, value) in told {
        if let Some(value) = value {
            verdict = verdict.fact(name, value);
        }
    }
    if late > 0 { verdict.fact("days-late", late.to_string()) } else { verdict }
}
