//! The rules: what in a customer's words, and in the conversation so far, calls for a human.
//!
//! A rule looks for a *report* ("barang saya rusak") and lets the question and the supposition pass
//! ("kalau rusak ada garansi?"): those are for the other plugins.

use santun_plugin::{Priority, Reason};

use crate::cues::{Cue, Cues};
use crate::figures::Figures;
use crate::frustration::{FRUSTRATED, frustration};
use crate::patterns;

/// Why a human is called.
#[derive(Clone, Debug, PartialEq)]
pub struct Trigger {
    /// The contract's word for it.
    pub reason: Reason,
    /// How pressing it is.
    pub priority: Priority,
    /// The rule, for reports: `double-payment`, `threat` …
    pub rule: &'static str,
    /// The customer's words that it hangs on.
    pub words: String,
    /// What it is, in a few words: Indonesian and English.
    pub says: [&'static str; 2],
}

struct Rule<'c> {
    cues: &'c Cues,
    figures: &'c Figures,
}

/// Pieces from which an order is bargained over and not just bought.
pub(crate) const MANY_PIECES: u32 = 24;

/// The trigger in a customer's words, the gravest first.
pub fn in_words(cues: &Cues, figures: &Figures) -> Option<Trigger> {
    let rule = Rule { cues, figures };
    rule.danger()
        .or_else(|| rule.money())
        .or_else(|| rule.complaint())
        .or_else(|| rule.mood())
        .or_else(|| rule.sale())
        .or_else(|| patterns::in_words(cues, figures))
}

impl Rule<'_> {
    fn has(&self, cue: Cue) -> bool {
        self.cues.has(cue)
    }

    /// Nothing has happened: the customer supposes, or worries.
    fn supposed(&self) -> bool {
        self.cues.any(&[Cue::Suppose, Cue::Worry])
    }

    /// The customer asks how, how long, what for.
    fn asked(&self) -> bool {
        self.cues.any(&[Cue::HowTo, Cue::How])
    }

    fn joking(&self) -> bool {
        self.has(Cue::Joke) || self.cues.loudness.laughing
    }

    fn trigger(
        &self,
        rule: &'static str,
        reason: Reason,
        priority: Priority,
        cues: &[Cue],
        says: [&'static str; 2],
    ) -> Option<Trigger> {
        Some(Trigger { reason, priority, rule, words: self.cues.words(cues).to_owned(), says })
    }

    fn danger(&self) -> Option<Trigger> {
        use Cue::{Fraud, Grief, Harassment, Injury, Leak, Legal, SelfHarm, ThreatPerson};
        let real = !self.supposed() && !self.joking();
        if self.has(SelfHarm) && !self.joking() {
            let says = ["menyebut ingin mengakhiri hidup", "speaks of ending their life"];
            return self.trigger("self-harm", Reason::SelfHarm, Priority::Urgent, &[SelfHarm], says);
        }
        if self.has(ThreatPerson) && !self.joking() {
            return self.trigger(
                "threat",
                Reason::Risk,
                Priority::Urgent,
                &[ThreatPerson],
                ["mengancam", "makes a threat"],
            );
        }
        let told = self.has(Cue::Report) || !self.has(Cue::Can);
        if self.has(Injury) && real && told && !self.cues.asks_whether {
            let says = ["melaporkan bahaya atau cedera", "reports danger or injury"];
            return self.trigger("safety", Reason::Injury, Priority::Urgent, &[Injury], says);
        }
        if self.has(Leak) && real {
            let says = ["melaporkan data atau akun disalahgunakan", "reports misuse of data or account"];
            return self.trigger("data-leak", Reason::Risk, Priority::Urgent, &[Leak], says);
        }
        if self.has(Harassment) && real && !self.cues.asks_whether {
            let says = ["melaporkan perlakuan buruk", "reports harassment"];
            return self.trigger("harassment", Reason::Risk, Priority::High, &[Harassment], says);
        }
        if self.has(Legal) && !self.supposed_question() && !self.joking() {
            let says = ["menyebut jalur hukum atau media", "mentions legal steps or the press"];
            return self.trigger("legal", Reason::Risk, Priority::High, &[Legal], says);
        }
        if self.has(Fraud) && real && !self.cues.asks_whether && !self.has(Cue::Not) {
            let says = ["menyebut penipuan", "speaks of fraud"];
            return self.trigger("fraud", Reason::Risk, Priority::High, &[Fraud], says);
        }
        if self.has(Grief) && real {
            let says = ["sedang tertimpa musibah", "is in grief or trouble"];
            return self.trigger("sensitive", Reason::Grief, Priority::High, &[Grief], says);
        }
        None
    }

    fn supposed_question(&self) -> bool {
        self.supposed() && self.cues.asks_whether
    }

    fn money(&self) -> Option<Trigger> {
        use Cue::{DoublePay, MoneyLost, PaidNothing, Refund, RefundDemand, WrongPay};
        let supposed = self.supposed() && !self.has(Cue::Report);
        if self.has(DoublePay) && !supposed {
            let says = ["terbayar dobel", "was charged twice"];
            return self.trigger("double-payment", Reason::Money, Priority::High, &[DoublePay], says);
        }
        if self.has(WrongPay) && !supposed {
            let says = ["salah transfer", "paid the wrong way"];
            return self.trigger("wrong-payment", Reason::Money, Priority::High, &[WrongPay], says);
        }
        if self.has(MoneyLost) && !supposed {
            let says = ["uangnya belum kembali", "is missing money"];
            return self.trigger("money-missing", Reason::Money, Priority::High, &[MoneyLost], says);
        }
        if self.has(PaidNothing) && !supposed {
            let says = ["sudah bayar, pesanan belum jalan", "paid, and nothing moves"];
            return self.trigger("paid-not-processed", Reason::Money, Priority::High, &[PaidNothing], says);
        }
        let demanded = self.has(RefundDemand) && !self.cues.asks_whether;
        let missing = self.has(Refund)
            && (self.cues.any(&[Cue::Late, Cue::LongWait, Cue::Anger, Cue::BadService, Cue::Lost, Cue::AskedBefore])
                || (self.has(Cue::Not) && !self.cues.asks_whether));
        if (demanded || missing) && !supposed {
            let says = ["minta refund", "wants a refund"];
            return self.trigger("refund", Reason::Money, Priority::High, &[RefundDemand, Refund], says);
        }
        None
    }

    fn complaint(&self) -> Option<Trigger> {
        use Cue::{Damaged, Lost, MissingItem, WrongItem};
        if self.has(Cue::Complaint) && !self.supposed() && !self.joking() {
            let says = ["mengajukan komplain", "files a complaint"];
            return self.trigger("complaint", Reason::Complaint, self.pressing(), &[Cue::Complaint], says);
        }
        // A plain statement is a report too.
        let stated = !self.asked() && !self.cues.any(&[Cue::Can, Cue::PriceAsk, Cue::Want]);
        let own = stated || self.cues.any(&[Cue::Report, Cue::OwnOrder]);
        if self.supposed() || self.joking() || (self.cues.asks_whether && !self.has(Cue::OwnOrder)) {
            return None;
        }
        // "salah kirim" has happened; "rusak" has only if the customer says so of a thing of theirs.
        if !own && (self.has(Damaged) || self.has(Cue::Can)) {
            return None;
        }
        let kinds: [(Cue, &'static str, [&'static str; 2]); 4] = [
            (Lost, "lost", ["paketnya hilang", "has a lost parcel"]),
            (WrongItem, "wrong-item", ["terima barang yang salah", "got the wrong item"]),
            (MissingItem, "missing-item", ["barangnya kurang", "misses part of the order"]),
            (Damaged, "damaged", ["terima barang rusak", "got a damaged item"]),
        ];
        let (cue, rule, says) = kinds.into_iter().find(|(cue, ..)| self.has(*cue))?;
        self.trigger(rule, Reason::Complaint, self.pressing(), &[cue], says)
    }

    fn pressing(&self) -> Priority {
        if frustration(self.cues, self.figures) >= FRUSTRATED { Priority::High } else { Priority::Normal }
    }

    fn mood(&self) -> Option<Trigger> {
        let answer = [Cue::NotThat, Cue::Round, Cue::BotDumb, Cue::NoHelp];
        if self.cues.any(&answer) && !self.asked_calmly() && !self.joking() {
            let says = ["tidak puas dengan jawaban bot", "is not content with the bot's answer"];
            return self.trigger("dissatisfied", Reason::NotUnderstood, self.pressing(), &answer, says);
        }
        if frustration(self.cues, self.figures) >= FRUSTRATED {
            let cues = [
                Cue::Insult,
                Cue::Anger,
                Cue::Disappointed,
                Cue::BadService,
                Cue::Sarcasm,
                Cue::AskedBefore,
                Cue::Late,
                Cue::LongWait,
            ];
            let says = if self.has(Cue::Insult) {
                ["marah dan memaki", "is angry and abusive"]
            } else {
                ["kesal", "is upset"]
            };
            return self.trigger("frustration", Reason::Frustration, Priority::High, &cues, says);
        }
        if self.has(Cue::AskedBefore) && !self.joking() && !self.supposed() {
            let says = ["sudah menanyakan hal yang sama", "has asked the same before"];
            return self.trigger("asked-again", Reason::Repetition, self.pressing(), &[Cue::AskedBefore], says);
        }
        if self.cues.loudness.other_script {
            let says = ["menulis dalam bahasa lain", "writes in another language"];
            return self.trigger("language", Reason::NotUnderstood, Priority::Normal, &[], says);
        }
        None
    }

    /// "saya tidak paham cara ordernya": a question, and no word about the bot.
    fn asked_calmly(&self) -> bool {
        self.asked() && !self.cues.any(&[Cue::NotThat, Cue::Round])
    }

    fn sale(&self) -> Option<Trigger> {
        let asked = self.asked() && !self.has(Cue::Report);
        if self.has(Cue::CancelDemand) && !self.supposed() && !self.asked() && !self.cues.asks_whether {
            let says = ["minta pesanan dibatalkan", "wants an order cancelled"];
            return self.trigger("cancel-order", Reason::OrderChange, Priority::Normal, &[Cue::CancelDemand], says);
        }
        if self.cues.any(&[Cue::Change, Cue::Cancel]) && self.own_order() && !self.supposed() && !self.asked() {
            let says = ["minta pesanannya diubah", "wants an order changed"];
            return self.trigger(
                "change-order",
                Reason::OrderChange,
                Priority::Normal,
                &[Cue::Change, Cue::Cancel],
                says,
            );
        }
        let offers = !self.figures.amounts.is_empty()
            && self.has(Cue::Can)
            && self.cues.length() <= 10
            && self.cues.text().split(' ').any(|word| ["aja", "saja", "ya", "deal"].contains(&word));
        if self.has(Cue::Nego) || offers {
            let says = ["menawar harga", "bargains over the price"];
            return self.trigger("bargaining", Reason::Negotiation, Priority::Normal, &[Cue::Nego], says);
        }
        let many = self.figures.pieces >= MANY_PIECES;
        if many && (self.cues.any(&[Cue::Bulk, Cue::PriceAsk, Cue::Want, Cue::Closing, Cue::Urgent]))
            || self.has(Cue::Bulk) && self.cues.any(&[Cue::Want, Cue::Closing]) && !asked && !self.cues.asks_whether
        {
            let says = ["ingin beli dalam jumlah besar", "wants to buy in bulk"];
            return self.trigger(
                "bulk",
                Reason::Negotiation,
                Priority::Normal,
                &[Cue::Bulk, Cue::PriceAsk, Cue::Want],
                says,
            );
        }
        if self.has(Cue::Closing) && !asked {
            let says = ["siap deal", "is ready to close the deal"];
            return self.trigger("closing", Reason::Negotiation, Priority::High, &[Cue::Closing], says);
        }
        if self.has(Cue::Beyond) && !self.has(Cue::HowTo) {
            let says = ["permintaannya tidak biasa", "has an unusual request"];
            return self.trigger("unusual", Reason::Unusual, Priority::Normal, &[Cue::Beyond], says);
        }
        if self.has(Cue::Sudden) && !self.supposed() && !self.cues.asks_whether {
            let says = ["kena masalah mendadak", "met a sudden problem"];
            return self.trigger("sudden-problem", Reason::Unusual, Priority::High, &[Cue::Sudden], says);
        }
        None
    }

    fn own_order(&self) -> bool {
        self.has(Cue::OwnOrder) || !self.figures.orders.is_empty()
    }
}
