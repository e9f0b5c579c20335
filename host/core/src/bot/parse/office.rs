//! `[office]`: when humans are there.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use toml::de::DeValue;

use crate::bot::reading::{Section, Value, did_you_mean};
use crate::bot::{Office, OfficeHours};

const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

pub(super) fn read(root: &Section<'_, '_>) -> Office {
    let Some(section) = root.section("office", "[office]") else {
        root.problem("`[office]` is missing: without opening hours the bot cannot truly say when a human is there");
        return Office { timezone: TimeZone::UTC, hours: OfficeHours::default(), holidays: Vec::new() };
    };
    let office = Office {
        timezone: timezone(&section),
        hours: match section.section("hours", "the hours of [office]") {
            Some(hours) => read_hours(&hours),
            None => {
                section.problem("[office] needs `hours`, such as { mon-fri = \"09:00-17:00\" }");
                OfficeHours::default()
            }
        },
        holidays: holidays(&section),
    };
    section.finish();
    office
}

fn timezone(section: &Section<'_, '_>) -> TimeZone {
    let Some(value) = section.value("timezone") else {
        section.problem("[office] needs `timezone`, such as `Asia/Jakarta`");
        return TimeZone::UTC;
    };
    let Some(name) = value.filled_text() else { return TimeZone::UTC };
    TimeZone::get(&name).unwrap_or_else(|_| {
        value.problem(format!("there is no time zone `{name}`; write one such as `Asia/Jakarta` or `Europe/Berlin`"));
        TimeZone::UTC
    })
}

fn read_hours(section: &Section<'_, '_>) -> OfficeHours {
    let mut hours: [Option<Option<(u16, u16)>>; 7] = [None; 7];
    for (key, value) in section.entries() {
        let days = match days(&key.text) {
            Ok(days) => days,
            Err(what) => {
                key.problem(what);
                continue;
            }
        };
        let opening = opening(&value);
        for day in days {
            if hours[day].replace(opening).is_some() {
                key.problem(format!("`{}` is given twice; each day has one opening", DAYS[day]));
            }
        }
    }
    if hours.iter().all(|day| day.flatten().is_none()) {
        section.problem("the office never opens: give at least one day its hours");
    }
    hours.map(Option::flatten)
}

/// The days that a key such as `mon-fri` or `sat` names. A range may run over Sunday.
fn days(key: &str) -> Result<Vec<usize>, String> {
    let day = |name: &str| {
        DAYS.iter()
            .position(|day| *day == name.trim())
            .ok_or_else(|| format!("`{}` is not a day; {}", name.trim(), did_you_mean(name.trim(), &DAYS)))
    };
    let Some((first, last)) = key.split_once('-') else { return Ok(vec![day(key)?]) };
    let (first, last) = (day(first)?, day(last)?);
    Ok((0..=(last + 7 - first) % 7).map(|step| (first + step) % 7).collect())
}

/// `09:00-17:00`, or `closed`.
fn opening(value: &Value<'_, '_>) -> Option<(u16, u16)> {
    let text = value.filled_text()?;
    if text == "closed" {
        return None;
    }
    let Some((from, to)) = time_range(&text) else {
        value.problem(format!("`{text}` is not a time such as `09:00-17:00`, or `closed`"));
        return None;
    };
    if from >= to {
        value.problem(format!("`{text}` must open before it closes; for hours past midnight end the day at 24:00 and open the next at 00:00"));
        return None;
    }
    Some((from, to))
}

/// From and to in minutes after midnight, of `09:00-17:00`; only `to` may be 24:00.
pub(super) fn time_range(text: &str) -> Option<(u16, u16)> {
    let (from, to) = text.split_once('-')?;
    let (from, to) = (minutes(from.trim())?, minutes(to.trim())?);
    (from < 24 * 60).then_some((from, to))
}

fn minutes(text: &str) -> Option<u16> {
    let (hour, minute) = text.split_once([':', '.'])?;
    let is_number = |text: &str| !text.is_empty() && text.len() <= 2 && text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(hour) || !is_number(minute) {
        return None;
    }
    let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
    let total = hour * 60 + minute;
    (minute < 60 && total <= 24 * 60).then_some(total)
}

fn holidays(section: &Section<'_, '_>) -> Vec<Date> {
    let mut holidays: Vec<Date> = section.list("holidays").iter().filter_map(holiday).collect();
    holidays.sort_unstable();
    holidays.dedup();
    holidays
}

fn holiday(value: &Value<'_, '_>) -> Option<Date> {
    let text = match value.raw() {
        DeValue::Datetime(date) => date.to_string(),
        _ => value.filled_text()?,
    };
    match text.parse() {
        Ok(date) if text.len() == "2026-12-25".len() => Some(date),
        _ => {
            value.problem(format!("`{text}` is not a date such as 2026-12-25"));
            None
        }
    }
}
