//! Serves an emulator for trials by hand: `cargo run -p santun-emulator --example serve [webhook-url]`.

use santun_emulator::{EmulatorSettings, start};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut settings = EmulatorSettings::new("127.0.0.1:8090".parse()?, "app-secret", "verify-token");
    settings.webhook_url = std::env::args().nth(1);
    settings.delivery_delay = std::time::Duration::from_millis(300);
    let running = start(settings).await?;
    println!("phone: http://{}/", running.addr);
    tokio::signal::ctrl_c().await?;
    running.shutdown().await;
    Ok(())
}
