//! Who computes: processor time by threads' names. It says what limits a rate where no profiler is.

use std::collections::BTreeMap;
use std::fs;

/// Seconds of processor time by thread name, of threads that live.
#[derive(Clone, Debug, Default)]
pub(super) struct Threads(BTreeMap<String, f64>);

impl Threads {
    pub(super) fn now() -> Self {
        let mut seconds = BTreeMap::new();
        for task in fs::read_dir("/proc/self/task").into_iter().flatten().flatten() {
            let Ok(stat) = fs::read_to_string(task.path().join("stat")) else { continue };
            let Some((name, ticks)) = read(&stat) else { continue };
            // One tick is a hundredth of a second on every Linux that Rust's standard library supports.
            *seconds.entry(name).or_default() += ticks as f64 / 100.0;
        }
        Self(seconds)
    }

    /// What was computed since `before`, as parts of one core over `seconds`, the busiest first.
    pub(super) fn since(&self, before: &Self, seconds: f64) -> String {
        let mut busy: Vec<(&str, f64)> = self
            .0
            .iter()
            .map(|(name, now)| (name.as_str(), (now - before.0.get(name).copied().unwrap_or(0.0)) / seconds))
            .filter(|(_, part)| *part >= 0.01)
            .collect();
        busy.sort_by(|a, b| b.1.total_cmp(&a.1));
        let busy: Vec<String> = busy.iter().map(|(name, part)| format!("{name} {part:.2}")).collect();
        format!("cores busy by thread: {}", busy.join(", "))
    }
}

/// Name without its number, and ticks in user and kernel mode.
fn read(stat: &str) -> Option<(String, u64)> {
    let (before, after) = stat.rsplit_once(')')?;
    let name = before.split_once('(')?.1.trim_end_matches(|c: char| c.is_ascii_digit() || c == '-');
    let fields: Vec<&str> = after.split_whitespace().collect();
    // Fields 14 and 15 of proc(5), counted from the state, which is the third.
    let ticks = fields.get(11)?.parse::<u64>().ok()? + fields.get(12)?.parse::<u64>().ok()?;
    Some((name.to_owned(), ticks))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_threads_line_is_read_whatever_its_name_holds() {
        let stat = "42 (sqlx (a) work-3) S 1 1 1 0 -1 4194304 10 0 0 0 250 50 0 0 20 0 9 0 100 0 0";
        assert_eq!(read(stat), Some(("sqlx (a) work".to_owned(), 300)));
    }
}
