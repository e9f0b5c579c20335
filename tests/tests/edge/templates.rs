//! Once the customer has not written for 24 hours: an agent sends a template, or learns why not.

use reqwest::Method;
use santun_tests::lab::{Lab, Plan, bot, eventually};
use serde_json::{Value, json};

use super::turns;

/// A lab with a conversation that an agent has.
struct Desk {
    lab: Lab,
    agent: String,
    customer: String,
    conversation: String,
}

impl Desk {
    /// Rina has written, and that long ago by the host's clock.
    async fn open(bot: String, minutes_ago: i64) -> Self {
        let lab = Lab::serving(Plan { bot, ..Plan::default() }).await;
        assert_eq!(lab.santun(&["user", "add", "budi", "--name", "Budi"]).await.code, 0);
        let agent = lab.santun(&["user", "token", "budi"]).await.out.trim().to_owned();
        let customer = lab.phone.customer("Rina", "628115500001").await;
        lab.phone.writes(&customer, "halo kak.").await;
        lab.phone.hears(&customer, "halo kak.").await;
        let whole = lab.conversation("Rina").await.expect("a conversation");
        let conversation = whole["line"]["id"].as_str().expect("an id").to_owned();
        lab.set_clock(minutes_ago);
        let desk = Self { lab, agent, customer, conversation };
        assert_eq!(desk.does("take", None).await.0, 200);
        if minutes_ago == 0 {
            desk.lab.phone.hears(&desk.customer, "Budi").await;
        }
        desk
    }

    async fn does(&self, what: &str, body: Option<Value>) -> (u16, Value) {
        let path = format!("/conversations/{}/{what}", self.conversation);
        self.lab.api_as(Some(&self.agent), Method::POST, &path, body).await
    }

    async fn sends(&self, template: Value) -> (u16, Value) {
        let mut message = json!({ "kind": "template", "language": "id" });
        message.as_object_mut().expect("an object").extend(template.as_object().expect("an object").clone());
        self.does("send", Some(message)).await
    }

    /// The template is not sent, and these words say why.
    async fn is_refused(&self, template: Value, words: &str) {
        let before = self.lab.phone.stats().await["sends"].clone();
        let (status, said) = self.sends(template.clone()).await;
        assert_eq!(status, 422, "{template}: {said}");
        assert!(said["message"].as_str().is_some_and(|message| message.contains(words)), "{template}: {said}");
        assert_eq!(self.lab.phone.stats().await["sends"], before, "{template} was sent");
    }
}

fn texts(words: &[&str]) -> Value {
    words.iter().map(|words| json!({ "type": "text", "text": words })).collect()
}

/// The demonstration's message about an order on its way.
fn shipped() -> Value {
    let body = json!({ "type": "body", "parameters": texts(&["Rina", "TC-10234", "hari Kamis"]) });
    let button = json!({ "type": "button", "sub_type": "url", "index": "0", "parameters": texts(&["TC-10234"]) });
    json!({ "name": "pesanan_dikirim", "components": [body, button] })
}

fn promotion(purpose: Option<&str>) -> Value {
    let named = |name: &str, text: &str| json!({ "type": "text", "parameter_name": name, "text": text });
    let body = json!({ "type": "body", "parameters": [named("potongan", "20%"), named("nama", "Rina")] });
    json!({ "name": "promo_bulanan", "components": [body], "purpose": purpose })
}

/// A bot that may ask for consent, and whose nights are no quieter than its days.
fn with_promotions() -> String {
    format!("{}quiet_hours = \"off\"\n\n[purpose.promo]\nid = \"info promo\"\nen = \"promotions\"\n", bot(0))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_day_later_a_template_reaches_the_customer_where_a_text_does_not() {
    let desk = Desk::open(bot(0), 25 * 60).await;
    let (status, said) = desk.does("reply", Some(json!({ "text": "Pesanannya sudah dikirim kak" }))).await;
    assert_eq!((status, said["code"].as_str()), (422, Some("refused")), "{said}");
    assert!(said["message"].as_str().is_some_and(|words| words.contains("only an approved template")), "{said}");

    let (status, said) = desk.sends(shipped()).await;
    assert_eq!(status, 200, "{said}");
    let words = "Halo Kak Rina, pesanan TC-10234 sudah kami kirim. Perkiraan sampai hari Kamis ya.";
    let entry = desk.lab.phone.hears(&desk.customer, words).await;
    assert_eq!(entry.0["links"][0]["url"], "https://toko.example/lacak/TC-10234", "{entry:?}");
    // Colleagues read what the customer reads.
    let turns = turns(&desk.lab, "Rina").await;
    let shown = turns.iter().find(|turn| turn["id"] == said["turn"]).expect("the turn");
    assert_eq!((&shown["kind"], &shown["text"]), (&json!("template"), &json!(words)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_business_starts_needs_the_customers_yes() {
    let desk = Desk::open(with_promotions(), 0).await;
    desk.is_refused(promotion(None), "say as `purpose` what the customer has agreed to (promo)").await;
    desk.is_refused(promotion(Some("promosi")), "bot.toml has no `[purpose.promosi]`; did you mean `promo`?").await;
    desk.is_refused(promotion(Some("promo")), "the contact has not agreed to `promo`").await;
    // What answers the customer needs no consent, unless it is called what the business starts.
    let mut started = shipped();
    started["purpose"] = json!("promo");
    desk.is_refused(started, "the contact has not agreed to `promo`").await;
    assert_eq!(desk.sends(shipped()).await.0, 200);
    desk.lab.phone.hears(&desk.customer, "TC-10234").await;

    let yes = json!({ "type": "button_reply", "id": "santun:consent:promo:yes:consent.ask.id@1", "title": "Boleh" });
    desk.lab.phone.sends(&desk.customer, yes).await;
    for nth in 1..=2 {
        eventually("it may be sent", async || (desk.sends(promotion(Some("promo"))).await.0 == 200).then_some(()))
            .await;
        eventually("the customer reads it", async || {
            let heard = desk.lab.phone.answers(&desk.customer).await;
            let times = heard.iter().filter(|entry| entry.text().contains("Halo Kak Rina, ada potongan 20%")).count();
            (times == nth).then_some(())
        })
        .await;
    }
    desk.is_refused(promotion(Some("promo")), "within a week; 2 are allowed").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_template_that_cannot_be_sent_is_refused_in_words() {
    let desk = Desk::open(bot(0), 0).await;
    let named = |name: &str| json!({ "name": name });
    desk.is_refused(named("pesanan_dikrim"), "did you mean `pesanan_dikirim`?").await;
    desk.is_refused(named("hello_world"), "is not there in `id`, but in: en_US").await;
    desk.is_refused(named("pesanan_dikirim"), "its body takes 3 parameters and is given 0").await;
    let body = json!([{ "type": "BODY", "text": "Template baru, Kak." }]);
    let template = json!({ "name": "baru", "language": "id", "category": "UTILITY", "components": body });
    desk.is_refused(named("baru"), "the account has no template `baru`").await;
    let made = desk.lab.phone.call(Method::POST, "/templates", Some(template)).await;
    let ruled = json!({ "event": "PENDING" });
    let path = format!("/templates/{}", made["id"].as_str().expect("an id"));
    desk.lab.phone.call(Method::POST, &path, Some(ruled)).await;
    desk.is_refused(named("baru"), "`baru` in `id` is PENDING: only one that Meta has approved").await;
    // Approved, it goes at once, whatever was remembered of it.
    desk.lab.phone.call(Method::POST, &path, Some(json!({ "event": "APPROVED" }))).await;
    eventually("it is approved", async || (desk.sends(named("baru")).await.0 == 200).then_some(())).await;

    desk.lab.phone.hears(&desk.customer, "Template baru, Kak.").await;

    let secret = json!({ "type": "body", "parameters": texts(&["Rina", "4111 1111 1111 1111", "besok"]) });
    desk.is_refused(json!({ "name": "pesanan_dikirim", "components": [secret] }), "a full card number").await;

    assert_eq!(desk.does("hand-back", Some(json!({}))).await.0, 200);
    let (status, said) = desk.sends(named("baru")).await;
    assert_eq!((status, said["code"].as_str()), (409, Some("not_taken")), "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn templates_are_listed_where_the_account_is_known() {
    let desk = Desk::open(bot(0), 0).await;
    let (status, listed) = desk.lab.api_as(Some(&desk.agent), Method::GET, "/channels/utama/templates", None).await;
    assert_eq!(status, 200, "{listed}");
    let promotion = listed.as_array().expect("lines").iter().find(|line| line["name"] == "promo_bulanan");
    let promotion = promotion.expect("it is listed");
    assert_eq!((&promotion["category"], &promotion["status"]), (&json!("MARKETING"), &json!("APPROVED")));
    assert!(promotion["text"].as_str().is_some_and(|text| text.contains("{{nama}}")) && promotion["stopped"].is_null());
    let (status, said) = desk.lab.api(Method::GET, "/channels/utma/templates", None).await;
    assert_eq!(status, 404);
    assert!(said["message"].as_str().is_some_and(|words| words.contains("did you mean `utama`?")), "{said}");

    // Without the account's id nobody can know them.
    desk.lab.write("bot.toml", bot(0).replace("waba_id = \"102290129340398\"\n", ""));
    let applied = desk.lab.santun(&["apply"]).await;
    assert_eq!(applied.code, 0, "{applied:?}");
    desk.is_refused(shipped(), "as its waba_id into bot.toml").await;
    assert_eq!(desk.lab.api(Method::GET, "/channels/utama/templates", None).await.0, 422);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_cannot_ask_meta_is_told_so() {
    let desk = Desk::open(bot(0), 0).await;
    let fault = json!({ "on": "templates", "fault": { "kind": "error", "code": 4 }, "times": 1 });
    desk.lab.phone.call(Method::POST, "/faults", Some(fault)).await;
    let (status, said) = desk.sends(shipped()).await;
    assert_eq!((status, said["code"].as_str()), (502, Some("graph")), "{said}");
    assert_eq!(desk.sends(shipped()).await.0, 200, "the next one gets through");
    desk.lab.phone.hears(&desk.customer, "TC-10234").await;
}
