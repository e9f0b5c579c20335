//! Customer messages have come.

use santun_language::{Kind, Normalised, Token, is_function_word, is_one_of, normalise};

use super::composer::{Composer, Scene};
use super::handover::{self, hand_over_after};
use super::meanwhile;
use super::summary::summary_of;
use crate::conversation::{Conversation, Disclosure, Owner, Session};
use crate::effects::Effects;
use crate::facts::Facts;
use crate::language::Language;
use crate::message::{Content, Message};
use crate::texts::TextKey;
use crate::time::Timestamp;
use crate::verdict::{Context, Counters, HandoverCall, Priority};

/// The least words from which a language is learnt: *ok thanks* from somebody who has written Indonesian all along
/// says nothing about the language to answer in.
const TELLING_WORDS: usize = 3;

/// What to do with customer messages that the ears did not take.
#[derive(Clone, Debug, PartialEq)]
pub enum Plan {
    /// Ask the chain, with this context.
    Ask(Box<Context>),
    /// Keep them for the humans: [`keep`].
    Keep,
    /// They are too old for an ordinary answer: [`stale`].
    Stale,
}

/// Notes in the conversation that the customer has written, and says what to do with the messages.
///
/// A new session begins with the first message, or after a gap of `policy.session_gap_hours`. The conversation's
/// language follows the customer's.
pub fn receive(conversation: &mut Conversation, messages: &[Message], facts: &Facts<'_>) -> Plan {
    let now = facts.now;
    let written = messages.iter().map(|message| message.sent_at).max().unwrap_or(now).min(now);
    begin_session_after_a_gap(conversation, written, facts.bot.policy.session_gap_hours);
    let greeted = || conversation.last_customer_at.is_none().then(|| greeting_language_of(messages)).flatten();
    conversation.language = language_of(messages).or_else(greeted).unwrap_or(conversation.language);
    let leave = takes_leave(conversation, messages, written);
    let before = counters(conversation);
    conversation.last_customer_at = conversation.last_customer_at.max(Some(written));
    conversation.session.last_turn_at = conversation.session.last_turn_at.max(written);
    conversation.session.customer_messages += u32::try_from(messages.len()).unwrap_or(u32::MAX);
    if conversation.owner != Owner::Bot || leave {
        return Plan::Keep;
    }
    let oldest = messages.iter().map(|message| message.sent_at).min().unwrap_or(now);
    if oldest.plus_minutes(facts.bot.policy.stale_minutes) < now && messages.iter().any(waits) {
        return Plan::Stale;
    }
    Plan::Ask(Box::new(context(conversation, before, facts)))
}

/// The language of the newest message that is typed by the customer, long enough to tell, and sure. Taps are in the
/// language of their buttons, and forwarded messages in somebody else's.
fn language_of(messages: &[Message]) -> Option<Language> {
    messages.iter().rev().filter(|message| !message.body.forwarded).find_map(|message| {
        let Content::Text { text } = &message.body.content else {
            return None;
        };
        let typed = text.split_whitespace().filter(|word| word.contains(char::is_alphabetic)).count();
        if typed < TELLING_WORDS {
            return None;
        }
        detected(&normalise(text))
    })
}

/// English words that nobody writes who writes Indonesian: of a first message each tells the language by itself.
const ENGLISH: &str = "\
    please help agent representative human person someone somebody people nice lovely shop store speak talking track \
    tracking parcel package shipping delivery buy need";

/// Short words that are written in both languages.
const SHARED: [&str; 12] = ["hi", "hy", "ok", "okay", "thanks", "thank", "please", "to", "for", "no", "me", "off"];

/// The language of somebody's very first words, of which nothing else is known, where even a short greeting tells:
/// *hello*, *good morning*. Many Indonesians write *hi*.
fn greeting_language_of(messages: &[Message]) -> Option<Language> {
    messages.iter().rev().filter(|message| !message.body.forwarded).find_map(|message| {
        let Content::Text { text } = &message.body.content else {
            return None;
        };
        let text = normalise(text);
        let tells = |token: Token<'_>| {
            token.kind == Kind::Word
                && (is_one_of(ENGLISH, token.word)
                    || !SHARED.contains(&token.written) && is_function_word(token.written))
        };
        if text.tokens().any(tells) { detected(&text) } else { None }
    })
}

fn detected(text: &Normalised) -> Option<Language> {
    santun_language::detect(text).map(|language| match language {
        santun_language::Language::Id => Language::Id,
        santun_language::Language::En => Language::En,
    })
}

/// The context for plugins when no new message has come.
fn context(conversation: &Conversation, counters: Counters, facts: &Facts<'_>) -> Context {
    let channel = facts.bot.channel(&conversation.channel).map_or_else(String::new, |channel| channel.name.clone());
    Context {
        now: facts.now,
        channel,
        language: conversation.language,
        bot_name: facts.bot.name.clone(),
        business: facts.bot.business.clone(),
        about: facts.bot.about(conversation.language).to_owned(),
        counters,
        office: facts.office_of(conversation),
        attributes: conversation.attributes.clone(),
    }
}

fn counters(conversation: &Conversation) -> Counters {
    let session = &conversation.session;
    Counters {
        sessions: session.ordinal,
        customer_messages: session.customer_messages,
        bot_replies: session.bot_replies,
        fallbacks_in_a_row: session.fallbacks_in_a_row,
    }
}

fn begin_session_after_a_gap(conversation: &mut Conversation, at: Timestamp, gap_hours: u32) {
    let session = &conversation.session;
    let fresh = conversation.last_customer_at.is_none() && session.bot_replies == 0;
    if !fresh && session.last_turn_at.plus_hours(gap_hours) <= at && conversation.owner == Owner::Bot {
        conversation.session = Session::begun(session.ordinal + 1, at);
    }
}

/// Whether the customer only thanks, or nods to, the human who has just closed the conversation: a bot that
/// introduced itself for that would talk into a goodbye.
fn takes_leave(conversation: &Conversation, messages: &[Message], written: Timestamp) -> bool {
    let session = &conversation.session;
    let untouched = session.customer_messages == 0 && session.bot_replies == 0;
    let after_a_human = session.ordinal > 1 && session.disclosure == Disclosure::Due && session.began_at < written;
    untouched && after_a_human && !messages.iter().any(waits)
}

/// Whether the customer waits for an answer to this: not to thanks or a nod, which close a matter.
pub(super) fn waits(message: &Message) -> bool {
    let content = &message.body.content;
    let closes = matches!(content, Content::Text { text } if santun_language::closes(&normalise(text)));
    content.wants_answer() && !closes
}

/// Messages that nobody but a human answers: they are in the history, and that is all. A customer who
/// writes out of hours, while the request waits, is told once more when somebody will be there.
pub fn keep(scene: Scene<'_>, conversation: Conversation, messages: &[Message]) -> Effects {
    let mut step = Composer::new(scene, conversation, "messages");
    step.decided(messages.iter().map(|message| message.id));
    match step.conversation.owner.clone() {
        Owner::Bot => step.note("kept without an answer: nothing in it asks for one"),
        Owner::Queue { .. } => {
            meanwhile::asked(&mut step, messages);
            handover::remind(&mut step, messages);
        }
        Owner::Agent { .. } => {
            meanwhile::asked(&mut step, messages);
            if messages.iter().any(waits) {
                handover::watch_the_agent(&mut step);
            }
            step.note("kept for the agent");
        }
        Owner::Phone { .. } => {
            if messages.iter().any(waits) {
                handover::waits_for_a_human(&mut step);
            }
            step.note("kept for whoever answers from the phone app");
        }
    }
    step.finish()
}

/// Messages that are too old for an ordinary answer: an honest apology, and a human is called.
pub fn stale(scene: Scene<'_>, conversation: Conversation, messages: &[Message]) -> Effects {
    let mut step = Composer::new(scene, conversation, "messages");
    step.decided(messages.iter().map(|message| message.id));
    step.note("too old for an ordinary answer");
    let call = HandoverCall {
        reason: "late".to_owned(),
        priority: Priority::High,
        division: None,
        summary: summary_of(&step, messages),
        facts: Vec::new(),
    };
    hand_over_after(&mut step, Some(TextKey::Stale), call);
    step.finish()
}

/// The context for plugins as things stand, when an event is not the customer's.
pub fn context_now(conversation: &Conversation, facts: &Facts<'_>) -> Context {
    context(conversation, counters(conversation), facts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{ConversationId, TurnId};
    use crate::message::MessageBody;

    fn message(content: Content) -> Message {
        let at = Timestamp::from_millis(0);
        Message {
            id: TurnId::from_uuid(uuid::Uuid::nil()),
            conversation: ConversationId::from_uuid(uuid::Uuid::nil()),
            sent_at: at,
            arrived_at: at,
            reply_to: None,
            body: MessageBody { content, forwarded: false, referral: None },
        }
    }

    fn typed(text: &str) -> Message {
        message(Content::Text { text: text.to_owned() })
    }

    #[test]
    fn the_language_is_learnt_from_what_the_customer_types() {
        for (text, expected) in [
            ("hi, where is my order? it should have been here yesterday", Some(Language::En)),
            ("can I talk to a human please", Some(Language::En)),
            ("do you ship to Bali", Some(Language::En)),
            ("kak paketku kok blm nyampe ya", Some(Language::Id)),
            ("min mau order yg size L dong", Some(Language::Id)),
            ("sori baru bales, tadi meeting, jadi gmn kak refundnya", Some(Language::Id)),
        ] {
            assert_eq!(language_of(&[typed(text)]), expected, "{text}");
        }
    }

    #[test]
    fn a_word_or_two_and_signs_teach_no_language() {
        for text in ["ok thanks", "thank you", "ready kak?", "STOP", "oke", "👍", "12345 67890 11111", ""] {
            assert_eq!(language_of(&[typed(text)]), None, "{text}");
        }
    }

    #[test]
    fn the_first_greeting_tells_a_language_where_it_is_clear() {
        for (text, expected) in [
            ("hello", Some(Language::En)),
            ("Good morning!", Some(Language::En)),
            ("hi there", Some(Language::En)),
            ("hey", Some(Language::En)),
            ("my data pls", Some(Language::En)),
            ("agent please", Some(Language::En)),
            ("representative", Some(Language::En)),
            ("nice shop", Some(Language::En)),
            ("help", Some(Language::En)),
            ("pls help", Some(Language::En)),
            ("help dong kak", Some(Language::Id)),
            ("ongkir pls", Some(Language::Id)),
            ("kak help", Some(Language::Id)),
            ("halo kak", Some(Language::Id)),
            ("permisi", Some(Language::Id)),
            ("selamat pagi", Some(Language::Id)),
        ] {
            assert_eq!(greeting_language_of(&[typed(text)]), expected, "{text}");
        }
        for text in ["hi", "ok", "thanks", "hello kak", "P", "order", "promo", "👋", "STOP", "12345"] {
            assert_eq!(greeting_language_of(&[typed(text)]), None, "{text}");
        }
    }

    #[test]
    fn a_tap_and_a_forwarded_message_teach_no_language() {
        let tap = message(Content::Choice { id: "more".to_owned(), title: "Tell me more about my order".to_owned() });
        assert_eq!(language_of(&[tap]), None);
        let mut forwarded = typed("where is my order, it should have been here");
        forwarded.body.forwarded = true;
        assert_eq!(language_of(&[forwarded]), None);
    }

    #[test]
    fn the_newest_telling_message_counts() {
        let english = || typed("where is my order please");
        let indonesian = || typed("pesanan saya sampai mana ya");
        assert_eq!(language_of(&[english(), indonesian()]), Some(Language::Id));
        assert_eq!(language_of(&[indonesian(), english()]), Some(Language::En));
        assert_eq!(language_of(&[english(), typed("ok sip")]), Some(Language::En));
        assert_eq!(language_of(&[]), None);
    }
}
