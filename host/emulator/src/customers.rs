//! The people who write to the business numbers.

use std::collections::HashMap;
use std::sync::Arc;

use parking_lot::{Mutex, MutexGuard, RwLock};
use serde::{Deserialize, Serialize};
use thiserror::Error;
use tokio::sync::Notify;

use crate::chat::Chat;
use crate::ids;

/// Who a customer is to WhatsApp.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Profile {
    /// The name that they gave themselves.
    pub(crate) name: String,
    /// Digits with the country code, unless hidden.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) phone: Option<String>,
    /// The business-scoped user id, unless they are from before there were any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) user_id: Option<String>,
    /// The user id over all portfolios of a parent company, if the business has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) parent_user_id: Option<String>,
    /// Their username, without `@`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) username: Option<String>,
}

/// Whether a customer wants marketing messages: WhatsApp's own setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Preference {
    Stop,
    Resume,
}

impl Preference {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Stop => "stop",
            Self::Resume => "resume",
        }
    }
}

impl Profile {
    /// The number, or the user id where there is none.
    pub(crate) fn address(&self) -> &str {
        self.phone.as_deref().or(self.user_id.as_deref()).unwrap_or_default()
    }

    /// The member of a webhook's `contacts` that presents them.
    pub(crate) fn contact(&self) -> serde_json::Value {
        let mut profile = serde_json::json!({ "name": self.name });
        if let Some(username) = &self.username {
            profile["username"] = username.as_str().into();
        }
        let mut contact = serde_json::json!({ "profile": profile });
        if let Some(phone) = &self.phone {
            contact["wa_id"] = phone.as_str().into();
        }
        if let Some(user_id) = &self.user_id {
            contact["user_id"] = user_id.as_str().into();
        }
        if let Some(parent) = &self.parent_user_id {
            contact["parent_user_id"] = parent.as_str().into();
        }
        contact
    }
}

/// What changes about a customer.
#[derive(Debug)]
pub(crate) struct CustomerState {
    pub(crate) profile: Profile,
    /// What they chose for marketing messages, if they ever did.
    pub(crate) marketing: Option<Preference>,
    /// One chat a business number, in the order of the settings.
    pub(crate) chats: Vec<Chat>,
}

/// A customer.
#[derive(Debug)]
pub(crate) struct Customer {
    /// Their name in the control API.
    pub(crate) id: String,
    state: Mutex<CustomerState>,
    /// Wakes who waits for news in a chat.
    pub(crate) news: Notify,
}

impl Customer {
    pub(crate) fn lock(&self) -> MutexGuard<'_, CustomerState> {
        self.state.lock()
    }
}

/// A request to make a customer.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewCustomer {
    /// Their name in the control API; one is made up if missing.
    pub(crate) id: Option<String>,
    #[serde(default)]
    pub(crate) name: Option<String>,
    #[serde(default)]
    pub(crate) phone: Option<String>,
    /// A user id, or `auto` for a new one.
    #[serde(default)]
    pub(crate) user_id: Option<String>,
    /// A parent's user id (`ID.ENT.…`), or `auto`.
    #[serde(default)]
    pub(crate) parent_user_id: Option<String>,
    #[serde(default)]
    pub(crate) username: Option<String>,
}

/// Why a customer cannot be made or changed.
#[derive(Debug, Error, PartialEq, Eq)]
pub(crate) enum CustomerError {
    #[error(
        "a customer needs a phone number, a user id, or both: give `phone`, `user_id` (`auto` for a new one) or both"
    )]
    Nobody,
    #[error("`phone` must have 8 to 15 digits with the country code, such as 6281234567890")]
    Phone,
    #[error("`user_id` must be a country code, a dot and 1 to 128 letters or digits, such as ID.13491208655302741918")]
    UserId,
    #[error("`{0}` belongs to another customer already")]
    Taken(&'static str),
}

#[derive(Debug, Default)]
struct Tables {
    /// Every key: id, phone number, user id.
    keys: HashMap<String, Arc<Customer>>,
    /// In the order that they were made.
    order: Vec<Arc<Customer>>,
    made: u64,
}

/// All customers.
#[derive(Debug)]
pub(crate) struct Directory {
    tables: RwLock<Tables>,
    numbers: usize,
}

impl Directory {
    pub(crate) fn new(numbers: usize) -> Self {
        Self { tables: RwLock::default(), numbers }
    }

    /// The customer with this id, phone number (digits) or user id.
    pub(crate) fn find(&self, key: &str) -> Option<Arc<Customer>> {
        self.tables.read().keys.get(key).cloned()
    }

    /// All, in the order that they were made.
    pub(crate) fn all(&self) -> Vec<Arc<Customer>> {
        self.tables.read().order.clone()
    }

    /// How many.
    pub(crate) fn len(&self) -> usize {
        self.tables.read().order.len()
    }

    /// Makes a customer.
    pub(crate) fn add(&self, new: NewCustomer) -> Result<Arc<Customer>, CustomerError> {
        let profile = profile(&new)?;
        let mut tables = self.tables.write();
        for (key, word) in [(&new.id, "id"), (&profile.phone, "phone"), (&profile.user_id, "user_id")] {
            if key.as_ref().is_some_and(|key| tables.keys.contains_key(key)) {
                return Err(CustomerError::Taken(word));
            }
        }
        tables.made += 1;
        let id = new.id.unwrap_or_else(|| format!("c{}", tables.made));
        let customer = Arc::new(Customer {
            id: id.clone(),
            state: Mutex::new(CustomerState {
                profile: profile.clone(),
                marketing: None,
                chats: (0..self.numbers).map(|_| Chat::default()).collect(),
            }),
            news: Notify::new(),
        });
        for key in [Some(id), profile.phone, profile.user_id].into_iter().flatten() {
            tables.keys.insert(key, Arc::clone(&customer));
        }
        tables.order.push(Arc::clone(&customer));
        Ok(customer)
    }

    /// Gives a customer other addresses or names; the old addresses stop working.
    pub(crate) fn change(&self, customer: &Arc<Customer>, to: Profile) -> Result<(), CustomerError> {
        if to.phone.is_none() && to.user_id.is_none() {
            return Err(CustomerError::Nobody);
        }
        let mut tables = self.tables.write();
        for (key, word) in [(&to.phone, "phone"), (&to.user_id, "user_id")] {
            let holder = key.as_ref().and_then(|key| tables.keys.get(key));
            if holder.is_some_and(|holder| !Arc::ptr_eq(holder, customer)) {
                return Err(CustomerError::Taken(word));
            }
        }
        let before = std::mem::replace(&mut customer.lock().profile, to.clone());
        for key in [before.phone, before.user_id].into_iter().flatten() {
            tables.keys.remove(&key);
        }
        for key in [to.phone, to.user_id].into_iter().flatten() {
            tables.keys.insert(key, Arc::clone(customer));
        }
        Ok(())
    }

    /// Forgets a customer and their chats.
    pub(crate) fn remove(&self, customer: &Arc<Customer>) {
        let mut tables = self.tables.write();
        tables.keys.retain(|_, other| !Arc::ptr_eq(other, customer));
        tables.order.retain(|other| !Arc::ptr_eq(other, customer));
    }
}

/// A phone number's digits, if it is one.
pub(crate) fn digits(phone: &str) -> Option<String> {
    let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
    let written = |c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | ' ' | '(' | ')' | '.');
    ((8..=15).contains(&digits.len()) && phone.chars().all(written)).then_some(digits)
}

/// Whether this has the form of a business-scoped user id.
pub(crate) fn is_user_id(text: &str) -> bool {
    let Some((country, rest)) = text.split_once('.') else { return false };
    let rest = rest.strip_prefix("ENT.").unwrap_or(rest);
    country.len() == 2
        && country.bytes().all(|b| b.is_ascii_uppercase())
        && (1..=128).contains(&rest.len())
        && rest.bytes().all(|b| b.is_ascii_alphanumeric())
}

/// A user id as asked for: given, or new.
pub(crate) fn user_id(asked: &str) -> Result<String, CustomerError> {
    match asked {
        "auto" => Ok(ids::user_id("ID")),
        given if is_user_id(given) => Ok(given.to_owned()),
        _ => Err(CustomerError::UserId),
    }
}

fn profile(new: &NewCustomer) -> Result<Profile, CustomerError> {
    let phone = match &new.phone {
        Some(phone) => Some(digits(phone).ok_or(CustomerError::Phone)?),
        None => None,
    };
    let user_id = new.user_id.as_deref().map(user_id).transpose()?;
    if phone.is_none() && user_id.is_none() {
        return Err(CustomerError::Nobody);
    }
    let parent_user_id = match new.parent_user_id.as_deref() {
        Some("auto") => Some(ids::user_id("ID.ENT")),
        given => given.map(self::user_id).transpose()?,
    };
    let username = new.username.as_deref().map(|name| name.trim_start_matches('@').to_owned());
    let name = new.name.clone().unwrap_or_else(|| "Pelanggan".into());
    Ok(Profile { name, phone, user_id, parent_user_id, username: username.filter(|name| !name.is_empty()) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_customer_is_found_by_every_address_and_by_none_after_a_change() {
        let directory = Directory::new(1);
        let new = NewCustomer {
            phone: Some("+62 812-3456-7890".into()),
            user_id: Some("auto".into()),
            ..NewCustomer::default()
        };
        let customer = directory.add(new).unwrap();
        let before = customer.lock().profile.clone();
        assert!(directory.find("6281234567890").is_some());
        assert!(directory.find(before.user_id.as_deref().unwrap()).is_some());
        directory.change(&customer, Profile { phone: Some("6289999999999".into()), user_id: None, ..before }).unwrap();
        assert!(directory.find("6281234567890").is_none());
        assert!(directory.find("6289999999999").is_some());
        assert!(directory.find(&customer.id).is_some());
    }

    #[test]
    fn nobody_is_a_customer_without_an_address() {
        assert_eq!(Directory::new(1).add(NewCustomer::default()).unwrap_err(), CustomerError::Nobody);
    }

    #[test]
    fn user_ids_are_told_from_numbers() {
        assert!(is_user_id("ID.13491208655302741918"));
        assert!(is_user_id("US.ENT.abc123"));
        assert!(!is_user_id("6281234567890"));
        assert!(!is_user_id("ID."));
    }
}
