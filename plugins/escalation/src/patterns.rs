//! What nobody foresaw word for word: patterns over classes of words, such as money and a return that is
//! denied, or staff and misconduct. They speak where the phrases of `cues.txt` found nothing.

use santun_language::{Words, words};
use santun_plugin::{Priority, Reason};

use crate::cues::{Cue, Cues};
use crate::figures::Figures;
use crate::triggers::Trigger;

/// From here on a number of things is an order to talk about.
const MANY: u32 = 24;
/// Words that people of Java, Sunda, Bali and Minang write when they no longer write Indonesian.
const REGIONAL: Words = words!(
    "\
    piye iki ora kowe sampeyan wis wes suwe durung ieu wae atuh naon teu tos abdi euy meni kumaha iraha sabaraha iku \
    opo kon arek rek tenan nggih mboten pundi niki niku ndang ngono ngene dereng kulo kula panjenengan pripun henteu \
    acan urang anjeun awak ambo indak lai teko tekan ono nang sing nopo saking badhe geus lila kitu kieu tiang \
    sampun piro neng endi barangna paketna hargana ojo apik mangkin teh"
);

struct Seen<'c> {
    cues: &'c Cues,
    figures: &'c Figures,
}

/// The trigger that a pattern finds, the gravest first.
pub fn in_words(cues: &Cues, figures: &Figures) -> Option<Trigger> {
    let seen = Seen { cues, figures };
    if seen.joking() {
        return None;
    }
    let wish = || seen.discretion().or_else(|| seen.unusual());
    if seen.supposed() {
        return wish();
    }
    let harm = seen.danger().or_else(|| seen.money()).or_else(|| seen.complaint()).or_else(|| seen.answer());
    harm.or_else(|| seen.change()).or_else(|| seen.trade()).or_else(wish).or_else(|| seen.sudden())
}

impl Seen<'_> {
    fn has(&self, cue: Cue) -> bool {
        self.cues.has(cue)
    }

    fn all(&self, cues: &[Cue]) -> bool {
        cues.iter().all(|cue| self.has(*cue))
    }

    fn supposed(&self) -> bool {
        self.cues.any(&[Cue::Suppose, Cue::Worry])
    }

    fn joking(&self) -> bool {
        self.has(Cue::Joke) || self.cues.loudness.laughing
    }

    /// The customer asks how, how long, what for.
    fn asks_how(&self) -> bool {
        self.cues.any(&[Cue::HowTo, Cue::How])
    }

    /// A statement: nothing is asked.
    fn told(&self) -> bool {
        !self.asks_how() && !self.asks_whether()
    }

    fn asks_whether(&self) -> bool {
        self.cues.asks_whether || self.cues.text().ends_with(" belum")
    }

    fn trigger(&self, rule: &'static str, reason: Reason, cues: &[Cue], says: [&'static str; 2]) -> Option<Trigger> {
        let priority = if matches!(reason, Reason::Risk | Reason::Injury | Reason::Money) {
            Priority::High
        } else {
            Priority::Normal
        };
        Some(Trigger { reason, priority, rule, words: self.cues.words(cues).to_owned(), says })
    }

    fn danger(&self) -> Option<Trigger> {
        use Cue::{Denial, Known, Leave, May, Misconduct, Others, Private, Protest, Report, Staff};
        if self.all(&[Staff, Misconduct]) && self.told() && !self.has(May) {
            let says = ["melaporkan kelakuan petugas", "reports how staff behaved"];
            return self.trigger("harassment", Reason::Risk, &[Misconduct], says);
        }
        let ill = self.all(&[Cue::Eat, Cue::Ill]) && self.cues.any(&[Cue::After, Cue::Report]);
        let foreign = self.cues.before(Cue::Find, Cue::Foreign, 2);
        if (ill || foreign) && self.told() && !self.cues.any(&[May, Cue::Want]) {
            let says = ["melaporkan bahaya atau cedera", "reports danger or injury"];
            return self.trigger("safety", Reason::Injury, &[Cue::Ill, Cue::Foreign], says);
        }
        let unasked = self.cues.before(Cue::Without, Leave, 1) && self.cues.any(&[Private, Cue::Mine]);
        let others = self.cues.any(&[Others, Staff]);
        let known = others && self.all(&[Known, Private]) && self.cues.any(&[Protest, Report, Cue::Mine])
            || self.all(&[Private, Cue::Mine, Cue::Public])
                && (self.has(Protest) || self.cues.text().contains("kenapa"));
        let stranger = self.cues.before(Denial, Cue::Mine, 0)
            && self.cues.any(&[Cue::Money, Cue::Paid, Cue::Ordered])
            && !self.has(May);
        if (unasked || known || stranger) && self.told() {
            let says = ["melaporkan data atau akun disalahgunakan", "reports misuse of data or account"];
            return self.trigger("data-leak", Reason::Risk, &[Leave, Private, Cue::Money], says);
        }
        None
    }

    fn discretion(&self) -> Option<Trigger> {
        use Cue::{Delicate, Denial, Kin, Others, Tell};
        let secret = self.cues.before(Denial, Tell, 2) && self.cues.any(&[Kin, Others]) && !self.has(Cue::Asking);
        if (secret && !self.asks_how()) || self.cues.count(Delicate) >= 2 {
            let says = ["minta kerahasiaan", "asks for discretion"];
            return self.trigger("sensitive", Reason::Risk, &[Delicate, Tell], says);
        }
        None
    }

    fn money(&self) -> Option<Trigger> {
        use Cue::{Denial, Enter, May, Money, Paid, Return, Yet};
        let claimed = self.cues.any(&[Denial, Yet, Cue::Want, Cue::Where, Cue::LongWait, Cue::Protest]);
        if self.all(&[Money, Return]) && claimed && self.told() && !self.has(May) {
            let says = ["menagih uangnya kembali", "wants money back"];
            return self.trigger("money-missing", Reason::Money, &[Money], says);
        }
        let unseen = self.cues.before(Denial, Enter, 1) || self.cues.before(Yet, Enter, 1);
        let paid = self.has(Paid) && self.cues.any(&[Cue::Done, Cue::Protest, Cue::Settled]);
        if paid && unseen && self.told() {
            let says = ["sudah bayar, tetapi belum tercatat", "paid, and it is not seen"];
            return self.trigger("paid-not-processed", Reason::Money, &[Paid], says);
        }
        if self.all(&[Money, Cue::Although]) && self.cues.text().bytes().any(|byte| byte.is_ascii_digit()) {
            let says = ["jumlah uangnya tidak cocok", "says that an amount is wrong"];
            return self.trigger("wrong-payment", Reason::Money, &[Money], says);
        }
        let short = self.all(&[Money, Cue::Faulty]) && !self.figures.amounts.is_empty();
        if short && self.told() && !self.cues.any(&[May, Cue::Want]) {
            let says = ["jumlah uangnya tidak cocok", "says that an amount is wrong"];
            return self.trigger("wrong-payment", Reason::Money, &[Money], says);
        }
        None
    }

    fn complaint(&self) -> Option<Trigger> {
        use Cue::{After, Although, Got, May, Mine, Ordered, Paid, State, Work};
        if self.has(May) && !self.has(Although) {
            return None;
        }
        let other = self.has(Although) && self.cues.any(&[Ordered, Paid]);
        if other && self.told() {
            let says = ["menerima yang bukan dipesan", "got something else than ordered"];
            return self.trigger("wrong-item", Reason::Complaint, &[Although, Got], says);
        }
        let wants = self.has(Cue::Want) && !self.has(Cue::Should);
        let seeks = wants || self.cues.any(&[Cue::PriceAsk, Cue::Positive, Cue::Thanks]);
        let flawed = self.has(Cue::Flaw) && self.cues.length() >= 3;
        let instead = self.cues.before(Ordered, Got, 1) && self.cues.length() >= 4;
        let botched = self.cues.near(Cue::Mistake, Cue::Botched, 1)
            || self.all(&[Cue::Should, Cue::Mistake])
            || self.has(Cue::Mistake) && self.cues.any(&[Cue::Reference, Cue::Staff]);
        if !seeks && self.told() && (flawed || botched || instead) {
            let says = ["menerima yang tidak semestinya", "did not get what it should be"];
            return self.trigger("damaged", Reason::Complaint, &[Cue::Flaw, Cue::Mistake, Ordered], says);
        }
        let worse = self.all(&[Work, State]) && (self.has(After) || self.has(Mine)) && self.cues.length() >= 5;
        if worse && !seeks && self.told() {
            let says = ["mengeluhkan hasil pengerjaan", "complains of the work done"];
            return self.trigger("damaged", Reason::Complaint, &[State], says);
        }
        None
    }

    fn answer(&self) -> Option<Trigger> {
        use Cue::{Answer, Asking, Denial, Faulty, Outcome, Protest, Still};
        let says = ["tidak puas dengan jawaban bot", "is not content with the bot's answer"];
        let wrong = self.cues.near(Answer, Faulty, 3) || self.cues.near(Answer, Denial, 1);
        let elsewhere = self.all(&[Asking, Answer, Protest]);
        if (wrong && self.told() && !self.has(Cue::May)) || elsewhere {
            return self.trigger("dissatisfied", Reason::NotUnderstood, &[Answer], says);
        }
        let vain = self.cues.before(Still, Outcome, 1) && self.told() && !self.has(Cue::Got);
        let tried = self.has(Cue::Denial) && self.all(&[Cue::Endless, Cue::LongWait]);
        if vain || (tried && self.told()) {
            let says = ["sudah mencoba, tetap tidak berhasil", "has tried in vain"];
            return self.trigger("dissatisfied", Reason::NotUnderstood, &[Outcome, Denial], says);
        }
        let regional = self.cues.each_word().filter(|word| REGIONAL.has(word)).count();
        if regional >= 3 && regional * 2 >= self.cues.length() {
            let says = ["menulis dalam bahasa daerah", "writes in a regional language"];
            return self.trigger("language", Reason::NotUnderstood, &[], says);
        }
        None
    }

    fn change(&self) -> Option<Trigger> {
        use Cue::{Alter, Appointment, Mine, Ordered, Settled};
        let own = self.has(Appointment) && self.cues.any(&[Mine, Settled]) || self.all(&[Ordered, Settled]);
        let cancels = self.has(Cue::Cancel) && self.has(Appointment) && self.cues.any(&[Mine, Settled]);
        if cancels && self.told() && !self.has(Cue::May) {
            let says = ["minta pesanan dibatalkan", "wants an order cancelled"];
            return self.trigger("cancel-order", Reason::OrderChange, &[Cue::Cancel], says);
        }
        if self.has(Alter) && own && !self.asks_how() {
            let says = ["minta pesanannya diubah", "wants an order changed"];
            return self.trigger("change-order", Reason::OrderChange, &[Alter], says);
        }
        None
    }

    fn trade(&self) -> Option<Trigger> {
        use Cue::{Deal, Match, Rival, Take};
        if self.all(&[Cue::Price, Cue::Less]) && (self.has(Cue::May) || self.asks_whether()) && !self.has(Cue::HowTo) {
            let says = ["menawar harga", "bargains over the price"];
            return self.trigger("bargaining", Reason::Negotiation, &[Cue::Less], says);
        }
        if self.all(&[Cue::Partner, Cue::Want]) && !self.asks_how() {
            let says = ["ingin bekerja sama", "wants to do business together"];
            return self.trigger("bulk", Reason::Negotiation, &[Cue::Partner], says);
        }
        let rival = self.all(&[Rival, Match]) && (!self.figures.amounts.is_empty() || self.figures.most >= 10);
        let named = self.figures.offered && !self.asks_how();
        if rival || named {
            let says = ["menawar harga", "bargains over the price"];
            return self.trigger("bargaining", Reason::Negotiation, &[Match], says);
        }
        if self.figures.most >= MANY && self.cues.any(&[Cue::Buying, Cue::Ordered]) && self.figures.orders.is_empty() {
            let says = ["ingin beli dalam jumlah besar", "wants to buy in bulk"];
            return self.trigger("bulk", Reason::Negotiation, &[Cue::Buying], says);
        }
        let pays =
            self.all(&[Cue::AccountNo, Take, Cue::Mine]) && !self.cues.any(&[Cue::May, Cue::Denial]) && self.told();
        if (self.all(&[Deal, Take]) || pays) && !self.asks_whether() {
            let says = ["siap deal", "is ready to close the deal"];
            return self.trigger("closing", Reason::Negotiation, &[Deal], says);
        }
        None
    }

    fn unusual(&self) -> Option<Trigger> {
        use Cue::{Assist, Craft, Idea, May, Odd, OddPay, Paid, Split, Want};
        let asks = self.cues.any(&[May, Want]) || self.cues.asks_whether;
        let odd =
            self.has(Odd) || (self.has(OddPay) && self.has(Paid) && !self.has(Split)) || self.cues.count(Split) >= 2;
        if odd && asks && !self.cues.any(&[Cue::HowTo]) {
            let says = ["permintaannya tidak biasa", "has an unusual request"];
            return self.trigger("unusual", Reason::Unusual, &[Odd, OddPay, Split], says);
        }
        if self.cues.count(Cue::Contrast) >= 3 && self.cues.length() >= 14 {
            let says = ["urusannya berlapis", "has a matter of many parts"];
            return self.trigger("unusual", Reason::Unusual, &[Cue::Contrast], says);
        }
        let thinks = self.has(Idea) && self.cues.any(&[Assist, Craft, May]) || self.cues.count(Craft) >= 3;
        if thinks && !self.asks_how() {
            let says = ["minta ide bersama", "wants ideas"];
            return self.trigger("unusual", Reason::Unusual, &[Idea, Craft], says);
        }
        None
    }

    fn sudden(&self) -> Option<Trigger> {
        use Cue::{Although, Broken, Denial, Disaster, Opens, Shut, Site};
        let down = self.all(&[Site, Broken])
            || self.has(Site)
                && self.cues.near(Denial, Opens, 2)
                && self.cues.any(&[Cue::Protest, Cue::LongWait, Cue::Report, Cue::Endless, Cue::Still]);
        let cut = self.has(Disaster) && self.cues.any(&[Cue::Delivery, Cue::Staff, Cue::Denial, Cue::State]);
        let shut = self.has(Shut) && self.cues.any(&[Although, Cue::Protest]);
        if (down || cut || shut) && !self.cues.asks_whether && !self.has(Cue::HowTo) {
            let says = ["kena masalah mendadak", "met a sudden problem"];
            return self.trigger("sudden-problem", Reason::Unusual, &[Broken, Disaster, Shut, Denial], says);
        }
        None
    }
}
