//! Divisions that callers name.

use santun_core::bot::did_you_mean;

use super::Problem;
use crate::host::Host;

/// Refuses a division that the served version does not have. While nothing is served, any may be meant.
pub(super) fn known(host: &Host, division: &str) -> Result<(), Problem> {
    let Some(live) = host.live() else { return Ok(()) };
    let known: Vec<&str> = live.bot.divisions.iter().map(|division| division.name.as_str()).collect();
    if known.contains(&division) {
        return Ok(());
    }
    let hint = did_you_mean(division, &known);
    Err(Problem::invalid(format!("there is no division `{division}`; {hint}")))
}
