//! Many rows in few statements: what a batch costs is its statements, not its rows.

use santun_core::ids::{ConversationId, TurnId};
use sqlx::{QueryBuilder, Row as _};

use crate::error::StoreError;
use crate::sqlite::{Connection, Db, DbRow};

/// Rows in one statement at most. With the widest table it stays far below what databases allow
/// (32,766 parameters in SQLite, 65,535 in PostgreSQL).
const MOST_ROWS: usize = 256;

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

    fn push(self, query: &mut QueryBuilder<Db>) {
        match self {
            Self::Int(value) => query.push_bind(value),
            Self::Text(value) => query.push_bind(value),
            Self::Blob(value) => query.push_bind(value),
        };
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

/// `{head} (…), (…) {tail}` for all rows, in chunks whose sizes are powers of two, so that a handful of
/// prepared statements serves batches of every size.
pub(crate) async fn write_rows<const N: usize>(
    connection: &mut Connection,
    head: &'static str,
    mut rows: Vec<[Value; N]>,
    tail: &'static str,
) -> Result<(), sqlx::Error> {
    while !rows.is_empty() {
        let size = chunk(rows.len());
        let mut query = QueryBuilder::<Db>::new(head);
        push_rows(&mut query, rows.drain(..size));
        query.push(tail);
        query.build().execute(&mut *connection).await?;
    }
    Ok(())
}

/// As [`write_rows`], for statements that return rows.
pub(crate) async fn write_rows_returning<const N: usize>(
    connection: &mut Connection,
    head: &'static str,
    mut rows: Vec<[Value; N]>,
    tail: &'static str,
) -> Result<Vec<DbRow>, sqlx::Error> {
    let mut found = Vec::new();
    while !rows.is_empty() {
        let size = chunk(rows.len());
        let mut query = QueryBuilder::<Db>::new(head);
        push_rows(&mut query, rows.drain(..size));
        query.push(tail);
        found.extend(query.build().fetch_all(&mut *connection).await?);
    }
    Ok(found)
}

fn push_rows<const N: usize>(query: &mut QueryBuilder<Db>, rows: impl Iterator<Item = [Value; N]>) {
    for (nth, row) in rows.enumerate() {
        query.push(if nth == 0 { "(" } else { ", (" });
        for (nth, value) in row.into_iter().enumerate() {
            if nth > 0 {
                query.push(", ");
            }
            value.push(query);
        }
        query.push(")");
    }
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
        let mut query = QueryBuilder::<Db>::new(head);
        query.push("(");
        for nth in 0..keys.len().next_power_of_two() {
            if nth > 0 {
                query.push(", ");
            }
            query.push_bind(keys.get(nth).unwrap_or(last).to_vec());
        }
        query.push(")");
        query.push(tail);
        found.extend(query.build().fetch_all(&mut *connection).await?);
    }
    Ok(found)
}

fn chunk(rows: usize) -> usize {
    // The largest power of two that is not beyond the rows that are left.
    (1 << rows.ilog2()).min(MOST_ROWS)
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
    fn chunks_are_powers_of_two_and_bounded() {
        assert_eq!([1, 2, 3, 100, 255, 256, 5000].map(chunk), [1, 2, 2, 64, 128, 256, 256]);
    }
}
