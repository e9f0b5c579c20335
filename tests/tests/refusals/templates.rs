//! WhatsApp refuses a template, or takes it back: it is not sent any more until it is mended.

use reqwest::Method;
use santun_tests::lab::{Lab, Plan, eventually};
use serde_json::{Value, json};

use crate::table::{Told, happened};

/// Rows of the table that concern a template.
const CODES: [u32; 9] = [132_000, 132_001, 132_005, 132_007, 132_012, 132_015, 132_016, 132_068, 132_069];

/// A lab with an agent.
struct Desk {
    lab: Lab,
    agent: String,
}

impl Desk {
    async fn open() -> Self {
        let lab = Lab::serving(Plan::default()).await;
        assert_eq!(lab.santun(&["user", "add", "budi", "--name", "Budi"]).await.code, 0);
        let agent = lab.santun(&["user", "token", "budi"]).await.out.trim().to_owned();
        Self { lab, agent }
    }

    /// Meta approves a template of this name; gives its id there.
    async fn approved(&self, name: &str) -> String {
        let body = json!([{ "type": "BODY", "text": format!("Halo Kak, ini {name}.") }]);
        let template = json!({ "name": name, "language": "id", "category": "UTILITY", "components": body });
        let made = self.lab.phone.call(Method::POST, "/templates", Some(template)).await;
        made["id"].as_str().expect("an id").to_owned()
    }

    /// What Meta rules on a template, which a webhook tells.
    async fn ruled(&self, template: &str, event: &str) {
        let ruling = json!({ "event": event });
        self.lab.phone.call(Method::POST, &format!("/templates/{template}"), Some(ruling)).await;
    }

    /// A customer who has written and whose conversation the agent has; gives them and the conversation.
    async fn taken(&self, name: &str, number: &str) -> (String, String) {
        let customer = self.lab.phone.customer(name, number).await;
        self.lab.phone.writes(&customer, "halo kak.").await;
        self.lab.phone.hears(&customer, "halo kak.").await;
        let whole = self.lab.conversation(name).await.expect("a conversation");
        let id = whole["line"]["id"].as_str().expect("an id").to_owned();
        let (status, said) = self.asks(Method::POST, &format!("/conversations/{id}/take"), None).await;
        assert_eq!(status, 200, "{said}");
        self.lab.phone.hears(&customer, "Budi").await;
        (customer, id)
    }

    async fn asks(&self, method: Method, path: &str, body: Option<Value>) -> (u16, Value) {
        self.lab.api_as(Some(&self.agent), method, path, body).await
    }

    async fn sends(&self, conversation: &str, template: &str) -> (u16, Value) {
        let message = json!({ "kind": "template", "name": template, "language": "id" });
        self.asks(Method::POST, &format!("/conversations/{conversation}/send"), Some(message)).await
    }

    /// The template is refused in words, and nothing of it gets to WhatsApp.
    async fn is_stopped(&self, conversation: &str, template: &str, why: &str) {
        let before = self.attempts().await;
        let (status, said) = self.sends(conversation, template).await;
        assert_eq!((status, said["code"].as_str()), (422, Some("template_stopped")), "{template}: {said}");
        assert!(said["message"].as_str().is_some_and(|words| words.contains(why)), "{template}: {said}");
        assert_eq!(self.attempts().await, before, "{template} was tried all the same");
    }

    /// The template gets to this customer.
    async fn goes(&self, customer: &str, conversation: &str, template: &str) {
        let (status, said) = self.sends(conversation, template).await;
        assert_eq!(status, 200, "{template}: {said}");
        self.lab.phone.hears(customer, &format!("ini {template}.")).await;
    }

    /// Requests to send that WhatsApp has had, taken or not.
    async fn attempts(&self) -> (Value, Value) {
        let stats = self.lab.phone.stats().await;
        (stats["sends"].clone(), stats["refused"].clone())
    }

    async fn warnings(&self) -> String {
        let answer = self.lab.request(Method::GET, "/readyz").send().await.expect("an answer");
        assert_eq!(answer.status(), 200, "the host itself can go on");
        answer.text().await.expect("text")
    }

    async fn counted(&self, stopped: usize) {
        let gauge = format!("santun_templates_stopped {stopped}");
        let metrics = self.lab.metrics().await;
        assert!(metrics.lines().any(|line| line == gauge), "{gauge}: {metrics}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_row_stops_its_template_for_everybody_until_it_is_let_go_again() {
    let mut desk = Desk::open().await;
    let (other, others) = desk.taken("Dewi", "6281800000001").await;
    let mut stopped = Vec::new();
    for told in [Told::ByAnswer, Told::ByStatus] {
        for code in CODES {
            let way = if told == Told::ByAnswer { "jawab" } else { "status" };
            let (template, name) = (format!("{way}_{code}"), format!("Kode {way} {code}"));
            let id = desk.approved(&template).await;
            let number = format!("6281{}{code:08}", if told == Told::ByAnswer { 2 } else { 3 });
            let (customer, conversation) = desk.taken(&name, &number).await;
            let kind = if told == Told::ByAnswer { "error" } else { "failed_status" };
            desk.lab.phone.fault(&customer, 1, json!({ "kind": kind, "code": code })).await;
            let (status, said) = desk.sends(&conversation, &template).await;
            assert_eq!(status, 200, "{template}: {said}");
            // The agent reads why, and the operator is told.
            let news = if told == Told::ByAnswer { "not_sent" } else { "not_delivered" };
            eventually(&format!("{template} is stopped"), async || {
                let whole = desk.lab.conversation(&name).await?;
                let shown = happened(&whole, news) && whole.to_string().contains(&format!("(code {code})"));
                shown.then_some(())
            })
            .await;
            eventually(&format!("/readyz tells of {template}"), async || {
                desk.warnings().await.contains(&format!("template `{template}` in `id`")).then_some(())
            })
            .await;
            assert!(desk.lab.log().lines().any(|line| line.contains(&template) && line.contains("not sent any more")));
            desk.is_stopped(&others, &template, &format!("(code {code})")).await;
            stopped.push((template, id));
            desk.counted(stopped.len()).await;
        }
    }

    // It is no matter of one process.
    desk.lab.kill().await;
    desk.lab.serve().await;
    desk.lab.ready().await;
    desk.counted(stopped.len()).await;
    for (template, _) in &stopped {
        desk.is_stopped(&others, template, "not sent any more").await;
    }
    // An operator lets some of them go, and Meta's word the others.
    for (nth, (template, id)) in stopped.iter().enumerate() {
        if nth % 2 == 0 {
            let path = format!("/channels/utama/templates/{template}/id/stop");
            assert_eq!(desk.asks(Method::DELETE, &path, None).await.0, 403, "agents do not");
            let (status, said) = desk.lab.api(Method::DELETE, &path, None).await;
            assert_eq!(status, 204, "{said}");
            assert_eq!(desk.lab.api(Method::DELETE, &path, None).await.0, 404, "it is not stopped any more");
        } else {
            desk.ruled(id, "APPROVED").await;
            eventually(&format!("{template} is let go"), async || {
                (!desk.warnings().await.contains(&format!("`{template}`"))).then_some(())
            })
            .await;
        }
        desk.goes(&other, &others, template).await;
    }
    desk.counted(0).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_meta_takes_back_is_stopped_before_anybody_is_refused() {
    let desk = Desk::open().await;
    let (customer, conversation) = desk.taken("Rina", "6281900000001").await;
    let id = desk.approved("siap_diambil").await;
    for (event, words) in [("PAUSED", "Meta has paused it"), ("DISABLED", "disabled"), ("REJECTED", "rejected")] {
        desk.ruled(&id, event).await;
        eventually(&format!("{event} is told"), async || desk.warnings().await.contains(words).then_some(())).await;
        desk.is_stopped(&conversation, "siap_diambil", words).await;
        let listed = desk.lab.santun(&["template", "list", "utama"]).await;
        assert!(listed.out.contains(event) && listed.out.contains(words), "{listed:?}");
        desk.ruled(&id, "APPROVED").await;
        eventually("it is let go", async || (!desk.warnings().await.contains("siap_diambil")).then_some(())).await;
    }
    // What nothing follows from is kept, and stops nothing.
    desk.ruled(&id, "FLAGGED").await;
    eventually("it is kept", async || {
        let (_, kept) = desk.lab.api(Method::GET, "/kept", None).await;
        kept.to_string().contains("FLAGGED").then_some(())
    })
    .await;
    desk.goes(&customer, &conversation, "siap_diambil").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_waits_to_be_sent_is_not_tried_once_its_template_is_stopped() {
    let desk = Desk::open().await;
    let (customer, conversation) = desk.taken("Rina", "6281900000002").await;
    let id = desk.approved("menunggu").await;
    // Too many to one customer: it is tried again four seconds later.
    desk.lab.phone.fault(&customer, 1, json!({ "kind": "error", "code": 131_056 })).await;
    assert_eq!(desk.sends(&conversation, "menunggu").await.0, 200);
    eventually("it waits", async || {
        let whole = desk.lab.conversation("Rina").await?;
        whole["turns"].as_array()?.iter().any(|turn| turn["delivery"]["attempts"] == 1).then_some(())
    })
    .await;
    let before = desk.attempts().await;
    desk.ruled(&id, "PAUSED").await;
    let whole = eventually("it comes back to the agent", async || {
        desk.lab.conversation("Rina").await.filter(|whole| happened(whole, "not_sent"))
    })
    .await;
    assert!(whole.to_string().contains("Meta has paused it"), "{whole}");
    assert_eq!(whole["line"]["owner"], "agent", "{whole}");
    assert_eq!(desk.attempts().await, before, "it was tried all the same");
    let released = desk.lab.santun(&["template", "release", "utama", "menunggu", "id"]).await;
    assert_eq!(released.code, 0, "{released:?}");
    desk.counted(0).await;
}
