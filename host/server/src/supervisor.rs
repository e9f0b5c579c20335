//! What the service manager is told, if one asks (systemd's `Type=notify` and `WatchdogSec=`): that the host is ready,
//! how it is, that it lives, and that it stops.

use std::ffi::OsStr;
use std::io;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::net::{SocketAddr, UnixDatagram};
use std::sync::Arc;
use std::time::Duration;

use crate::host::Host;

/// Names the socket on which the service manager listens.
const SOCKET: &str = "NOTIFY_SOCKET";

/// How often the host is looked at until it is ready.
const STARTING: Duration = Duration::from_millis(200);

/// How often it is looked at afterwards, unless the service manager's watchdog asks for more.
const SERVING: Duration = Duration::from_secs(15);

/// Tells the service manager how the host is, until it stops.
///
/// Ready is told once `/readyz` is, or would be if anything were applied: a host without its first version waits for an
/// operator, and does not fail to start. Life is told after each look, which includes a durable write, so that a host
/// whose writer hangs is started anew; one whose writes fail says so and goes on by itself once they do not.
pub async fn keep_told(host: Arc<Host>) {
    if std::env::var_os(SOCKET).is_none() {
        return;
    }
    // Three looks in the time that the watchdog gives.
    let serving = watchdog().map_or(SERVING, |watchdog| (watchdog / 3).min(SERVING));
    let mut ready = false;
    let mut told = String::new();
    while !host.draining() {
        let now = host.readiness().await;
        // One line is one thing told.
        let line = now.line().replace('\n', " ");
        if line != told && tell(&format!("STATUS={line}")) {
            told = line;
        }
        if !ready && (now.is_ready() || now.waits_for_a_version()) {
            ready = tell("READY=1");
        }
        tell("WATCHDOG=1");
        tokio::select! {
            () = tokio::time::sleep(if ready { serving } else { STARTING }) => {}
            () = host.drain_begins() => {}
        }
    }
}

/// Tells the service manager that the host stops.
pub fn stopping() {
    tell("STOPPING=1\nSTATUS=finishing what is under way");
}

/// How long the service manager waits for a sign of life, if it does.
fn watchdog() -> Option<Duration> {
    let micros = std::env::var("WATCHDOG_USEC").ok()?.parse().ok()?;
    Some(Duration::from_micros(micros))
}

/// Whether it was told. A service manager that does not listen holds nothing up: it is told again.
fn tell(what: &str) -> bool {
    let Some(socket) = std::env::var_os(SOCKET) else { return false };
    match send(&socket, what) {
        Ok(()) => true,
        Err(error) => {
            tracing::debug!(%error, "the service manager cannot be told how the host is");
            false
        }
    }
}

fn send(socket: &OsStr, what: &str) -> io::Result<()> {
    let sender = UnixDatagram::unbound()?;
    sender.set_nonblocking(true)?;
    sender.send_to_addr(what.as_bytes(), &address(socket)?).map(drop)
}

/// A path, or on Linux a name without a file, which begins with `@`.
fn address(socket: &OsStr) -> io::Result<SocketAddr> {
    #[cfg(target_os = "linux")]
    if let Some(name) = socket.as_bytes().strip_prefix(b"@") {
        use std::os::linux::net::SocketAddrExt as _;
        return SocketAddr::from_abstract_name(name);
    }
    SocketAddr::from_pathname(std::path::Path::new(OsStr::from_bytes(socket.as_bytes())))
}
