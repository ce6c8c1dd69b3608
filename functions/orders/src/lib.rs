//! Orders after they are paid: the buyer's view, the merchant's list, refunds, parcels, mails; and discount codes.
//!
//! Contract:
//! - An id is no credential: a buyer shows the order's secret, and every miss is the same 404 (abuse case C10).
//! - A refund takes its amount from the order by one conditional write, once per `Idempotency-Key`, and needs a
//!   password typed within ten minutes. `showfloor-functions-payments` sends it to the provider.
//! - [`mails::handle`] hears `order.paid` and `order.refunded` at least once and writes each mail once; the root
//!   subscribes it.
//!
//! It makes no orders (a payment that succeeded does, in the store), and talks to no provider.
//!
//! ```
//! let document = showfloor_functions_orders::openapi();
//! assert!(document.paths.paths.contains_key("/v1/admin/orders/{order}/refunds"));
//! ```

mod admin;
mod buyer;
mod deps;
mod discounts;
pub mod mails;
mod refunds;
mod view;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use showfloor_http::{Operation as O, cors, operation};
use utoipa::OpenApi;

pub use admin::{SEARCH_CHARS_MAX, TRACKING_CHARS_MAX};
pub use buyer::ORDER_HEADER;
pub use deps::{Deps, Store};
pub use refunds::{REASON_CHARS_MAX, REFUND_LINES_MAX};

/// All routes of orders and discount codes. Put [`showfloor_http::api`] around what the root merges.
pub fn router(deps: Deps) -> Router {
    let buying = Router::new()
        .route("/v1/orders/{order}", get(buyer::get))
        .layer(from_fn_with_state(deps.http.clone(), cors::listed_origins));
    Router::new()
        .merge(buying)
        .route("/v1/admin/orders", operation(O::ReadOrders, get(admin::list)))
        .route("/v1/admin/orders/{order}", operation(O::ReadOrders, get(admin::get)))
        .route("/v1/admin/orders/{order}/refunds", operation(O::RefundOrders, post(refunds::create)))
        .route("/v1/admin/orders/{order}/fulfilment", operation(O::FulfilOrders, post(admin::fulfil)))
        .route("/v1/admin/mails/{mail}", operation(O::ReadOrders, get(admin::mail)))
        .route("/v1/admin/discounts", operation(O::EditProducts, post(discounts::create)))
        .route("/v1/admin/discounts/{code}", operation(O::ReadProducts, get(discounts::get)))
        .with_state(deps)
}

/// What these routes are, for the merged document.
#[must_use]
pub fn openapi() -> utoipa::openapi::OpenApi {
    Document::openapi()
}

#[derive(OpenApi)]
#[openapi(paths(
    buyer::get,
    admin::list,
    admin::get,
    refunds::create,
    admin::fulfil,
    admin::mail,
    discounts::create,
    discounts::get,
))]
struct Document;
