//! A wording taken apart once, so that filling it in is nothing but copying.

/// Text with placeholders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Template {
    segments: Vec<Segment>,
    /// Bytes of the text between the placeholders.
    literal: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Segment {
    Literal(Box<str>),
    Value(&'static str),
}

/// What is wrong with a text as a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Malformed {
    /// A placeholder that this text cannot be given.
    Unknown(String),
    /// A `{` without its `}`.
    Unclosed,
    /// A `}` without its `{`.
    Unopened,
}

impl Template {
    /// A template that says nothing.
    pub(super) const fn blank() -> Self {
        Self { segments: Vec::new(), literal: 0 }
    }

    /// Takes a text apart. Only the `allowed` placeholders may stand in it.
    pub(super) fn parse(text: &str, allowed: &[&'static str]) -> Result<Self, Malformed> {
        let mut segments = Vec::new();
        let mut literal = 0;
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}']) {
            if rest.as_bytes()[at] == b'}' {
                return Err(Malformed::Unopened);
            }
            let (before, from) = rest.split_at(at);
            let Some(end) = from.find('}') else { return Err(Malformed::Unclosed) };
            let name = &from[1..end];
            if name.contains('{') {
                return Err(Malformed::Unclosed);
            }
            let known = allowed.iter().find(|known| **known == name);
            let name = known.ok_or_else(|| Malformed::Unknown(name.to_owned()))?;
            if !before.is_empty() {
                literal += before.len();
                segments.push(Segment::Literal(before.into()));
            }
            segments.push(Segment::Value(name));
            rest = &from[end + 1..];
        }
        if !rest.is_empty() {
            literal += rest.len();
            segments.push(Segment::Literal(rest.into()));
        }
        Ok(Self { segments, literal })
    }

    /// The placeholders, in order.
    pub(super) fn placeholders(&self) -> impl Iterator<Item = &'static str> {
        self.segments.iter().filter_map(|segment| match segment {
            Segment::Value(name) => Some(*name),
            Segment::Literal(_) => None,
        })
    }

    /// The text with its placeholders filled. One that has no value is left out: a customer must never
    /// read a name in braces.
    pub(super) fn fill(&self, values: &super::Values<'_>) -> String {
        let value = |name| values.iter().find(|(given, _)| *given == name).map_or("", |(_, value)| *value);
        let length = self.literal + self.placeholders().map(|name| value(name).len()).sum::<usize>();
        let mut text = String::with_capacity(length);
        for segment in &self.segments {
            text.push_str(match segment {
                Segment::Literal(literal) => literal,
                Segment::Value(name) => value(name),
            });
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_filled_and_nothing_else_changes() {
        let template = Template::parse("{a}: x {b}{a}.", &["a", "b"]).unwrap();
        assert_eq!(template.fill(&[("a", "{b}"), ("b", "2")]), "{b}: x 2{b}.");
        assert_eq!(template.fill(&[("b", "2")]), ": x 2.");
        assert_eq!(Template::parse("", &[]).unwrap().fill(&[]), "");
    }

    #[test]
    fn what_is_malformed_is_named() {
        assert_eq!(Template::parse("{bto}", &["bot"]), Err(Malformed::Unknown("bto".to_owned())));
        assert_eq!(Template::parse("hi {bot", &["bot"]), Err(Malformed::Unclosed));
        assert_eq!(Template::parse("hi {bot {bot}", &["bot"]), Err(Malformed::Unclosed));
        assert_eq!(Template::parse("hi bot}", &["bot"]), Err(Malformed::Unopened));
    }
}
