//! A laboratory: the emulator and the real `santun serve`, in a folder of their own, held by a test that may
//! kill, stop and start the host as it likes.

mod api;
mod commands;
mod crowd;
mod database;
mod disk;
mod echo;
mod host;
mod phone;
mod waiting;

use std::fmt::Write as _;
use std::fs::File;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rand::RngExt as _;
use santun_emulator::{EmulatorSettings, Redelivery, Running, Statuses};
use tempfile::TempDir;
use tokio::process::Child;

pub use crowd::{Crowd, Order, Outcome, Writing};
pub use disk::{Disk, DiskTrouble, Lost, Syncs};
pub use echo::{echo, revision};
pub use phone::{Entry, Phone};
pub use waiting::{eventually, seeded, within};

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
        // WhatsApp puts aside what is not answered in time, and order with it. A machine that is busy with other things is
        // not what these tests are about.
        settings.webhook_timeout = PATIENCE;
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

    /// Replaces the token that the host sends with; it is read at the next start.
    pub fn set_access_token(&self, token: &str) {
        self.write("access-token", token);
    }

    /// Brings back the token that the emulator takes; it is read at the next start.
    pub fn restore_access_token(&self) {
        self.set_access_token(ACCESS_TOKEN);
    }
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
