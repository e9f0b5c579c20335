//! How a story fails, as a person reads it.

use std::fmt;
use std::path::PathBuf;

/// Why a story did not come true.
#[derive(Debug, thiserror::Error)]
pub enum StoryError {
    /// Something that was expected is not true.
    #[error(transparent)]
    Unmet(Box<Unmet>),
    /// The emulator or the host cannot be reached, or does not answer as it should.
    #[error("{file}:{line}: {what}{transcript}", file = .file.display(), transcript = So(.transcript))]
    Broken {
        /// The story.
        file: PathBuf,
        /// The step's line.
        line: u64,
        /// What went wrong.
        what: String,
        /// The conversation so far.
        transcript: String,
    },
}

/// What was expected, and what is true instead.
#[derive(Debug)]
pub struct Unmet {
    /// The story.
    pub file: PathBuf,
    /// Its title.
    pub title: String,
    /// Every expectation of the step that is not met: its line, and what is true instead.
    pub unmet: Vec<(u64, String)>,
    /// The conversation so far, with the why of every message.
    pub transcript: String,
}

impl fmt::Display for Unmet {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "{}", self.title)?;
        for (line, what) in &self.unmet {
            writeln!(formatter, "{}:{line}: {what}", self.file.display())?;
        }
        write!(formatter, "{}", So(&self.transcript))
    }
}

impl std::error::Error for Unmet {}

/// The conversation so far, set apart.
struct So<'a>(&'a str);

impl fmt::Display for So<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return Ok(());
        }
        write!(formatter, "\nthe conversation so far:\n{}", self.0)
    }
}
