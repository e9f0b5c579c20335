//! `log`, and whatever the guest writes to stdout and stderr.

use super::Guest;
use crate::contract::santun::plugin::log;
use crate::log::{Level, Line};

/// Bytes of one line; the rest of a longer one is cut off.
const LINE: usize = 1_024;
/// Bytes of stderr, and of lines about what failed, that are kept to explain a trap.
const LAST_WORDS: usize = 2_048;

impl log::Host for Guest {
    fn write(&mut self, level: log::Level, message: String) -> wasmtime::Result<()> {
        let level = match level {
            log::Level::Debug => Level::Debug,
            log::Level::Info => Level::Info,
            log::Level::Warn => Level::Warn,
            log::Level::Error => Level::Error,
        };
        if level == Level::Error {
            // A plugin that prints by way of the log has its panics' messages here too.
            self.keep_last_words(message.as_bytes());
        }
        self.log_line(level, message);
        Ok(())
    }
}

impl Guest {
    /// Takes what was written to stdout or stderr.
    pub(crate) fn printed(&mut self, level: Level, bytes: &[u8]) {
        if level == Level::Error {
            self.keep_last_words(bytes);
        }
        for line in bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
            let line = &line[..line.len().min(LINE)];
            self.log_line(level, String::from_utf8_lossy(line).into_owned());
        }
    }

    fn keep_last_words(&mut self, bytes: &[u8]) {
        let words = &mut self.call.last_words;
        if !words.is_empty() && words.len() < LAST_WORDS {
            words.push(b'\n');
        }
        let room = LAST_WORDS.saturating_sub(words.len());
        words.extend_from_slice(&bytes[..bytes.len().min(room)]);
    }

    fn log_line(&mut self, level: Level, mut text: String) {
        if text.len() > LINE {
            text.truncate(text.floor_char_boundary(LINE));
        }
        let call = &mut self.call;
        let bytes = call.log_bytes.saturating_add(text.len().max(1));
        if bytes > (self.surroundings.limits.log_kb as usize) << 10 {
            call.logs.dropped = call.logs.dropped.saturating_add(1);
            return;
        }
        call.log_bytes = bytes;
        let plugin = self.surroundings.plugin.clone();
        let line = Line { plugin, revision: self.surroundings.revision, step: call.step, level, text };
        if self.surroundings.log.send(line) {
            call.logs.lines += 1;
        } else {
            call.logs.dropped = call.logs.dropped.saturating_add(1);
        }
    }
}
