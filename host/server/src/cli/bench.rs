//! `santun bench`

use std::path::PathBuf;

use super::CliError;
use crate::bench::{self, Asked};

/// Measure this machine with the real host, each figure beside a baseline of the same run.
#[derive(Debug, clap::Args)]
pub(super) struct Bench {
    /// Where the figures go, as JSON. Databases of the run lie beside it, so that they are on a real disk.
    #[arg(long, default_value = "target/bench.json")]
    out: PathBuf,
    /// Where the plugins are.
    #[arg(long, default_value = "plugins/dist")]
    plugins: PathBuf,
    /// The plugin that does little (`make bench` builds it).
    #[arg(long, default_value = "target/wasm32-wasip2/plugin/santun_plugin_measured.wasm")]
    guest: PathBuf,
    /// Measure only rows whose name contains this; may be repeated.
    #[arg(long)]
    only: Vec<String>,
    /// What an empty server is: a baseline that `santun bench` starts by itself.
    #[arg(long, hide = true)]
    empty_server: bool,
}

impl Bench {
    pub(super) async fn run(self) -> Result<(), CliError> {
        if self.empty_server {
            return bench::empty_server().await.map_err(CliError::failed);
        }
        let asked = Asked { out: self.out, plugins: self.plugins, guest: self.guest, only: self.only };
        bench::run(&asked).await.map_err(CliError::failed)
    }
}
