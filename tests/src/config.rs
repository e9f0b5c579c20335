//! The `bot.toml` of tests: the demonstration's, with what differs.

use toml::{Table, Value};

/// What differs from the demonstration in every test: an office that is open, and no long waits.
const USUAL: &str = include_str!("usual.toml");

/// Why documents cannot be put together.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct MergeError(String);

/// What differs from the demonstration in every test.
///
/// # Errors
/// When `usual.toml` is no TOML.
pub fn usual() -> Result<Table, MergeError> {
    USUAL.parse().map_err(|error| MergeError(format!("tests/src/usual.toml: {error}")))
}

/// Puts `over` on `base`. Sections are put together key by key; entries of `[[channel]]`, `[[plugin]]`
/// and `[[division]]` by their name, and their `config` key by key; everything else is replaced.
///
/// `office = "closed"` stands for an office that is closed now, whenever that is.
///
/// # Errors
/// When an entry has no name.
pub fn merge(base: &mut Table, over: &Table) -> Result<(), MergeError> {
    for (key, value) in over {
        match (base.get_mut(key), value) {
            (Some(Value::Table(base)), Value::Table(over)) => put(base, over),
            (Some(Value::Table(office)), Value::String(word)) if key == "office" && word == "closed" => {
                office.insert("hours".to_owned(), Value::Table(closed_now()));
            }
            (Some(Value::Array(base)), Value::Array(over)) => by_name(key, base, over)?,
            _ => drop(base.insert(key.clone(), value.clone())),
        }
    }
    Ok(())
}

fn put(base: &mut Table, over: &Table) {
    for (key, value) in over {
        match (base.get_mut(key), value) {
            (Some(Value::Table(base)), Value::Table(over)) if key == "config" => base.extend(over.clone()),
            _ => drop(base.insert(key.clone(), value.clone())),
        }
    }
}

fn by_name(key: &str, base: &mut Vec<Value>, over: &[Value]) -> Result<(), MergeError> {
    for entry in over {
        let Some(entry) = entry.as_table() else {
            return Err(MergeError(format!("`{key}` is a list of tables, each with its `name`")));
        };
        let name = entry.get("name").and_then(Value::as_str);
        let name = name.ok_or_else(|| MergeError(format!("an entry of `{key}` has no `name`")))?;
        let known = base.iter_mut().filter_map(Value::as_table_mut);
        match known.into_iter().find(|known| known.get("name").and_then(Value::as_str) == Some(name)) {
            Some(known) => put(known, entry),
            None => base.push(Value::Table(entry.clone())),
        }
    }
    Ok(())
}

/// Hours on the day after tomorrow alone, in any time zone.
#[expect(clippy::disallowed_methods, reason = "the real program runs by the real clock, and so must its opening hours")]
fn closed_now() -> Table {
    const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let today = jiff::Zoned::now().weekday().to_monday_zero_offset();
    let day = DAYS[usize::try_from(today + 3).unwrap_or(0) % 7];
    Table::from_iter([(day.to_owned(), Value::String("09:00-17:00".to_owned()))])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn merged(base: &str, over: &str) -> String {
        let mut base: Table = base.parse().unwrap();
        merge(&mut base, &over.parse().unwrap()).unwrap();
        base.to_string()
    }

    #[test]
    fn sections_are_put_together_and_their_values_replaced() {
        let merged = merged("[office]\ntimezone = 'x'\nhours = { mon = 'a' }", "[office]\nhours = { tue = 'b' }");
        assert!(merged.contains("timezone") && merged.contains("tue") && !merged.contains("mon"), "{merged}");
    }

    #[test]
    fn entries_are_put_together_by_name() {
        let merged = merged(
            "[[plugin]]\nname = 'faq'\nsource = 's'\nconfig = { a = 1, b = 1 }",
            "[[plugin]]\nname = 'faq'\nconfig = { b = 2 }\n[[plugin]]\nname = 'new'",
        );
        assert!(merged.contains("source = \"s\"") && merged.contains("a = 1") && merged.contains("b = 2"), "{merged}");
        assert!(merged.contains("name = \"new\""), "{merged}");
    }

    #[test]
    fn an_office_can_be_closed_whenever_the_test_runs() {
        let merged = merged("[office]\ntimezone = 'x'\nhours = { mon = 'a' }", "office = 'closed'");
        assert!(merged.contains("09:00-17:00") && merged.contains("timezone"), "{merged}");
    }
}
