//! Commands, as somebody types them in the lab's folder.

use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};

use tokio::process::Command;

use super::{APP_SECRET, Lab, PATIENCE, Said, VERIFY_TOKEN};

impl Lab {
    /// Runs a command.
    pub async fn santun(&self, arguments: &[&str]) -> Said {
        self.santun_with(arguments, &[]).await
    }

    /// Runs a command with more in its environment.
    pub async fn santun_with(&self, arguments: &[&str], environment: &[(&str, &str)]) -> Said {
        let mut command = self.command(arguments);
        command.envs(environment.iter().copied()).stdin(Stdio::null());
        let ran = tokio::time::timeout(PATIENCE, command.output()).await;
        let Output { status, stdout, stderr } =
            ran.unwrap_or_else(|_| panic!("santun {arguments:?} does not end")).expect("santun runs");
        let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
        Said { code: status.code().unwrap_or(-1), out: text(&stdout), err: text(&stderr) }
    }

    pub(super) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.furnished(Command::new(santun()));
        command.args(arguments);
        command
    }

    pub(super) fn furnished(&self, mut command: Command) -> Command {
        command
            .current_dir(&self.folder)
            .env("LAB_APP_SECRET", APP_SECRET)
            .env("LAB_VERIFY_TOKEN", VERIFY_TOKEN)
            .env("SANTUN_LOG", self.filter)
            .env_remove("SANTUN_CONFIG")
            .env_remove("SANTUN_AS")
            .kill_on_drop(true);
        command
    }
}

/// The program under test: the one beside this test's own binary.
pub(super) fn santun() -> PathBuf {
    let this = std::env::current_exe().expect("a path");
    let folder = this.parent().and_then(Path::parent).expect("target/debug");
    let program = folder.join("santun");
    assert!(program.exists(), "{} is not there: build it first (`cargo build -p santun`)", program.display());
    program
}
