//! A laboratory: the emulator and the real `santun serve`, in a folder of their own, held by a test that may
//! kill, stop and start the host as it likes.

mod crowd;
mod disk;
mod echo;
mod phone;

use std::fmt::Write as _;
use std::fs::{File, OpenOptions};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Output, Stdio};
use std::time::Duration;

use rand::RngExt as _;
use reqwest::Method;
use santun_emulator::{EmulatorSettings, Redelivery, Running, Statuses};
use serde_json::Value;
use tempfile::TempDir;
use tokio::process::{Child, Command};
use tokio::time::{Instant, sleep};

pub use crowd::{Crowd, Order, Outcome, Writing};
pub use disk::{Disk, DiskTrouble, Lost, Syncs};
pub use echo::{echo, revision};
pub use phone::{Entry, Phone};

/// What the emulator and the host sign with.
pub const APP_SECRET: &str = "lab-app-secret";

/// The number that `bot.toml` names.
pub const NUMBER: &str = "106540352242922";

const VERIFY_TOKEN: &str = "lab-verify-token";
const ACCESS_TOKEN: &str = "lab-access-token";

/// Longer than anything here takes, even on a busy machine.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// How a lab differs from the plainest one.
pub struct Plan {
    /// `bot.toml`.
    pub bot: String,
    /// Added to the end of `santun.toml`.
    pub settings: String,
    /// What the host logs, as in `SANTUN_LOG`.
    pub log: &'static str,
    /// How fast statuses come.
    pub delivery_delay: Duration,
    /// Numbers that the emulator has beside [`NUMBER`].
    pub more_numbers: Vec<&'static str>,
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            bot: bot(0),
            settings: String::new(),
            log: "info",
            delivery_delay: Duration::ZERO,
            more_numbers: Vec::new(),
        }
    }
}

/// A bot whose only plugin says back what it is told.
pub fn bot(settle_ms: u32) -> String {
    format!(
        r#"[bot]
name = "Sari"
business = "Toko Contoh"
language = "id"
about = "apa saja"
privacy_notice = "https://toko.example/privasi"

[[channel]]
name = "utama"
phone_number_id = "{NUMBER}"
waba_id = "102290129340398"
typing = false
chain = ["echo"]

[[plugin]]
name = "echo"
source = "file:echo.wasm"

[[division]]
name = "cs"

[office]
timezone = "Asia/Jakarta"
hours = {{ mon-sun = "00:00-24:00" }}

[policy]
settle_ms = {settle_ms}
"#
    )
}

/// The emulator, the host, and their folder.
pub struct Lab {
    /// Where everything lies: `santun.toml`, `bot.toml`, the databases, `host.log`.
    pub folder: PathBuf,
    /// The customers.
    pub phone: Phone,
    /// What else stands in the environment of a host that is started.
    pub environment: Vec<(String, String)>,
    /// The program, with its arguments, that the host is started by, if it is not started itself.
    pub wrapper: Vec<String>,
    /// Where the host listens.
    pub listen: SocketAddr,
    metrics: SocketAddr,
    filter: &'static str,
    host: Option<Child>,
    client: reqwest::Client,
    emulator: Running,
    _folder: TempDir,
}

/// What a command printed, and how it ended.
#[derive(Debug)]
pub struct Said {
    /// Its exit code.
    pub code: i32,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl Lab {
    /// A host that serves the plan's bot.
    pub async fn serving(plan: Plan) -> Self {
        let mut lab = Self::at_rest(plan).await;
        lab.serve().await;
        let applied = lab.santun(&["apply"]).await;
        assert_eq!(applied.code, 0, "{applied:?}");
        lab.ready().await;
        lab
    }

    /// Everything but a host that runs; nothing is applied.
    pub async fn at_rest(plan: Plan) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let temporary = tempfile::tempdir().expect("a temporary folder");
        let folder = temporary.path().to_owned();
        let [listen, metrics] = [free_address(), free_address()];
        let mut settings = EmulatorSettings::new(SocketAddr::from(([127, 0, 0, 1], 0)), APP_SECRET, VERIFY_TOKEN);
        settings.webhook_url = Some(format!("http://{listen}/webhooks/whatsapp"));
        settings.access_token = Some(ACCESS_TOKEN.to_owned());
        settings.redelivery = Redelivery {
            first: Duration::from_millis(50),
            longest: Duration::from_millis(300),
            ..Redelivery::default()
        };
        settings.statuses = Statuses::Delivered;
        settings.delivery_delay = plan.delivery_delay;
        let model = settings.numbers[0].clone();
        for (at, id) in plan.more_numbers.into_iter().enumerate() {
            let mut number = model.clone();
            number.phone_number_id = id.to_owned();
            number.display_phone_number = format!("+62 811-1000-30{at:02}");
            settings.numbers.push(number);
        }
        let emulator = santun_emulator::start(settings).await.expect("the emulator starts");
        let graph = format!("http://{}", emulator.addr);
        let text = format!(
            "[server]\nlisten = \"{listen}\"\nmetrics_listen = \"{metrics}\"\ndrain_seconds = 10\n\
             public_url = \"http://{listen}\"\n\
             [whatsapp]\ngraph_url = \"{graph}\"\napp_secret = \"env:LAB_APP_SECRET\"\n\
             verify_token = \"env:LAB_VERIFY_TOKEN\"\naccess_token = \"file:access-token\"\n{}",
            plan.settings
        );
        write(&folder.join("santun.toml"), text);
        write(&folder.join("access-token"), ACCESS_TOKEN);
        write(&folder.join("bot.toml"), &plan.bot);
        write(&folder.join("plugins/dist/echo.wasm"), echo());
        let client = reqwest::Client::builder().no_proxy().timeout(PATIENCE).build().expect("a client");
        let phone = Phone::new(client.clone(), format!("{graph}/emulator/v1"));
        let filter = plan.log;
        Self {
            folder,
            phone,
            environment: Vec::new(),
            wrapper: Vec::new(),
            listen,
            metrics,
            filter,
            host: None,
            client,
            emulator,
            _folder: temporary,
        }
    }

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
        let mut host = self.begin(environment);
        eventually("the host answers", async || {
            if let Ok(Some(status)) = host.try_wait() {
                panic!("the host ended with {status}:\n{}", self.log());
            }
            self.get("/healthz").await.map(|_| ())
        })
        .await;
        self.host = Some(host);
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

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.furnished(Command::new(santun()));
        command.args(arguments);
        command
    }

    fn furnished(&self, mut command: Command) -> Command {
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

    /// The token of this machine's own commands.
    pub fn token(&self) -> String {
        let text = std::fs::read_to_string(self.folder.join("var/santun.token")).expect("the local token");
        let door: Value = serde_json::from_str(&text).expect("JSON");
        door["token"].as_str().expect("a token").to_owned()
    }

    /// Asks the API, with the local token.
    pub async fn api(&self, method: Method, path: &str, body: Option<Value>) -> (u16, Value) {
        self.api_as(Some(&self.token()), method, path, body).await
    }

    /// Asks the API with this token, or none.
    pub async fn api_as(&self, token: Option<&str>, method: Method, path: &str, body: Option<Value>) -> (u16, Value) {
        let mut request = self.client.request(method, format!("http://{}/api/v1{path}", self.listen));
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        if let Some(body) = body {
            request = request.json(&body);
        }
        let answer = request.send().await.expect("the host answers");
        let status = answer.status().as_u16();
        let text = answer.text().await.expect("an answer");
        let value = serde_json::from_str(&text).unwrap_or(Value::String(text));
        (status, value)
    }

    /// Sends the host a request as it is.
    pub fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        self.client.request(method, format!("http://{}{path}", self.listen))
    }

    async fn get(&self, path: &str) -> Option<(u16, String)> {
        let answer = self.request(Method::GET, path).send().await.ok()?;
        Some((answer.status().as_u16(), answer.text().await.ok()?))
    }

    /// All conversations, whole.
    pub async fn conversations(&self) -> Vec<Value> {
        let mut after = String::new();
        let mut all = Vec::new();
        loop {
            let (status, page) = self.api(Method::GET, &format!("/conversations?limit=200{after}"), None).await;
            assert_eq!(status, 200, "{page}");
            for line in page["conversations"].as_array().expect("rows") {
                let path = format!("/conversations/{}?turns=1000", line["id"].as_str().expect("an id"));
                let (status, mut whole) = self.api(Method::GET, &path, None).await;
                assert_eq!(status, 200, "{whole}");
                whole["line"] = line.clone();
                all.push(whole);
            }
            match page["next"].as_str() {
                Some(next) => after = format!("&after={next}"),
                None => return all,
            }
        }
    }

    /// The conversation with the customer of this name.
    pub async fn conversation(&self, name: &str) -> Option<Value> {
        self.conversations().await.into_iter().find(|whole| whole["name"] == name)
    }

    /// What the host's metrics say.
    pub async fn metrics(&self) -> String {
        let answer = self.client.get(format!("http://{}/metrics", self.metrics)).send().await.expect("metrics");
        answer.text().await.expect("text")
    }

    /// What the host has logged.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder.join("host.log")).unwrap_or_default()
    }

    /// Writes a file of the folder.
    pub fn write(&self, path: &str, bytes: impl AsRef<[u8]>) {
        write(&self.folder.join(path), bytes);
    }

    /// Sets the host's clock, and only the host's, so many minutes ahead of the true time, or behind it.
    pub fn set_clock(&self, minutes: i64) {
        self.write("clock.new", (minutes * 60_000).to_string());
        std::fs::rename(self.folder.join("clock.new"), self.folder.join("clock")).expect("the clock is set");
    }

    /// The id of the host's process.
    pub fn process(&self) -> u32 {
        self.host.as_ref().and_then(Child::id).expect("a host that runs")
    }

    /// What a query for one number finds in one of the databases, while the host runs or not.
    pub async fn number_in(&self, database: &str, query: &'static str) -> i64 {
        use sqlx::Connection as _;
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(self.folder.join(database)).read_only(true);
        let mut connection = sqlx::SqliteConnection::connect_with(&options).await.expect("the database opens");
        sqlx::query_scalar(query).fetch_one(&mut connection).await.expect("a number")
    }

    /// Changes something in one of the databases, while no host has it.
    pub async fn run_in(&self, database: &str, statement: &'static str) {
        use sqlx::Connection as _;
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(self.folder.join(database));
        let mut connection = sqlx::SqliteConnection::connect_with(&options).await.expect("the database opens");
        sqlx::query(statement).execute(&mut connection).await.expect("it is changed");
        connection.close().await.expect("it closes");
    }

    /// The address of the Graph that the host was set up with.
    pub fn graph_address(&self) -> String {
        format!("http://{}", self.emulator.addr)
    }

    /// Calls the Graph as the host would.
    pub async fn graph(&self, method: Method, path: &str) -> Value {
        let request = self.client.request(method, format!("{}/v26.0/{path}", self.graph_address()));
        let answer = request.bearer_auth(ACCESS_TOKEN).send().await.expect("the emulator answers");
        answer.json().await.expect("JSON")
    }

    /// Replaces the token that the host sends with; it is read at the next start.
    pub fn set_access_token(&self, token: &str) {
        self.write("access-token", token);
    }

    /// Brings back the token that the emulator takes; it is read at the next start.
    pub fn restore_access_token(&self) {
        self.set_access_token(ACCESS_TOKEN);
    }
}

/// Waits until there is something; fails after [`PATIENCE`].
pub async fn eventually<T>(what: &str, look: impl AsyncFnMut() -> Option<T>) -> T {
    within(PATIENCE, what, look).await
}

/// Waits until there is something; fails after that long.
pub async fn within<T>(limit: Duration, what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let until = Instant::now() + limit;
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(Instant::now() < until, "waited in vain: {what}");
        sleep(Duration::from_millis(40)).await;
    }
}

/// A random number generator whose seed is printed, and taken from `SANTUN_TEST_SEED` if that is set.
pub fn seeded() -> rand::rngs::StdRng {
    use rand::SeedableRng as _;
    let seed = match std::env::var("SANTUN_TEST_SEED") {
        Ok(seed) => seed.parse().expect("SANTUN_TEST_SEED is a number"),
        Err(_) => rand::rng().random::<u64>(),
    };
    println!("run this again with SANTUN_TEST_SEED={seed}");
    rand::rngs::StdRng::seed_from_u64(seed)
}

/// Bytes as Meta signs them.
pub fn signature(body: &[u8]) -> String {
    use hmac::{Hmac, KeyInit as _, Mac as _};
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(APP_SECRET.as_bytes()).expect("any length");
    mac.update(body);
    let mut text = "sha256=".to_owned();
    for byte in mac.finalize().into_bytes() {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// The program under test: the one beside this test's own binary.
fn santun() -> PathBuf {
    let this = std::env::current_exe().expect("a path");
    let folder = this.parent().and_then(Path::parent).expect("target/debug");
    let program = folder.join("santun");
    assert!(program.exists(), "{} is not there: build it first (`cargo build -p santun`)", program.display());
    program
}

/// An address that nobody uses, below the range from which the system takes its own.
fn free_address() -> SocketAddr {
    let mut rng = rand::rng();
    for _ in 0..1_000 {
        let address = SocketAddr::from(([127, 0, 0, 1], rng.random_range(15_000..32_000)));
        if TcpListener::bind(address).is_ok() {
            return address;
        }
    }
    panic!("no free port")
}

fn write(path: &Path, bytes: impl AsRef<[u8]>) {
    use std::io::Write as _;
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("it can be made");
    File::create(path).and_then(|mut file| file.write_all(bytes.as_ref())).expect("it can be written");
}
