//! Many rows in few statements: what a batch costs is its statements, not its rows.
//!
//! What the writer does in great numbers says `OR FAIL`: an error leaves the rows before it where they are, and the
//! whole transaction is undone then anyway. To undo the one statement SQLite would copy each page before it changes
//! it: 7 % of the samples in a profile of arrivals.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures_util::TryStreamExt as _;
use parking_lot::Mutex;
use santun_core::ids::{ConversationId, TurnId};
use sqlx::error::BoxDynError;
use sqlx::{Arguments as _, AssertSqlSafe, Either, Executor as _, Row as _};

use crate::error::StoreError;
use crate::sqlite::{BEGIN_WRITE, Connection, DbArguments, DbDone, DbRow};

/// Rows in one statement at most. With the widest table it stays far below what databases allow
/// (32,766 parameters in SQLite, 65,535 in PostgreSQL).
const MOST_ROWS: usize = 256;

/// Up to so many rows have a statement of just their number. A statement costs two changes of thread, and
/// most batches are small: with powers of two alone seven rows took three of them.
const EXACT_ROWS: usize = 16;

/// One value of a row. The types of absent values are kept: PostgreSQL wants to know them.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    Int(Option<i64>),
    Text(Option<String>),
    Blob(Option<Vec<u8>>),
}

impl Value {
    pub(crate) fn uuid(id: &uuid::Uuid) -> Self {
        Self::Blob(Some(id.as_bytes().to_vec()))
    }

    fn add_to(self, arguments: &mut DbArguments) -> Result<(), BoxDynError> {
        match self {
            Self::Int(value) => arguments.add(value),
            Self::Text(value) => arguments.add(value),
            Self::Blob(value) => arguments.add(value),
        }
    }
}

macro_rules! value_from {
    ($($variant:ident: $($from:ty => $into:expr),+;)+) => {$($(
        impl From<$from> for Value {
            fn from(value: $from) -> Self {
                let into: fn($from) -> _ = $into;
                Self::$variant(into(value))
            }
        }
    )+)+};
}

value_from! {
    Int: i64 => Some, Option<i64> => |value| value, u32 => |value| Some(i64::from(value)), bool => |value| Some(i64::from(value));
    Text: &str => |value| Some(value.to_owned()), String => Some, Option<String> => |value| value;
    Blob: Vec<u8> => Some, Option<Vec<u8>> => |value| value, [u8; 16] => |value| Some(value.to_vec()),
        Option<[u8; 16]> => |value| value.map(|value| value.to_vec()),
        TurnId => |value| Some(value.as_uuid().as_bytes().to_vec()),
        Option<TurnId> => |value| value.map(|value| value.as_uuid().as_bytes().to_vec()),
        ConversationId => |value| Some(value.as_uuid().as_bytes().to_vec());
}

/// `{head} (…), (…) {tail}` for all rows, in chunks of few sizes ([`chunk`]), so that a handful of prepared
/// statements serves batches of every size.
pub(crate) async fn write_rows<const N: usize>(
    connection: &mut Connection,
    head: &'static str,
    rows: Vec<[Value; N]>,
    tail: &'static str,
) -> Result<(), sqlx::Error> {
    send_rows(connection, head, rows, tail, false).await.map(|_| ())
}

/// As [`write_rows`]: how many rows were written. To have them returned instead is dear: SQLite keeps them in a
/// table of its own first, and each of them is a message from thread to thread.
pub(crate) async fn write_rows_counted<const N: usize>(
    connection: &mut Connection,
    head: &'static str,
    rows: Vec<[Value; N]>,
    tail: &'static str,
) -> Result<u64, sqlx::Error> {
    Ok(send_rows(connection, head, rows, tail, false).await?.rows_affected())
}

/// As [`write_rows`], as the last of a transaction, which it ends: the number of the last row, if there was any.
pub(crate) async fn write_rows_and_commit<const N: usize>(
    connection: &mut Connection,
    head: &'static str,
    rows: Vec<[Value; N]>,
) -> Result<Option<i64>, sqlx::Error> {
    if rows.is_empty() {
        connection.commit().await?;
        return Ok(None);
    }
    Ok(Some(send_rows(connection, head, rows, "", true).await?.last_insert_rowid()))
}

async fn send_rows<const N: usize>(
    connection: &mut Connection,
    head: &'static str,
    mut rows: Vec<[Value; N]>,
    tail: &'static str,
    commits: bool,
) -> Result<DbDone, sqlx::Error> {
    let mut done = DbDone::default();
    while !rows.is_empty() {
        let size = chunk(rows.len());
        let commits = commits && size == rows.len() && connection.sends_together();
        let shape = Shape { rows: size, columns: N, head, tail, begins: connection.take_begin(), commits };
        let query = sqlx::query_with(AssertSqlSafe(statement(shape)), values_of(rows.drain(..size))?);
        let mut results = (&mut *connection).fetch_many(query);
        // The result of a statement that begins or commits is that of the statement before it once more.
        let mut nth = 0;
        while let Some(result) = results.try_next().await? {
            let Either::Left(result) = result else { continue };
            if nth == usize::from(shape.begins) {
                done.extend([result]);
            }
            nth += 1;
        }
    }
    if commits && !connection.sends_together() {
        connection.commit().await?;
    }
    Ok(done)
}

fn values_of<const N: usize>(rows: impl ExactSizeIterator<Item = [Value; N]>) -> Result<DbArguments, sqlx::Error> {
    let mut arguments = DbArguments::default();
    arguments.reserve(rows.len() * N, 0);
    for value in rows.flatten() {
        value.add_to(&mut arguments).map_err(sqlx::Error::Encode)?;
    }
    Ok(arguments)
}

/// `{head} (…) {tail}` with a list of keys, for all keys. The list is filled up with its last key to a
/// power of two.
pub(crate) async fn read_keys(
    connection: &mut Connection,
    head: &'static str,
    keys: &[[u8; 16]],
    tail: &'static str,
) -> Result<Vec<DbRow>, sqlx::Error> {
    let mut found = Vec::new();
    for keys in keys.chunks(MOST_ROWS) {
        let Some(last) = keys.last() else { continue };
        let size = keys.len().next_power_of_two();
        let begins = connection.take_begin();
        let sql = statement(Shape { rows: 1, columns: size, head, tail, begins, commits: false });
        let mut arguments = DbArguments::default();
        arguments.reserve(size, 0);
        for nth in 0..size {
            arguments.add(keys.get(nth).unwrap_or(last).to_vec()).map_err(sqlx::Error::Encode)?;
        }
        found.extend(sqlx::query_with(AssertSqlSafe(sql), arguments).fetch_all(&mut *connection).await?);
    }
    Ok(found)
}

/// What a statement of many rows is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Shape {
    rows: usize,
    columns: usize,
    head: &'static str,
    tail: &'static str,
    /// Whether a transaction begins before it, and is committed after it.
    begins: bool,
    commits: bool,
}

impl Shape {
    fn write(self) -> String {
        let row = format!("({})", vec!["?"; self.columns].join(", "));
        let before = if self.begins { [BEGIN_WRITE, "; "].concat() } else { String::new() };
        let after = if self.commits { "; COMMIT" } else { "" };
        [&before, self.head, &vec![row.as_str(); self.rows].join(", "), self.tail, after].concat()
    }
}

/// The statement of a shape. All that were ever asked for are kept: there are a few hundred shapes, and writing one
/// of 256 rows anew each time took longer than binding its values.
fn statement(shape: Shape) -> Arc<str> {
    static WRITTEN: Mutex<BTreeMap<Shape, Arc<str>>> = Mutex::new(BTreeMap::new());
    WRITTEN.lock().entry(shape).or_insert_with(|| shape.write().into()).clone()
}

/// How many of so many rows the next statement takes: all of a few, of more the largest power of two.
fn chunk(rows: usize) -> usize {
    if rows <= EXACT_ROWS { rows } else { (1 << rows.ilog2()).min(MOST_ROWS) }
}

/// A 16-byte id out of a row.
pub(crate) fn id_at(row: &DbRow, column: usize) -> Result<[u8; 16], StoreError> {
    id_of(&row.try_get::<Vec<u8>, _>(column)?)
}

/// A 16-byte id out of a row, if it is there.
pub(crate) fn some_id_at(row: &DbRow, column: usize) -> Result<Option<[u8; 16]>, StoreError> {
    row.try_get::<Option<Vec<u8>>, _>(column)?.map(|bytes| id_of(&bytes)).transpose()
}

fn id_of(bytes: &[u8]) -> Result<[u8; 16], StoreError> {
    bytes.try_into().map_err(|_| StoreError::Damaged {
        table: "?",
        column: "id",
        row: hex::encode(bytes),
        problem: "an id must have 16 bytes",
    })
}

/// The id with these bytes.
pub(crate) const fn uuid(bytes: [u8; 16]) -> uuid::Uuid {
    uuid::Uuid::from_bytes(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_has_a_place_for_every_value() {
        let (head, tail) = ("INSERT INTO t (a, b, c) VALUES ", " RETURNING a");
        let shape = Shape { rows: 2, columns: 3, head, tail, begins: false, commits: false };
        assert_eq!(&*statement(shape), "INSERT INTO t (a, b, c) VALUES (?, ?, ?), (?, ?, ?) RETURNING a");
        assert_eq!(
            &*statement(Shape { rows: 1, columns: 1, begins: true, commits: true, ..shape }),
            "BEGIN IMMEDIATE; INSERT INTO t (a, b, c) VALUES (?) RETURNING a; COMMIT"
        );
    }

    #[test]
    fn chunks_are_small_numbers_or_powers_of_two_and_bounded() {
        assert_eq!([1, 2, 3, 16, 17, 100, 255, 256, 5000].map(chunk), [1, 2, 3, 16, 16, 64, 128, 256, 256]);
    }
}
