//! Measuring how well entries and queries meet, for tests and the `scores` example.

use santun_concepts::Understood;

use crate::entries::{self, EntriesError};
use crate::index::{self, Index};
use crate::matching::{self, Match};

/// How a set of queries came out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scores {
    /// Queries that an entry answers.
    pub within: usize,
    /// Of these, answered with that entry.
    pub right: usize,
    /// Of these, answered with another one.
    pub wrong: usize,
    /// Of these, answered rightly or with the entry among those offered.
    pub among_three: usize,
    /// Of these, with the entry among the best three whatever was decided.
    pub ranked: usize,
    /// Queries that no entry answers.
    pub outside: usize,
    /// Of these, answered all the same.
    pub outside_answered: usize,
    /// Of these, met with an offer.
    pub outside_offered: usize,
    /// What did not come out as it should, a line each.
    pub misses: Vec<String>,
}

impl Scores {
    /// Of the queries within the FAQ, the share answered at all.
    pub fn answered(&self) -> f64 {
        share(self.right + self.wrong, self.within)
    }

    /// Of all answers given, the share that is right.
    pub fn precision(&self) -> f64 {
        share(self.right, self.right + self.wrong + self.outside_answered)
    }

    /// Of the queries within, the share whose entry was answered or offered.
    pub fn offered(&self) -> f64 {
        share(self.among_three, self.within)
    }

    /// Of the queries outside, the share that was answered.
    pub fn outside(&self) -> f64 {
        share(self.outside_answered, self.outside)
    }
}

fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// Asks every query of a set (`query`, tab, key of the entry or `-`) against entries.
///
/// # Errors
///
/// If the entries cannot be read or indexed.
pub fn score(entries: &str, queries: &str, thresholds: &[f32; 3]) -> Result<Scores, EntriesError> {
    let entries = entries::parse(entries)?;
    let bytes = index::build(&entries, thresholds, "").map_err(|problem| EntriesError::at(0, "0", problem))?;
    let Some(index) = Index::open(&bytes[..]) else { return Err(EntriesError::Empty) };
    let mut scores = Scores::default();
    for line in queries.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')) {
        let Some((query, expected)) = line.rsplit_once('\t') else { continue };
        let message = santun_concepts::understand(query);
        let Understood { meaning, leanings, .. } = &message;
        let key = |place: u16| entries[usize::from(place)].key.clone();
        let top: Vec<String> = index
            .search(&message, 3)
            .into_iter()
            .map(|scored| format!("{} {:.2}", key(scored.entry), scored.score))
            .collect();
        let way = matching::way(query, meaning);
        let decided = matching::decide(&index, &message, way, "id");
        let about = || {
            let names = meaning.features.iter().filter_map(|feature| feature.name()).collect::<Vec<_>>();
            let intents: Vec<_> =
                leanings.iter().take(3).map(|leaning| format!("{} {:.2}", leaning.name(), leaning.share)).collect();
            format!(
                "{query:<55} want {expected:<14} got {} | {} | {}",
                top.join(", "),
                intents.join(" "),
                names.join(" ")
            )
        };
        if expected == "-" {
            scores.outside += 1;
            match decided {
                Match::Answer(_) => {
                    scores.outside_answered += 1;
                    scores.misses.push(format!("OUT  {}", about()));
                }
                Match::Offer(_) => scores.outside_offered += 1,
                Match::Nothing(_) => {}
            }
            continue;
        }
        scores.within += 1;
        scores.ranked +=
            usize::from(top.iter().any(|line| line.rsplit_once(' ').is_some_and(|(key, _)| key == expected)));
        match decided {
            Match::Answer(scored) if key(scored.entry) == expected => {
                scores.right += 1;
                scores.among_three += 1;
            }
            Match::Answer(_) => {
                scores.wrong += 1;
                scores.misses.push(format!("WRONG {}", about()));
            }
            Match::Offer(offered) if offered.iter().any(|scored| key(scored.entry) == expected) => {
                scores.among_three += 1;
                scores.misses.push(format!("offer {}", about()));
            }
            Match::Offer(_) => scores.misses.push(format!("MISS {}", about())),
            Match::Nothing(_) => scores.misses.push(format!("PASS {}", about())),
        }
    }
    Ok(scores)
}
