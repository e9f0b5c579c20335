//! One connection.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use futures_util::stream::{self, BoxStream};
use futures_util::{FutureExt as _, StreamExt as _, TryFutureExt as _, TryStreamExt as _};
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqliteQueryResult, SqliteRow, SqliteStatement, SqliteTypeInfo};
use sqlx::{ConnectOptions as _, Connection as _, Either, Error, Execute, Executor, SqlStr, Sqlite, SqliteConnection};

use super::BEGIN_WRITE;
use crate::steps::{Passed, Steps, held, pass};

/// One connection to a database. Its statements go through [`Steps`], if there are any.
#[derive(Debug)]
pub(crate) struct Connection {
    sqlite: SqliteConnection,
    steps: Option<Arc<dyn Steps>>,
    /// A transaction begins with the next statement.
    begins: bool,
}

impl Connection {
    pub(super) async fn open(options: SqliteConnectOptions, steps: Option<Arc<dyn Steps>>) -> Result<Self, Error> {
        let sqlite = held(steps.as_ref(), options.connect()).await?;
        Ok(Self { sqlite, steps, begins: false })
    }

    /// Begins a transaction that writes, with the next statement. What is sent with another statement costs no
    /// change of thread of its own, and while both cores are busy each of them is a wait in a queue.
    pub(crate) const fn begin(&mut self) {
        self.begins = true;
    }

    /// Whether a transaction is to begin, for whoever sends that with a statement.
    pub(crate) const fn take_begin(&mut self) -> bool {
        let begins = self.begins && self.sends_together();
        if begins {
            self.begins = false;
        }
        begins
    }

    /// Whether statements may be sent together. Where somebody lets them through they go one by one.
    pub(crate) const fn sends_together(&self) -> bool {
        self.steps.is_none()
    }

    /// Ends the transaction: it is durable. One that never began has nothing to keep.
    pub(crate) async fn commit(&mut self) -> Result<(), Error> {
        if !std::mem::take(&mut self.begins) {
            sqlx::query("COMMIT").execute(self).await?;
        }
        Ok(())
    }

    /// Undoes the transaction. Fails harmlessly if the database has done so already.
    pub(crate) async fn roll_back(&mut self) {
        if !std::mem::take(&mut self.begins) {
            sqlx::query("ROLLBACK").execute(self).await.ok();
        }
    }

    async fn begin_now(&mut self) -> Result<(), Error> {
        sqlx::query(BEGIN_WRITE).execute(self).await.map(|_| ())
    }

    pub(super) async fn migrate(&mut self, migrations: &Migrator) -> Result<(), MigrateError> {
        held(self.steps.as_ref(), migrations.run(&mut self.sqlite)).await
    }

    pub(super) async fn close(self) -> Result<(), Error> {
        held(self.steps.as_ref(), self.sqlite.close()).await
    }
}

type Rows<'e> = BoxStream<'e, Result<Either<SqliteQueryResult, SqliteRow>, Error>>;

impl<'c> Executor<'c> for &'c mut Connection {
    type Database = Sqlite;

    fn fetch_many<'e, 'q: 'e, E>(self, query: E) -> Rows<'e>
    where
        'c: 'e,
        E: 'q + Execute<'q, Sqlite>,
    {
        if std::mem::take(&mut self.begins) {
            let begun = async move {
                self.begin_now().await?;
                Ok(self.fetch_many(query))
            };
            return begun.try_flatten_stream().boxed();
        }
        let Some(steps) = &self.steps else { return self.sqlite.fetch_many(query) };
        let (sqlite, steps) = (&mut self.sqlite, steps.clone());
        stepped(sqlite, steps, query).map_ok(|rows| stream::iter(rows).map(Ok)).try_flatten_stream().boxed()
    }

    fn fetch_optional<'e, 'q: 'e, E>(self, query: E) -> BoxFuture<'e, Result<Option<SqliteRow>, Error>>
    where
        'c: 'e,
        E: 'q + Execute<'q, Sqlite>,
    {
        if std::mem::take(&mut self.begins) {
            return async move {
                self.begin_now().await?;
                self.fetch_optional(query).await
            }
            .boxed();
        }
        let Some(steps) = &self.steps else { return self.sqlite.fetch_optional(query) };
        let (sqlite, steps) = (&mut self.sqlite, steps.clone());
        stepped(sqlite, steps, query).map_ok(|rows| rows.into_iter().find_map(Either::right)).boxed()
    }

    fn prepare_with<'e>(
        self,
        sql: SqlStr,
        parameters: &'e [SqliteTypeInfo],
    ) -> BoxFuture<'e, Result<SqliteStatement, Error>>
    where
        'c: 'e,
    {
        let Connection { sqlite, steps, .. } = self;
        held(steps.as_ref(), sqlite.prepare_with(sql, parameters)).boxed()
    }

    #[doc(hidden)]
    fn describe<'e>(self, sql: SqlStr) -> BoxFuture<'e, Result<sqlx::Describe<Sqlite>, Error>>
    where
        'c: 'e,
    {
        let Connection { sqlite, steps, .. } = self;
        held(steps.as_ref(), sqlite.describe(sql)).boxed()
    }
}

/// Runs a statement once it is let through, and holds the thread until it is done.
async fn stepped<'e, 'q: 'e, E>(
    sqlite: &'e mut SqliteConnection,
    steps: Arc<dyn Steps>,
    mut query: E,
) -> Result<Vec<Either<SqliteQueryResult, SqliteRow>>, Error>
where
    E: 'q + Execute<'q, Sqlite>,
{
    let arguments = query.take_arguments().map_err(Error::Encode)?;
    let sql = query.sql();
    if pass(&*steps, sql.as_str()).await? == Passed::Undone {
        return held(Some(&steps), sqlite.fetch_many("ROLLBACK").try_collect()).await;
    }
    held(Some(&steps), sqlite.fetch_many((sql, arguments)).try_collect()).await
}
