//! `santun conversation`

use super::door::{Api, Reach};
use super::{CliError, Context, output};
use crate::clock::{Clock, timezone_applied};
use crate::http::api::views::{ConversationLine, ConversationWhole};
use crate::http::api::{Done, HandBack, Transfer, Words, whole};
use crate::transcript;

/// Conversations: list, show, take, answer, give back.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Conversation {
    /// List conversations: whoever waits for a human first, the most pressing before the others.
    List {
        /// Only with this owner: `bot`, `queue`, `agent` or `phone`.
        #[arg(long)]
        owner: Option<String>,
        /// Only waiting for, or called to, this division.
        #[arg(long)]
        division: Option<String>,
        /// Only with an open request.
        #[arg(long)]
        requested: bool,
        /// How many at most.
        #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u32).range(1..))]
        limit: u32,
    },
    /// Show a conversation: what was said, by whom, and why.
    Show {
        /// Its id.
        id: String,
    },
    /// Take a conversation: the bot is silent from now on.
    Take(Target),
    /// Say something to the customer.
    Reply {
        #[command(flatten)]
        target: Target,
        /// The words.
        text: String,
    },
    /// Note something for colleagues; the customer never sees it.
    Note {
        #[command(flatten)]
        target: Target,
        /// The words.
        text: String,
    },
    /// Give it to another division's queue.
    Transfer {
        #[command(flatten)]
        target: Target,
        /// The division.
        division: String,
    },
    /// Give it back to the bot, which introduces itself again.
    HandBack {
        #[command(flatten)]
        target: Target,
        /// What the bot's plugins should know.
        #[arg(long)]
        note: Option<String>,
    },
    /// Close the request; the bot is reachable again.
    Resolve(Target),
}

/// Which conversation, and who acts.
#[derive(Debug, clap::Args)]
pub(super) struct Target {
    /// The conversation's id.
    id: String,
    /// Your login.
    #[arg(long = "as", env = "SANTUN_AS", value_name = "LOGIN")]
    login: String,
}

/// A page of the list.
#[derive(serde::Deserialize)]
struct Page {
    conversations: Vec<ConversationLine>,
    next: Option<String>,
    timezone: String,
}

/// What is listed.
struct Listed {
    conversations: Vec<ConversationLine>,
    /// Whether there may be more.
    more: bool,
    timezone: String,
}

/// Which conversations to list.
struct Wanted {
    owner: Option<String>,
    division: Option<String>,
    requested: bool,
    limit: u32,
}

impl Conversation {
    pub(super) async fn run(self, context: &Context) -> Result<(), CliError> {
        match self {
            Self::List { owner, division, requested, limit } => {
                list(context, Wanted { owner, division, requested, limit }).await
            }
            Self::Show { id } => show(context, &id).await,
            Self::Take(target) => act(context, &target, "take", &(), "you have it now").await,
            Self::Reply { target, text } => act(context, &target, "reply", &Words { text }, "on its way").await,
            Self::Note { target, text } => act(context, &target, "note", &Words { text }, "noted").await,
            Self::Transfer { target, division } => {
                let done = format!("it waits for {division} now");
                act(context, &target, "transfer", &Transfer { division }, &done).await
            }
            Self::HandBack { target, note } => {
                act(context, &target, "hand-back", &HandBack { note }, "the bot has it again").await
            }
            Self::Resolve(target) => act(context, &target, "resolve", &(), "resolved").await,
        }
    }
}

async fn act(
    context: &Context,
    target: &Target,
    what: &str,
    body: &impl serde::Serialize,
    said: &str,
) -> Result<(), CliError> {
    let api = context.api(Some(&target.login)).await?;
    let done: Done = api.post(&format!("/conversations/{}/{what}", target.id), body).await?;
    if context.json {
        return output::json(&done);
    }
    println!("{said}");
    Ok(())
}

async fn show(context: &Context, id: &str) -> Result<(), CliError> {
    let shown: ConversationWhole = match context.reach().await? {
        Reach::Running(api) => api.get(&format!("/conversations/{id}?turns=1000")).await?,
        Reach::AtRest(host) => {
            let id = id.parse().map_err(CliError::failed)?;
            whole(&host.store, id, 1_000, None).await.map_err(|problem| CliError::Failed(problem.message))?
        }
    };
    if context.json {
        return output::json(&shown);
    }
    print!("{}", transcript::of(&shown));
    Ok(())
}

async fn list(context: &Context, wanted: Wanted) -> Result<(), CliError> {
    let listed = match context.reach().await? {
        Reach::Running(api) => pages(&api, &wanted).await?,
        Reach::AtRest(host) => {
            let filter = santun_store::ConversationFilter {
                owner: wanted.owner.as_deref().and_then(santun_store::OwnerKind::from_name),
                division: wanted.division.map(Into::into),
                requested: wanted.requested.then_some(true),
                ..Default::default()
            };
            let rows = host.store.conversations(&filter, None, wanted.limit).await.map_err(CliError::failed)?;
            Listed {
                conversations: rows.iter().map(|row| ConversationLine::of(row, None)).collect(),
                more: rows.len() == wanted.limit as usize,
                timezone: timezone_applied(&host.store).await.map_err(CliError::failed)?,
            }
        }
    };
    let more = listed.more;
    print(context, listed)?;
    if more && !context.json {
        eprintln!("There may be more: ask for them with --limit.");
    }
    Ok(())
}

/// As many pages as are wanted.
async fn pages(api: &Api, wanted: &Wanted) -> Result<Listed, CliError> {
    let mut conversations = Vec::new();
    let mut after: Option<String> = None;
    loop {
        let left = wanted.limit.saturating_sub(u32::try_from(conversations.len()).unwrap_or(u32::MAX));
        let mut query = reqwest::Url::parse("http://host/conversations").map_err(CliError::failed)?;
        {
            let mut pairs = query.query_pairs_mut();
            pairs.append_pair("limit", &left.min(200).to_string());
            let asked = [("owner", &wanted.owner), ("division", &wanted.division), ("after", &after)];
            for (name, value) in asked {
                if let Some(value) = value {
                    pairs.append_pair(name, value);
                }
            }
            if wanted.requested {
                pairs.append_pair("requested", "true");
            }
        }
        let page: Page = api.get(&format!("{}?{}", query.path(), query.query().unwrap_or_default())).await?;
        conversations.extend(page.conversations);
        after = page.next;
        if after.is_none() || conversations.len() >= wanted.limit as usize {
            return Ok(Listed { conversations, more: after.is_some(), timezone: page.timezone });
        }
    }
}

fn print(context: &Context, listed: Listed) -> Result<(), CliError> {
    if context.json {
        return output::json(&listed.conversations);
    }
    let clock = Clock::of(&listed.timezone);
    let rows: Vec<Vec<String>> = listed
        .conversations
        .into_iter()
        .map(|line| {
            let owner = match (&line.division, &line.agent) {
                (Some(division), _) => format!("{} ({division})", line.owner),
                (None, Some(agent)) => format!("{} ({agent})", line.owner),
                (None, None) => line.owner.clone(),
            };
            let request = line.request.map_or_else(String::new, |request| {
                format!("{} since {}", request.priority, clock.day_and_time(request.opened_at))
            });
            let name = line.name.unwrap_or_default();
            vec![line.id.to_string(), name, owner, request, clock.day_and_time(line.last_turn_at)]
        })
        .collect();
    let last_turn = format!("last turn ({})", listed.timezone);
    output::table(&["conversation", "name", "owner", "request", &last_turn], &rows);
    Ok(())
}
