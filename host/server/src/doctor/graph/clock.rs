//! Is this machine's clock right? The Graph says what time it is.

use std::time::{Duration, UNIX_EPOCH};

use santun_core::time::Timestamp;

use super::super::report::Report;

const CHECK: &str = "clock";

/// More than network and rounding explain.
const NOTICEABLE: Duration = Duration::from_secs(5);

/// From here on windows close wrongly, and messages seem to come from the future.
const WRONG: Duration = Duration::from_secs(60);

/// Compares the Graph's clock, which is exact to the second, with this machine's before and after the call.
pub(super) fn judge(date: &str, before: Timestamp, after: Timestamp, report: &mut Report) {
    let Ok(told) = httpdate::parse_http_date(date) else { return };
    let seconds = told.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let told = Timestamp::from_seconds(i64::try_from(seconds).unwrap_or(i64::MAX));
    // What it cut off, and the time on the way, are no fault of the clock.
    let (earliest, latest) = (told, told + Duration::from_secs(1));
    let ahead = before.since(latest);
    let behind = earliest.since(after);
    let (off, which) = if ahead > behind { (ahead, "ahead of") } else { (behind, "behind") };
    let says = format!("this machine's clock is {} s {which} the Graph's", off.as_secs());
    let fix = "let the machine keep time: timedatectl set-ntp true (or chrony)";
    if off >= WRONG {
        report.fault(CHECK, says, fix);
    } else if off >= NOTICEABLE {
        report.warn(CHECK, says, fix);
    } else {
        report.ok(CHECK, "this machine's clock agrees with the Graph's");
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::report::State;
    use super::*;

    fn at(seconds: i64) -> (State, String) {
        // 784111777 seconds since 1970.
        let mut report = Report::default();
        let before = Timestamp::from_millis((784_111_777 + seconds) * 1_000 + 300);
        judge("Sun, 06 Nov 1994 08:49:37 GMT", before, before + Duration::from_millis(200), &mut report);
        let finding = report.findings.remove(0);
        (finding.state, finding.says)
    }

    #[test]
    fn a_clock_that_is_off_is_told_by_how_much_and_which_way() {
        assert_eq!(at(0).0, State::Ok);
        assert_eq!(at(4).0, State::Ok);
        assert_eq!(at(-4).0, State::Ok);
        assert_eq!(at(20).0, State::Warn);
        assert_eq!(at(-3_600).0, State::Fault);
        assert!(at(3_600).1.contains("3599 s ahead"), "{}", at(3_600).1);
        assert!(at(-3_600).1.contains("behind"), "{}", at(-3_600).1);
    }
}
