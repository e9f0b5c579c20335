//! `santun demo`: a conversation through the real thing, then a host to play with.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::json;
use tokio::process::{Child, Command};

use super::CliError;
use super::door::client;
use crate::apply::Bundle;
use crate::local_token::{self, Door};
use crate::settings::Settings;
use crate::sole::Sole;
use crate::story::{Player, Stage, Story};
use crate::transcript;

/// The agent of the demonstration.
const AGENT: &str = "rina";

/// The number that the demonstration's bot.toml names.
const NUMBER: &str = "106540352242922";

/// How long the host may take to come up: the first time it compiles the plugins.
const START: Duration = Duration::from_secs(60);

/// Show it: play a conversation through the real thing, then keep serving.
#[derive(Debug, clap::Args)]
pub(super) struct Demo {
    /// Play, print, and exit: 0 only if every expected turn came.
    #[arg(long)]
    once: bool,
    /// The bot, the story, and what they need.
    #[arg(long, default_value = "plugins/demo")]
    from: PathBuf,
    /// Where the plugins are.
    #[arg(long, default_value = "plugins/dist")]
    plugins: PathBuf,
    /// Where the demonstration keeps its files. Its database begins anew each time.
    #[arg(long, default_value = "var/demo")]
    folder: PathBuf,
}

impl Demo {
    pub(super) async fn run(self) -> Result<(), CliError> {
        let ports = Ports::choose()?;
        let settings = self.lay_out(&ports)?;
        println!("Starting the host and a WhatsApp of our own (the first time the plugins are compiled)");
        let mut orders = start_orders(ports.orders)?;
        let emulator = crate::emulate::settings(
            ports.emulator,
            Some(format!("http://{}/webhooks/whatsapp", ports.host)),
            "demo-app-secret".to_owned(),
            "demo-verify-token".to_owned(),
            None,
            &[NUMBER.to_owned()],
        );
        let emulator = santun_emulator::start(emulator).await.map_err(CliError::failed)?;
        let host = crate::serve::serve(settings.clone());
        tokio::pin!(host);
        let (door, outcome) = tokio::select! {
            ended = &mut host => return Err(ended_early(ended)),
            played = self.open_and_play(&settings, &ports) => played?,
        };
        if self.once || outcome.is_err() {
            let _ = orders.start_kill();
            emulator.shutdown().await;
            return outcome;
        }
        println!();
        println!("  phone    http://{}/    write to the bot yourself", ports.emulator);
        println!("  host     {}    API at /api/openapi.json, metrics at http://{}/metrics", door.url, ports.metrics);
        println!("  look     santun --config {}/santun.toml conversation list", self.folder.display());
        println!("  Ctrl+C ends it.");
        let ended = host.await;
        let _ = orders.start_kill();
        emulator.shutdown().await;
        ended.map_err(CliError::failed)
    }

    /// The way in, and whether the story came true.
    async fn open_and_play(
        &self,
        settings: &Settings,
        ports: &Ports,
    ) -> Result<(Door, Result<(), CliError>), CliError> {
        let door = self.open(settings, ports).await?;
        let outcome = self.play(&door, ports).await;
        Ok((door, outcome))
    }

    /// Writes the demonstration's own settings, in a folder that begins anew.
    fn lay_out(&self, ports: &Ports) -> Result<Settings, CliError> {
        let unwritable =
            |error: std::io::Error| CliError::Failed(format!("cannot write {}: {error}", self.folder.display()));
        std::fs::create_dir_all(self.folder.join("secrets")).map_err(unwritable)?;
        // A demonstration that runs in this folder would lose its database.
        if let Ok(earlier) = Settings::read(&self.folder.join("santun.toml")) {
            Sole::claim(&earlier).map_err(CliError::failed)?;
        }
        for name in ["santun.db", "santun-keys.db"] {
            crate::backup::remove_database(&self.folder.join(name)).map_err(unwritable)?;
        }
        match std::fs::remove_file(self.folder.join("var/santun.token")) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(unwritable(error)),
            _ => {}
        }
        if let Some(clock) = clock() {
            // It begins anew, too.
            std::fs::write(clock, "0").map_err(unwritable)?;
        }
        for (name, secret) in
            [("app", "demo-app-secret"), ("verify", "demo-verify-token"), ("access", "demo-access-token")]
        {
            std::fs::write(self.folder.join("secrets").join(name), secret).map_err(unwritable)?;
        }
        let plugins = std::path::absolute(&self.plugins).map_err(unwritable)?;
        let text = format!(
            "[server]\nlisten = \"{}\"\nmetrics_listen = \"{}\"\n\
             [whatsapp]\ngraph_url = \"http://{}\"\napp_secret = \"file:secrets/app\"\n\
             verify_token = \"file:secrets/verify\"\naccess_token = \"file:secrets/access\"\n\
             [plugins]\ndir = {plugins:?}\nwatch = true\n",
            ports.host, ports.metrics, ports.emulator,
        );
        let path = self.folder.join("santun.toml");
        std::fs::write(&path, text).map_err(unwritable)?;
        Ok(Settings::read(&path)?)
    }

    /// Waits for the host, applies the bot, and adds an agent.
    async fn open(&self, settings: &Settings, ports: &Ports) -> Result<Door, CliError> {
        let client = client()?;
        let until = tokio::time::Instant::now() + START;
        let door = loop {
            if let Some(door) = local_token::door(settings)
                && client.get(format!("{}/healthz", door.url)).send().await.is_ok()
            {
                break door;
            }
            if tokio::time::Instant::now() > until {
                return Err(CliError::Failed("the host did not come up within a minute".to_owned()));
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        };
        let mut bundle = Bundle::read(&self.from.join("bot.toml")).map_err(CliError::failed)?;
        bundle.document = bundle.document.replace("127.0.0.1:8090", &ports.orders.to_string());
        let files: serde_json::Map<String, serde_json::Value> =
            bundle.files.0.iter().map(|(name, bytes)| (name.clone(), encode(bytes).into())).collect();
        let wanted = json!({ "document": bundle.document, "files": files, "note": "the demonstration" });
        post(&client, &door, "/applied", &wanted).await?;
        let agent = json!({ "login": AGENT, "name": "Rina", "role": "agent" });
        post(&client, &door, "/users", &agent).await?;
        Ok(door)
    }

    async fn play(&self, door: &Door, ports: &Ports) -> Result<(), CliError> {
        let story = Story::read(&self.from.join("story.yaml")).map_err(CliError::failed)?;
        let stage = Stage {
            emulator: format!("http://{}", ports.emulator),
            host: door.url.clone(),
            token: door.token.clone(),
            clock: clock(),
        };
        println!("Playing a conversation over HTTP: {} steps\n\n{}\n", story.steps.len(), story.title);
        let whole = Player::play(stage, &story).await.map_err(CliError::failed)?;
        if let Some(whole) = whole {
            print!("{}", transcript::of(&whole));
        }
        println!("\nEvery expected turn came ({} steps).", story.steps.len());
        Ok(())
    }
}

/// The file that sets this host's clock, if its story is to let time pass.
fn clock() -> Option<PathBuf> {
    std::env::var_os("SANTUN_CLOCK").map(PathBuf::from)
}

/// Where everything listens.
struct Ports {
    host: SocketAddr,
    metrics: SocketAddr,
    emulator: SocketAddr,
    orders: SocketAddr,
}

impl Ports {
    /// The usual ports, or free ones where those are in use.
    fn choose() -> Result<Self, CliError> {
        Ok(Self { host: free(8080)?, metrics: free(9100)?, emulator: free(8081)?, orders: free(8090)? })
    }
}

fn free(usual: u16) -> Result<SocketAddr, CliError> {
    let listener =
        TcpListener::bind((Ipv4Addr::LOCALHOST, usual)).or_else(|_| TcpListener::bind((Ipv4Addr::LOCALHOST, 0)));
    listener.and_then(|listener| listener.local_addr()).map_err(CliError::failed)
}

fn start_orders(listen: SocketAddr) -> Result<Child, CliError> {
    let program = std::env::current_exe().map_err(CliError::failed)?.with_file_name("santun-order-service");
    let missing = |error: std::io::Error| {
        CliError::Failed(format!("cannot start {}: {error}; `make build` builds it", Path::display(&program)))
    };
    let mut command = Command::new(&program);
    command
        .arg("--listen")
        .arg(listen.to_string())
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null());
    command.kill_on_drop(true).spawn().map_err(missing)
}

fn ended_early(ended: Result<(), crate::serve::ServeError>) -> CliError {
    match ended {
        Ok(()) => CliError::Failed("the host stopped by itself".to_owned()),
        Err(error) => CliError::failed(error),
    }
}

fn encode(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

async fn post(client: &reqwest::Client, door: &Door, path: &str, body: &serde_json::Value) -> Result<(), CliError> {
    let request = client.post(format!("{}/api/v1{path}", door.url)).bearer_auth(&door.token).json(body);
    let answer = request.send().await.map_err(CliError::failed)?;
    if answer.status().is_success() {
        return Ok(());
    }
    let words = answer.text().await.unwrap_or_default();
    let problem = serde_json::from_str::<crate::http::api::Problem>(&words).map_or(words, |problem| problem.message);
    Err(CliError::Failed(problem))
}
