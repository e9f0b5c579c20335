//! An agent does something.

use super::composer::{Composer, Scene};
use super::handover;
use super::summary::summary_of;
use super::tick::return_to_the_bot;
use crate::conversation::{Conversation, Owner};
use crate::draft::{Author, Initiative, Voice};
use crate::effects::{Effects, RequestChange, Timer};
use crate::gate::Refusal;
use crate::ids::{DivisionName, Purpose, UserId};
use crate::outgoing::Outgoing;
use crate::texts::TextKey;
use crate::turn::{Happening, Speaker, TurnBody};
use crate::verdict::{HandoverCall, Priority};

/// Who acts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The user.
    pub user: UserId,
    /// Their name as customers may read it.
    pub name: String,
    /// Whether they may act on a colleague's conversation, and on other divisions' (operators and owners may).
    pub oversees: bool,
    /// Whose requests they take; none in particular stands for all.
    pub divisions: Vec<DivisionName>,
}

impl Actor {
    fn works_for(&self, division: &DivisionName) -> bool {
        self.oversees || self.divisions.is_empty() || self.divisions.contains(division)
    }
}

/// What an agent may do with a conversation.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// Take it.
    Take,
    /// Say something to the customer.
    Reply(Outgoing),
    /// Send the customer what the business starts.
    Start {
        /// What it says.
        content: Outgoing,
        /// What the customer must have agreed to.
        purpose: Purpose,
    },
    /// Note something for colleagues.
    Note(String),
    /// Give it to another division's queue.
    Transfer(DivisionName),
    /// Give it back to the bot, perhaps with a note for it.
    HandBack(Option<String>),
    /// Close the request; the bot is reachable again.
    Resolve,
}

/// Why an action was not done. Nothing has changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ActionError {
    /// Somebody else has the conversation.
    #[error("{name} has this conversation: ask them to transfer it, or take it as an operator")]
    HeldBy {
        /// Who.
        user: UserId,
        /// Their name.
        name: String,
    },
    /// It waits for a division that the agent does not work for.
    #[error(
        "this conversation waits for the division `{division}`, and you work for {own}: leave it to a colleague there, or \
         let an operator transfer it to yours"
    )]
    OtherDivision {
        /// Whom it waits for.
        division: DivisionName,
        /// The agent's own.
        own: String,
    },
    /// The conversation has to be taken first.
    #[error("take this conversation first: it is with the {owner}")]
    NotTaken {
        /// With whom it is.
        owner: String,
    },
    /// That division does not exist.
    #[error("there is no division `{name}`; there are: {known}")]
    NoSuchDivision {
        /// What was asked for.
        name: String,
        /// What there is.
        known: String,
    },
    /// The gate refused the message.
    #[error("this message may not be sent: {}", .0.why)]
    Refused(Refusal),
}

/// Does what an agent asks for, or says why not.
pub fn act(
    scene: Scene<'_>,
    conversation: Conversation,
    actor: &Actor,
    action: Action,
) -> Result<Effects, ActionError> {
    let mut step = Composer::new(scene, conversation, "action");
    match action {
        Action::Take => take(&mut step, actor)?,
        Action::Note(text) => step.turn(Speaker::Agent, TurnBody::Note { user: actor.user, text }),
        Action::Reply(content) => {
            require_held(&step, actor, Colleague::Refused)?;
            handover::answered(&mut step);
            return say(step, actor, Initiative::Answer, content);
        }
        // It answers nothing that the customer waits for.
        Action::Start { content, purpose } => {
            require_held(&step, actor, Colleague::Refused)?;
            return say(step, actor, Initiative::Business { purpose }, content);
        }
        Action::Transfer(division) => transfer(&mut step, actor, division)?,
        Action::HandBack(note) => {
            require_held(&step, actor, Colleague::Overseen)?;
            step.happened(Happening::HandedBack { note });
            return_to_the_bot(&mut step);
            introduce(&mut step);
        }
        Action::Resolve => {
            require_held(&step, actor, Colleague::Overseen)?;
            step.happened(Happening::Resolved { user: actor.user });
            return_to_the_bot(&mut step);
            step.conversation.session.after_hand_back = false;
            let bot = step.scene.facts.bot.name.clone();
            // The human takes leave: the bot's own first words come with its next session's.
            step.say(TextKey::Resolved, Voice::Always, &[("agent", &actor.name), ("bot", &bot)]);
        }
    }
    Ok(step.finish())
}

/// Has the gate rule on the agent's words at once: they learn why they may not say it.
fn say(
    mut step: Composer<'_>,
    actor: &Actor,
    initiative: Initiative,
    content: Outgoing,
) -> Result<Effects, ActionError> {
    step.draft_as(Author::Agent { user: actor.user }, initiative, content);
    let looked = step.look();
    let silenced = looked.silenced();
    let (effects, mut refused) = step.into_effects(looked);
    match refused.pop() {
        Some(refusal) if silenced => Err(ActionError::Refused(refusal)),
        _ => Ok(effects),
    }
}

/// Whether an overseer may act on a colleague's conversation without taking it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Colleague {
    Refused,
    Overseen,
}

fn require_held(step: &Composer<'_>, actor: &Actor, colleague: Colleague) -> Result<(), ActionError> {
    match &step.conversation.owner {
        Owner::Agent { user, .. } if *user == actor.user => Ok(()),
        Owner::Agent { user, name } => match colleague {
            Colleague::Overseen if actor.oversees => Ok(()),
            _ => Err(ActionError::HeldBy { user: *user, name: name.clone() }),
        },
        owner => match colleague {
            Colleague::Overseen if actor.oversees && *owner != Owner::Bot => Ok(()),
            _ => Err(ActionError::NotTaken { owner: owner.name().to_owned() }),
        },
    }
}

/// Whatever waits for a division is for its agents to take and to move on.
fn require_own_division(step: &Composer<'_>, actor: &Actor) -> Result<(), ActionError> {
    let division = match (&step.conversation.owner, &step.conversation.request) {
        (Owner::Queue { division }, _) => division,
        (_, Some(request)) => &request.division,
        (_, None) => return Ok(()),
    };
    if actor.works_for(division) {
        return Ok(());
    }
    let own = actor.divisions.iter().map(|division| format!("`{division}`")).collect::<Vec<_>>().join(", ");
    Err(ActionError::OtherDivision { division: division.clone(), own })
}

fn take(step: &mut Composer<'_>, actor: &Actor) -> Result<(), ActionError> {
    match &step.conversation.owner {
        Owner::Agent { user, .. } if *user == actor.user => return Ok(()),
        Owner::Agent { user, name } if !actor.oversees => {
            return Err(ActionError::HeldBy { user: *user, name: name.clone() });
        }
        _ => {}
    }
    require_own_division(step, actor)?;
    let at = step.now();
    if let Some(request) = &step.conversation.request {
        step.requests.push(RequestChange::Taken { id: request.id, user: Some(actor.user), at });
    }
    step.conversation.owner = Owner::Agent { user: actor.user, name: actor.name.clone() };
    step.conversation.session.bot_meanwhile = false;
    step.happened(Happening::Taken { user: actor.user, name: actor.name.clone() });
    step.clear(Timer::NobodyThere);
    step.clear(Timer::PhoneRelease);
    // Whoever takes it has the whole time to answer, however long the customer has waited before.
    step.conversation.waiting_since = None;
    handover::watch_the_agent(step);
    step.say(TextKey::AgentArrived, Voice::Always, &[("agent", &actor.name)]);
    Ok(())
}

fn transfer(step: &mut Composer<'_>, actor: &Actor, division: DivisionName) -> Result<(), ActionError> {
    let bot = step.scene.facts.bot;
    if bot.division(&division).is_none() {
        let known = bot.divisions.iter().map(|division| division.name.as_str()).collect::<Vec<_>>().join(", ");
        return Err(ActionError::NoSuchDivision { name: division.to_string(), known });
    }
    match &step.conversation.owner {
        Owner::Agent { user, .. } if *user == actor.user => {}
        Owner::Agent { user, name } if !actor.oversees => {
            return Err(ActionError::HeldBy { user: *user, name: name.clone() });
        }
        _ => require_own_division(step, actor)?,
    }
    let (reason, priority) = match &step.conversation.request {
        Some(request) => (request.reason.clone(), request.priority),
        None => ("transfer".to_owned(), Priority::Normal),
    };
    step.happened(Happening::Transferred { division: division.clone() });
    let summary = if step.conversation.request.is_some() { String::new() } else { summary_of(step, &[]) };
    let call = HandoverCall { reason, priority, division: Some(division), summary, facts: Vec::new() };
    handover::hand_over_after(step, Some(TextKey::Transferred), call);
    step.clear(Timer::PhoneRelease);
    Ok(())
}

/// The bot is back: it says so, and that it is a bot.
fn introduce(step: &mut Composer<'_>) {
    let bot = step.scene.facts.bot;
    let human_word = step.words(TextKey::HumanWord, &[]).0;
    step.say(
        TextKey::DisclosureAfterHandBack,
        Voice::Bot,
        &[("bot", &bot.name), ("business", &bot.business), ("human_word", &human_word)],
    );
}
