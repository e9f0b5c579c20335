//! The command line.
//!
//! Exit codes: 0, done; 1, refused, failed, or `doctor` found a fault, and standard error says why; 2, the command line itself
//! is wrong; 3, a host must be running for this and none is.

mod agent;
mod apply;
mod backup;
#[cfg(feature = "bench")]
mod bench;
mod contact;
mod conversation;
mod demo;
mod doctor;
mod door;
mod emulator;
mod export;
mod output;
mod plugin;
mod template;
mod user;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, Subcommand};

use crate::settings::{Settings, SettingsError};

/// A WhatsApp bot host that is honest with customers: plugins propose, the host decides.
#[derive(Debug, Parser)]
#[command(name = "santun", version, max_term_width = 100)]
struct Cli {
    /// The machine's settings; if nothing is said, `santun.toml` in this folder, or else `/etc/santun/santun.toml`.
    #[arg(long, global = true, env = "SANTUN_CONFIG")]
    config: Option<PathBuf>,
    /// Print JSON, for scripts.
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve: webhooks, plugins, API.
    Serve,
    /// Show it: play a conversation through the real thing, then keep serving.
    Demo(demo::Demo),
    /// Run a WhatsApp Cloud API to develop and test against, with a phone in the browser.
    Emulator(emulator::Emulator),
    /// Check a bot.toml, say what it changes, and serve it.
    Apply(apply::Apply),
    /// Print what is served, as a bot.toml.
    Export(export::Export),
    /// Plugins: list, install, roll back, look into.
    #[command(subcommand)]
    Plugin(plugin::Plugin),
    /// Conversations: list, show, take, answer, give back.
    #[command(subcommand)]
    Conversation(conversation::Conversation),
    /// Say that you are there, or away.
    #[command(subcommand)]
    Agent(agent::Agent),
    /// Contacts: what is kept of one person; forget them.
    #[command(subcommand)]
    Contact(contact::Contact),
    /// Message templates: list, send again what was stopped.
    #[command(subcommand)]
    Template(template::Template),
    /// Users and their tokens.
    #[command(subcommand)]
    User(user::User),
    /// Check a real set-up, and name the fix for each fault.
    Doctor(doctor::Doctor),
    /// Copy the data, and apart from it the keys, while a host serves or not.
    Backup(backup::Backup),
    /// Bring a host back from a backup.
    Restore(backup::Restore),
    /// Measure this machine with the real host, each figure beside a baseline of the same run.
    #[cfg(feature = "bench")]
    Bench(bench::Bench),
}

impl Command {
    /// What is logged unless `SANTUN_LOG` says otherwise: all that matters of a server, and of a command
    /// only what goes wrong.
    const fn usual_log(&self) -> &'static str {
        match self {
            Self::Serve | Self::Emulator(_) => "info",
            Self::Demo(_) => "error",
            _ => "warn",
        }
    }
}

/// Why a command did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CliError {
    /// There are no settings.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// A host must run.
    #[error("no host is running with these settings: start one with `santun serve`")]
    NoHost,
    /// Anything else, as a sentence.
    #[error("{0}")]
    Failed(String),
}

impl CliError {
    /// Anything that says what is wrong.
    pub(crate) fn failed(error: impl std::fmt::Display) -> Self {
        Self::Failed(error.to_string())
    }

    fn code(&self) -> ExitCode {
        match self {
            Self::NoHost => ExitCode::from(3),
            Self::Settings(_) | Self::Failed(_) => ExitCode::FAILURE,
        }
    }
}

/// What every command has at hand.
pub(crate) struct Context {
    pub(crate) config: PathBuf,
    pub(crate) json: bool,
}

impl Context {
    pub(crate) fn settings(&self) -> Result<Settings, CliError> {
        Ok(Settings::read(&self.config)?)
    }
}

/// Runs the program.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    crate::telemetry::begin_logging(cli.command.usual_log());
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("santun: the system gives no threads: {error}");
            return ExitCode::FAILURE;
        }
    };
    let context = Context { config: cli.config.unwrap_or_else(usual_config), json: cli.json };
    let ended = runtime.block_on(run(cli.command, &context));
    // What still runs has had its time: a plugin being compiled, say, would hold up the end.
    runtime.shutdown_timeout(LAST_WORDS);
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("santun: {error}");
            error.code()
        }
    }
}

/// How long the end waits for what still runs.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// Where a packaged host has its settings.
const PACKAGED: &str = "/etc/santun/santun.toml";

/// The settings of this folder; where it has none, those of the packaged host, if there is one.
fn usual_config() -> PathBuf {
    let here = PathBuf::from("santun.toml");
    let packaged = PathBuf::from(PACKAGED);
    if !here.exists() && packaged.exists() { packaged } else { here }
}

async fn run(command: Command, context: &Context) -> Result<(), CliError> {
    match command {
        Command::Serve => crate::serve::serve(context.settings()?).await.map_err(CliError::failed),
        Command::Demo(demo) => demo.run().await,
        Command::Emulator(emulator) => emulator.run().await,
        Command::Apply(apply) => apply.run(context).await,
        Command::Export(export) => export.run(context).await,
        Command::Plugin(plugin) => plugin.run(context).await,
        Command::Conversation(conversation) => conversation.run(context).await,
        Command::Agent(agent) => agent.run(context).await,
        Command::Contact(contact) => contact.run(context).await,
        Command::Template(template) => template.run(context).await,
        Command::User(user) => user.run(context).await,
        Command::Doctor(doctor) => doctor.run(context).await,
        Command::Backup(backup) => backup.run(context).await,
        Command::Restore(restore) => restore.run(context).await,
        #[cfg(feature = "bench")]
        Command::Bench(bench) => bench.run().await,
    }
}
