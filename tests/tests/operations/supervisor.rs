//! What a service manager is told.

use std::os::unix::net::UnixDatagram;
use std::sync::{Arc, Mutex};

use santun_tests::lab::{Lab, Plan, eventually};

/// A service manager's ear.
pub(crate) struct Ear(Arc<Mutex<Vec<String>>>);

impl Ear {
    /// Listens at the socket; a host hears of it in `NOTIFY_SOCKET`.
    pub(crate) fn at(path: &std::path::Path) -> Self {
        let socket = UnixDatagram::bind(path).expect("a socket");
        let told = Arc::new(Mutex::new(Vec::new()));
        let ear = Self(told.clone());
        // Until the test's process ends.
        std::thread::spawn(move || {
            let mut buffer = [0; 4_096];
            while let Ok(length) = socket.recv(&mut buffer) {
                let lines = String::from_utf8_lossy(&buffer[..length]);
                told.lock().expect("nobody panicked").extend(lines.lines().map(str::to_owned));
            }
        });
        ear
    }

    /// Everything that was told so far.
    pub(crate) fn heard(&self) -> Vec<String> {
        self.0.lock().expect("nobody panicked").clone()
    }

    /// Waits until something is told.
    pub(crate) async fn hears(&self, what: &str) {
        eventually(&format!("the service manager is told {what:?}"), async || {
            self.heard().iter().any(|told| told.contains(what)).then_some(())
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_service_manager_is_told_that_the_host_is_ready_alive_and_about_to_stop() {
    let mut lab = Lab::at_rest(Plan::default()).await;
    let socket = lab.folder.join("notify");
    let manager = Ear::at(&socket);
    lab.environment = vec![
        ("NOTIFY_SOCKET".to_owned(), socket.display().to_string()),
        ("WATCHDOG_USEC".to_owned(), "300000".to_owned()),
    ];
    lab.serve().await;
    // Nothing can be applied to a host that does not come up.
    manager.hears("READY=1").await;
    manager.hears("STATUS=nothing is applied").await;
    let applied = lab.santun(&["apply"]).await;
    assert_eq!(applied.code, 0, "{applied:?}");
    manager.hears("STATUS=serving").await;
    let beats = |manager: &Ear| manager.heard().iter().filter(|told| *told == "WATCHDOG=1").count();
    let so_far = beats(&manager);
    eventually("it lives on", async || (beats(&manager) > so_far + 2).then_some(())).await;
    assert!(!manager.heard().iter().any(|told| told == "STOPPING=1"));
    lab.stop().await;
    manager.hears("STOPPING=1").await;
    assert_eq!(manager.heard().iter().filter(|told| *told == "READY=1").count(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_service_manager_that_does_not_listen_holds_nothing_up() {
    let mut lab = Lab::at_rest(Plan::default()).await;
    let socket = lab.folder.join("notify");
    let deaf = UnixDatagram::bind(&socket).expect("a socket");
    // As many as may wait for somebody who never reads.
    let sender = UnixDatagram::unbound().expect("a socket");
    sender.set_nonblocking(true).expect("it does not wait");
    while sender.send_to(b"WATCHDOG=1", &socket).is_ok() {}
    lab.environment = vec![("NOTIFY_SOCKET".to_owned(), socket.display().to_string())];
    lab.serve().await;
    assert_eq!(lab.santun(&["apply"]).await.code, 0);
    lab.ready().await;
    lab.stop().await;
    drop(deaf);
}
