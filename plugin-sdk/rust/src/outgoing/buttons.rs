//! A text with buttons under it.

use super::checks::{checked_id, distinct};
use super::{HUMAN, Outgoing};
use crate::bindings::santun::plugin::types as wit;
use crate::limited::{Body, Footer, Forbidden, Title};

/// A tappable option under a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Button {
    id: String,
    title: Title,
}

impl Button {
    /// A button; `id` comes back in the customer's [`Choice`](crate::Choice).
    ///
    /// # Errors
    ///
    /// If the id is empty or longer than 200 bytes.
    pub fn new(id: impl Into<String>, title: Title) -> Result<Self, Forbidden> {
        Ok(Self { id: checked_id(id.into())?, title })
    }

    /// The button that calls a human: the host itself hears it.
    pub fn human(title: Title) -> Self {
        Self { id: HUMAN.to_owned(), title }
    }
}

/// Text with one to three buttons.
#[derive(Clone, Debug, PartialEq)]
pub struct Buttons(wit::Buttons);

impl Buttons {
    /// Text with buttons; none, or more than three, do not compile.
    ///
    /// # Errors
    ///
    /// If the body is empty or longer than 1,024 characters, or two buttons have one id or title.
    ///
    /// ```
    /// # use santun_plugin::prelude::*;
    /// let message = Buttons::new("Lanjut kak?", [
    ///     Button::new("yes", title!("Ya"))?,
    ///     Button::human(title!("Bicara dengan Agen")),
    /// ])?;
    /// # Ok::<(), Forbidden>(())
    /// ```
    ///
    /// ```compile_fail
    /// # use santun_plugin::prelude::*;
    /// let b = || Button::human(title!("Agen"));
    /// let message = Buttons::new("Empat?", [b(), b(), b(), b()]);
    /// ```
    pub fn new<const N: usize>(body: impl Into<String>, buttons: [Button; N]) -> Result<Self, Forbidden> {
        const { assert!(N >= 1 && N <= 3, "a message has one to three buttons") };
        Self::from_vec(body, buttons.into())
    }

    /// Text with as many buttons as there happen to be.
    ///
    /// # Errors
    ///
    /// As [`Buttons::new`], and if there are not one to three buttons.
    pub fn from_vec(body: impl Into<String>, buttons: Vec<Button>) -> Result<Self, Forbidden> {
        if buttons.is_empty() || buttons.len() > 3 {
            return Err(Forbidden::ButtonCount(buttons.len()));
        }
        distinct(buttons.iter().map(|button| (&*button.id, &*button.title)))?;
        let body = Body::new(body.into())?.into();
        let buttons = buttons.into_iter().map(|button| wit::Button { id: button.id, title: button.title.into() });
        Ok(Self(wit::Buttons { body, footer: None, buttons: buttons.collect() }))
    }

    /// With small print.
    #[must_use]
    pub fn footer(mut self, footer: Footer) -> Self {
        self.0.footer = Some(footer.into());
        self
    }
}

impl From<Buttons> for Outgoing {
    fn from(buttons: Buttons) -> Self {
        Self(wit::Outgoing::Buttons(buttons.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::title;

    #[test]
    fn two_buttons_with_one_id_or_one_title_are_forbidden() {
        let twice = [Button::new("a", title!("Ya")).unwrap(), Button::new("a", title!("Tidak")).unwrap()];
        assert_eq!(Buttons::new("Mau?", twice), Err(Forbidden::SameId("a".into())));
        let twice = [Button::new("a", title!("Ya")).unwrap(), Button::new("b", title!("Ya")).unwrap()];
        assert_eq!(Buttons::new("Mau?", twice), Err(Forbidden::SameTitle("Ya".into())));
    }

    #[test]
    fn four_buttons_that_come_from_elsewhere_are_forbidden() {
        let four = (0..4).map(|n| Button::new(n.to_string(), Title::new(n.to_string()).unwrap()).unwrap()).collect();
        assert_eq!(Buttons::from_vec("Mau?", four), Err(Forbidden::ButtonCount(4)));
    }

    #[test]
    fn a_body_over_the_limit_is_forbidden() {
        let button = || [Button::human(title!("Agen"))];
        assert!(Buttons::new("x".repeat(1024), button()).is_ok());
        assert!(matches!(Buttons::new("x".repeat(1025), button()), Err(Forbidden::TooLong { max: 1024, .. })));
    }
}
