//! What an operator has set for a plugin.

use std::fmt;

use santun_core::bot::{Grants, Instance, Limits};
use santun_core::ids::PluginName;
use sha2::{Digest as _, Sha256};

/// A plugin's settings, with secrets resolved.
#[derive(Clone, Debug)]
pub struct Setup {
    /// Its name in `bot.toml`.
    pub name: PluginName,
    /// Its own configuration, with every `file:` replaced by that file's content.
    pub config: serde_json::Value,
    /// What it may do, if it asks for it.
    pub grants: Grants,
    /// What it may use.
    pub limits: Limits,
    /// How its instances are used.
    pub instance: Instance,
    /// Header fields that the host adds to its requests.
    pub secrets: Vec<Secret>,
}

impl Setup {
    /// Names these settings: equal ones, secrets and all, have the same name.
    pub(crate) fn fingerprint(&self) -> [u8; 32] {
        let secrets: Vec<_> =
            self.secrets.iter().map(|secret| (&secret.origin, &secret.header, &secret.value)).collect();
        let whole = serde_json::json!([self.name, self.config, self.grants, self.limits, self.instance, secrets]);
        Sha256::digest(whole.to_string()).into()
    }
}

/// A header field that the host adds to requests to one origin. The guest never sees it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret {
    /// The origin, such as `https://orders.example`.
    pub origin: String,
    /// The field's name.
    pub header: String,
    /// The field's value itself, not a reference to it.
    pub value: String,
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Secret").field("origin", &self.origin).field("header", &self.header).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn setup() -> Setup {
        Setup {
            name: "faq".into(),
            config: serde_json::json!({ "entries": "ongkir,gratis" }),
            grants: Grants::default(),
            limits: Limits::default(),
            instance: Instance::Fresh,
            secrets: vec![Secret {
                origin: "https://orders.example".to_owned(),
                header: "Authorization".to_owned(),
                value: "rahasia".to_owned(),
            }],
        }
    }

    #[test]
    fn equal_settings_have_the_same_name_and_each_difference_gives_another() {
        let changed: [fn(&mut Setup); 6] = [
            |setup| setup.name = "menu".into(),
            |setup| setup.config["entries"] = "ongkir,bayar".into(),
            |setup| setup.grants.history_turns += 1,
            |setup| setup.limits.cpu_ms += 1,
            |setup| setup.instance = Instance::Warm,
            |setup| setup.secrets[0].value = "yang baru".to_owned(),
        ];
        assert_eq!(setup().fingerprint(), setup().fingerprint());
        for (nth, change) in changed.into_iter().enumerate() {
            let mut other = setup();
            change(&mut other);
            assert_ne!(other.fingerprint(), setup().fingerprint(), "change {nth}");
        }
    }
}
