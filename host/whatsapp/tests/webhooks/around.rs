//! Statuses, echoes, settings, and what is not ours to answer.

use santun_core::delivery::Progress;
use santun_core::identity::{Bsuid, Identity, PersonName};
use santun_core::time::Timestamp;
use santun_core::webhook::{TemplateUpdate, Update};

use crate::support::{CHANNEL, by_bsuid, dewi, kept, statuses, text, updates};

#[test]
fn statuses_tell_how_far_a_message_came() {
    let statuses = statuses("statuses");
    let progress: Vec<Progress> = statuses.iter().map(|status| status.progress).collect();
    assert_eq!(progress, [Progress::Sent, Progress::Delivered, Progress::Read, Progress::Played, Progress::Failed]);

    assert_eq!(statuses[0].turn, "0199a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b".parse().ok());
    assert_eq!(statuses[0].recipient, dewi());
    let prices: Vec<_> =
        statuses.iter().map(|status| status.pricing.as_ref().map(|pricing| pricing.billable)).collect();
    assert_eq!(prices, [Some(true), Some(false), None, None, None]);

    let parent = Some(Bsuid::new("ID.ENT.88"));
    assert_eq!(statuses[1].recipient.parent_bsuid, parent);
    assert_eq!(statuses[2].recipient, Identity { parent_bsuid: parent, ..by_bsuid("ID.5567abcd") });
    assert_eq!(statuses[2].turn, None);

    let error = &statuses[4].errors[0];
    assert_eq!((error.code, error.details.as_deref()), (131_050, Some("Recipient chose to stop.")));
    assert_eq!(kept("statuses"), ["messages/statuses"]);
}

#[test]
fn a_human_who_answers_from_the_phone_is_an_echo() {
    let updates = updates("echoes");
    let echoes: Vec<_> =
        updates.iter().filter_map(|update| if let Update::Echo(echo) = update { Some(echo) } else { None }).collect();
    assert_eq!(echoes.len(), updates.len());
    assert_eq!(echoes[0].to, dewi());
    assert_eq!(echoes[0].name, Some(PersonName::new("Dewi Lestari")));
    assert_eq!(echoes[0].body.content, text("Saya Budi dari toko, sebentar ya"));
    assert_eq!(echoes[1].to, by_bsuid("ID.5567abcd"));
    assert_eq!(echoes[2].body.content.kind(), "revoke");
}

#[test]
fn a_marketing_preference_is_told() {
    let updates = updates("preferences");
    let wanted = updates.iter().map(|update| match update {
        Update::Preference { who, wanted, .. } => (who == &dewi()).then_some(*wanted),
        _ => None,
    });
    assert_eq!(wanted.collect::<Vec<_>>(), [Some(false), Some(true), None]);
    assert_eq!(kept("preferences"), ["user_preferences/unknown"]);
}

#[test]
fn what_is_not_ours_to_answer_is_kept() {
    assert_eq!(kept("standby"), ["standby"]);
    assert_eq!(kept("value_errors"), ["messages/errors"]);
    assert_eq!(
        kept("other_fields"),
        ["account_update", "message_template_status_update", "history", "group_lifecycle_update", "field_of_tomorrow"]
    );
    assert_eq!(updates("standby")[0].channel().map(|channel| channel.as_str()), Some(CHANNEL));
}

#[test]
fn where_a_template_stands_is_told_of_its_account() {
    let updates = updates("templates");
    let of_template = |update: &Update| if let Update::Template(told) = update { Some(told.clone()) } else { None };
    let told: Vec<TemplateUpdate> = updates.iter().filter_map(of_template).collect();
    let stopped: Vec<Option<&str>> = told.iter().map(|told| told.stopped.as_deref()).collect();
    assert_eq!(
        stopped,
        [
            None,
            Some("Meta has paused it: Your WhatsApp message template has been paused for 3 hours."),
            Some("Meta has rejected it: INVALID_FORMAT: The variables do not fit."),
            Some("Meta has disabled it"),
            Some("it was deleted"),
        ]
    );
    assert!(told.iter().all(|told| told.template.account == "318840097712345"));
    assert_eq!((told[1].template.name.as_str(), told[1].template.language.as_str()), ("pesanan_dikirim", "id"));
    assert_eq!(told[0].at, Some(Timestamp::from_seconds(1_763_790_000)));
    // What nothing follows from, and what does not say of which.
    let field = "message_template_status_update";
    assert_eq!(kept("templates"), [field, field, field]);
}
