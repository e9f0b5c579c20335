//! WhatsApp's table of errors: code, usual HTTP status, title, and what a business should take from it.
//!
//! Source: Meta, "Cloud API error codes". Throttling comes as 400 too: decide on the code, not on the status.

use serde::Serialize;

/// What an error means for the sender.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Family {
    /// Too fast for the number or the app: back off.
    Throughput,
    /// Too fast for one customer.
    Pair,
    /// Trouble on Meta's side: the message may have been sent all the same.
    Unsure,
    /// Too many complaints.
    Spam,
    /// The customer gets too much marketing today, or wants none.
    Marketing,
    /// 24 hours have passed.
    Window,
    /// This message cannot be delivered.
    Undeliverable,
    /// The type or the file is wrong.
    Media,
    /// The token or a permission.
    Access,
    /// The account is restricted, locked or unpaid.
    Restricted,
    /// The template.
    Template,
    /// The request is wrong.
    Request,
}

/// A row of the table.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Known {
    pub(crate) code: u32,
    /// The HTTP status that it usually comes with.
    pub(crate) http_status: u16,
    pub(crate) title: &'static str,
    pub(crate) family: Family,
}

const fn row(family: Family, code: u32, http_status: u16, title: &'static str) -> Known {
    Known { code, http_status, title, family }
}

use Family::{
    Access, Marketing, Media, Pair, Request, Restricted, Spam, Template, Throughput, Undeliverable, Unsure, Window,
};

/// Every error that the emulator can answer by itself or by a fault.
pub(crate) const TABLE: &[Known] = &[
    row(Throughput, 4, 400, "API Too Many Calls"),
    row(Throughput, 80_007, 400, "Rate limit issues"),
    row(Throughput, 130_429, 400, "Rate limit hit"),
    row(Pair, 131_056, 400, "(Business Account, Consumer Account) pair rate limit hit"),
    row(Unsure, 1, 400, "API Unknown"),
    row(Unsure, 2, 503, "API Service"),
    row(Unsure, 131_000, 500, "Something went wrong"),
    row(Unsure, 131_016, 503, "Service unavailable"),
    row(Unsure, 131_057, 500, "Account in maintenance mode"),
    row(Unsure, 133_004, 503, "Server temporarily unavailable"),
    row(Spam, 131_048, 400, "Spam rate limit hit"),
    row(Marketing, 131_049, 400, "This message was not delivered to maintain healthy ecosystem engagement."),
    row(Marketing, 131_050, 400, "User has stopped marketing messages from you."),
    row(Window, 131_047, 400, "Re-engagement message"),
    row(Undeliverable, 131_026, 400, "Message undeliverable"),
    row(Undeliverable, 130_472, 400, "User's number is part of an experiment"),
    row(Undeliverable, 131_062, 400, "Business-scoped user ids are not supported for this message"),
    row(Undeliverable, 130_403, 403, "Message blocked by integrity"),
    row(Undeliverable, 130_497, 403, "Business account is restricted from messaging users in this country."),
    row(Media, 131_051, 400, "Unsupported message type"),
    row(Media, 131_052, 400, "Media download error"),
    row(Media, 131_053, 400, "Media upload error"),
    row(Access, 0, 401, "AuthException"),
    row(Access, 3, 500, "API Method"),
    row(Access, 10, 403, "Permission Denied"),
    row(Access, 190, 401, "Invalid OAuth access token - Cannot parse access token"),
    row(Access, 200, 403, "API Permission"),
    row(Access, 299, 403, "API Permission"),
    row(Access, 131_005, 403, "Access denied"),
    row(Access, 131_045, 500, "Message failed to send due to a phone number registration error."),
    row(Access, 133_010, 400, "Phone number not registered"),
    row(Restricted, 368, 403, "Temporarily blocked for policies violations"),
    row(Restricted, 131_031, 403, "Business Account locked"),
    row(Restricted, 131_042, 400, "Business eligibility payment issue"),
    row(Restricted, 131_064, 403, "Business account is restricted"),
    row(Template, 132_000, 400, "Number of parameters does not match the expected number of params"),
    row(Template, 132_001, 404, "Template name does not exist in the translation"),
    row(Template, 132_005, 400, "Template hydrated text too long"),
    row(Template, 132_007, 400, "Template format character policy violated"),
    row(Template, 132_012, 400, "Parameter format does not match format in the created template"),
    row(Template, 132_015, 400, "Template is paused"),
    row(Template, 132_016, 400, "Template is disabled"),
    row(Template, 132_068, 400, "Flow is blocked"),
    row(Template, 132_069, 400, "Flow is throttled"),
    row(Request, 33, 400, "Parameter value is not valid"),
    row(Request, 100, 400, "Invalid parameter"),
    row(Request, 131_008, 400, "Required parameter is missing"),
    row(Request, 131_009, 400, "Parameter value is not valid"),
    row(Request, 131_021, 400, "Recipient cannot be sender"),
    row(Request, 2500, 400, "Unknown path components"),
];

/// HTTP status and title of a code; those of the range 200 to 299 share theirs.
pub(crate) fn known(code: u32) -> (u16, &'static str) {
    match TABLE.iter().find(|row| row.code == code) {
        Some(row) => (row.http_status, row.title),
        None if (200..=299).contains(&code) => (403, "API Permission"),
        None => (400, "An error"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_code_stands_in_the_table_twice() {
        for (at, row) in TABLE.iter().enumerate() {
            assert!(TABLE[..at].iter().all(|other| other.code != row.code), "{}", row.code);
        }
    }
}
