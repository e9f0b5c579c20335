//! What the figures were measured on.

use std::fs;

/// The machine, for whoever compares figures of two runs.
pub(super) fn notes() -> Vec<String> {
    let cpu = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpu.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or(": unknown");
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let profile = if cfg!(debug_assertions) { "dev (figures of a development build mean little)" } else { "release" };
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    vec![
        format!(
            "machine: {cores} cores,{}, Linux {}",
            model.trim_start_matches([' ', '\t', ':']).trim_end(),
            kernel.trim()
        ),
        format!("built as: {profile}, santun {}", env!("CARGO_PKG_VERSION")),
        format!("at the start: {}", load()),
    ]
}

/// How busy the machine is: figures on a busy one are those of what was left of it.
pub(super) fn load() -> String {
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    format!("load average {}", load.split(' ').take(3).collect::<Vec<_>>().join(" "))
}
