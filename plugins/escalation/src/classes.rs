//! The classes that the model tells apart, and what each means for a handover.

use santun_plugin::{Priority, Reason};

macro_rules! classes {
    ($($class:ident = $name:literal, $rule:literal, $reason:ident, $priority:ident, [$id:literal, $en:literal];)*) => {
        /// Why a human is needed, or that none is.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        #[repr(u8)]
        #[expect(missing_docs, reason = "`says` says what they are")]
        pub enum Class { $($class),* }

        /// All of them, in the model's order.
        pub const CLASSES: [Class; COUNT] = [$(Class::$class),*];

        impl Class {
            /// Its name in the language sets.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$class => $name),* }
            }

            /// The rule that it is in the verdict's why, and in the setting `off`.
            pub const fn rule(self) -> &'static str {
                match self { $(Self::$class => $rule),* }
            }

            /// The contract's word for it.
            pub const fn reason(self) -> Reason {
                match self { $(Self::$class => Reason::$reason),* }
            }

            /// How pressing it is.
            pub const fn priority(self) -> Priority {
                match self { $(Self::$class => Priority::$priority),* }
            }

            /// What the customer does, in Indonesian and English.
            pub const fn says(self) -> [&'static str; 2] {
                match self { $(Self::$class => [$id, $en]),* }
            }
        }
    };
}

/// How many there are: ordinary, and fifteen that need a human.
pub const COUNT: usize = 16;

classes! {
    Ordinary = "-", "ordinary", Other, Normal, ["bertanya biasa", "asks something ordinary"];
    Risk = "risk", "risk", Risk, High, ["menyampaikan hal gawat", "raises something serious"];
    Money = "money", "money", Money, High, ["ada masalah uang", "has a problem with money"];
    Complaint = "complaint", "complaint", Complaint, Normal, ["mengeluhkan pesanan atau layanan", "complains of an order or a service"];
    Frustration = "frustration", "frustration", Frustration, High, ["kesal", "is upset"];
    Dissatisfied = "dissatisfied", "dissatisfied", NotUnderstood, Normal, ["tidak puas dengan jawaban bot", "is not content with the bot's answer"];
    Language = "language", "language", NotUnderstood, Normal, ["menulis dalam bahasa lain", "writes in another language"];
    Repetition = "repetition", "asked-again", Repetition, Normal, ["menanyakan hal yang sama lagi", "asks the same again"];
    Stuck = "stuck", "stuck", NoProgress, Normal, ["sudah mencoba, tetap tidak berhasil", "has tried in vain"];
    OrderChange = "order-change", "change-order", OrderChange, Normal, ["minta pesanannya diubah atau dibatalkan", "wants an order changed or cancelled"];
    Negotiation = "negotiation", "bargaining", Negotiation, Normal, ["menawar atau siap membeli", "bargains, or is ready to buy"];
    Unusual = "unusual", "unusual", Unusual, Normal, ["permintaannya tidak biasa", "has an unusual request"];
    Creative = "creative", "creative", Unusual, Normal, ["minta ide bersama", "wants ideas"];
    Sensitive = "sensitive", "sensitive", Risk, High, ["menyampaikan hal yang peka", "raises something sensitive"];
    Sudden = "sudden", "sudden-problem", Unusual, High, ["kena masalah mendadak", "met a sudden problem"];
    Complex = "complex", "complex", Complex, Normal, ["urusannya berlapis", "has a matter of many parts"];
}
