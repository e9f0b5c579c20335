//! What a text means, as a direction.
//!
//! "motor ga bisa jalan nih, abangnya bs kesini ga?" and "Apakah bisa servis di rumah pelanggan?" share neither word nor
//! concept. A table learnt offline gives each feature of a text (its words, pairs of neighbours, pieces of unknown words,
//! concepts) a direction; their sum is the text's. Texts that mean the same point the same way. It is learnt by the FAQ's
//! example `sense` from what customers of some five hundred shops write and the questions that answer it (`shops/`), and
//! kept in `sense/model.bin`. Nothing is decoded when a message comes.

mod model;

pub use model::{AXES, Model, ROWS_MAX, encode};

/// The direction of a text: a vector of the length of about 127.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sense(pub [i8; AXES]);

impl Sense {
    /// Nowhere: like nothing.
    pub const NONE: Self = Self([0; AXES]);

    /// How much two texts mean the same, from -1 to 1; a text that says nothing is like none.
    pub fn likeness(&self, other: &Self) -> f32 {
        let products = self.0.iter().zip(&other.0).map(|(one, other)| i32::from(*one) * i32::from(*other));
        products.sum::<i32>() as f32 / (LENGTH * LENGTH)
    }
}

/// The length of a direction.
const LENGTH: f32 = 127.0;

/// The direction that features add up to.
#[derive(Clone)]
pub(crate) struct Sum<'m> {
    model: &'m Model<'m>,
    axes: [i32; AXES],
}

impl<'m> Sum<'m> {
    pub(crate) fn of(model: &'m Model<'m>) -> Self {
        Self { model, axes: [0; AXES] }
    }

    /// Adds a feature; false if the table does not have it.
    pub(crate) fn add(&mut self, hash: crate::spelling::Hash, times: f32) -> bool {
        self.model.add(hash, times, &mut self.axes)
    }

    pub(crate) fn direction(&self) -> Sense {
        let square = |axis: &i32| i64::from(*axis) * i64::from(*axis);
        let length: i64 = self.axes.iter().map(square).sum();
        if length == 0 {
            return Sense::NONE;
        }
        let scale = LENGTH / (length as f32).sqrt();
        Sense(self.axes.map(|axis| (axis as f32 * scale).round() as i8))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::understand;

    #[test]
    fn a_message_points_where_its_question_points() {
        let questions = [
            "Apakah bisa servis di rumah pelanggan?",
            "Berapa lama pengerjaannya?",
            "Metode pembayaran apa saja yang diterima?",
            "Apakah ada garansi?",
            "Di mana alamat tokonya?",
        ];
        for (message, place) in [
            ("motor ga bisa jalan nih, abangnya bs kesini ga?", 0),
            ("seharian kelar ga bang", 1),
            ("gopay ok?", 2),
            ("klo seminggu rusak lg gmn", 3),
            ("patokannya apa kak", 4),
        ] {
            let sense = understand(message).sense;
            let likeness = |at: &usize| sense.likeness(&understand(questions[*at]).sense);
            let most = (0..questions.len()).max_by(|one, other| likeness(one).total_cmp(&likeness(other)));
            assert_eq!(most, Some(place), "{message}");
        }
    }

    #[test]
    fn what_says_nothing_points_nowhere() {
        for text in ["", "?", "\u{0}", "123", "xqzv"] {
            assert_eq!(understand(text).sense, Sense::NONE, "{text}");
        }
        let sense = understand(&"bayar ".repeat(10_000)).sense;
        assert!((0.95..1.05).contains(&sense.likeness(&sense)));
        assert_eq!(sense.likeness(&Sense::NONE), 0.0);
    }

    #[test]
    fn the_table_was_learnt_from_what_lies_beside_it() {
        let files = ["shops", "kin"].map(|folder| {
            let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
            let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
            files.sort();
            files
        });
        let texts: Vec<String> = files.iter().flatten().map(|file| std::fs::read_to_string(file).unwrap()).collect();
        let known = Model::built_in().fingerprint();
        let now = crate::intents::fingerprint(texts.iter().map(String::as_str));
        assert_eq!(known, now, "`make intents` learns it anew");
    }
}
