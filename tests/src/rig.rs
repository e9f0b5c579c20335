//! Everything that a black-box test needs, running.

use std::fs::{self, File};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use santun::story::Stage;
use santun_emulator::{EmulatorSettings, Running};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};
use tokio::time::{Instant, sleep};
use toml::Table;

use crate::config::{self, MergeError};
use crate::programs::{MissingProgram, program, shipped};

/// The people of the business in every test: login, the name that customers read, role, divisions.
pub const USERS: [(&str, &str, &str, &[&str]); 5] = [
    ("rina", "Rina", "agent", &[]),
    ("dodi", "Dodi", "agent", &["cs"]),
    ("maya", "Maya", "agent", &["keuangan"]),
    ("bos", "Bu Hartini", "operator", &[]),
    ("pemilik", "Pak Surya", "owner", &[]),
];

const APP_SECRET: &str = "rahasia-aplikasi";
const VERIFY_TOKEN: &str = "token-verifikasi";
const ACCESS_TOKEN: &str = "token-akses";

/// One for all tests: what they compile is kept between them, and it is authenticated with this.
const MASTER_KEY: &str = "7e57ab1e7e57ab1e7e57ab1e7e57ab1e7e57ab1e7e57ab1e7e57ab1e7e57ab1e";

/// How long a program may take until it answers.
const STARTS_WITHIN: Duration = Duration::from_secs(60);

/// How often another port is tried when somebody else was quicker to take it.
const PORTS_TO_TRY: u32 = 5;

/// Why a test cannot begin.
#[derive(Debug, thiserror::Error)]
pub enum RigError {
    /// A program is not built.
    #[error(transparent)]
    Missing(#[from] MissingProgram),
    /// The configuration cannot be put together.
    #[error("bot.toml: {0}")]
    Merge(#[from] MergeError),
    /// A file or a program cannot be used.
    #[error("{what}: {source}")]
    Io {
        /// What was tried.
        what: String,
        /// Why it failed.
        source: std::io::Error,
    },
    /// Anything else, as a sentence.
    #[error("{0}")]
    Failed(String),
    /// Another program took the port first.
    #[error("the port was taken")]
    PortTaken,
}

/// An emulator, an order service and a host. They end when this is dropped.
#[derive(Debug)]
pub struct Rig {
    /// The emulator's address.
    pub emulator: String,
    /// The host's address.
    pub host: String,
    /// A token that may act for every user.
    pub token: String,
    folder: TempDir,
    _emulator: Running,
    _order_service: Child,
    _host: Child,
}

impl Rig {
    /// Starts everything and applies the demonstration's `bot.toml` with what differs.
    ///
    /// # Errors
    /// When something does not start, or the configuration is refused; the message says why.
    pub async fn start(config: &Table) -> Result<Self, RigError> {
        let mut tries = 0;
        loop {
            tries += 1;
            match Self::try_start(config).await {
                Err(RigError::PortTaken) if tries < PORTS_TO_TRY => {}
                outcome => return outcome,
            }
        }
    }

    async fn try_start(config: &Table) -> Result<Self, RigError> {
        let folder = tempfile::tempdir().map_err(io("a folder for the test"))?;
        let port = free_port()?;
        let host = format!("http://127.0.0.1:{port}");
        let settings = EmulatorSettings {
            webhook_url: Some(format!("{host}/webhooks/whatsapp")),
            access_token: Some(ACCESS_TOKEN.to_owned()),
            ..EmulatorSettings::new(SocketAddr::from(([127, 0, 0, 1], 0)), APP_SECRET, VERIFY_TOKEN)
        };
        let running = santun_emulator::start(settings).await.map_err(|error| RigError::Failed(error.to_string()))?;
        let emulator = format!("http://{}", running.addr);
        let (order_service, orders) = start_order_service().await?;
        write_settings(folder.path(), port, &emulator)?;
        write_document(folder.path(), &orders, config)?;
        let mut child = start_host(folder.path())?;
        let token = wait_for_host(folder.path(), &host, &mut child).await?;
        let rig =
            Self { emulator, host, token, folder, _emulator: running, _order_service: order_service, _host: child };
        rig.add_users().await?;
        rig.apply().await?;
        rig.wait_for_subscription().await?;
        Ok(rig)
    }

    /// Where stories are played.
    pub fn stage(&self) -> Stage {
        Stage {
            emulator: self.emulator.clone(),
            host: self.host.clone(),
            token: self.token.clone(),
            clock: Some(self.folder.path().join("clock")),
        }
    }

    /// What the host has logged.
    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("host.log")).unwrap_or_default()
    }

    /// Asks the emulator's control API.
    ///
    /// # Errors
    /// When it refuses, with its words.
    pub async fn emulator(&self, method: reqwest::Method, path: &str, body: &Value) -> Result<Value, RigError> {
        ask(method, &format!("{}/emulator/v1{path}", self.emulator), None, body).await
    }

    /// Asks the host's API.
    ///
    /// # Errors
    /// When it refuses, with its words.
    pub async fn api(&self, method: reqwest::Method, path: &str, body: &Value) -> Result<Value, RigError> {
        ask(method, &format!("{}/api/v1{path}", self.host), Some(&self.token), body).await
    }

    async fn add_users(&self) -> Result<(), RigError> {
        for (login, name, role, divisions) in USERS {
            let user = json!({ "login": login, "name": name, "role": role, "divisions": divisions });
            self.api(reqwest::Method::POST, "/users", &user).await?;
        }
        Ok(())
    }

    async fn apply(&self) -> Result<(), RigError> {
        let command = Command::new(program("santun")?)
            .args(["apply", "bot.toml"])
            .current_dir(self.folder.path())
            .envs(secrets())
            .output()
            .await
            .map_err(io("santun apply"))?;
        if command.status.success() {
            return Ok(());
        }
        Err(RigError::Failed(String::from_utf8_lossy(&command.stderr).into_owned()))
    }

    async fn wait_for_subscription(&self) -> Result<(), RigError> {
        let deadline = Instant::now() + STARTS_WITHIN;
        loop {
            let stats = self.emulator(reqwest::Method::GET, "/stats", &Value::Null).await?;
            if stats["subscribed"] == true {
                return Ok(());
            }
            if Instant::now() > deadline {
                return Err(RigError::Failed("the emulator's handshake with the host does not succeed".to_owned()));
            }
            sleep(Duration::from_millis(20)).await;
        }
    }
}

async fn ask(method: reqwest::Method, url: &str, token: Option<&str>, body: &Value) -> Result<Value, RigError> {
    let failed = |error: reqwest::Error| RigError::Failed(format!("{url}: {error}"));
    let mut request = client()?.request(method, url);
    if let Some(token) = token {
        request = request.bearer_auth(token);
    }
    if !body.is_null() {
        request = request.json(body);
    }
    let answer = request.send().await.map_err(failed)?;
    let status = answer.status();
    let text = answer.text().await.map_err(failed)?;
    if !status.is_success() {
        return Err(RigError::Failed(format!("{url} answered {status}: {text}")));
    }
    Ok(serde_json::from_str(&text).unwrap_or_default())
}

fn client() -> Result<reqwest::Client, RigError> {
    // The emulator in this process may have chosen ring before; both are the same.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(30)).build();
    client.map_err(|error| RigError::Failed(error.to_string()))
}

fn free_port() -> Result<u16, RigError> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).map_err(io("a free port"))?;
    Ok(listener.local_addr().map_err(io("a free port"))?.port())
}

fn secrets() -> [(&'static str, &'static str); 4] {
    [
        ("WHATSAPP_APP_SECRET", APP_SECRET),
        ("WHATSAPP_VERIFY_TOKEN", VERIFY_TOKEN),
        ("WHATSAPP_ACCESS_TOKEN", ACCESS_TOKEN),
        ("SANTUN_MASTER_KEY", MASTER_KEY),
    ]
}

async fn start_order_service() -> Result<(Child, String), RigError> {
    let mut child = Command::new(program("santun-order-service")?)
        .args(["--listen", "127.0.0.1:0"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .map_err(io("santun-order-service"))?;
    let no_address = || RigError::Failed("the order service says no address".to_owned());
    let mut lines = BufReader::new(child.stdout.take().ok_or_else(no_address)?).lines();
    let line = lines.next_line().await.map_err(io("santun-order-service"))?.ok_or_else(no_address)?;
    let address = line.split_whitespace().find(|word| word.starts_with("http://")).ok_or_else(no_address)?;
    Ok((child, address.to_owned()))
}

fn write_settings(folder: &Path, port: u16, emulator: &str) -> Result<(), RigError> {
    let plugins = shipped();
    let cache = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/tests-compiled");
    let settings = json!({
        "server": {
            "listen": format!("127.0.0.1:{port}"),
            "metrics_listen": "127.0.0.1:0",
        },
        "database": { "master_key": "env:SANTUN_MASTER_KEY" },
        "whatsapp": {
            "graph_url": emulator,
            "app_secret": "env:WHATSAPP_APP_SECRET",
            "verify_token": "env:WHATSAPP_VERIFY_TOKEN",
            "access_token": "env:WHATSAPP_ACCESS_TOKEN",
        },
        "plugins": { "dir": plugins, "cache": cache },
    });
    let text = toml::to_string(&settings).map_err(|error| RigError::Failed(error.to_string()))?;
    fs::write(folder.join("santun.toml"), text).map_err(io("santun.toml"))
}

fn write_document(folder: &Path, orders: &str, config: &Table) -> Result<(), RigError> {
    let demo = workspace().join("plugins/demo");
    for entry in fs::read_dir(&demo).map_err(io("plugins/demo"))? {
        let entry = entry.map_err(io("plugins/demo"))?;
        if entry.path().is_file() {
            fs::copy(entry.path(), folder.join(entry.file_name())).map_err(io("a file of plugins/demo"))?;
        }
    }
    let text = fs::read_to_string(demo.join("bot.toml")).map_err(io("plugins/demo/bot.toml"))?;
    let text = text.replace("http://127.0.0.1:8090", orders);
    let mut document: Table =
        text.parse().map_err(|error| RigError::Failed(format!("plugins/demo/bot.toml: {error}")))?;
    config::merge(&mut document, &config::usual()?)?;
    config::merge(&mut document, config)?;
    fs::write(folder.join("bot.toml"), document.to_string()).map_err(io("bot.toml"))
}

fn start_host(folder: &Path) -> Result<Child, RigError> {
    let log = File::create(folder.join("host.log")).map_err(io("host.log"))?;
    let out = log.try_clone().map_err(io("host.log"))?;
    Command::new(program("santun")?)
        .arg("serve")
        .current_dir(folder)
        .envs(secrets())
        .env("SANTUN_CLOCK", "clock")
        .stdin(Stdio::null())
        .stdout(out)
        .stderr(log)
        .kill_on_drop(true)
        .spawn()
        .map_err(io("santun serve"))
}

/// Waits until the host answers; the token of this machine's own commands.
async fn wait_for_host(folder: &Path, host: &str, child: &mut Child) -> Result<String, RigError> {
    let deadline = Instant::now() + STARTS_WITHIN;
    let client = client()?;
    loop {
        let exited = child.try_wait().map_err(io("santun serve"))?;
        let late = Instant::now() > deadline;
        if exited.is_some() || late {
            let log = fs::read_to_string(folder.join("host.log")).unwrap_or_default();
            if log.contains("cannot listen on") {
                return Err(RigError::PortTaken);
            }
            return Err(RigError::Failed(format!("the host does not start:\n{log}")));
        }
        let door = fs::read_to_string(folder.join("var/santun.token")).unwrap_or_default();
        let door: Value = serde_json::from_str(&door).unwrap_or_default();
        if let Some(token) = door["token"].as_str()
            && client.get(format!("{host}/healthz")).send().await.is_ok()
        {
            return Ok(token.to_owned());
        }
        sleep(Duration::from_millis(10)).await;
    }
}

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn io(what: &str) -> impl FnOnce(std::io::Error) -> RigError {
    let what = what.to_owned();
    move |source| RigError::Io { what, source }
}
