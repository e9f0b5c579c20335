//! The limits of a call: their names, what they count, and how they are raised.

use std::fmt;

use santun_core::verdict::Failure;
use wasmtime::ResourceLimiter;

/// What a plugin may use too much of. The name is the failure's code, the metric's label, and, where
/// the operator can set it, the key in `limits` in `bot.toml`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Limit {
    /// Milliseconds of its own computing.
    CpuMs,
    /// Milliseconds of computing in `prepare`.
    PrepareCpuMs,
    /// Milliseconds on the wall.
    WallMs,
    /// Mebibytes over all memories.
    MemoryMb,
    /// Elements over all tables.
    TableElements,
    /// Core instances inside its instance.
    Instances,
    /// KiB that cross to the host in one host call.
    HostFuel,
    /// Handles of host resources.
    Handles,
    /// KiB of randomness.
    RandomKb,
    /// KiB of log. Beyond it lines are dropped and counted; the call goes on.
    LogKb,
    /// KiB written to its state.
    StateKb,
    /// HTTP requests.
    HttpRequests,
    /// KiB of one HTTP answer.
    HttpResponseKb,
    /// Milliseconds of one HTTP request.
    HttpMs,
    /// KiB of its verdict, or of what `prepare` gives back.
    OutputKb,
    /// Calls at the same time.
    Concurrency,
}

impl Limit {
    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::CpuMs => "cpu_ms",
            Self::PrepareCpuMs => "prepare_cpu_ms",
            Self::WallMs => "wall_ms",
            Self::MemoryMb => "memory_mb",
            Self::TableElements => "table_elements",
            Self::Instances => "instances",
            Self::HostFuel => "host_fuel",
            Self::Handles => "handles",
            Self::RandomKb => "random_kb",
            Self::LogKb => "log_kb",
            Self::StateKb => "state_kb",
            Self::HttpRequests => "http_requests",
            Self::HttpResponseKb => "http_response_kb",
            Self::HttpMs => "http_ms",
            Self::OutputKb => "output_kb",
            Self::Concurrency => "concurrency",
        }
    }

    /// Whether `limits` in `bot.toml` has it.
    const fn is_settable(self) -> bool {
        !matches!(self, Self::Instances | Self::HostFuel | Self::Handles | Self::RandomKb | Self::HttpMs)
    }

    const fn used_up(self) -> &'static str {
        match self {
            Self::CpuMs => "computed for longer than",
            Self::PrepareCpuMs => "computed in `prepare` for longer than",
            Self::WallMs => "took longer, waiting included, than",
            Self::MemoryMb => "needs more memory (MiB over all its memories) than",
            Self::TableElements => "needs more table elements than",
            Self::Instances => "consists of more core instances than",
            Self::HostFuel => "passed more KiB to a host function at once than",
            Self::Handles => "holds more handles than",
            Self::RandomKb => "asked for more KiB of randomness than",
            Self::LogKb => "logged more KiB than",
            Self::StateKb => "wrote more KiB to its state than",
            Self::HttpRequests => "sent more HTTP requests than",
            Self::HttpResponseKb => "was sent an HTTP answer of more KiB than",
            Self::HttpMs => "waited longer for an HTTP answer than",
            Self::OutputKb => "gave back more KiB than",
            Self::Concurrency => "was called more often at the same time than",
        }
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A limit that a call has exceeded, with its value. Raised as an error inside the guest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Exceeded {
    /// Which.
    pub(crate) limit: Limit,
    /// What it is set to.
    pub(crate) value: u64,
}

impl Exceeded {
    pub(crate) fn new(limit: Limit, value: impl Into<u64>) -> Self {
        Self { limit, value: value.into() }
    }

    /// The failure that it is.
    pub(crate) fn failure(self) -> Failure {
        Failure { code: self.limit.name().to_owned(), message: self.to_string() }
    }
}

impl fmt::Display for Exceeded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { limit, value } = self;
        write!(f, "the plugin {} its limit {limit} = {value} allows", limit.used_up())?;
        if limit.is_settable() {
            write!(f, "; to raise it, set limits.{limit} of the plugin in bot.toml")
        } else {
            write!(f, "; this bound of the host is not set in bot.toml, the plugin must do with less")
        }
    }
}

impl std::error::Error for Exceeded {}

/// Memory and tables of one store, counted over all of them: wasmtime's own limiter counts each for
/// itself.
#[derive(Debug)]
pub(crate) struct Space {
    memory_bytes: u64,
    table_elements: u64,
    memory_mb: u32,
    max_table_elements: u32,
    core_instances: u32,
    /// The limit that a growth was refused for. A guest may cope with that; if it then fails, this is
    /// why.
    pub(crate) refused: Option<Exceeded>,
}

impl Space {
    pub(crate) fn new(memory_mb: u32, max_table_elements: u32, core_instances: u32) -> Self {
        Self { memory_bytes: 0, table_elements: 0, memory_mb, max_table_elements, core_instances, refused: None }
    }
}

impl ResourceLimiter for Space {
    fn memory_growing(&mut self, current: usize, desired: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        let total = self.memory_bytes.saturating_add((desired as u64).saturating_sub(current as u64));
        if total > u64::from(self.memory_mb) << 20 {
            self.refused = Some(Exceeded::new(Limit::MemoryMb, self.memory_mb));
            return Ok(false);
        }
        self.memory_bytes = total;
        Ok(true)
    }

    fn table_growing(&mut self, current: usize, desired: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        let total = self.table_elements.saturating_add((desired as u64).saturating_sub(current as u64));
        if total > u64::from(self.max_table_elements) {
            self.refused = Some(Exceeded::new(Limit::TableElements, self.max_table_elements));
            return Ok(false);
        }
        self.table_elements = total;
        Ok(true)
    }

    fn instances(&self) -> usize {
        self.core_instances as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_limited_over_all_memories_together() {
        let mut space = Space::new(2, 10, 1);
        assert!(space.memory_growing(0, 1 << 20, None).unwrap());
        assert!(space.memory_growing(0, 1 << 20, None).unwrap());
        assert!(!space.memory_growing(1 << 20, (1 << 20) + 1, None).unwrap());
        assert_eq!(space.refused, Some(Exceeded::new(Limit::MemoryMb, 2u32)));
    }

    #[test]
    fn a_message_names_the_limit_its_value_and_where_it_is_raised() {
        let message = Exceeded::new(Limit::CpuMs, 50u32).to_string();
        assert!(message.contains("cpu_ms = 50") && message.contains("limits.cpu_ms"), "{message}");
        let message = Exceeded::new(Limit::Handles, 9u32).to_string();
        assert!(!message.contains("limits.handles"), "{message}");
    }
}
