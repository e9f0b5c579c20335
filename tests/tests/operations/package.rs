//! The Debian package: built by `make package` around the program under test, installed into a folder, served as its
//! unit says, talked to, and removed.

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use santun_tests::lab::{APP_SECRET, Lab, Plan, eventually};
use santun_tests::program;

use crate::supervisor::Ear;

/// Say `SANTUN_WITHOUT=dpkg` (or `systemd`, or both with a comma) where there is none: that is a decision, which nobody
/// takes by accident.
fn there_is_no(program: &str, of: &str) -> bool {
    if Command::new(program).arg("--version").output().is_ok() {
        return false;
    }
    let without = std::env::var("SANTUN_WITHOUT").unwrap_or_default();
    assert!(without.split(',').any(|what| what == of), "there is no {program}: install it, or set SANTUN_WITHOUT={of}");
    println!("NOT TESTED: there is no {program}, and SANTUN_WITHOUT says to go without");
    true
}

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn ran(command: &mut Command) -> String {
    let Output { status, stdout, stderr } = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let [out, err] = [stdout, stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    assert!(status.success(), "{command:?}: {status}\n{out}\n{err}");
    out
}

/// A machine in a folder, as far as dpkg and the host see it.
struct Machine {
    root: PathBuf,
}

impl Machine {
    fn new(root: &Path) -> Self {
        let database = root.join("var/lib/dpkg");
        for folder in ["info", "updates", "triggers"] {
            std::fs::create_dir_all(database.join(folder)).expect("a folder");
        }
        std::fs::write(database.join("status"), "").expect("a file");
        Self { root: root.to_owned() }
    }

    fn at(&self, path: &str) -> PathBuf {
        self.root.join(path.trim_start_matches('/'))
    }

    fn text(&self, path: &str) -> String {
        std::fs::read_to_string(self.at(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// Its packages' scripts run outside it, and are told so; nothing it depends on is in it.
    fn dpkg(&self, arguments: &[&str]) -> String {
        let path = std::env::var("PATH").unwrap_or_default();
        let mut command = Command::new("dpkg");
        command
            .arg(format!("--root={}", self.root.display()))
            .arg(format!("--log={}", self.at("dpkg.log").display()))
            .args(["--force-not-root", "--force-script-chrootless", "--force-depends", "--force-confold"])
            .args(arguments)
            .env("PATH", format!("{path}:/usr/sbin:/sbin"));
        ran(&mut command)
    }

    /// A file's words with its absolute paths inside this machine.
    fn inside(&self, text: &str) -> String {
        let root = self.root.display();
        ["/usr/", "/var/", "/run/", "/etc/"].iter().fold(text.to_owned(), |text, path| {
            // A path begins a word.
            ["\"", "sqlite:", "file:", "=", " ", ":"]
                .iter()
                .fold(text, |text, before| text.replace(&format!("{before}{path}"), &format!("{before}{root}{path}")))
        })
    }
}

/// What a unit says, by key.
fn unit(text: &str) -> BTreeMap<String, Vec<String>> {
    let mut said: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (key, value) in text.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once('=')) {
        said.entry(key.to_owned()).or_default().push(value.to_owned());
    }
    said
}

fn make_package(folder: &Path) -> PathBuf {
    let plugins = std::env::var_os("SANTUN_PLUGINS").map_or_else(|| workspace().join("plugins/dist"), PathBuf::from);
    let mut make = Command::new("make");
    // The plugins are built already, and cargo is not to be waited for.
    make.current_dir(workspace()).args(["--silent", "--old-file=plugins", "package"]);
    make.arg(format!("SANTUN_BIN={}", program("santun").expect("the program").display()));
    make.arg(format!("SANTUN_PLUGINS={}", plugins.display()));
    make.arg(format!("PACKAGE_DIR={}", folder.display()));
    make.env("SANTUN_COMPRESSION", "none").env_remove("MAKEFLAGS").env_remove("MAKELEVEL");
    let path = ran(&mut make);
    PathBuf::from(path.lines().last().expect("the package's path"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_package_installs_serves_as_its_unit_says_and_leaves_the_data_when_it_goes() {
    if there_is_no("dpkg-deb", "dpkg") {
        return;
    }
    let lab = Lab::at_rest(Plan::default()).await;
    let package = make_package(&lab.folder.join("package"));
    let package = package.to_str().expect("a path");
    let listed = ran(Command::new("dpkg-deb").args(["--contents", package]));
    assert!(listed.lines().all(|line| line.contains(" root/root ")), "{listed}");
    for file in ["santun.service", "OPERATING.md", "LICENSE-MIT", "third-party.txt.gz", "plugins/order-tracking.wasm"] {
        assert!(listed.lines().any(|line| line.ends_with(&format!("/{file}"))), "{file} is not in it:\n{listed}");
    }
    let depends = ran(Command::new("dpkg-deb").args(["--field", package, "Depends"]));
    assert!(depends.contains("libc6 (>= 2."), "{depends}");

    let machine = Machine::new(&lab.folder.join("machine"));
    machine.dpkg(&["--install", package]);
    let text = machine.text("/usr/lib/systemd/system/santun.service");
    verify(&machine, &text);
    let unit = unit(&text);
    furnish(&machine, &unit);
    let settings = settings_for(&machine, &lab);

    let socket = lab.folder.join("notify");
    let manager = Ear::at(&socket);
    let start = machine.inside(&format!(" {}", unit["ExecStart"][0]));
    let mut words = start.split_whitespace();
    let log = std::fs::File::create(lab.folder.join("host.log")).expect("a log");
    let mut host = tokio::process::Command::new(words.next().expect("a program"))
        .args(words)
        .env_clear()
        .env("NOTIFY_SOCKET", &socket)
        .env("CREDENTIALS_DIRECTORY", lab.folder.join("credentials"))
        .stdin(Stdio::null())
        .stderr(log)
        .kill_on_drop(true)
        .spawn()
        .expect("the installed program starts");
    let answers = async |path: &str| {
        let answer = lab.request(reqwest::Method::GET, path).send().await.ok()?;
        Some(answer.status().as_u16())
    };
    eventually("the host is alive", async || (answers("/healthz").await? == 200).then_some(())).await;
    manager.hears("READY=1").await;
    assert_eq!(answers("/readyz").await, Some(503), "nothing is applied");

    let mut apply = Command::new(machine.at("/usr/bin/santun"));
    let bot = machine.at("/etc/santun/bot.toml");
    let applied = ran(apply.arg("--config").arg(&settings).arg("apply").arg(bot).env_clear());
    assert!(applied.contains("is applied"), "{applied}");
    assert_eq!(answers("/readyz").await, Some(200), "{}", lab.log());
    let customer = lab.phone.customer("Wati", "628114400001").await;
    lab.phone.writes(&customer, "halo kak").await;
    lab.phone.hears(&customer, "Sari").await;
    for kept in ["/var/lib/santun/santun.db", "/var/lib/santun-keys/santun-keys.db", "/var/lib/santun-keys/master.key"]
    {
        let mode = std::fs::metadata(machine.at(kept)).expect(kept).permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{kept}");
    }
    ran(Command::new("kill").arg("-TERM").arg(host.id().expect("it runs").to_string()));
    assert!(host.wait().await.expect("its status").success(), "{}", lab.log());
    manager.hears("STOPPING=1").await;

    // An upgrade leaves what an operator has written.
    let written = machine.text("/etc/santun/santun.toml");
    machine.dpkg(&["--install", package]);
    assert_eq!(machine.text("/etc/santun/santun.toml"), written);
    machine.dpkg(&["--remove", "santun"]);
    assert!(!machine.at("/usr/bin/santun").exists() && machine.at("/etc/santun/santun.toml").exists());
    machine.dpkg(&["--purge", "santun"]);
    assert!(!machine.at("/etc/santun/santun.toml").exists() && !machine.at("/var/cache/santun").exists());
    assert!(machine.at("/var/lib/santun/santun.db").exists(), "nobody's conversations go with a package");
}

/// As systemd reads it.
fn verify(machine: &Machine, text: &str) {
    if there_is_no("systemd-analyze", "systemd") {
        return;
    }
    let folder = machine.at("/unit");
    std::fs::create_dir_all(&folder).expect("a folder");
    let file = folder.join("santun.service");
    let inside = text.replace("ExecStart=/", &format!("ExecStart={}/", machine.root.display()));
    std::fs::write(&file, inside.replace("/usr/share/doc", &format!("{}/usr/share/doc", machine.root.display())))
        .expect("the unit");
    let verified = Command::new("systemd-analyze").arg("verify").arg(&file).output().expect("systemd-analyze runs");
    let said = String::from_utf8_lossy(&verified.stderr);
    assert!(verified.status.success() && !said.contains("santun"), "{said}");
}

/// Makes what systemd would make, and what OPERATING.md tells an operator to put there.
fn furnish(machine: &Machine, unit: &BTreeMap<String, Vec<String>>) {
    for (key, place) in [("StateDirectory", "/var/lib"), ("CacheDirectory", "/var/cache"), ("RuntimeDirectory", "/run")]
    {
        for name in unit[key].iter().flat_map(|names| names.split_whitespace()) {
            let folder = machine.at(&format!("{place}/{name}"));
            std::fs::create_dir_all(&folder).expect("a folder");
            std::fs::set_permissions(&folder, PermissionsExt::from_mode(0o700)).expect("its mode");
        }
    }
    let handed_over = machine.root.parent().expect("the lab").join("credentials");
    std::fs::create_dir_all(&handed_over).expect("a folder");
    let secrets = BTreeMap::from([
        ("app-secret", APP_SECRET),
        ("verify-token", "lab-verify-token"),
        ("access-token", "lab-access-token"),
    ]);
    for credential in &unit["LoadCredential"] {
        let (name, file) = credential.split_once(':').expect("a name and a file");
        std::fs::write(machine.at(file), secrets[name]).expect("a file of the operator");
        std::fs::copy(machine.at(file), handed_over.join(name)).expect("the service manager hands it over");
    }
}

/// The packaged settings, with paths inside the machine, free ports, and the emulator as WhatsApp.
fn settings_for(machine: &Machine, lab: &Lab) -> PathBuf {
    let of_lab = std::fs::read_to_string(lab.folder.join("santun.toml")).expect("the lab's settings");
    let value = |key: &str| {
        let line = of_lab.lines().find(|line| line.starts_with(&format!("{key} = "))).expect("a setting");
        line.split('"').nth(1).expect("a text").to_owned()
    };
    let text = machine.inside(&machine.text("/etc/santun/santun.toml"));
    let text = text
        .replace("127.0.0.1:8080", &value("listen"))
        .replace("127.0.0.1:9100", &value("metrics_listen"))
        .replace("[whatsapp]\n", &format!("[whatsapp]\ngraph_url = \"{}\"\n", value("graph_url")));
    let file = machine.at("/etc/santun/santun.toml");
    std::fs::write(&file, text).expect("the operator writes it");
    file
}
