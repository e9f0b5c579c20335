//! `GET /emulator/v1/openapi.json`: this API for programs.

use axum::Json;
use serde_json::{Map, Value, json};

const CUSTOMER: (&str, &str) = ("id", "A customer's id, phone number or user id");

/// The whole document.
pub(super) async fn get() -> Json<Value> {
    let mut paths = Map::new();
    for call in calls() {
        let path = paths.entry(call.path).or_insert_with(|| json!({}));
        let method = call.method;
        path[method] = call.operation();
    }
    Json(json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Santun emulator: control API",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Be the customers, the network, Meta and time.",
        },
        "paths": paths,
        "components": { "schemas": {
            "Error": object(&["error"], json!({ "error": { "type": "string" } })),
            "Message": message(),
            "Fault": fault(),
        } },
    }))
}

struct Call {
    method: &'static str,
    path: &'static str,
    summary: &'static str,
    /// Of the path or the query: name, type, meaning.
    parameters: Vec<Value>,
    body: Option<Value>,
}

impl Call {
    fn operation(self) -> Value {
        let failed = json!({
            "description": "What is wrong and what to do",
            "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Error" } } },
        });
        let mut operation = json!({
            "summary": self.summary,
            "responses": { "2XX": { "description": "Done" }, "4XX": failed },
        });
        if !self.parameters.is_empty() {
            operation["parameters"] = self.parameters.into();
        }
        if let Some(schema) = self.body {
            operation["requestBody"] = json!({ "content": { "application/json": { "schema": schema } } });
        }
        operation
    }

    fn about(mut self, (name, meaning): (&str, &str)) -> Self {
        let schema = json!({ "type": "string" });
        let parameter =
            json!({ "name": name, "in": "path", "required": true, "description": meaning, "schema": schema });
        self.parameters.push(parameter);
        self
    }

    fn query(mut self, name: &str, kind: &str) -> Self {
        self.parameters.push(json!({ "name": name, "in": "query", "schema": { "type": kind } }));
        self
    }

    fn takes(self, schema: Value) -> Self {
        Self { body: Some(schema), ..self }
    }
}

fn call(method: &'static str, path: &'static str, summary: &'static str) -> Call {
    Call { method, path, summary, parameters: Vec::new(), body: None }
}

fn object(required: &[&str], properties: Value) -> Value {
    json!({ "type": "object", "required": required, "properties": properties })
}

/// An object whose members may all be missing: names, each with its JSON type.
fn optional(members: &[(&str, &str)]) -> Value {
    let properties = members.iter().map(|(name, kind)| ((*name).to_owned(), json!({ "type": kind })));
    object(&[], Value::Object(properties.collect()))
}

fn calls() -> Vec<Call> {
    let (text, number, chance, yes) = ("string", "integer", "number", "boolean");
    let person = [
        ("id", text),
        ("name", text),
        ("phone", text),
        ("user_id", text),
        ("parent_user_id", text),
        ("username", text),
    ];
    let message = json!({ "$ref": "#/components/schemas/Message" });
    let template = ("id", "A template's id");
    vec![
        call("get", "/emulator/v1", "The business numbers, and whether the host is subscribed"),
        call("get", "/emulator/v1/stats", "Counters since the start"),
        call("get", "/emulator/v1/events", "Server-sent events: that something changed"),
        call("get", "/emulator/v1/clock", "The emulator's time"),
        call("post", "/emulator/v1/clock", "Puts the clock forward").takes(optional(&[
            ("days", number),
            ("hours", number),
            ("minutes", number),
            ("seconds", number),
        ])),
        call("put", "/emulator/v1/app-secret", "Signs webhooks with another app secret from now on")
            .takes(object(&["app_secret"], json!({ "app_secret": { "type": text } }))),
        call("get", "/emulator/v1/errors", "WhatsApp's table of errors"),
        call("get", "/emulator/v1/faults", "The planned faults"),
        call("post", "/emulator/v1/faults", "Plans a fault").takes(object(
            &["fault"],
            json!({
                "customer": { "type": text, "description": "everybody if missing" },
                "on": { "enum": ["messages", "receipts", "uploads", "reads", "templates"] },
                "times": { "type": number }, "probability": { "type": chance }, "seed": { "type": number },
                "fault": { "$ref": "#/components/schemas/Fault" },
            }),
        )),
        call("delete", "/emulator/v1/faults", "Forgets all faults"),
        call("delete", "/emulator/v1/faults/{id}", "Forgets one fault").about(("id", "The fault's id")),
        call("get", "/emulator/v1/standing/token", "How the access token stands"),
        call("put", "/emulator/v1/standing/token", "Sets how the token stands; what is left out is as it should be")
            .takes(optional(&[("expires_at", number), ("revoked", yes)])),
        call("get", "/emulator/v1/standing/numbers/{id}", "How a number stands").about(("id", "A number's id")),
        call("put", "/emulator/v1/standing/numbers/{id}", "Sets how a number stands")
            .about(("id", "A number's id"))
            .takes(optional(&[
                ("quality_rating", text),
                ("status", text),
                ("name_status", text),
                ("throughput", text),
            ])),
        call("get", "/emulator/v1/limits", "The limits in force"),
        call("put", "/emulator/v1/limits", "Sets the limits; what is left out is not limited").takes(object(
            &[],
            json!({
                "number_per_second": { "type": number },
                "pair": object(&[], json!({
                    "every_ms": { "type": number }, "burst": { "type": number },
                    "borrowing": { "enum": ["refills", "repaid"] },
                })),
            }),
        )),
        call("get", "/emulator/v1/templates", "All templates"),
        call("post", "/emulator/v1/templates", "Adds a template that is approved").takes(object(
            &["name", "language", "category", "components"],
            json!({
                "waba_id": { "type": text }, "name": { "type": text }, "language": { "type": text },
                "category": { "enum": ["MARKETING", "UTILITY", "AUTHENTICATION"] },
                "parameter_format": { "enum": ["POSITIONAL", "NAMED"] },
                "components": { "type": "array", "items": { "type": "object" } },
            }),
        )),
        call("post", "/emulator/v1/templates/{id}", "Rules on a template, and tells the host")
            .about(template)
            .takes(optional(&[("event", text), ("reason", text), ("quality", text), ("category", text)])),
        call("delete", "/emulator/v1/templates/{id}", "Forgets a template").about(template),
        call("get", "/emulator/v1/webhooks", "What waits, what is held, the disorder that rules"),
        call("post", "/emulator/v1/webhooks/hold", "Holds webhooks from now on"),
        call("post", "/emulator/v1/webhooks/release", "Lets go what was held").takes(object(
            &[],
            json!({
                "order": { "enum": ["kept", "reversed", "shuffled"] }, "seed": { "type": number },
                "batch": { "type": number, "minimum": 1, "maximum": 1_000 }, "duplicate": { "type": number },
            }),
        )),
        call("put", "/emulator/v1/webhooks/disorder", "Lets disorder rule").takes(optional(&[
            ("duplicate", chance),
            ("late", chance),
            ("late_by_up_to_s", number),
            ("skip_delivered", chance),
            ("seed", number),
        ])),
        call("delete", "/emulator/v1/webhooks/disorder", "Ends disorder"),
        call("post", "/emulator/v1/history", "Shares the app's past").takes(optional(&[
            ("phone_number_id", text),
            ("chunk", number),
            ("declined", yes),
        ])),
        call("post", "/emulator/v1/contacts", "Shares the app's address book")
            .takes(optional(&[("phone_number_id", text)])),
        call("post", "/emulator/v1/raw", "Posts one webhook with any body").takes(object(
            &[],
            json!({
                "body": {}, "text": { "type": text },
                "signature": { "enum": ["right", "wrong", "none", "malformed"] },
            }),
        )),
        call("post", "/emulator/v1/echo", "A human of the business answers from the phone app").takes(json!({
            "allOf": [message, object(&["customer"], json!({ "customer": { "type": text } }))],
        })),
        call("post", "/emulator/v1/media", "Keeps a file for customers to send").query("filename", text),
        call("get", "/emulator/v1/media/{id}", "A file's bytes").about(("id", "The file's id")),
        call("get", "/emulator/v1/customers", "All customers"),
        call("post", "/emulator/v1/customers", "Makes a customer").takes(optional(&person)),
        call("get", "/emulator/v1/customers/{id}", "A customer").about(CUSTOMER),
        call("patch", "/emulator/v1/customers/{id}", "Changes a customer without a word to the host")
            .about(CUSTOMER)
            .takes(optional(&person[1..])),
        call("delete", "/emulator/v1/customers/{id}", "Forgets a customer").about(CUSTOMER),
        call("get", "/emulator/v1/customers/{id}/chat", "Both sides of a chat")
            .about(CUSTOMER)
            .query("after", number)
            .query("changed_after", number)
            .query("wait_ms", number)
            .query("phone_number_id", text),
        call("post", "/emulator/v1/customers/{id}/send", "The customer writes").about(CUSTOMER).takes(message.clone()),
        call("post", "/emulator/v1/customers/{id}/tap", "The customer taps a button or row")
            .about(CUSTOMER)
            .takes(optional(&[("id", text), ("title", text), ("wamid", text), ("duplicate", number)])),
        call("post", "/emulator/v1/customers/{id}/read", "The customer reads")
            .about(CUSTOMER)
            .takes(optional(&[("up_to", text), ("keep_open", yes)])),
        call("post", "/emulator/v1/customers/{id}/play", "The customer plays a voice note")
            .about(CUSTOMER)
            .takes(object(&["wamid"], json!({ "wamid": { "type": text } }))),
    ]
}

/// A customer's message; its other members depend on its type, and the README lists them.
fn message() -> Value {
    let (text, number, yes) = (json!({ "type": "string" }), json!({ "type": "integer" }), json!({ "type": "boolean" }));
    object(
        &["type"],
        json!({
            "type": { "enum": [
                "text", "image", "video", "audio", "voice", "document", "sticker", "location", "contacts", "reaction",
                "button_reply", "list_reply", "template_button", "form_reply", "order", "unsupported", "edit", "revoke",
                "number_change", "user_id_change", "marketing_preference", "other",
            ] },
            "phone_number_id": text, "reply_to": text, "forwarded": yes, "frequently_forwarded": yes,
            "referral": {}, "referred_product": {}, "group_id": text, "duplicate": number, "timestamp": number,
            "delay_ms": number, "webhook_after_s": number,
        }),
    )
}

fn fault() -> Value {
    let kind = |name: &str, required: &[&str], members: Value| {
        let mut properties = json!({ "kind": { "const": name } });
        if let (Value::Object(properties), Value::Object(members)) = (&mut properties, members) {
            properties.extend(members);
        }
        object(&[&["kind"], required].concat(), properties)
    };
    let (number, text) = (json!({ "type": "integer" }), json!({ "type": "string" }));
    let answer = json!({ "http_status": number, "body": text });
    json!({ "oneOf": [
        kind("error", &["code"], json!({ "code": number, "http_status": number })),
        kind("failed_status", &["code"], json!({ "code": number })),
        kind("drop_after_accept", &[], json!({})),
        kind("drop_before_accept", &[], json!({})),
        kind("delay", &["ms"], json!({ "ms": number })),
        kind("stall", &["ms"], json!({ "ms": number })),
        kind("answer_after_accept", &["http_status"], answer.clone()),
        kind("answer_before_accept", &["http_status"], answer),
    ] })
}
