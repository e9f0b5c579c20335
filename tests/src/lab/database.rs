//! The databases, read and changed beside the host.

use super::Lab;

impl Lab {
    /// What a query for one number finds in one of the databases, while the host runs or not.
    pub async fn number_in(&self, database: &str, query: &'static str) -> i64 {
        use sqlx::Connection as _;
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(self.folder.join(database)).read_only(true);
        let mut connection = sqlx::SqliteConnection::connect_with(&options).await.expect("the database opens");
        sqlx::query_scalar(query).fetch_one(&mut connection).await.expect("a number")
    }

    /// How many messages are durably being sent. Looked at while a host is dead, these are all of which nobody may
    /// know afterwards whether they were.
    pub async fn being_sent(&self) -> usize {
        let count = self.number_in("santun.db", "SELECT COUNT(*) FROM outbox WHERE state = 'sending'").await;
        usize::try_from(count).expect("a count")
    }

    /// Changes something in one of the databases, while no host has it.
    pub async fn run_in(&self, database: &str, statement: &'static str) {
        use sqlx::Connection as _;
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(self.folder.join(database));
        let mut connection = sqlx::SqliteConnection::connect_with(&options).await.expect("the database opens");
        sqlx::query(statement).execute(&mut connection).await.expect("it is changed");
        connection.close().await.expect("it closes");
    }
}
