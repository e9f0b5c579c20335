//! What is learnt from: shops, the questions that they answer, and what their customers write.

use std::error::Error;
use std::path::{Path, PathBuf};

use santun_plugin_faq::entries::{self, Entry};

/// What nothing is learnt from: they tell how well shops are understood that nobody has seen.
pub(crate) const MEASURED_ONLY: [&str; 5] = ["bengkel", "homestay", "oleholeh", "petshop", "sepatu"];

/// How much a message of a set counts when it is learnt how to weigh, beside one of the many shops. Whoever wrote these kept
/// to what shares no word with its question; customers say the same word as often as not.
const OF_A_SET: f32 = 10.0;

/// A shop.
#[derive(Clone, Default)]
pub(crate) struct Shop {
    pub(crate) name: String,
    /// How much each of its messages counts when it is learnt how to weigh.
    pub(crate) weight: f32,
    pub(crate) entries: Vec<Entry>,
    /// What customers write, and the place of the entry that answers it; none for what no entry answers.
    pub(crate) asked: Vec<(String, Option<usize>)>,
}

/// The shops under `tests/language/faq/`, those that are for learning first.
pub(crate) fn of_sets(sets: &Path, demo: &Path) -> Result<(Vec<Shop>, Vec<Shop>), Box<dyn Error>> {
    let mut learnt = vec![of_set("development", demo, &sets.join("development.tsv"))?];
    let mut measured = Vec::new();
    for file in files(sets, "csv")? {
        let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let shop = of_set(&name, &file, &file.with_extension("tsv"))?;
        if MEASURED_ONLY.contains(&&*name) { measured.push(shop) } else { learnt.push(shop) }
    }
    Ok((learnt, measured))
}

fn of_set(name: &str, entries: &Path, queries: &Path) -> Result<Shop, Box<dyn Error>> {
    let entries = entries::parse(&std::fs::read_to_string(entries)?)?;
    let mut asked = Vec::new();
    for line in std::fs::read_to_string(queries)?.lines().filter(|line| !line.starts_with('#')) {
        let Some((query, key)) = line.rsplit_once('\t') else { continue };
        asked.push((query.to_owned(), entries.iter().position(|entry| entry.key == key)));
    }
    Ok(Shop { name: name.to_owned(), weight: OF_A_SET, entries, asked })
}

/// The shops of a folder: `#` begins one, `=` a question that it answers, below which stands what customers write;
/// below `!` stands what it does not answer.
pub(crate) fn of_folder(folder: &Path) -> Result<Vec<Shop>, Box<dyn Error>> {
    let mut shops: Vec<Shop> = Vec::new();
    for file in files(folder, "txt")? {
        let text = std::fs::read_to_string(&file)?;
        let mut answer = None;
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
            if let Some(name) = line.strip_prefix('#') {
                shops.push(Shop { name: name.trim().to_owned(), weight: 1.0, ..Shop::default() });
                answer = None;
                continue;
            }
            let shop = shops.last_mut().ok_or_else(|| format!("{}: a line before any shop", file.display()))?;
            if let Some(question) = line.strip_prefix('=') {
                answer = Some(shop.entries.len());
                let (key, question) = (shop.entries.len().to_string(), question.trim().to_owned());
                shop.entries.push(Entry { key, question, ..Entry::default() });
            } else if line == "!" {
                answer = None;
            } else {
                shop.asked.push((line.to_owned(), answer));
            }
        }
    }
    shops.retain(|shop| shop.entries.len() >= 2);
    Ok(shops)
}

/// The groups of words of a folder, `name | word, word, ...` a line; the name first.
pub(crate) fn kin(folder: &Path) -> Result<Vec<Vec<String>>, Box<dyn Error>> {
    let mut groups = Vec::new();
    for file in files(folder, "kin")? {
        for line in std::fs::read_to_string(file)?.lines().filter(|line| !line.starts_with('#')) {
            let Some((name, members)) = line.split_once(" | ") else { continue };
            let members = members.split(',').map(str::trim).filter(|member| !member.is_empty());
            groups.push(std::iter::once(name).chain(members).map(str::to_owned).collect());
        }
    }
    Ok(groups)
}

/// Tells what is learnt from: the files of some folders with an ending.
pub(crate) fn fingerprint(folders: &[(&Path, &str)]) -> Result<u64, Box<dyn Error>> {
    let mut texts = Vec::new();
    for (folder, ending) in folders {
        for file in files(folder, ending)? {
            texts.push(std::fs::read_to_string(file)?);
        }
    }
    Ok(santun_concepts::intents::fingerprint(texts.iter().map(String::as_str)))
}

/// The files of a folder with one ending, in the order of their names.
pub(crate) fn files(folder: &Path, ending: &str) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let mut files =
        std::fs::read_dir(folder)?.map(|file| file.map(|file| file.path())).collect::<Result<Vec<_>, _>>()?;
    files.retain(|path| path.extension().is_some_and(|extension| extension == ending));
    files.sort();
    Ok(files)
}
