//! Somebody who reads the database beside the host, and sees only what is durable.

use std::path::Path;

use santun_core::ids::ContactId;
use santun_store::hold;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Row as _, SqliteConnection};

/// A connection of its own.
pub(crate) struct Witness(SqliteConnection);

/// A message to a customer, as the outbox has it in the moment in which it is requested of the Graph.
pub(crate) struct Seen {
    pub(crate) state: String,
    pub(crate) owner: String,
    pub(crate) speaker: String,
    pub(crate) session: i64,
    pub(crate) business: bool,
    /// Whether a human is called for, whoever has the conversation.
    pub(crate) human_called: bool,
    /// Messages before it in its conversation of which nothing final has become.
    pub(crate) before: i64,
}

impl Witness {
    pub(crate) fn of(folder: &Path) -> Self {
        Self(connected(&folder.join("data.db")))
    }

    /// A message to a customer, by its id.
    pub(crate) fn sees(&mut self, id: &str) -> Option<Seen> {
        const SEE: &str = "SELECT o.state, c.owner, t.speaker, o.session, o.initiative, c.request_at IS NOT NULL,
                (SELECT COUNT(*) FROM outbox b WHERE b.conversation = o.conversation AND b.position < o.position
                  AND (b.state IN ('queued', 'sending') OR (b.state = 'unknown' AND b.settle_by IS NOT NULL)))
            FROM outbox o JOIN turns t ON t.id = o.id JOIN conversations c ON c.id = o.conversation WHERE o.id = $1";
        let id = uuid::Uuid::parse_str(id).expect("an id").as_bytes().to_vec();
        let row = hold(sqlx::query(SEE).bind(id).fetch_optional(&mut self.0)).expect("the database answers")?;
        Some(Seen {
            state: row.get(0),
            owner: row.get(1),
            speaker: row.get(2),
            session: row.get(3),
            business: row.get::<String, _>(4).contains("business"),
            human_called: row.get(5),
            before: row.get(6),
        })
    }

    /// Steps that no message of a customer names.
    pub(crate) fn steps_without_a_customer(&mut self) -> Vec<uuid::Uuid> {
        const STEPS: &str = "SELECT step FROM traces WHERE step NOT IN
            (SELECT step FROM turns WHERE speaker = 'customer' AND step IS NOT NULL) ORDER BY step";
        let rows = hold(sqlx::query(STEPS).fetch_all(&mut self.0)).expect("the database answers");
        rows.iter().map(|row| uuid::Uuid::from_slice(row.get(0)).expect("an id")).collect()
    }

    /// What is left of a person, in the data and in the keys beside it.
    pub(crate) fn left_of(&mut self, folder: &Path, contact: ContactId) -> Vec<&'static str> {
        const DATA: [(&str, &str); 3] = [
            ("a conversation", "SELECT COUNT(*) FROM conversations WHERE contact = $1"),
            ("an identity", "SELECT COUNT(*) FROM identities WHERE contact = $1"),
            ("a name", "SELECT COUNT(*) FROM contacts WHERE id = $1 AND person IS NOT NULL"),
        ];
        const KEY: (&str, &str) = ("a key", "SELECT COUNT(*) FROM contact_keys WHERE contact = $1");
        let id = contact.as_uuid().as_bytes().to_vec();
        let count = |of: &mut SqliteConnection, query: &'static str| -> i64 {
            hold(sqlx::query(query).bind(id.clone()).fetch_one(of)).expect("the database answers").get(0)
        };
        let mut keys = connected(&folder.join("keys.db"));
        let data = DATA.into_iter().filter(|(_, query)| count(&mut self.0, query) > 0).map(|(what, _)| what);
        let mut left: Vec<_> = data.collect();
        left.extend((count(&mut keys, KEY.1) > 0).then_some(KEY.0));
        left
    }

    /// A number that a query counts.
    pub(crate) fn counts(&mut self, query: &'static str) -> i64 {
        hold(sqlx::query(query).fetch_one(&mut self.0)).expect("the database answers").get(0)
    }
}

fn connected(file: &Path) -> SqliteConnection {
    let options = SqliteConnectOptions::new().filename(file).pragma("query_only", "ON");
    hold(options.disable_statement_logging().connect()).expect("the database opens")
}
