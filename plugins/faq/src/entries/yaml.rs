//! Entries as YAML: a list of maps, at the top or under `entries`.

use saphyr_parser::{Event, Parser, Span};

use super::{EntriesError, Entry, FIELDS, Field, Located};

/// Aliases and deeper shapes have no place in a FAQ.
const TOO_DEEP: &str = "an entry is a map of texts and lists of texts: nothing deeper fits here";

pub(super) fn parse(text: &str) -> Result<Vec<Located>, EntriesError> {
    let mut events = Events { parser: Parser::new_from_str(text), last: (1, 1) };
    let mut located = Vec::new();
    loop {
        match events.next()? {
            Token::Stop => return Ok(located),
            Token::ListBegin => list(&mut events, &mut located)?,
            Token::MapBegin => under_entries(&mut events, &mut located)?,
            Token::Text(_) | Token::ListEnd | Token::MapEnd => {
                return Err(events.fault("a list of entries belongs here"));
            }
        }
    }
}

fn under_entries(events: &mut Events<'_>, located: &mut Vec<Located>) -> Result<(), EntriesError> {
    loop {
        match events.next()? {
            Token::Text(key) if key == "entries" => match events.next()? {
                Token::ListBegin => list(events, located)?,
                _ => return Err(events.fault("`entries` is a list")),
            },
            Token::Text(key) => return Err(events.fault(format!("no key is called `{key}` here: write `entries`"))),
            Token::MapEnd => return Ok(()),
            _ => return Err(events.fault(TOO_DEEP)),
        }
    }
}

fn list(events: &mut Events<'_>, located: &mut Vec<Located>) -> Result<(), EntriesError> {
    loop {
        match events.next()? {
            Token::ListEnd => return Ok(()),
            Token::MapBegin => {
                let line = events.last.0;
                located.push(Located { line, entry: entry(events)? });
            }
            _ => return Err(events.fault("an entry is a map with `question` and `answer`")),
        }
    }
}

fn entry(events: &mut Events<'_>) -> Result<Entry, EntriesError> {
    let mut entry = Entry::default();
    loop {
        let field = match events.next()? {
            Token::MapEnd => return Ok(entry),
            Token::Text(name) => Field::from_name(&name)
                .ok_or_else(|| events.fault(format!("no key is called `{name}`: use {FIELDS}")))?,
            _ => return Err(events.fault(TOO_DEEP)),
        };
        match events.next()? {
            Token::Text(value) => field.put(&mut entry, &value),
            Token::ListBegin => values(events, field, &mut entry)?,
            _ => return Err(events.fault(TOO_DEEP)),
        }
    }
}

fn values(events: &mut Events<'_>, field: Field, entry: &mut Entry) -> Result<(), EntriesError> {
    loop {
        match events.next()? {
            Token::ListEnd => return Ok(()),
            Token::Text(value) if field == Field::Question && !entry.question.is_empty() => {
                Field::Also.put(entry, &value);
            }
            Token::Text(value) => field.put(entry, &value),
            _ => return Err(events.fault(TOO_DEEP)),
        }
    }
}

enum Token {
    Text(String),
    ListBegin,
    ListEnd,
    MapBegin,
    MapEnd,
    Stop,
}

struct Events<'t> {
    parser: Parser<'t, saphyr_parser::StrInput<'t>>,
    /// Line and column of the last event, from 1.
    last: (usize, usize),
}

impl Events<'_> {
    fn next(&mut self) -> Result<Token, EntriesError> {
        loop {
            let Some(event) = self.parser.next() else { return Ok(Token::Stop) };
            let (event, span): (Event<'_>, Span) = event.map_err(|error| {
                let at = error.marker();
                EntriesError::at(at.line(), (at.col() + 1).to_string(), format!("it is not YAML: {}", error.info()))
            })?;
            self.last = (span.start.line(), span.start.col() + 1);
            return Ok(match event {
                Event::Scalar(value, ..) => Token::Text(value.into_owned()),
                Event::SequenceStart(..) => Token::ListBegin,
                Event::SequenceEnd => Token::ListEnd,
                Event::MappingStart(..) => Token::MapBegin,
                Event::MappingEnd => Token::MapEnd,
                Event::Alias(_) => return Err(self.fault("aliases are not followed: write the text itself")),
                Event::StreamEnd => Token::Stop,
                Event::Nothing | Event::StreamStart | Event::DocumentStart(_) | Event::DocumentEnd => continue,
            });
        }
    }

    fn fault(&self, problem: impl Into<String>) -> EntriesError {
        EntriesError::at(self.last.0, self.last.1.to_string(), problem)
    }
}
