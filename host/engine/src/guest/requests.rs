//! `http`: requests to granted origins.

use std::sync::Arc;
use std::time::{Duration, Instant};

use sha2::{Digest, Sha256};

use super::{Guest, Network, Surroundings};
use crate::call::HttpRecord;
use crate::contract::santun::plugin::http;
use crate::http::{Ask, Refusal};
use crate::limits::{Exceeded, Limit};

impl http::Host for Guest {
    async fn send(&mut self, request: http::Request) -> wasmtime::Result<Result<http::Response, http::Failure>> {
        let ordinal = self.call.http.len();
        let limit = self.surroundings.limits.http_requests;
        if ordinal > limit as usize {
            // Told once that it was too many, it went on.
            return Err(Exceeded::new(Limit::HttpRequests, limit).into());
        }
        let begun = Instant::now();
        let method = if request.method.len() <= 8 { request.method.clone() } else { "invalid".to_owned() };
        let (origin, result) = match self.may_ask(ordinal) {
            Ok(()) => {
                let key = self.idempotency_key(ordinal);
                ask(self.surroundings.clone(), request, key).await
            }
            Err(refusal) => (String::new(), Err(refusal)),
        };
        let micros = u64::try_from(begun.elapsed().as_micros()).unwrap_or(u64::MAX);
        self.shared.clock.advance(micros);
        let outcome = match &result {
            Ok(response) => Ok(response.status),
            Err(refusal) => Err(refusal.code),
        };
        self.call.http.push(HttpRecord { method, origin, outcome, micros });
        Ok(result.map_err(|Refusal { code, message }| http::Failure { code: code.to_owned(), message }))
    }
}

impl Guest {
    fn may_ask(&self, ordinal: usize) -> Result<(), Refusal> {
        let limit = self.surroundings.limits.http_requests;
        if ordinal >= limit as usize {
            return Err(Refusal { code: "too-many", message: Exceeded::new(Limit::HttpRequests, limit).to_string() });
        }
        if self.call.network == Network::Closed {
            let message = "requests are not sent while a plugin is prepared or checked".to_owned();
            return Err(Refusal { code: "unreachable", message });
        }
        Ok(())
    }

    /// The same for the same request of the same step, however often that runs.
    fn idempotency_key(&self, ordinal: usize) -> String {
        let digest = Sha256::new()
            .chain_update(b"santun:http\0")
            .chain_update(self.call.step.as_uuid().as_bytes())
            .chain_update((ordinal as u64).to_le_bytes())
            .chain_update(self.surroundings.plugin.as_str())
            .finalize();
        hex::encode(&digest[..16])
    }
}

/// Sends it and puts the answer into the contract's words. The guest itself is not held meanwhile.
async fn ask(
    surroundings: Arc<Surroundings>,
    request: http::Request,
    idempotency_key: String,
) -> (String, Result<http::Response, Refusal>) {
    let (limits, bounds) = (&surroundings.limits, &surroundings.bounds);
    let wanted = request.timeout_ms.unwrap_or(u32::MAX).min(bounds.http_ms);
    let ask = Ask {
        method: request.method,
        url: request.url,
        headers: request.headers.into_iter().map(|field| (field.name, field.value)).collect(),
        body: request.body,
        timeout: Duration::from_millis(wanted.into()),
        response_kb: limits.http_response_kb,
        idempotency_key,
    };
    let (origin, result) = surroundings.client.send(&surroundings.access, ask).await;
    let response = result.map(|reply| http::Response {
        status: reply.status.as_u16(),
        headers: reply
            .headers
            .iter()
            .map(|(name, value)| http::Header {
                name: name.as_str().to_owned(),
                value: String::from_utf8_lossy(value.as_bytes()).into_owned(),
            })
            .collect(),
        body: reply.body,
    });
    (origin, response)
}
