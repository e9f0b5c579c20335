//! What happens to a host, one thing after the other, as chance has it.

use std::sync::Arc;
use std::time::Duration;

use santun::host::Host;
use santun::lanes::Work;
use santun_core::draft::{Author, Draft, Initiative, Voice};
use santun_core::effects::Effects;
use santun_core::facts::Facts;
use santun_core::flow::Action;
use santun_core::gate;
use santun_core::ids::{ConversationId, DivisionName, Purpose, StepId, TurnId};
use santun_core::outgoing::Outgoing;
use santun_core::texts::TextKey;
use santun_core::trace::Trace;
use santun_core::world::World as _;
use santun_store::{CommitError, ConversationFilter};
use serde_json::json;
use tokio::sync::oneshot;
use tokio::time::sleep;

use crate::customers::PROMO;
use crate::forgetting;
use crate::life::{Plan, leap};
use crate::meta::Mood;
use crate::simulation::Sim;

/// What follows for the life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Then {
    GoOn,
    Stop,
}

#[derive(Clone, Copy)]
enum Deed {
    Write,
    Wait,
    WaitLong,
    Agent,
    Phone,
    Preference,
    Forget,
    Business,
    Weather,
    Clock,
    SlowDisk,
    BrokenDisk,
    Death,
    Stop,
}

/// What customers write. `{}` is the message's own tag.
const WORDS: [(u64, &str); 16] = [
    (30, "pesan {}"),
    (5, "pesan {} #riwayat"),
    (5, "pesan {} #hitung"),
    (3, "pesan {} #dua"),
    (3, "pesan {} #gagal"),
    (1, "pesan {} #jebak"),
    (3, "pesan {} #lewat"),
    (2, "pesan {} #serah"),
    (4, "stop"),
    (3, "mulai"),
    (4, "mau bicara dengan manusia"),
    (3, "kamu bot ya?"),
    (1, "data saya apa saja?"),
    (1, "hapus data saya"),
    (3, "lanjut"),
    (2, "halo"),
];

/// One thing happens.
pub(crate) async fn one(sim: &Arc<Sim>, plan: &mut Plan, host: &Arc<Host>) -> Then {
    let deed = sim.plan.weighed(&[
        (30, Deed::Write),
        (25, Deed::Wait),
        (4, Deed::WaitLong),
        (10, Deed::Agent),
        (1, Deed::Phone),
        (1, Deed::Preference),
        (1, Deed::Forget),
        (4, Deed::Business),
        (6, Deed::Weather),
        (2, Deed::Clock),
        (2, Deed::SlowDisk),
        (1, Deed::BrokenDisk),
        (3, Deed::Death),
        (1, Deed::Stop),
    ]);
    match deed {
        Deed::Write => write(sim, plan),
        Deed::Wait => {
            let (low, high) = sim.plan.pick(&[(1, 30), (1, 300), (300, 2_500)]);
            sleep(Duration::from_millis(sim.plan.between(low, high))).await;
        }
        Deed::WaitLong => {
            let seconds = sim.plan.weighed(&[(4, 15), (3, 70), (2, 400), (1, 4_000), (1, 90_000)]);
            plan.count("leaps");
            leap(sim, Duration::from_secs(seconds)).await;
        }
        Deed::Agent => agent(sim, plan, host).await,
        Deed::Phone => on_the_phone(sim, plan),
        Deed::Preference => preference(sim, plan),
        Deed::Forget => forgetting::one(sim, plan, host).await,
        Deed::Business => business(sim, plan, host).await,
        Deed::Weather => {
            let mood = sim.plan.weighed(&[(3, Mood::Calm), (4, Mood::Stormy), (1, Mood::Away), (1, Mood::Halted)]);
            sim.log.line(sim.world.truth(), format!("the Graph is {mood:?}"));
            sim.meta.is(mood);
        }
        Deed::Clock => {
            let by = sim.plan.pick(&[0, 0, -1_000, 1_000, -90_000, 90_000, -7_200_000, 7_200_000, 90_000_000]);
            sim.log.line(sim.world.truth(), format!("the host's clock is wrong by {by}"));
            sim.world.set_wrong_by(by);
        }
        Deed::SlowDisk => sim.disk.slow_down(sim.plan.pick(&[0, 2, 5, 20])),
        Deed::BrokenDisk => {
            plan.count("disk failures");
            sim.log.line(sim.world.truth(), "the disk fails");
            sim.disk.fail(sim.plan.between(1, 30));
        }
        Deed::Death => sim.disk.die_in(sim.plan.between(0, 120)),
        Deed::Stop => return Then::Stop,
    }
    Then::GoOn
}

fn number(customer: u64) -> String {
    format!("62812000{customer:04}")
}

fn write(sim: &Sim, plan: &mut Plan) {
    let customer = sim.plan.between(0, plan.customers);
    let who = number(customer);
    for _ in 0..sim.plan.weighed(&[(6, 1), (2, 2), (1, 3)]) {
        let written = &mut plan.written[usize::try_from(customer).unwrap()];
        *written += 1;
        let tag = format!("k{customer}m{written}");
        let text = sim.plan.weighed(&WORDS).replace("{}", &tag);
        let now = sim.world.truth();
        let wamid = format!("wamid.IN-{tag}");
        if matches!(text.as_str(), "mulai" | "stop") {
            sim.meta.customers.lets_start(&who, text == "mulai");
        }
        sim.meta.customers.writes(&who, &wamid, &text, now);
        sim.log.line(now, format!("{who} writes {wamid}: {text:?}"));
        plan.count("messages");
        let update = json!({"from": who, "id": wamid, "timestamp": (now / 1000).to_string(), "type": "text",
            "text": {"body": text}});
        let late =
            sim.plan.weighed(&[(12, (0, 40)), (3, (40, 3_000)), (1, (3_000, 200_000)), (1, (4_000_000, 5_000_000))]);
        sim.meta.post.send("messages", update, now + i64::try_from(sim.plan.between(late.0, late.1)).unwrap());
    }
}

/// A human of the business answers from the WhatsApp app.
fn on_the_phone(sim: &Sim, plan: &mut Plan) {
    let (who, now) = (number(sim.plan.between(0, plan.customers)), sim.world.truth());
    plan.replies += 1;
    let id = format!("wamid.APP{}", plan.replies);
    sim.log.line(now, format!("the phone app writes to {who}: {id}"));
    let update = json!({"from": "628111000", "to": who, "id": id, "timestamp": (now / 1000).to_string(),
        "type": "text", "text": {"body": "dari ponsel"}});
    sim.meta.post.send("message_echoes", update, now + 20);
}

fn preference(sim: &Sim, plan: &Plan) {
    let (who, now) = (number(sim.plan.between(0, plan.customers)), sim.world.truth());
    let value = sim.plan.pick(&["stop", "resume"]);
    sim.meta.customers.lets_start(&who, value == "resume");
    let update = json!({"wa_id": who, "detail": "User requested", "category": "marketing_messages", "value": value,
        "timestamp": now / 1000});
    sim.log.line(now, format!("{who} sets what the business may start: {value}"));
    sim.meta.post.send("user_preferences", update, now + 20);
}

/// One of the conversations, if there are any.
async fn some_conversation(sim: &Sim, host: &Host) -> Option<ConversationId> {
    let rows = host.store.conversations(&ConversationFilter::default(), None, 50).await.ok()?;
    let mut ids: Vec<ConversationId> = rows.into_iter().map(|row| row.id).collect();
    ids.sort();
    if ids.is_empty() { None } else { Some(sim.plan.pick(&ids)) }
}

/// An agent does something, and does not wait until it is done.
async fn agent(sim: &Arc<Sim>, plan: &mut Plan, host: &Arc<Host>) {
    let actor = sim.agents[usize::try_from(sim.plan.between(0, 2)).unwrap()].clone();
    if sim.plan.one_in(6) {
        let available = if sim.plan.one_in(2) {
            host.store.user_available(actor.user).await
        } else {
            host.store.user_away(actor.user).await
        };
        sim.log.line(sim.world.truth(), format!("{} comes or goes: {available:?}", actor.name));
        return;
    }
    let Some(id) = some_conversation(sim, host).await else { return };
    plan.replies += 1;
    let text = format!("Balasan agen {}", plan.replies);
    let action = match sim.plan.weighed(&[(8, 0), (8, 1), (6, 2), (2, 3), (1, 4), (1, 5)]) {
        0 => Action::Take,
        1 => Action::Reply(Outgoing::Text { text }),
        2 => Action::HandBack(sim.plan.one_in(2).then(|| "sudah beres".to_owned())),
        3 => Action::Resolve,
        4 => Action::Note("catatan".to_owned()),
        _ => Action::Transfer(DivisionName::from("cs")),
    };
    plan.count("agents' deeds");
    let (sim, host) = (sim.clone(), host.clone());
    tokio::spawn(async move {
        let (reply, done) = oneshot::channel();
        let what = format!("{} in {id}: {action:?}", actor.name);
        host.give(id, Work::Act { actor, action: Box::new(action), reply });
        let done = done.await;
        if sim.fate.is_dead() {
            return;
        }
        let told = match &done {
            Ok(Ok(turn)) => format!("done, {turn:?}"),
            Ok(Err(error)) => format!("not done: {error}"),
            Err(_) => "nobody answers".to_owned(),
        };
        sim.log.line(sim.world.truth(), format!("{what}: {told}"));
        if let Ok(Ok(Some(turn))) = done {
            sim.meta.customers.promised(id, turn);
        }
    });
}

/// The business starts something: a step like any other, by somebody who has the latest lease.
async fn business(sim: &Arc<Sim>, plan: &mut Plan, host: &Arc<Host>) {
    let (Some(live), Some(id)) = (host.live(), some_conversation(sim, host).await) else { return };
    if !host.lanes.is_empty() {
        return;
    }
    plan.replies += 1;
    let Ok(lease) = host.store.lease(id).await else { return };
    let Ok(loaded) = host.store.load(&lease, host.first_language()).await else { return };
    let mut conversation = loaded.conversation;
    let (purpose, now) = (Purpose::from("promo"), sim.world.now());
    if conversation.consents.opted_out_at.is_none() {
        conversation.consents.granted.insert(purpose.clone(), now);
    }
    let step = StepId::new(&*sim.world);
    let (presence, stopped) = (host.presence(), host.templates.stopped());
    let facts = Facts { now, bot: &live.bot, texts: &live.texts, presence: &presence, stopped: &stopped };
    let wording = live.texts.say(TextKey::HumanWord, conversation.language, &[]).1;
    let draft = Draft {
        id: TurnId::new(&*sim.world),
        author: Author::Host { wording, voice: Voice::Always },
        initiative: Initiative::Business { purpose },
        content: Outgoing::Text { text: format!("{PROMO}{}", plan.replies) },
    };
    let look = gate::first_look(vec![draft], step, &mut conversation, &facts, &*sim.world);
    let (rulings, outbox) = (look.rulings, look.stored);
    let trace = Trace {
        step,
        at: now,
        trigger: "business".to_owned(),
        applied: None,
        heard: None,
        verdicts: Vec::new(),
        rulings,
        notes: Vec::new(),
    };
    let effects = Effects {
        step,
        conversation,
        outbox,
        trace,
        decided: Vec::new(),
        turns: Vec::new(),
        requests: Vec::new(),
        consents: Vec::new(),
        timers: Vec::new(),
        state: Vec::new(),
    };
    let refused = effects.outbox.is_empty();
    let committed = host.store.commit(&lease, effects, None).await;
    sim.log.line(
        sim.world.truth(),
        format!("the business starts {} in {id}: {committed:?}, refused: {refused}", plan.replies),
    );
    plan.count(if matches!(committed, Err(CommitError::StaleFence)) { "fenced" } else { "business messages" });
    drop(lease);
    host.give(id, Work::Wake);
}
