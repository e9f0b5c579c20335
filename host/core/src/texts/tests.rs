use super::*;
use crate::bot::Problem;

fn overridden(language: Language, text: &str) -> Result<Texts, Vec<Problem>> {
    let (texts, problems) = Texts::with_overrides(&[(language, text)]);
    if problems.is_empty() { Ok(texts) } else { Err(problems) }
}

/// What is said of a single own wording that is refused.
fn refused(language: Language, text: &str) -> String {
    let problems = overridden(language, text).expect_err("it must be refused");
    problems.iter().map(|problem| format!("{} {}", problem.at, problem.what)).collect::<Vec<_>>().join("\n")
}

#[test]
fn every_text_ships_in_every_language_and_is_as_honest_as_an_operators_must_be() {
    for (language, text) in [(Language::Id, INDONESIAN), (Language::En, ENGLISH)] {
        let reading = catalogue::read(language, text, Source::BuiltIn);
        assert_eq!(reading.problems, []);
        for key in TextKey::ALL {
            let found: Vec<_> = reading.wordings.iter().filter(|(known, _)| known == key).collect();
            assert_eq!(found.len(), 1, "{}.{language}", key.as_str());
            assert_ne!(&*found[0].1.version, "0", "{} has no version", key.as_str());
        }
    }
}

#[test]
fn both_languages_use_exactly_the_placeholders_of_a_text() {
    let texts = Texts::built_in();
    for key in TextKey::ALL {
        for language in [Language::Id, Language::En] {
            let mut used: Vec<_> = texts.wordings[position(*key, language)].template.placeholders().collect();
            used.sort_unstable();
            used.dedup();
            let mut allowed = key.placeholders().to_vec();
            allowed.sort_unstable();
            assert_eq!(used, allowed, "{}.{language}", key.as_str());
        }
    }
}

#[test]
fn no_text_is_too_long_once_it_is_filled() {
    let texts = Texts::built_in();
    let long = "x".repeat(80);
    for key in TextKey::ALL {
        let values: Vec<_> = key.placeholders().iter().map(|name| (*name, long.as_str())).collect();
        for language in [Language::Id, Language::En] {
            let (text, _) = texts.say(*key, language, &values);
            assert!(text.chars().count() <= if key.is_title() { 20 } else { 1_024 }, "{}", key.as_str());
            assert!(!text.contains(['{', '}']), "{text}");
        }
    }
}

#[test]
fn a_text_is_filled_and_says_which_wording_it_is() {
    let values = [("bot", "Sari"), ("business", "Toko Contoh"), ("human_word", "ADMIN")];
    let (text, wording) = Texts::built_in().say(TextKey::DisclosureInline, Language::Id, &values);
    assert_eq!(
        text,
        "Halo kak, aku Sari, asisten virtual Toko Contoh. Kalau perlu tim kami, ketik ADMIN kapan saja ya."
    );
    assert_eq!(wording.to_string(), "disclosure.inline.id@3");
}

#[test]
fn an_own_wording_takes_the_place_of_one_in_one_language() {
    let texts = overridden(Language::Id, "[button]\nkeep_waiting = \"Tunggu saja\"").unwrap();
    let (text, wording) = texts.say(TextKey::ButtonKeepWaiting, Language::Id, &[]);
    assert_eq!(text, "Tunggu saja");
    assert!(wording.version.starts_with("own-"), "{}", wording.version);
    assert_eq!(texts.say(TextKey::ButtonKeepWaiting, Language::En, &[]).0, "Keep waiting");
    assert_eq!(texts.say(TextKey::ButtonBotMeanwhile, Language::Id, &[]).0, "Lanjut dengan bot");
}

#[test]
fn a_changed_own_wording_has_another_version() {
    let version = |text: &str| {
        let texts = overridden(Language::Id, &format!("[consent.refused]\ntext = \"{text}\"")).unwrap();
        texts.say(TextKey::ConsentRefused, Language::Id, &[]).1.version
    };
    assert_ne!(version("Baik kak."), version("Baik kak!"));
    assert_eq!(version("Baik kak."), version("Baik kak."));
}

#[test]
fn an_own_wording_never_has_the_version_of_one_that_ships_whatever_it_counts() {
    for shipped in [super::INDONESIAN, super::ENGLISH] {
        let language = if shipped == super::ENGLISH { Language::En } else { Language::Id };
        let own = overridden(language, &shipped.replace("Bot", "bot")).unwrap();
        for key in TextKey::ALL {
            let version = |texts: &Texts| texts.say(*key, language, &[]).1.version;
            assert!(version(&own).starts_with("own-"), "{}", key.as_str());
            assert_ne!(version(&own), version(&Texts::built_in()), "{}", key.as_str());
        }
    }
}

#[test]
fn an_unknown_key_names_the_nearest_known_one() {
    let said = refused(Language::Id, "x = 1\n[disclosure]\nopning = \"Halo\"");
    assert!(said.contains("did you mean `disclosure.opening`?"), "{said}");
    assert!(said.contains("id.toml:3"), "{said}");
    assert!(said.contains("there is no text `x`"), "{said}");
    assert!(refused(Language::Id, "stale = 5").contains("a text in quotes"));
    assert!(refused(Language::Id, "stale = ").contains("not TOML"));
}

#[test]
fn an_unknown_placeholder_names_those_that_are_allowed() {
    let said = refused(Language::Id, "stop.done = \"{bisnis} berhenti. Ketik {start_word}\"");
    assert!(said.contains("{bisnis}") && said.contains("{business}, {start_word}"), "{said}");
    assert!(refused(Language::Id, "stale = \"Maaf {kak\"").contains("no `}`"));
    assert!(refused(Language::Id, "stale = \"Maaf kak}\"").contains("no `{`"));
}

#[test]
fn a_title_that_whatsapp_would_refuse_is_refused() {
    assert!(refused(Language::Id, "button.keep_waiting = \"Saya mau tetap menunggu\"").contains("23 characters"));
    assert!(refused(Language::Id, "button.keep_waiting = \" \"").contains("nothing"));
    assert!(refused(Language::Id, "button.keep_waiting = \"a\\nb\"").contains("one line"));
    assert!(refused(Language::Id, &format!("stale = \"{}\"", "a ".repeat(600))).contains("1200 characters"));
}

#[test]
fn a_word_to_type_that_the_ears_do_not_understand_is_refused() {
    assert!(refused(Language::Id, "word.human = \"KUCING\"").contains("ears do not understand"));
    assert!(overridden(Language::Id, "word.human = \"AGEN\"").is_ok());
}

#[test]
fn the_disclosure_cannot_be_worded_away() {
    for (language, text) in [
        (Language::Id, "Halo, aku {bot} dari {business}. Ketik {human_word}."),
        (Language::Id, "Halo, aku {bot} dari {business}, bukan bot! Ketik {human_word}."),
        (Language::Id, "Halo, aku {bot}, asisten {business}. Jual robotik dan botol. Ketik {human_word}."),
        (Language::Id, "Halo, aku asisten virtual {business}. Ketik {human_word}."),
        (Language::Id, "Halo, aku {bot}, asisten virtual. Ketik {human_word}."),
        (Language::Id, "Halo, aku {bot}, asisten virtual {business}."),
        (Language::Id, "Aku {bot}, manusia asli, bukan sekadar asisten virtual {business}. Ketik {human_word}."),
        (Language::En, "Hi, I'm {bot} from {business}, not a bot. Type {human_word}."),
        (Language::En, "Hi, I'm {bot} from {business}. I am a real person. Type {human_word}."),
        (Language::En, "Hi, I'm {bot} from {business}. Type {human_word}."),
    ] {
        assert!(overridden(language, &format!("disclosure.inline = \"{text}\"")).is_err(), "{text}");
    }
    for (language, text) in [
        (Language::Id, "Hai! {bot} di sini, chatbot {business}. Butuh manusia? Ketik {human_word}."),
        (Language::Id, "Aku {bot}, bot {business}, bukan manusia. Ketik {human_word}."),
        (Language::En, "Hi, {bot} here, the bot of {business}. Type {human_word} for a human."),
    ] {
        assert!(overridden(language, &format!("disclosure.inline = \"{text}\"")).is_ok(), "{text}");
    }
}

#[test]
fn no_wording_promises_a_time_or_claims_to_be_human() {
    for text in [
        "handover.nobody_yet = \"Admin kami segera membalas ya kak\"",
        "handover.nobody_yet = \"Ditunggu, 5 menit lagi dibalas\"",
        "handover.wait = \"Admin kami membalas\"",
        "handover.closed = \"Besok jam 9 buka lagi\"",
        "human_path.offer = \"Mau bicara dengan tim kami?\"",
        "stop.done = \"Sudah berhenti ya kak\"",
        "consent.ask = \"Boleh {business} kirim {purpose}?\"",
        "stale = \"Maaf, saya manusia biasa kak\"",
        "stale = \"Layanan kami 24 jam kak\"",
    ] {
        assert!(overridden(Language::Id, text).is_err(), "{text}");
    }
    assert!(refused(Language::Id, "handover.wait = \"Admin kami membalas\"").contains("{wait}"));
}

#[test]
fn an_own_wording_promises_neither_a_human_nor_hours_nor_a_wait() {
    for (language, text) in [
        (Language::Id, "\"human_path.offer\" = \"Ketik {human_word} ya. Agen kami segera membalas.\""),
        (Language::Id, "\"human_path.offer\" = \"Ketik {human_word} ya. Admin akan membalas chat kakak.\""),
        (Language::Id, "\"human_path.offer\" = \"Ketik {human_word} ya. Tim kami online 24 jam.\""),
        (Language::Id, "\"human_path.offer\" = \"Ketik {human_word} ya. CS buka jam 9 pagi.\""),
        (Language::Id, "\"handover.present\" = \"Aku teruskan ke tim kami. Tunggu 5 menit ya.\""),
        (Language::En, "\"human_path.offer\" = \"Type {human_word}. Our agents will answer you.\""),
        (Language::En, "\"handover.present\" = \"I am passing this on. We are open from 9am to 5pm.\""),
    ] {
        let problems = refused(language, text);
        assert!(problems.contains("promises") || problems.contains("states"), "{text}: {problems}");
    }
    let handed_over = "\"handover.present\" = \"Aku sambungkan ke tim kami ya kak.\"";
    overridden(Language::Id, handed_over).unwrap_or_else(|problems| panic!("{problems:?}"));
}

#[test]
fn what_is_wrong_does_not_take_the_rest_along() {
    let own = "[stop]\ndone = \"Oke kak, {business} balas dalam 5 menit. Ketik {start_word} ya.\"\n\
               [agent]\nresolved = \"Sudah ditutup ya kak. Kalau ada lagi, {agent} atau {bot} yang jawab.\"\n";
    let (texts, problems) = Texts::with_overrides(&[(Language::Id, own)]);
    assert_eq!(problems.len(), 1, "{problems:?}");
    let is_own = |key| texts.say(key, Language::Id, &[]).1.version.starts_with("own-");
    assert!(!is_own(TextKey::StopDone));
    assert!(is_own(TextKey::Resolved));
}
