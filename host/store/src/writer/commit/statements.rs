//! The statements of a step: what comes before its rows, and what after them.

// The sign before the new rows' column keeps SQLite from turning the look-up round. Of 256 new rows it would read the
// whole table, and look each of its rows up among the new ones: nine tenths of all samples in a profile of a store
// that was filled with 400,000 turns.
pub(super) const DECIDE: &str = "WITH decided (id, step) AS (VALUES ";
pub(super) const DECIDED: &str =
    ") UPDATE OR FAIL turns SET undecided = 0, step = decided.step FROM decided WHERE turns.id = +decided.id";
pub(super) const CONVERSATIONS: &str = "WITH new (id, fence, outbox_position, owner, owner_division, owner_user, \
     request_division, request_priority, request_at, last_customer_at, last_turn_at, disclosing, state) AS (VALUES ";
pub(super) const CONVERSATIONS_SET: &str = ") UPDATE OR FAIL conversations SET fence = new.fence, \
     outbox_position = new.outbox_position, owner = new.owner, owner_division = new.owner_division, \
     owner_user = new.owner_user, request_division = new.request_division, request_priority = new.request_priority, \
     request_at = new.request_at, last_customer_at = new.last_customer_at, last_turn_at = new.last_turn_at, \
     disclosing = new.disclosing, state = new.state FROM new WHERE conversations.id = +new.id";
pub(super) const CONTACTS: &str = "WITH new (id, shared, shared_version) AS (VALUES ";
pub(super) const CONTACTS_SET: &str = ") UPDATE contacts SET shared = new.shared, \
     shared_version = new.shared_version FROM new WHERE contacts.id = +new.id";
pub(super) const CONSENTS: &str =
    "INSERT INTO consents (contact, conversation, at, change, purpose, wording, evidence, turn) VALUES ";
pub(super) const STATE: &str = "INSERT INTO plugin_state (plugin, conversation, key_hash, version, value) VALUES ";
pub(super) const STATE_OVER: &str = " ON CONFLICT (conversation, plugin, key_hash) DO UPDATE SET \
     version = excluded.version, value = excluded.value";
pub(super) const TIMERS: &str = "INSERT INTO timers (conversation, kind, at) VALUES ";
pub(super) const TIMERS_OVER: &str = " ON CONFLICT (conversation, kind) DO UPDATE SET at = excluded.at";
pub(super) const REQUESTS: &str =
    "INSERT INTO requests (id, conversation, division, priority, opened_at, body) VALUES ";
pub(super) const REQUESTS_OVER: &str = " ON CONFLICT (id) DO UPDATE SET division = excluded.division, \
     priority = excluded.priority, body = excluded.body";

#[cfg(test)]
mod tests {
    use sqlx::{AssertSqlSafe, Row as _};

    use super::*;
    use crate::sqlite::{Address, MIGRATIONS};

    #[tokio::test]
    async fn no_batch_however_large_reads_a_whole_table_to_find_the_rows_that_it_changes() {
        let folder = tempfile::tempdir().unwrap();
        let address = Address::parse(&format!("sqlite:{}", folder.path().join("a.db").display())).unwrap();
        let mut writer = address.writer(&MIGRATIONS).await.unwrap();
        for (head, columns, tail) in
            [(DECIDE, 2, DECIDED), (CONVERSATIONS, 13, CONVERSATIONS_SET), (CONTACTS, 3, CONTACTS_SET)]
        {
            for rows in [1, 16, 64, 128, 256] {
                let row = format!("({})", vec!["?"; columns].join(", "));
                let plan = format!("EXPLAIN QUERY PLAN {head}{}{tail}", vec![row; rows].join(", "));
                let plan = sqlx::query(AssertSqlSafe(plan)).fetch_all(&mut writer).await.unwrap();
                let plan: Vec<String> = plan.iter().map(|step| step.try_get(3).unwrap()).collect();
                let reads_all = |step: &String| {
                    ["turns", "conversations", "contacts"]
                        .iter()
                        .any(|table| step.starts_with(&format!("SCAN {table}")))
                };
                assert!(!plan.iter().any(reads_all), "{rows} rows: {plan:#?}");
            }
        }
    }
}
