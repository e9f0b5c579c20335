//! A template that WhatsApp has refused, or has taken back, is not tried again.

use crate::conversation::Conversation;
use crate::facts::Facts;
use crate::gate::piece::Why;
use crate::outgoing::Outgoing;
use crate::templates::TemplateName;

/// Whether WhatsApp still takes the template that the message is made of.
pub(in crate::gate) fn refuse_stopped(
    content: &Outgoing,
    conversation: &Conversation,
    facts: &Facts<'_>,
) -> Result<(), Why> {
    let Outgoing::Template(template) = content else { return Ok(()) };
    let Some(channel) = facts.bot.channel(&conversation.channel) else { return Ok(()) };
    let name = TemplateName {
        account: channel.account().to_owned(),
        name: template.name.clone(),
        language: template.language.clone(),
    };
    match facts.stopped.why(&name) {
        Some(stop) => Err(format!("the template is {stop}")),
        None => Ok(()),
    }
}
