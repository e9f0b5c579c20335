//! Where orders are found: in what `prepare` made of a CSV, or at an order service.

use santun_plugin::http;
use santun_plugin::prelude::*;
use santun_plugin::prepared::{Index, IndexBuilder, Parts, encoded};
use serde::{Deserialize, Serialize};

use crate::config::Settings;
use crate::numbers::{Pattern, key, phone_key};
use crate::order::{Order, Status, day};
use crate::sheet;

const SETTINGS: usize = 0;
const BY_NUMBER: usize = 1;
const BY_WAYBILL: usize = 2;
const BY_PHONE: usize = 3;

/// What is needed for each message.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Kept {
    pub pattern: String,
    pub service: Option<String>,
    pub very_late_days: u16,
    pub division: Option<String>,
    pub minutes_ahead: i32,
}

/// Why there is no answer to a look-up.
#[derive(Debug)]
pub(crate) struct Down {
    /// The contract's code, or the status.
    pub code: String,
}

/// Checks the settings, reads the CSV and builds its indexes.
pub(crate) fn prepare(settings: Settings) -> Result<Prepared, Error> {
    settings.check()?;
    let pattern = Pattern::parse(&settings.pattern)?;
    let (mut numbers, mut waybills, mut phones) =
        (IndexBuilder::default(), IndexBuilder::default(), IndexBuilder::default());
    let orders = settings.orders.as_deref().map(|csv| sheet::read(csv, &pattern)).transpose()?;
    for order in orders.unwrap_or_default() {
        let bytes = encoded(&order)?;
        numbers.insert(&key(&order.number), &bytes)?;
        if let Some(waybill) = &order.waybill {
            waybills.insert(&key(waybill), &bytes)?;
        }
        if let Some(phone) = order.phone.as_deref().and_then(phone_key) {
            phones.insert(&phone, &bytes)?;
        }
    }
    let kept = Kept {
        pattern: settings.pattern,
        service: settings.service.map(|service| service.trim_end_matches('/').to_owned()),
        very_late_days: settings.very_late_days,
        division: settings.division.map(String::from),
        minutes_ahead: settings.minutes_ahead,
    };
    Ok(Prepared::from_parts(&[encoded(&kept)?, numbers.finish(), waybills.finish(), phones.finish()]))
}

/// How long a service may take: short of the time that a plugin usually has, so that the customer still hears
/// that it cannot be reached.
const PATIENCE_MS: u32 = 2_000;

/// The orders of one call.
pub(crate) struct Source<'h> {
    host: &'h dyn Host,
    parts: Parts<'h>,
    pub kept: Kept,
    /// How long one request may take, in milliseconds.
    patience: u32,
}

impl<'h> Source<'h> {
    pub(crate) fn open(host: &'h dyn Host) -> Result<Self, Error> {
        let parts = Parts::new(host);
        let kept = parts.decode(SETTINGS)?;
        Ok(Self { host, parts, kept, patience: PATIENCE_MS })
    }

    /// From now on so many requests share the time that one would have.
    pub(crate) fn share_patience(&mut self, requests: usize) {
        self.patience = PATIENCE_MS / u32::try_from(requests.max(1)).unwrap_or(u32::MAX);
    }

    pub(crate) fn by_number(&self, number: &str) -> Result<Option<Order>, Down> {
        match &self.kept.service {
            Some(service) => self.one(&format!("{service}/orders/{}", http::escaped(number))),
            None => {
                Ok(self.look_up(BY_NUMBER, &key(number)).into_iter().find(|order| key(&order.number) == key(number)))
            }
        }
    }

    pub(crate) fn by_waybill(&self, waybill: &str) -> Result<Option<Order>, Down> {
        match &self.kept.service {
            Some(service) => self.one(&format!("{service}/waybills/{}", http::escaped(waybill))),
            None => {
                let same = |order: &Order| order.waybill.as_deref().is_some_and(|known| key(known) == key(waybill));
                Ok(self.look_up(BY_WAYBILL, &key(waybill)).into_iter().find(same))
            }
        }
    }

    /// The orders of a phone number, the newest first.
    pub(crate) fn by_phone(&self, phone: &str) -> Result<Vec<Order>, Down> {
        let Some(phone) = phone_key(phone) else { return Ok(Vec::new()) };
        let mut orders = match &self.kept.service {
            Some(service) => {
                let url = format!("{service}/orders?phone={}", http::escaped(&format!("+{phone}")));
                let told: Vec<Told> = self.ask(&url)?.unwrap_or_default();
                told.into_iter().map(Told::into_order).collect()
            }
            None => {
                let mut orders = self.look_up(BY_PHONE, &phone);
                orders.retain(|order| order.phone.as_deref().and_then(phone_key).as_deref() == Some(&phone));
                orders
            }
        };
        orders.sort_by_key(|order| std::cmp::Reverse(order.ordered));
        Ok(orders)
    }

    fn look_up(&self, part: usize, key: &str) -> Vec<Order> {
        let found = Index::open(self.parts.piece(part)).get(key);
        found.iter().filter_map(|bytes| santun_plugin::prepared::decoded(bytes).ok()).collect()
    }

    fn one(&self, url: &str) -> Result<Option<Order>, Down> {
        Ok(self.ask::<Told>(url)?.map(Told::into_order))
    }

    /// What the service answers; nothing if it says that there is none.
    fn ask<T: serde::de::DeserializeOwned>(&self, url: &str) -> Result<Option<T>, Down> {
        let response = http::get(url).header("accept", "application/json").timeout_ms(self.patience).send(self.host);
        let response = response.map_err(|failure| Down { code: failure.code })?;
        if response.status == 404 {
            return Ok(None);
        }
        if !response.is_success() {
            return Err(Down { code: response.status.to_string() });
        }
        response.json().map(Some).map_err(|_| Down { code: "unreadable".to_owned() })
    }
}

/// An order as the service tells it (see its OpenAPI document).
#[derive(Debug, Deserialize)]
struct Told {
    number: String,
    #[serde(default)]
    status: String,
    phone: Option<String>,
    items: Option<String>,
    ordered: Option<String>,
    promised: Option<String>,
    delivered: Option<String>,
    courier: Option<String>,
    waybill: Option<String>,
    last_place: Option<String>,
    updated: Option<String>,
}

impl Told {
    fn into_order(self) -> Order {
        let date = |text: Option<String>| text.as_deref().and_then(day);
        Order {
            status: Status::from_word(&self.status),
            number: self.number,
            phone: self.phone,
            items: self.items,
            ordered: date(self.ordered),
            promised: date(self.promised),
            delivered: date(self.delivered),
            courier: self.courier,
            waybill: self.waybill,
            last_place: self.last_place,
            updated: date(self.updated),
        }
    }
}
