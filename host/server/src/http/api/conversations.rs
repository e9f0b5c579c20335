//! `/api/v1/conversations`

mod act;
mod acting;
mod list;
mod show;
mod template;

pub use act::{Done, HandBack, Transfer, Words};
pub use show::whole;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::App;

pub(super) fn endpoints() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list::list))
        .routes(routes!(show::show))
        .routes(routes!(act::take))
        .routes(routes!(act::reply))
        .routes(routes!(act::send))
        .routes(routes!(act::note))
        .routes(routes!(act::transfer))
        .routes(routes!(act::hand_back))
        .routes(routes!(act::resolve))
}
