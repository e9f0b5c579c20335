//! Third-party clients of the Cloud API, from their registries and unchanged, against the real `santun emulator`: what
//! works with WhatsApp works with it. `.ci/setup clients` installs them.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use santun_tests::program;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

const APP_SECRET: &str = "rahasia-aplikasi";
const VERIFY_TOKEN: &str = "token-verifikasi";
const ACCESS_TOKEN: &str = "token-akses";

#[tokio::test]
async fn pywa_works_against_the_emulator() {
    let home = installed("python/requirements.txt", "python/requirements.txt");
    let client = Client::start().await;
    client.runs(Command::new(home.join("python/bin/python")).arg(sources().join("python/test_pywa.py"))).await;
}

#[tokio::test]
async fn whatsapp_api_js_works_against_the_emulator() {
    Client::start().await.runs_in_node("whatsapp-api-js.test.js").await;
}

#[tokio::test]
async fn kapso_whatsapp_cloud_api_works_against_the_emulator() {
    Client::start().await.runs_in_node("kapso.test.js").await;
}

/// Where the clients are installed, if that is what this clone pins.
fn installed(pins: &str, stamp: &str) -> PathBuf {
    let cache = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let cache = cache.or_else(|| std::env::home_dir().map(|home| home.join(".cache"))).expect("a home folder");
    let home = cache.join("santun/clients");
    let (wanted, found) = (fs::read(sources().join(pins)).expect("the pins"), fs::read(home.join(stamp)));
    assert!(
        found.is_ok_and(|found| found == wanted),
        "the clients of {pins} are not installed in {}: run `.ci/setup clients` (`make test` does)",
        home.display()
    );
    home
}

fn sources() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("clients")
}

/// An emulator, and the address where a client's webhooks are awaited.
struct Client {
    graph: String,
    webhook_port: u16,
    _emulator: Child,
}

impl Client {
    async fn start() -> Self {
        // Free a moment ago; whoever takes it in between makes the handshake fail, and the client says so.
        let webhook_port =
            TcpListener::bind(("127.0.0.1", 0)).and_then(|free| free.local_addr()).expect("a port").port();
        let mut emulator = Command::new(program("santun").expect("the program"))
            .args(["emulator", "--listen", "127.0.0.1:0"])
            .args(["--webhook", &format!("http://127.0.0.1:{webhook_port}/webhook")])
            .args(["--app-secret", APP_SECRET, "--verify-token", VERIFY_TOKEN, "--access-token", ACCESS_TOKEN])
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("the emulator starts");
        let mut lines = BufReader::new(emulator.stdout.take().expect("its output")).lines();
        let graph = loop {
            let line = lines.next_line().await.expect("its output").expect("the emulator says where it listens");
            if let Some(rest) = line.strip_prefix("graph") {
                break rest.split_whitespace().next().expect("an address").to_owned();
            }
        };
        Self { graph, webhook_port, _emulator: emulator }
    }

    /// Runs a client's tests; its output is shown if they fail.
    async fn runs(&self, command: &mut Command) {
        let output = command
            .env("EMULATOR_URL", &self.graph)
            .env("EMULATOR_WEBHOOK_PORT", self.webhook_port.to_string())
            .env("EMULATOR_APP_SECRET", APP_SECRET)
            .env("EMULATOR_VERIFY_TOKEN", VERIFY_TOKEN)
            .env("EMULATOR_ACCESS_TOKEN", ACCESS_TOKEN)
            // Whatever proxy this machine has, it is not for 127.0.0.1.
            .env("NO_PROXY", "127.0.0.1")
            .stdin(Stdio::null())
            .kill_on_drop(true)
            .output()
            .await
            .expect("the client runs");
        let said = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).join("\n");
        println!("{said}");
        assert!(output.status.success(), "the client's tests failed");
        assert!(!said.contains("Ran 0 tests") && !said.contains("# tests 0"), "the client ran no test");
    }

    /// Runs a file of tests in Node, beside the modules that it imports.
    async fn runs_in_node(&self, file: &str) {
        let home = installed("js/package-lock.json", "js/package-lock.json.installed");
        let folder = tempfile::tempdir().expect("a folder");
        for entry in fs::read_dir(sources().join("js")).expect("the tests") {
            let path = entry.expect("a test").path();
            if path.is_file() {
                fs::copy(&path, folder.path().join(path.file_name().expect("its name"))).expect("a copy");
            }
        }
        std::os::unix::fs::symlink(home.join("js/node_modules"), folder.path().join("node_modules")).expect("a link");
        self.runs(Command::new("node").args(["--test", file]).current_dir(folder.path())).await;
    }
}
