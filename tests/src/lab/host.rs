//! The host's life: started, crashed, killed, asked to stop.

use std::fs::OpenOptions;
use std::process::{ExitStatus, Stdio};

use tokio::process::{Child, Command};

use super::commands::santun;
use super::{Lab, PATIENCE, eventually};

impl Lab {
    /// Starts the host and waits until it answers.
    pub async fn serve(&mut self) {
        self.serve_with(&[]).await;
    }

    /// Starts a host that will end at a fail point (`name` or `name:nth`), and waits until it answers.
    pub async fn serve_crashing_at(&mut self, point: &str) {
        self.serve_with(&[("SANTUN_CRASH_AT", point)]).await;
    }

    /// Starts a host that will end at a fail point before it answers.
    pub fn begin_crashing_at(&mut self, point: &str) {
        self.host = Some(self.begin(&[("SANTUN_CRASH_AT", point)]));
    }

    /// Starts the host, and does not wait.
    pub fn begin_serving(&mut self) {
        self.host = Some(self.begin(&[]));
    }

    /// Waits until the host has ended at a fail point.
    pub async fn crashed(&mut self, point: &str) {
        let status = self.ended().await;
        let said = self.log().lines().rev().take(50).any(|line| line == format!("crashed at {point}"));
        assert!(!status.success() && said, "the host ended with {status}, and not at {point}:\n{}", self.log());
    }

    fn begin(&self, environment: &[(&str, &str)]) -> Child {
        let log = OpenOptions::new().create(true).append(true).open(self.folder.join("host.log")).expect("a log");
        let mut command = match self.wrapper.split_first() {
            Some((program, arguments)) => {
                let mut command = self.furnished(Command::new(program));
                command.args(arguments).arg(santun()).arg("serve");
                command
            }
            None => self.command(&["serve"]),
        };
        command
            .envs(environment.iter().copied())
            .envs(self.environment.iter().cloned())
            .env("SANTUN_CLOCK", self.folder.join("clock"));
        command.stderr(log).stdout(Stdio::null()).spawn().expect("santun starts")
    }

    /// Starts the host with more in its environment, and waits until it answers.
    pub async fn serve_with(&mut self, environment: &[(&str, &str)]) {
        let begun = self.try_serving(environment).await;
        begun.unwrap_or_else(|status| panic!("the host ended with {status}:\n{}", self.log()));
    }

    /// Starts the host, and waits until it answers; gives how it ended if it does not.
    pub async fn try_serving(&mut self, environment: &[(&str, &str)]) -> Result<(), ExitStatus> {
        let mut host = self.begin(environment);
        eventually("the host answers", async || match host.try_wait() {
            Ok(Some(status)) => Some(Err(status)),
            _ => self.get("/healthz").await.map(|_| Ok(())),
        })
        .await?;
        self.host = Some(host);
        Ok(())
    }

    /// Waits until the host says that it is ready.
    pub async fn ready(&self) {
        eventually("the host is ready", async || {
            let (status, _) = self.get("/readyz").await?;
            (status == 200).then_some(())
        })
        .await;
    }

    /// Ends the host without a word of warning.
    pub async fn kill(&mut self) {
        let mut host = self.host.take().expect("a host that runs");
        host.kill().await.expect("it can be killed");
    }

    /// Sends the host a signal, such as `TERM`.
    pub async fn signal(&self, name: &str) {
        let id = self.host.as_ref().and_then(Child::id).expect("a host that runs");
        let sent = Command::new("kill").arg(format!("-{name}")).arg(id.to_string()).status().await;
        assert!(sent.is_ok_and(|status| status.success()), "kill -{name}");
    }

    /// How the host ended.
    pub async fn ended(&mut self) -> ExitStatus {
        let mut host = self.host.take().expect("a host that runs");
        let ended = tokio::time::timeout(PATIENCE, host.wait()).await;
        ended.unwrap_or_else(|_| panic!("the host does not end:\n{}", self.log())).expect("its status")
    }

    /// Asks the host to stop, and waits until it has.
    pub async fn stop(&mut self) {
        self.signal("TERM").await;
        let status = self.ended().await;
        assert!(status.success(), "{status}\n{}", self.log());
    }

    /// The id of the host's process.
    pub fn process(&self) -> u32 {
        self.host.as_ref().and_then(Child::id).expect("a host that runs")
    }
}
