//! Plays every story in `tests/stories` against the real program: each is a test of its own, with a host
//! of its own.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use libtest_mimic::{Arguments, Failed, Trial};
use santun::story::{Player, Story};
use santun_tests::Rig;

/// Lines of the host's log that a failure shows.
const LOG_LINES: usize = 40;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("stories");
    let trials = stories(&folder).into_iter().map(|file| {
        let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        Trial::test(name, move || play(&file))
    });
    libtest_mimic::run(&arguments, trials.collect()).exit_code()
}

fn stories(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("tests/stories is there");
    let files = entries.map(|entry| entry.expect("tests/stories can be read").path());
    let mut files: Vec<PathBuf> =
        files.filter(|file| file.extension().is_some_and(|ending| ending == "yaml")).collect();
    files.sort();
    files
}

fn play(file: &Path) -> Result<(), Failed> {
    let story = Story::read(file)?;
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(async {
        let rig = Rig::start(&story.config).await?;
        let told = Player::play(rig.stage(), &story).await;
        told.map(drop).map_err(|error| {
            let log = rig.log();
            let lines: Vec<&str> = log.lines().collect();
            let last = lines[lines.len().saturating_sub(LOG_LINES)..].join("\n");
            Failed::from(format!("{error}\nthe host's last words:\n{last}"))
        })
    })
}
