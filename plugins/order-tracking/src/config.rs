//! What an operator sets.

use santun_plugin::prelude::*;

/// Where orders are found, and when they count as late.
#[derive(Clone, Debug, Config)]
pub struct Settings {
    /// What an order number looks like, `#` standing for a digit: `TC-#####`. Customers may leave out the
    /// hyphen and the letters, and write them small.
    pub pattern: String,
    /// The address of an order service (its host must be granted), such as `https://orders.example`. Set
    /// this or `orders`.
    pub service: Option<String>,
    /// The orders as CSV, customarily `file:orders.csv`, with a header line. Needed are `number` and `status`;
    /// known are `phone`, `name`, `ordered`, `promised`, `delivered`, `courier`, `waybill`, `items`,
    /// `last_place`, `updated`, by these names or the usual Indonesian ones. Set this or `service`.
    #[config(file)]
    pub orders: Option<String>,
    /// From this many days after the promised day on, a human takes over.
    #[config(default = 5, min = 1, max = 365)]
    pub very_late_days: u16,
    /// The division that takes over late and missing parcels; the default one if it is not set.
    pub division: Option<Division>,
    /// How many minutes the customers' clock is ahead of UTC: 420 in Jakarta, 540 in Jayapura.
    #[config(default = 420, min = -720, max = 840)]
    pub minutes_ahead: i32,
}

impl Settings {
    /// Finds what would fail in front of a customer.
    pub(crate) fn check(&self) -> Result<(), Error> {
        crate::numbers::Pattern::parse(&self.pattern)?;
        match (&self.service, &self.orders) {
            (Some(_), Some(_)) => Err("`service` and `orders` are both set: keep one".into()),
            (None, None) => Err("neither `service` nor `orders` is set: say where orders are found".into()),
            (Some(service), None) if !service.starts_with("https://") && !service.starts_with("http://") => {
                Err("`service` is no address: it begins with https://".into())
            }
            _ => Ok(()),
        }
    }
}
