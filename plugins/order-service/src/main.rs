//! A small order service over HTTP. It ships with the demonstration, and shows a shop what the order-tracking
//! plugin asks: see `openapi.json`.

mod api;
mod orders;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// Answers where orders are.
#[derive(Debug, Parser)]
#[command(name = "santun-order-service", version)]
struct Arguments {
    /// Where to listen; port 0 takes a free one, which is printed.
    #[arg(long, default_value = "127.0.0.1:8090")]
    listen: SocketAddr,
    /// The orders, as CSV or JSON (by the file's ending); without it, a few that are made up, with dates
    /// around today.
    #[arg(long, value_name = "FILE")]
    orders: Option<PathBuf>,
    /// Ask for this bearer token.
    #[arg(long, env = "ORDER_SERVICE_TOKEN", hide_env_values = true)]
    token: Option<String>,
    /// Wait so long before each answer, to see what a slow service does.
    #[arg(long, value_name = "MILLISECONDS", default_value_t = 0)]
    delay_ms: u64,
    /// Answer everything about orders with 503, to see what a broken service does.
    #[arg(long)]
    fail: bool,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    tracing_subscriber::fmt().with_writer(std::io::stderr).init();
    match run(Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("santun-order-service: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> Result<(), Box<dyn std::error::Error>> {
    let book = match &arguments.orders {
        Some(file) => orders::Book::read(file)?,
        None => orders::Book::example(today()),
    };
    let mood = match (arguments.fail, arguments.delay_ms) {
        (true, delay) => api::Mood::Broken { after: Duration::from_millis(delay) },
        (false, delay) => api::Mood::Working { after: Duration::from_millis(delay) },
    };
    let listener = tokio::net::TcpListener::bind(arguments.listen)
        .await
        .map_err(|error| format!("cannot listen on {}: {error}; choose another --listen", arguments.listen))?;
    println!("order service: http://{} ({} orders)", listener.local_addr()?, book.len());
    axum::serve(listener, api::router(book, arguments.token, mood)).with_graceful_shutdown(asked_to_stop()).await?;
    Ok(())
}

/// Today in Jakarta.
#[expect(clippy::disallowed_methods, reason = "the one place where this program reads the clock")]
fn today() -> Date {
    let zone = TimeZone::get("Asia/Jakarta").unwrap_or(TimeZone::UTC);
    jiff::Timestamp::now().to_zoned(zone).date()
}

async fn asked_to_stop() {
    let mut terminate = match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(terminate) => terminate,
        Err(error) => {
            tracing::warn!(%error, "cannot hear SIGTERM: stop with Ctrl-C");
            let _ = tokio::signal::ctrl_c().await;
            return;
        }
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}
