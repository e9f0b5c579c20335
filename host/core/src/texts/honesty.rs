//! What a wording must and must not say, whoever wrote it: an operator may change every sentence, and
//! none may stop being honest.

use santun_language::normalise;

use super::TextKey;
use super::template::Template;
use crate::bot::Words;
use crate::ears::{Ears, Heard};
use crate::gate::{Promise, promised};
use crate::language::Language;
use crate::message::Content;

/// Characters of a button's title (WhatsApp's limit).
const LONGEST_TITLE: usize = 20;

/// Characters of any other wording: WhatsApp's limit above buttons, which any of them may get.
const LONGEST_TEXT: usize = 1_024;

/// What is wrong with a wording; nothing, as a rule.
pub(super) fn faults(key: TextKey, language: Language, text: &str, template: &Template) -> Vec<String> {
    let mut faults = Vec::new();
    if text.trim().is_empty() {
        return vec!["it says nothing".to_owned()];
    }
    faults.extend(too_long(key, text));
    faults.extend(missing_placeholders(key, template));
    let words = words_of(text);
    if is_disclosure(key) {
        faults.extend(disclosure(language, &words));
    }
    faults.extend(claims_to_be_human(&words));
    faults.extend(promises(key, &words).or_else(|| promises_presence(key, text)));
    faults.extend(unheard(key, text));
    faults
}

/// The words as they are compared: normalised, each between spaces, without the placeholders.
fn words_of(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut inside = false;
    for c in text.chars() {
        match c {
            '{' => inside = true,
            '}' => {
                inside = false;
                plain.push_str(" , ");
            }
            _ if !inside => plain.push(c),
            _ => {}
        }
    }
    format!(" {} ", normalise(&plain).as_str())
}

fn too_long(key: TextKey, text: &str) -> Option<String> {
    let length = text.chars().count();
    let most = if key.is_title() { LONGEST_TITLE } else { LONGEST_TEXT };
    if length > most {
        let what = if key.is_title() { "a title" } else { "a text" };
        return Some(format!("it has {length} characters; WhatsApp takes {most} in such {what}"));
    }
    (key.is_title() && text.contains('\n')).then(|| "it must be one line".to_owned())
}

/// What makes a sentence true must stand in it: the name, the way to a human, the measured wait, the way
/// to stop.
fn missing_placeholders(key: TextKey, template: &Template) -> Option<String> {
    let missing: Vec<String> = key
        .placeholders()
        .iter()
        .filter(|name| !may_be_left_out(key, name) && !template.placeholders().any(|used| used == **name))
        .map(|name| format!("{{{name}}}"))
        .collect();
    (!missing.is_empty()).then(|| format!("it must contain {}", missing.join(" and ")))
}

fn may_be_left_out(key: TextKey, placeholder: &str) -> bool {
    match key {
        TextKey::Fallback
        | TextKey::BotMeanwhile
        | TextKey::BotMeanwhileAsked
        | TextKey::Resolved
        | TextKey::StopAlready => true,
        TextKey::StopDone | TextKey::StartDone | TextKey::MyData | TextKey::MyDataNoNotice => placeholder == "business",
        _ => false,
    }
}

fn is_disclosure(key: TextKey) -> bool {
    matches!(
        key,
        TextKey::DisclosureOpening
            | TextKey::DisclosureInline
            | TextKey::DisclosureHandover
            | TextKey::DisclosureAfterHandBack
            | TextKey::DisclosureAsked
            | TextKey::DisclosureAskedWaiting
    )
}

/// A disclosure says in so many words that a bot is speaking, and takes none of it back.
fn disclosure(language: Language, words: &str) -> Option<String> {
    let names: &[&str] = match language {
        Language::Id => &[" asisten virtual ", " bot ", " robot ", " chatbot ", " asisten otomatis "],
        Language::En => &[" virtual assistant ", " bot ", " robot ", " chatbot ", " automated assistant "],
    };
    let mut said = false;
    for name in names {
        for (at, _) in words.match_indices(name) {
            if is_denied(&words[..at]) {
                return Some(format!("it denies that a bot is speaking (\"{}\")", name.trim()));
            }
            said = true;
        }
    }
    let wanted = match language {
        Language::Id => "`asisten virtual` or `bot`",
        Language::En => "`virtual assistant` or `bot`",
    };
    (!said).then(|| format!("it must say that a bot is speaking: use {wanted}"))
}

/// Whether what follows these words is denied by them: *bukan*, *I'm not a*.
fn is_denied(before: &str) -> bool {
    let mut last = before
        .split_whitespace()
        .rev()
        .filter(|word| !matches!(*word, "a" | "an" | "just" | "the" | "sekadar" | "cuma" | "sebuah" | "seorang"));
    last.next().is_some_and(|word| {
        matches!(word, "bukan" | "bukanlah" | "tidak" | "tanpa" | "not" | "no" | "never" | "isnt" | "arent")
    })
}

/// No wording of the bot claims to be human.
fn claims_to_be_human(words: &str) -> Option<String> {
    const CLAIMS: [&str; 14] = [
        " aku manusia ",
        " saya manusia ",
        " kami manusia asli ",
        " aku orang ",
        " saya orang ",
        " manusia asli kok ",
        " bukan bot ",
        " bukan robot ",
        " bukan mesin ",
        " i am human ",
        " i am a human ",
        " i am a person ",
        " i am a real ",
        " not a bot ",
    ];
    let claim = CLAIMS.iter().find(|claim| words.contains(*claim))?;
    Some(format!("it claims to be human (\"{}\")", claim.trim()))
}

/// A word that customers are told to type must be understood when they do.
fn unheard(key: TextKey, text: &str) -> Option<String> {
    let expected = match key {
        TextKey::HumanWord => Heard::Human,
        TextKey::StopWord => Heard::Stop,
        TextKey::StartWord => Heard::Start,
        _ => return None,
    };
    let heard = Ears::new(&Words::default()).hear(&Content::Text { text: text.to_owned() });
    (heard.as_ref() != Some(&expected)).then(|| {
        format!("Santun's ears do not understand \"{text}\" as `{}`; choose a word that they know", expected.name())
    })
}

/// That a human comes, and when anybody is there, is said by the host where it is true: see the gate's rule of promises.
/// The texts of a handover are said once a human was called, and may say so; that questions are answered even to
/// somebody who wants no news is true as well.
fn promises_presence(key: TextKey, text: &str) -> Option<String> {
    let (sentence, promise) =
        promised(text).find(|(_, promise)| *promise != Promise::Human || !may_speak_of_humans(key))?;
    Some(format!("it {} (\"{sentence}\"), which only the office's real state can make true", promise.in_words()))
}

/// Whether a text is only said when a human has been called or is there, or speaks of answers to questions.
fn may_speak_of_humans(key: TextKey) -> bool {
    matches!(
        key,
        TextKey::HandoverWait
            | TextKey::HandoverPresent
            | TextKey::HandoverNobodyYet
            | TextKey::HandoverClosed
            | TextKey::HandoverClosedUnknown
            | TextKey::HandoverStillWaiting
            | TextKey::HandoverStillClosed
            | TextKey::NobodyThere
            | TextKey::KeepsWaiting
            | TextKey::BotMeanwhile
            | TextKey::BotMeanwhileAsked
            | TextKey::BotMeanwhileUnknown
            | TextKey::AgentArrived
            | TextKey::Transferred
            | TextKey::MyDataRequest
            | TextKey::MediaVoice
            | TextKey::MediaFile
            | TextKey::MediaPlace
            | TextKey::MediaCart
            | TextKey::MediaAgain
            | TextKey::Stale
            | TextKey::BotFailed
            | TextKey::AnswerLost
            | TextKey::AgentLate
            | TextKey::ComfortSelfHarm
            | TextKey::StopDone
            | TextKey::StopAlready
            | TextKey::ConsentRefused
    )
}

/// Waiting times come from what was measured, opening hours from the office: no wording promises them on
/// its own.
fn promises(key: TextKey, words: &str) -> Option<String> {
    const SOON: [&str; 19] = [
        " segera ",
        " sebentar lagi ",
        " secepatnya ",
        " secepat mungkin ",
        " tidak lama lagi ",
        " dalam waktu dekat ",
        " 24 jam ",
        " 24/7 ",
        " setiap saat ",
        " mohon ditunggu ",
        " soon ",
        " shortly ",
        " right away ",
        " immediately ",
        " in a moment ",
        " momentarily ",
        " as soon as possible ",
        " secepatnya mungkin ",
        " around the clock ",
    ];
    if let Some(promise) = SOON.iter().find(|promise| words.contains(*promise)) {
        return Some(format!("it promises a time that nobody has measured (\"{}\")", promise.trim()));
    }
    if matches!(key, TextKey::WaitAbout | TextKey::WaitAboutHours) {
        return None;
    }
    let tokens: Vec<&str> = words.split_whitespace().collect();
    let stated = tokens.windows(2).find(|pair| {
        pair[0].bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b'.' | b','))
            && matches!(
                pair[1],
                "menit" | "jam" | "detik" | "minutes" | "minute" | "hours" | "hour" | "seconds" | "min"
            )
    })?;
    Some(format!("it states a time (\"{} {}\") that only {{wait}} or {{opening}} can make true", stated[0], stated[1]))
}
