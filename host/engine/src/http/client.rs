//! One buffered request, one buffered answer.

use std::error::Error as StdError;
use std::fmt;
use std::sync::OnceLock;
use std::time::Duration;

use http::header::{self, HeaderName, HeaderValue};
use http::{HeaderMap, Method, StatusCode};
use reqwest::Url;

use super::addresses::{AddressRefused, LookUp, PublicOnly};
use super::origin::{Access, Origin};

/// Redirects that are followed, each checked like a request of its own.
const REDIRECTS: usize = 3;
/// Bytes of an address.
const URL: usize = 8 << 10;
/// Header fields of a request.
const FIELDS: usize = 64;
/// Header fields that are the host's: framing, connection, and what the host itself adds.
const OURS: &[HeaderName] = &[
    header::HOST,
    header::CONTENT_LENGTH,
    header::CONNECTION,
    header::TRANSFER_ENCODING,
    header::TE,
    header::TRAILER,
    header::UPGRADE,
    header::EXPECT,
    header::PROXY_AUTHORIZATION,
    header::FORWARDED,
];
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// What a plugin asks for.
pub(crate) struct Ask {
    pub(crate) method: String,
    pub(crate) url: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Option<Vec<u8>>,
    pub(crate) timeout: Duration,
    /// KiB that the answer may have.
    pub(crate) response_kb: u32,
    /// Sent with any method but GET and HEAD.
    pub(crate) idempotency_key: String,
}

/// What came back.
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

/// Why there is no answer, in the contract's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) code: &'static str,
    pub(crate) message: String,
}

fn refuse(code: &'static str, message: impl Into<String>) -> Refusal {
    Refusal { code, message: message.into() }
}

/// The one client of the process. It is built at the first request: a host whose plugins send none
/// needs no certificates.
pub(crate) struct Client {
    inner: OnceLock<Result<reqwest::Client, String>>,
    resolver: PublicOnly,
}

impl Default for Client {
    fn default() -> Self {
        Self::resolving_by(PublicOnly::of_the_system())
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").finish_non_exhaustive()
    }
}

impl Client {
    pub(crate) fn looking_up_by(look_up: LookUp) -> Self {
        Self::resolving_by(PublicOnly::by(look_up))
    }

    fn resolving_by(resolver: PublicOnly) -> Self {
        Self { inner: OnceLock::new(), resolver }
    }

    /// Sends a request as far as `access` allows; also names the origin that was asked last.
    pub(crate) async fn send(&self, access: &Access, ask: Ask) -> (String, Result<Reply, Refusal>) {
        let mut asked = String::new();
        let timeout = ask.timeout;
        let result = match tokio::time::timeout(timeout, self.follow(access, ask, &mut asked)).await {
            Ok(result) => result,
            Err(_) => Err(refuse("timeout", format!("no whole answer came within {} ms", timeout.as_millis()))),
        };
        (asked, result)
    }

    async fn follow(&self, access: &Access, ask: Ask, asked: &mut String) -> Result<Reply, Refusal> {
        let mut method = method(&ask.method)?;
        let mut headers = headers(&ask.headers)?;
        if ask.url.len() > URL {
            return Err(refuse("invalid-request", format!("the address is longer than {URL} bytes")));
        }
        let mut url =
            Url::parse(&ask.url).map_err(|error| refuse("invalid-request", format!("the address: {error}")))?;
        let mut body = ask.body;
        if method != Method::GET && method != Method::HEAD {
            let key = HeaderValue::try_from(&ask.idempotency_key).map_err(|_| refuse("invalid-request", "no key"))?;
            headers.insert(IDEMPOTENCY_KEY, key);
        }
        let client = self.inner()?;
        for _ in 0..=REDIRECTS {
            let Some(origin) = access.grant(&url) else {
                let origin = Origin::of(&url);
                return Err(refuse(
                    "not-granted",
                    format!("{origin} is not granted; the operator adds it to grants.http"),
                ));
            };
            *asked = origin.to_string();
            let mut fields = headers.clone();
            access.secrets(origin).for_each(|(name, value)| drop(fields.insert(name, value.clone())));
            let mut request = client.request(method.clone(), url.clone()).headers(fields);
            if let Some(body) = &body {
                request = request.body(body.clone());
            }
            let response = request.send().await.map_err(|error| unreachable(&error))?;
            let Some(target) = redirect(&response, &url) else { return buffered(response, ask.response_kb).await };
            if Origin::of(&target) != *origin {
                // What was meant for one origin is not shown to another.
                headers.remove(header::AUTHORIZATION);
                headers.remove(header::COOKIE);
            }
            let keeps_method = matches!(response.status().as_u16(), 307 | 308);
            if !keeps_method && method != Method::HEAD {
                method = Method::GET;
                body = None;
                headers.remove(header::CONTENT_TYPE);
            }
            url = target;
        }
        Err(refuse("unreachable", format!("it redirects more than {REDIRECTS} times")))
    }

    fn inner(&self) -> Result<&reqwest::Client, Refusal> {
        let built = self.inner.get_or_init(|| {
            // Whoever is first installs it; that it is there already is as good.
            let _ = rustls::crypto::ring::default_provider().install_default();
            reqwest::Client::builder()
                .user_agent(concat!("santun/", env!("CARGO_PKG_VERSION")))
                .redirect(reqwest::redirect::Policy::none())
                .no_proxy()
                .dns_resolver(self.resolver.clone())
                .connect_timeout(Duration::from_secs(5))
                .build()
                .map_err(|error| error.to_string())
        });
        built.as_ref().map_err(|error| refuse("unreachable", format!("the host's HTTP client: {error}")))
    }
}

fn method(name: &str) -> Result<Method, Refusal> {
    match name {
        "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD" => {
            Method::from_bytes(name.as_bytes()).map_err(|_| refuse("invalid-request", "the method"))
        }
        _ => Err(refuse("invalid-request", "the method is not one of GET, POST, PUT, PATCH, DELETE, HEAD")),
    }
}

fn headers(fields: &[(String, String)]) -> Result<HeaderMap, Refusal> {
    if fields.len() > FIELDS {
        return Err(refuse("invalid-request", format!("it has more than {FIELDS} header fields")));
    }
    let mut headers = HeaderMap::with_capacity(fields.len() + 2);
    for (name, value) in fields {
        let invalid = || refuse("invalid-request", format!("the header field `{}`", name.escape_debug()));
        let name = HeaderName::try_from(name.as_str()).map_err(|_| invalid())?;
        if OURS.contains(&name) || name == IDEMPOTENCY_KEY || name.as_str().starts_with("proxy-") {
            return Err(refuse("invalid-request", format!("the header field `{name}` is the host's to set")));
        }
        headers.append(name, HeaderValue::try_from(value.as_str()).map_err(|_| invalid())?);
    }
    Ok(headers)
}

fn redirect(response: &reqwest::Response, from: &Url) -> Option<Url> {
    if !matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
        return None;
    }
    let location = response.headers().get(header::LOCATION)?.to_str().ok()?;
    from.join(location).ok()
}

async fn buffered(mut response: reqwest::Response, limit_kb: u32) -> Result<Reply, Refusal> {
    let limit = (limit_kb as usize) << 10;
    let too_large = || {
        let raise = "limits.http_response_kb of the plugin in bot.toml";
        refuse("too-large", format!("the answer has more than {limit_kb} KiB; to raise it, set {raise}"))
    };
    if response.content_length().is_some_and(|length| length > limit as u64) {
        return Err(too_large());
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| unreachable(&error))? {
        if body.len() + chunk.len() > limit {
            return Err(too_large());
        }
        body.extend_from_slice(&chunk);
    }
    let status = response.status();
    Ok(Reply { status, headers: std::mem::take(response.headers_mut()), body })
}

/// What went wrong, without the address that was asked: its query may say something of a customer.
fn unreachable(error: &reqwest::Error) -> Refusal {
    let mut cause: Option<&(dyn StdError + 'static)> = Some(error);
    let mut deepest = String::new();
    while let Some(error) = cause {
        if error.is::<AddressRefused>() {
            return refuse("address-refused", error.to_string());
        }
        deepest = error.to_string();
        cause = error.source();
    }
    refuse("unreachable", deepest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hosts_own_header_fields_are_refused() {
        for name in ["Host", "content-length", "Connection", "Proxy-Authorization", "Idempotency-Key", "a b"] {
            assert_eq!(headers(&[(name.into(), "x".into())]).unwrap_err().code, "invalid-request", "{name}");
        }
        assert_eq!(headers(&[("Accept".into(), "x\r\ny".into())]).unwrap_err().code, "invalid-request");
        assert!(headers(&[("Accept".into(), "text/plain".into())]).is_ok());
    }

    fn get(url: &str) -> Ask {
        Ask {
            method: "GET".into(),
            url: url.into(),
            headers: Vec::new(),
            body: None,
            timeout: Duration::from_secs(10),
            response_kb: 1,
            idempotency_key: "k".into(),
        }
    }

    #[tokio::test]
    async fn what_is_not_granted_is_not_asked() {
        let ask = get("http://169.254.169.254/latest");
        let (asked, result) = Client::default().send(&Access::default(), ask).await;
        assert_eq!((asked.as_str(), result.err().unwrap().code), ("", "not-granted"));
    }
}
