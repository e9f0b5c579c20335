//! `history`: the conversation so far, as deep as granted.

use santun_core::draft::Author;
use santun_core::turn::{Turn, TurnBody};

use super::Guest;
use crate::contract::santun::plugin::history;

impl history::Host for Guest {
    async fn last(&mut self, n: u32) -> wasmtime::Result<Vec<history::Turn>> {
        let n = n.min(self.surroundings.history_turns);
        let Some(recall) = self.call.recall.clone().filter(|_| n > 0) else { return Ok(Vec::new()) };
        let turns = recall.history(n).await?;
        let skip = turns.len().saturating_sub(n as usize);
        Ok(turns.iter().skip(skip).filter(|turn| is_shown(turn)).map(turn).collect())
    }
}

/// Notes are among agents.
fn is_shown(turn: &Turn) -> bool {
    !matches!(turn.body, TurnBody::Note { .. })
}

fn turn(turn: &Turn) -> history::Turn {
    let plugin = match &turn.body {
        TurnBody::Said { author: Author::Plugin { plugin, .. }, .. } => Some(plugin.as_str().to_owned()),
        _ => None,
    };
    history::Turn {
        at: crate::lower::timestamp(turn.at),
        by: turn.by.as_str().to_owned(),
        kind: turn.body.kind().to_owned(),
        text: turn.body.words().to_owned(),
        plugin,
    }
}
