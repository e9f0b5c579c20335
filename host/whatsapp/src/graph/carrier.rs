//! How requests get to the Graph: over the network, unless somebody else carries them.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use reqwest::multipart::Form;
use reqwest::{RequestBuilder, Response};

use super::Graph;
use super::call::{CallError, broken};

/// An answer that is on its way.
pub type Carried = Pin<Box<dyn Future<Output = Result<http::Response<Bytes>, CallError>> + Send>>;

/// Carries requests in place of the network, such as to a Graph that is simulated. Everything above it (what
/// is asked, what an answer means, how fast, what is tried again) is the same.
pub trait Carrier: Send + Sync {
    /// Carries one request, and brings its answer: [`CallError::Unreachable`] if it certainly did not get
    /// there, [`CallError::Interrupted`] if nobody knows. It keeps to no time limit but its own. A body that is
    /// streamed, as that of a file, is left out.
    fn carry(&self, request: http::Request<Bytes>) -> Carried;
}

impl fmt::Debug for dyn Carrier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Carrier")
    }
}

impl Graph {
    /// The same Graph, reached through this carrier.
    #[must_use]
    pub fn carried_by(self, carrier: Arc<dyn Carrier>) -> Self {
        Self { carrier: Some(carrier), ..self }
    }

    /// A request that goes the way of this Graph.
    pub(super) fn request(&self, builder: RequestBuilder) -> Request {
        Request { builder, carrier: self.carrier.clone() }
    }
}

/// A request, and the way that it goes.
pub(super) struct Request {
    builder: RequestBuilder,
    carrier: Option<Arc<dyn Carrier>>,
}

impl Request {
    pub(super) fn timeout(self, timeout: Duration) -> Self {
        Self { builder: self.builder.timeout(timeout), ..self }
    }

    pub(super) fn multipart(self, form: Form) -> Self {
        Self { builder: self.builder.multipart(form), ..self }
    }

    /// Sends it; the head of the answer has come when this returns.
    pub(super) async fn send(self) -> Result<Response, CallError> {
        let Some(carrier) = self.carrier else { return self.builder.send().await.map_err(|error| broken(&error)) };
        let request = self.builder.build().map_err(|error| broken(&error))?;
        let body = request.body().and_then(|body| body.as_bytes()).map(Bytes::copy_from_slice).unwrap_or_default();
        let mut carried = http::Request::new(body);
        *carried.method_mut() = request.method().clone();
        *carried.uri_mut() = request.url().as_str().parse().map_err(|_| CallError::Request("no address".to_owned()))?;
        *carried.headers_mut() = request.headers().clone();
        carrier.carry(carried).await.map(Response::from)
    }
}

#[cfg(test)]
mod tests {
    use santun_core::ids::ChannelId;

    use super::*;
    use crate::graph::{AccessToken, GraphSettings};

    struct Echo;

    impl Carrier for Echo {
        fn carry(&self, request: http::Request<Bytes>) -> Carried {
            let (method, uri) = (request.method().clone(), request.uri().clone());
            let body = format!(r#"{{"verified_name":"{method} {}"}}"#, uri.path());
            Box::pin(async move { Ok(http::Response::new(Bytes::from(body))) })
        }
    }

    struct Gone;

    impl Carrier for Gone {
        fn carry(&self, _: http::Request<Bytes>) -> Carried {
            Box::pin(async { Err(CallError::Interrupted("the line broke".to_owned())) })
        }
    }

    async fn asked(carrier: impl Carrier + 'static) -> Result<crate::graph::PhoneNumber, CallError> {
        let graph = Graph::new(&GraphSettings::new("http://nowhere.invalid", "v26.0")).unwrap();
        let graph = graph.carried_by(Arc::new(carrier));
        graph.phone_number(&AccessToken::new("token").unwrap(), &ChannelId::from("106")).await
    }

    #[tokio::test]
    async fn a_carrier_brings_the_answer_in_place_of_the_network() {
        assert_eq!(asked(Echo).await.unwrap().verified_name.as_deref(), Some("GET /v26.0/106"));
        assert_eq!(asked(Gone).await, Err(CallError::Interrupted("the line broke".to_owned())));
    }
}
