//! Which message templates an account has.

use serde::Deserialize;

use super::call::{self, CallError};
use super::{AccessToken, Graph};
use crate::templates::MessageTemplate;

/// What is asked of each.
const FIELDS: &str = "name,language,status,rejected_reason,category,components";

/// Templates of one answer. A few kilobytes each, and some with a dozen cards.
const PAGE: &str = "100";

/// The longest answer of a page.
const PAGE_BYTES: usize = 8 * 1024 * 1024;

/// Pages that are read: an account has 6,000 templates at most.
const PAGES: usize = 100;

#[derive(Deserialize)]
struct Page {
    data: Vec<MessageTemplate>,
    #[serde(default)]
    paging: Paging,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Paging {
    cursors: Cursors,
    /// The address of the next page. It is not called: it could lead the token elsewhere.
    next: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Cursors {
    after: Option<String>,
}

impl Graph {
    /// The message templates of an account, whatever their status.
    ///
    /// # Errors
    /// [`CallError`] if it cannot be reached, or refuses.
    pub async fn templates(&self, token: &AccessToken, account: &str) -> Result<Vec<MessageTemplate>, CallError> {
        let mut all = Vec::new();
        let mut after: Option<String> = None;
        for _ in 0..PAGES {
            let mut url = self.address(&[account, "message_templates"]);
            url.query_pairs_mut().append_pair("fields", FIELDS).append_pair("limit", PAGE);
            if let Some(after) = &after {
                url.query_pairs_mut().append_pair("after", after);
            }
            let answer = call::answer_within(self.get(token, url), PAGE_BYTES).await?;
            let page: Page = call::read(answer)?;
            all.extend(page.data);
            after = page.paging.next.and(page.paging.cursors.after);
            if after.is_none() {
                break;
            }
        }
        Ok(all)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use bytes::Bytes;
    use serde_json::json;

    use super::*;
    use crate::graph::{Carried, Carrier, GraphSettings};

    /// A Graph with three templates, two on a page.
    struct Pages;

    impl Carrier for Pages {
        fn carry(&self, request: http::Request<Bytes>) -> Carried {
            let uri = request.uri().to_string();
            assert!(uri.contains("/v26.0/555/message_templates?fields=name%2Clanguage"), "{uri}");
            let one = |name: &str| json!({"id": "1", "name": name, "language": "id", "status": "APPROVED"});
            let page = if uri.contains("after=two") {
                json!({"data": [one("c")], "paging": {"cursors": {"before": "two", "after": "three"}}})
            } else {
                let next = "http://elsewhere.invalid/next";
                json!({"data": [one("a"), one("b")], "paging": {"cursors": {"after": "two"}, "next": next}})
            };
            Box::pin(async move { Ok(http::Response::new(Bytes::from(page.to_string()))) })
        }
    }

    #[tokio::test]
    async fn every_page_is_read_at_the_graphs_own_address() {
        let graph = Graph::new(&GraphSettings::new("http://nowhere.invalid", "v26.0")).unwrap();
        let graph = graph.carried_by(Arc::new(Pages));
        let found = graph.templates(&AccessToken::new("token").unwrap(), "555").await.unwrap();
        let names: Vec<&str> = found.iter().map(|template| template.name.as_str()).collect();
        assert_eq!(names, ["a", "b", "c"]);
        assert!(found[0].is_approved() && found[0].components.is_empty());
    }
}
