//! The addresses.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Path, Query, Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq as _;

use crate::orders::{Book, Order};

/// How the service behaves.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Mood {
    /// It answers, after this long.
    Working { after: Duration },
    /// It answers with 503, after this long.
    Broken { after: Duration },
}

/// The API's description.
const OPENAPI: &str = include_str!("../openapi.json");

#[derive(Clone)]
struct Desk {
    book: Arc<Book>,
    token: Option<Arc<str>>,
    mood: Mood,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
enum Refusal {
    #[error("this service asks for its bearer token")]
    NoToken,
    #[error("there is no such order")]
    NoOrder,
    #[error("say whose orders: ?phone=%2B6281234567890")]
    NoPhone,
    #[error("this service was started with --fail")]
    Broken,
}

#[derive(Serialize)]
struct Problem {
    error: String,
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status = match self {
            Self::NoToken => StatusCode::UNAUTHORIZED,
            Self::NoOrder => StatusCode::NOT_FOUND,
            Self::NoPhone => StatusCode::BAD_REQUEST,
            Self::Broken => StatusCode::SERVICE_UNAVAILABLE,
        };
        (status, Json(Problem { error: self.to_string() })).into_response()
    }
}

/// The whole service.
pub(crate) fn router(book: Book, token: Option<String>, mood: Mood) -> Router {
    let desk = Desk { book: Arc::new(book), token: token.map(Arc::from), mood };
    Router::new()
        .route("/orders", get(by_phone))
        .route("/orders/{number}", get(by_number))
        .route("/waybills/{number}", get(by_waybill))
        .layer(from_fn_with_state(desk.clone(), guard))
        .route("/openapi.json", get(|| async { ([(header::CONTENT_TYPE, "application/json")], OPENAPI) }))
        .route("/healthz", get(|| async { "ok" }))
        .with_state(desk)
}

/// The token first, then the mood.
async fn guard(State(desk): State<Desk>, request: Request, next: Next) -> Result<Response, Refusal> {
    if let Some(token) = &desk.token {
        let shown = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let shown = shown.and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default();
        if !bool::from(shown.as_bytes().ct_eq(token.as_bytes())) {
            return Err(Refusal::NoToken);
        }
    }
    match desk.mood {
        Mood::Working { after } => {
            tokio::time::sleep(after).await;
            Ok(next.run(request).await)
        }
        Mood::Broken { after } => {
            tokio::time::sleep(after).await;
            Err(Refusal::Broken)
        }
    }
}

async fn by_number(State(desk): State<Desk>, Path(number): Path<String>) -> Result<Json<Order>, Refusal> {
    desk.book.by_number(&number).cloned().map(Json).ok_or(Refusal::NoOrder)
}

async fn by_waybill(State(desk): State<Desk>, Path(number): Path<String>) -> Result<Json<Order>, Refusal> {
    desk.book.by_waybill(&number).cloned().map(Json).ok_or(Refusal::NoOrder)
}

#[derive(Deserialize)]
struct Whose {
    phone: Option<String>,
}

async fn by_phone(State(desk): State<Desk>, Query(whose): Query<Whose>) -> Result<Json<Vec<Order>>, Refusal> {
    let phone = whose.phone.filter(|phone| phone.chars().any(|c| c.is_ascii_digit())).ok_or(Refusal::NoPhone)?;
    Ok(Json(desk.book.by_phone(&phone).into_iter().cloned().collect()))
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use http_body_util::BodyExt as _;
    use serde_json::Value;
    use tower::ServiceExt as _;

    use super::*;

    const AT_ONCE: Mood = Mood::Working { after: Duration::ZERO };

    async fn ask(token: Option<&str>, mood: Mood, path: &str, shown: Option<&str>) -> (StatusCode, Value) {
        let book = Book::example("2026-11-22".parse().unwrap());
        let mut request = Request::builder().uri(path);
        if let Some(shown) = shown {
            request = request.header(header::AUTHORIZATION, format!("Bearer {shown}"));
        }
        let request = request.body(Body::empty()).unwrap();
        let response = router(book, token.map(str::to_owned), mood).oneshot(request).await.unwrap();
        let status = response.status();
        let body = response.into_body().collect().await.unwrap().to_bytes();
        (status, serde_json::from_slice(&body).unwrap_or(Value::Null))
    }

    #[tokio::test]
    async fn an_order_is_found_by_number_waybill_and_phone() {
        let (status, order) = ask(None, AT_ONCE, "/orders/tc10234", None).await;
        assert_eq!(
            (status, &order["number"], &order["promised"]),
            (StatusCode::OK, &"TC-10234".into(), &"2026-11-20".into())
        );
        let (_, order) = ask(None, AT_ONCE, "/waybills/JP1234567890", None).await;
        assert_eq!(order["number"], "TC-10238");
        let (_, orders) = ask(None, AT_ONCE, "/orders?phone=%2B6285711112222", None).await;
        assert_eq!(orders.as_array().unwrap().len(), 2);
        let (status, orders) = ask(None, AT_ONCE, "/orders?phone=%2B1", None).await;
        assert_eq!((status, orders), (StatusCode::OK, Value::Array(Vec::new())));
    }

    #[tokio::test]
    async fn what_is_missing_is_said() {
        let (status, problem) = ask(None, AT_ONCE, "/orders/TC-99999", None).await;
        assert_eq!((status, &problem["error"]), (StatusCode::NOT_FOUND, &"there is no such order".into()));
        assert_eq!(ask(None, AT_ONCE, "/orders", None).await.0, StatusCode::BAD_REQUEST);
    }

    #[tokio::test]
    async fn a_token_is_asked_for_if_one_is_set() {
        let path = "/orders/TC-10234";
        assert_eq!(ask(Some("rahasia"), AT_ONCE, path, None).await.0, StatusCode::UNAUTHORIZED);
        assert_eq!(ask(Some("rahasia"), AT_ONCE, path, Some("salah")).await.0, StatusCode::UNAUTHORIZED);
        assert_eq!(ask(Some("rahasia"), AT_ONCE, path, Some("rahasia")).await.0, StatusCode::OK);
        assert_eq!(ask(Some("rahasia"), AT_ONCE, "/openapi.json", None).await.0, StatusCode::OK);
    }

    #[tokio::test]
    async fn a_broken_service_says_503_about_orders_only() {
        let broken = Mood::Broken { after: Duration::ZERO };
        assert_eq!(ask(None, broken, "/orders/TC-10234", None).await.0, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(ask(None, broken, "/healthz", None).await.0, StatusCode::OK);
    }

    #[tokio::test]
    async fn every_route_is_described_and_every_field_of_an_order() {
        let (_, document) = ask(None, AT_ONCE, "/openapi.json", None).await;
        for path in ["/orders", "/orders/{number}", "/waybills/{number}", "/openapi.json", "/healthz"] {
            assert!(document["paths"][path]["get"].is_object(), "{path}");
        }
        let (_, order) = ask(None, AT_ONCE, "/orders/TC-10234", None).await;
        let fields = &document["components"]["schemas"]["Order"]["properties"];
        assert!(order.as_object().unwrap().keys().all(|field| fields[field].is_object()));
    }
}
