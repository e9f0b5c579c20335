//! `POST /api/v1/conversations/{id}/take|reply|send|note|transfer|hand-back|resolve`

use santun_core::flow::Action;
use santun_core::ids::{DivisionName, InvalidId, TurnId};
use santun_core::message::{ContactCard, Location};
use santun_core::outgoing::{Outgoing, ProductSection};
use santun_core::turn::TurnBody;
use serde::{Deserialize, Serialize};

use super::acting::Acting;
use super::template::Wanted;
use crate::http::api::Problem;
use crate::http::api::extract::Json;

/// What was done.
#[derive(Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Done {
    /// The turn of the reply, if it was one.
    #[schema(value_type = Option<String>)]
    pub turn: Option<TurnId>,
}

/// Words for the customer, or for colleagues.
#[derive(Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Words {
    /// The text; not empty.
    pub text: String,
}

/// Where it goes.
#[derive(Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Transfer {
    /// The division's name.
    pub division: String,
}

/// Back to the bot.
#[derive(Debug, Default, Serialize, Deserialize, utoipa::ToSchema)]
pub struct HandBack {
    /// What the bot's plugins should know.
    pub note: Option<String>,
}

/// Takes a conversation: the bot is silent from now on, and the customer learns who is there.
#[utoipa::path(post, path = "/conversations/{id}/take", params(("id" = String, Path)), tag = "conversations",
    responses((status = 200, body = Done), (status = 403, body = Problem,
    description = "it waits for another division, or the token is nobody's"),
    (status = 409, body = Problem, description = "somebody else has it, by name")))]
pub(super) async fn take(acting: Acting) -> Result<Json<Done>, Problem> {
    acting.does(Action::Take).await
}

/// Says something to the customer. The gate rules on it as on everything.
#[utoipa::path(post, path = "/conversations/{id}/reply", params(("id" = String, Path)), request_body = Words,
    tag = "conversations", responses((status = 200, body = Done), (status = 409, body = Problem),
    (status = 422, body = Problem, description = "the gate refused it, and why")))]
pub(super) async fn reply(acting: Acting, Json(words): Json<Words>) -> Result<Json<Done>, Problem> {
    let text = not_empty(words)?;
    acting.does(Action::Reply(Outgoing::Text { text })).await
}

/// A message to the customer other than a text.
#[derive(Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Message {
    /// Contact cards.
    Contacts {
        /// One or more.
        cards: Vec<Card>,
    },
    /// An emoji on a message of the customer's.
    Reaction {
        /// The turn of that message.
        turn: String,
        /// The emoji; none takes an earlier one away.
        emoji: Option<String>,
    },
    /// A place on the map.
    Location {
        /// Degrees north.
        latitude: f64,
        /// Degrees east.
        longitude: f64,
        /// What it is called.
        name: Option<String>,
        /// Its postal address.
        address: Option<String>,
    },
    /// A product of the business's catalogue.
    Product {
        /// The text above it.
        body: Option<String>,
        /// The catalogue's id at Meta.
        catalog_id: String,
        /// The shop's own id of the product.
        product_id: String,
    },
    /// Products of the business's catalogue to choose from.
    ProductList {
        /// The heading.
        header: String,
        /// The text under it.
        body: String,
        /// The catalogue's id at Meta.
        catalog_id: String,
        /// At most thirty products in all.
        sections: Vec<Products>,
    },
    /// The business's whole catalogue.
    Catalogue {
        /// The text above it.
        body: String,
        /// The shop's own id of the product whose picture stands beside it.
        thumbnail: Option<String>,
    },
    /// A form to fill in, which Meta calls a flow.
    Form {
        /// The text above it.
        body: String,
        /// The words on the button that opens it: at most 30 characters.
        label: String,
        /// Its id at Meta.
        form_id: String,
        /// The screen that it opens with; its own first one if none is named.
        screen: Option<String>,
        /// What that screen is given, by name.
        #[serde(default)]
        #[schema(value_type = Object)]
        data: serde_json::Map<String, serde_json::Value>,
    },
    /// Text with a button by which the customer sends where they are.
    AskLocation {
        /// The text.
        body: String,
    },
    /// A message template that Meta has approved: all that may be sent once the customer has not written for 24 hours.
    Template {
        /// Its name at Meta.
        name: String,
        /// Its language at Meta, such as `id` or `en_US`.
        language: String,
        /// What fills it in, as the Cloud API takes it: header, body and buttons with their parameters.
        #[serde(default)]
        #[schema(value_type = Vec<Object>)]
        components: Vec<serde_json::Value>,
        /// What the customer must have agreed to, as bot.toml names it. A marketing template needs it; any other answers
        /// what the customer wants unless it is named.
        purpose: Option<String>,
    },
}

/// A contact card.
#[derive(Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub(super) struct Card {
    /// The name on it.
    pub name: String,
    /// The numbers on it: one or more.
    pub phones: Vec<String>,
}

/// Products under a heading.
#[derive(Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub(super) struct Products {
    /// The heading; may be left out if there is but one section.
    pub title: Option<String>,
    /// The shop's own ids of the products.
    pub products: Vec<String>,
}

impl Message {
    /// What is to be done, in the words of the gate, which says what is wrong with it.
    async fn action(self, acting: &Acting) -> Result<Action, Problem> {
        Ok(Action::Reply(match self {
            Self::Template { name, language, components, purpose } => {
                return Wanted { name, language, components, purpose }.action(acting).await;
            }
            Self::Contacts { cards } => Outgoing::Contacts {
                cards: cards.into_iter().map(|card| ContactCard { name: card.name, phones: card.phones }).collect(),
            },
            Self::Reaction { turn, emoji } => {
                let to = turn.parse().map_err(|error: InvalidId| Problem::invalid(error.to_string()))?;
                is_customers(acting, to).await?;
                Outgoing::Reaction { to, emoji: emoji.filter(|emoji| !emoji.is_empty()) }
            }
            Self::Location { latitude, longitude, name, address } => {
                Outgoing::Location(Location { latitude, longitude, name, address })
            }
            Self::Product { body, catalog_id, product_id } => {
                Outgoing::Product { body, footer: None, catalog_id, product_id }
            }
            Self::ProductList { header, body, catalog_id, sections } => {
                let sections = sections.into_iter();
                let sections = sections.map(|part| ProductSection { title: part.title, products: part.products });
                Outgoing::ProductList { header, body, footer: None, catalog_id, sections: sections.collect() }
            }
            Self::Catalogue { body, thumbnail } => Outgoing::Catalogue { body, footer: None, thumbnail },
            Self::Form { body, label, form_id, screen, data } => {
                Outgoing::Form { body, footer: None, label, form_id, screen, data }
            }
            Self::AskLocation { body } => Outgoing::AskLocation { body },
        }))
    }
}

/// Whether a turn is a message of this customer's.
async fn is_customers(acting: &Acting, turn: TurnId) -> Result<(), Problem> {
    let (conversation, turn) = acting.host.store.turn(turn).await?;
    if conversation == acting.conversation && matches!(turn.turn.body, TurnBody::Received(_)) {
        return Ok(());
    }
    Err(Problem::invalid("`turn` is no message of this customer's"))
}

/// Sends the customer something other than a text. The gate rules on it as on everything.
#[utoipa::path(post, path = "/conversations/{id}/send", params(("id" = String, Path)), request_body = Message,
    tag = "conversations", responses((status = 200, body = Done), (status = 409, body = Problem),
    (status = 422, body = Problem, description = "the gate refused it, or Meta does not take the template, and why"),
    (status = 502, body = Problem, description = "Meta did not tell which templates there are")))]
pub(super) async fn send(acting: Acting, Json(message): Json<Message>) -> Result<Json<Done>, Problem> {
    let action = message.action(&acting).await?;
    acting.does(action).await
}

/// Notes something for colleagues; the customer never sees it.
#[utoipa::path(post, path = "/conversations/{id}/note", params(("id" = String, Path)), request_body = Words,
    tag = "conversations", responses((status = 200, body = Done),
    (status = 409, body = Problem, description = "nothing is applied yet")))]
pub(super) async fn note(acting: Acting, Json(words): Json<Words>) -> Result<Json<Done>, Problem> {
    let text = not_empty(words)?;
    acting.does(Action::Note(text)).await
}

/// Gives a conversation to another division's queue.
#[utoipa::path(post, path = "/conversations/{id}/transfer", params(("id" = String, Path)), request_body = Transfer,
    tag = "conversations", responses((status = 200, body = Done),
    (status = 409, body = Problem, description = "somebody else has it, by name"), (status = 422, body = Problem)))]
pub(super) async fn transfer(acting: Acting, Json(transfer): Json<Transfer>) -> Result<Json<Done>, Problem> {
    acting.does(Action::Transfer(DivisionName::from(transfer.division))).await
}

/// Gives a conversation back to the bot, which introduces itself again.
#[utoipa::path(post, path = "/conversations/{id}/hand-back", params(("id" = String, Path)), request_body = HandBack,
    tag = "conversations", responses((status = 200, body = Done), (status = 409, body = Problem)))]
pub(super) async fn hand_back(acting: Acting, Json(hand_back): Json<HandBack>) -> Result<Json<Done>, Problem> {
    acting.does(Action::HandBack(hand_back.note)).await
}

/// Closes the request; the bot is reachable again.
#[utoipa::path(post, path = "/conversations/{id}/resolve", params(("id" = String, Path)), tag = "conversations",
    responses((status = 200, body = Done), (status = 409, body = Problem)))]
pub(super) async fn resolve(acting: Acting) -> Result<Json<Done>, Problem> {
    acting.does(Action::Resolve).await
}

fn not_empty(words: Words) -> Result<String, Problem> {
    if words.text.trim().is_empty() {
        return Err(Problem::invalid("`text` is empty"));
    }
    Ok(words.text)
}
