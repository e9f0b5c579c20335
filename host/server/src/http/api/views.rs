//! What the API shows of conversations.

use santun_core::conversation::Request;
use santun_core::delivery::OutboxState;
use santun_core::ids::{ContactId, ConversationId, StepId, TurnId};
use santun_core::trace::Trace;
use santun_core::turn::TurnBody;
use santun_store::{ConversationRow, TurnView};
use serde::{Deserialize, Serialize};

/// A conversation in a list.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ConversationLine {
    /// Its id.
    #[schema(value_type = String)]
    pub id: ConversationId,
    /// Meta's id of the business's number.
    pub channel: String,
    /// The person.
    #[schema(value_type = String)]
    pub contact: ContactId,
    /// The name in their profile.
    pub name: Option<String>,
    /// Who speaks for the business: `bot`, `queue`, `agent`, `phone`.
    pub owner: String,
    /// The division that it waits for, if it is in a queue.
    pub division: Option<String>,
    /// The login of the agent who has it.
    pub agent: Option<String>,
    /// The open request, if there is one.
    pub request: Option<RequestLine>,
    /// When anybody last said something, in milliseconds since 1970.
    pub last_turn_at: i64,
}

/// An open request in a list.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct RequestLine {
    /// Who should take it.
    pub division: String,
    /// `low`, `normal`, `high` or `urgent`.
    pub priority: String,
    /// When it was opened, in milliseconds since 1970.
    pub opened_at: i64,
}

impl ConversationLine {
    /// A row as the API shows it; `agent` is the login of its owner.
    pub fn of(row: &ConversationRow, agent: Option<String>) -> Self {
        let request = row.request.as_ref().map(|(division, priority, opened_at)| RequestLine {
            division: division.to_string(),
            priority: word(priority),
            opened_at: opened_at.as_millis(),
        });
        Self {
            id: row.id,
            channel: row.channel.to_string(),
            contact: row.contact,
            name: row.name.as_ref().map(|name| name.expose().to_owned()),
            owner: row.owner.as_str().to_owned(),
            division: row.owner_division.as_ref().map(ToString::to_string),
            agent,
            request,
            last_turn_at: row.last_turn_at.as_millis(),
        }
    }
}

/// A conversation whole: where it stands, what was said, and why.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ConversationWhole {
    /// Where it stands: owner, session, open request, consents, labels, attributes.
    #[schema(value_type = Object)]
    pub conversation: serde_json::Value,
    /// The name in the customer's profile.
    pub name: Option<String>,
    /// The open request: why, how pressing, for whom, the summary, facts, and what the customer was told.
    #[schema(value_type = Option<Object>)]
    pub request: Option<Request>,
    /// The business's time zone, such as `Asia/Jakarta`: the one in which times are told to people.
    pub timezone: String,
    /// What was said, the oldest first.
    pub turns: Vec<TurnLine>,
    /// Why, by step: what was heard, each plugin's verdict, each rule's ruling.
    #[schema(value_type = Vec<Object>)]
    pub steps: Vec<Trace>,
}

/// One turn.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct TurnLine {
    /// Its id.
    #[schema(value_type = String)]
    pub id: TurnId,
    /// When, in milliseconds since 1970.
    pub at: i64,
    /// `customer`, `bot`, `agent` or `system`.
    pub by: String,
    /// What it is: `text`, `image`, `note`, `handed_over` and so on.
    pub kind: String,
    /// Its words, if it has any.
    pub text: String,
    /// All of it; for a message to the customer with its author: plugin and revision, or wording and
    /// version.
    #[schema(value_type = Object)]
    pub body: TurnBody,
    /// The step that it was decided in or came from.
    #[schema(value_type = Option<String>)]
    pub step: Option<StepId>,
    /// What became of a message to the customer.
    pub delivery: Option<DeliveryLine>,
}

/// What became of a message to the customer.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct DeliveryLine {
    /// `queued`, `sending`, `accepted`, `failed`, `unknown` or `refused`.
    pub state: String,
    /// How far WhatsApp brought it: `sent`, `delivered`, `read`, `played`, `failed`.
    pub progress: Option<String>,
    /// Attempts that were made.
    pub attempts: u32,
    /// What went wrong last.
    pub errors: Vec<String>,
}

impl From<TurnView> for TurnLine {
    fn from(view: TurnView) -> Self {
        let delivery = view.delivery.map(|delivery| DeliveryLine {
            state: OutboxState::as_str(delivery.state).to_owned(),
            progress: delivery.progress.map(|progress| progress.as_str().to_owned()),
            attempts: delivery.attempts,
            errors: delivery.errors.iter().map(|error| format!("{} (code {})", error.title, error.code)).collect(),
        });
        Self {
            id: view.turn.id,
            at: view.turn.at.as_millis(),
            by: view.turn.by.as_str().to_owned(),
            kind: view.turn.body.kind().to_owned(),
            text: view.turn.body.words().to_owned(),
            step: view.turn.step,
            body: view.turn.body,
            delivery,
        }
    }
}

/// The word that a value has in the API.
pub fn word<T: Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}
