//! The emulator, as the command line and the demonstration start it.

use std::net::SocketAddr;

use santun_emulator::{BusinessNumber, EmulatorSettings};

/// Settings of an emulator with these numbers.
pub fn settings(
    listen: SocketAddr,
    webhook: Option<String>,
    app_secret: String,
    verify_token: String,
    access_token: Option<String>,
    numbers: &[String],
) -> EmulatorSettings {
    let defaults = EmulatorSettings::new(listen, app_secret, verify_token);
    let model = defaults.numbers.first().cloned();
    let numbers = numbers.iter().enumerate().filter_map(|(index, id)| {
        let display = format!("+62 811-1000-{}", 2000 + index);
        Some(BusinessNumber { phone_number_id: id.clone(), display_phone_number: display, ..model.clone()? })
    });
    let numbers = numbers.collect();
    EmulatorSettings { webhook_url: webhook, access_token, numbers, ..defaults }
}
