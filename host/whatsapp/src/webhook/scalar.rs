//! Single values as Meta really sends them: ids and times as string or number, and an empty string where
//! a field is meant to be absent.

use std::borrow::Cow;
use std::fmt;

use santun_core::time::Timestamp;
use serde::de::{Deserialize, Deserializer, Error, Visitor};

/// From this value on, a time can only be in milliseconds: in seconds it would lie beyond the year 5000.
const FIRST_MILLIS: i64 = 100_000_000_000;

/// A text that may come as a string, a number or a truth value, or be absent, null or empty.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Scalar<'a>(Option<Cow<'a, str>>);

impl<'a> Scalar<'a> {
    /// The text, if there is one. It is never empty.
    pub(crate) fn get(&self) -> Option<&str> {
        self.0.as_deref()
    }

    /// The text as one of our own, if there is one.
    pub(crate) fn owned(self) -> Option<String> {
        self.0.map(Cow::into_owned)
    }

    /// The whole or decimal number that it is, if it is one.
    pub(crate) fn number(&self) -> Option<f64> {
        self.get()?.trim().parse().ok().filter(|number: &f64| number.is_finite())
    }

    /// The whole number that it is, if it is one.
    pub(crate) fn whole(&self) -> Option<i64> {
        let text = self.get()?.trim();
        text.parse().ok().or_else(|| {
            let number = self.number()?;
            // Beyond 2^53 a float no longer names one whole number.
            let is_whole = number.fract() == 0.0 && number.abs() < 9_007_199_254_740_992.0;
            is_whole.then_some(number as i64)
        })
    }

    /// The point in time that it is, in seconds or milliseconds since 1970.
    pub(crate) fn time(&self) -> Option<Timestamp> {
        let number = self.whole().filter(|number| *number > 0)?;
        Some(if number < FIRST_MILLIS { Timestamp::from_seconds(number) } else { Timestamp::from_millis(number) })
    }

    /// Whether it says yes.
    pub(crate) fn is_true(&self) -> bool {
        self.get() == Some("true")
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Scalar<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ScalarVisitor)
    }
}

struct ScalarVisitor;

impl<'de> Visitor<'de> for ScalarVisitor {
    type Value = Scalar<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string, a number or null")
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Scalar((!text.is_empty()).then_some(Cow::Borrowed(text))))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Scalar((!text.is_empty()).then(|| Cow::Owned(text.to_owned()))))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Self::Value, E> {
        Ok(Scalar(Some(Cow::Owned(number.to_string()))))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Self::Value, E> {
        Ok(Scalar(Some(Cow::Owned(number.to_string()))))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Self::Value, E> {
        Ok(Scalar(Some(Cow::Owned(number.to_string()))))
    }

    fn visit_bool<E: Error>(self, truth: bool) -> Result<Self::Value, E> {
        Ok(Scalar(Some(Cow::Borrowed(if truth { "true" } else { "false" }))))
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Scalar(None))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Scalar<'_> {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn a_string_and_a_number_are_the_same() {
        assert_eq!(read(r#""628111""#).get(), Some("628111"));
        assert_eq!(read("628111").get(), Some("628111"));
        assert_eq!(read("30.5").get(), Some("30.5"));
        assert_eq!(read("30.0").get(), Some("30"));
    }

    #[test]
    fn an_empty_string_and_null_are_absent() {
        assert_eq!(read(r#""""#).get(), None);
        assert_eq!(read("null").get(), None);
    }

    #[test]
    fn a_time_is_read_in_seconds_and_in_milliseconds() {
        let expected = Some(Timestamp::from_seconds(1_763_790_000));
        for json in [r#""1763790000""#, "1763790000", "1763790000000", "1763790000.0"] {
            assert_eq!(read(json).time(), expected, "{json}");
        }
        for json in [r#""kemarin""#, "-5", "0", "null", "1e300"] {
            assert_eq!(read(json).time(), None, "{json}");
        }
    }

    #[test]
    fn a_list_is_no_scalar() {
        assert!(serde_json::from_str::<Scalar<'_>>("[1]").is_err());
    }
}
