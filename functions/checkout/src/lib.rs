//! Carts and checkouts: from a wish to pieces that are held at a frozen price.
//!
//! Contract:
//! - Requests have no price. Whoever asks is known by the viewer token, whatever they own by the cart's secret; every
//!   miss is the same 404 (abuse cases C10, C15).
//! - A cart holds nothing and is priced anew each time it is read. A checkout freezes a quote and holds its pieces in
//!   one command of the store; editing it never moves the end of the hold.
//! - What is charged is the quote: a payment names its hash.
//! - [`Watchers`] wakes those who wait for a checkout; whoever changes one elsewhere calls [`Watchers::changed`].
//!
//! It takes no money (`showfloor-functions-payments`) and knows no database.
//!
//! ```
//! let document = showfloor_functions_checkout::openapi();
//! assert!(document.paths.paths.contains_key("/v1/carts/{cart}/checkouts"));
//! ```

mod access;
mod carts;
mod checkouts;
mod deps;
mod pricing;
mod view;
mod watchers;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post, put};
use showfloor_http::cors;
use utoipa::OpenApi;

pub use access::CART_HEADER;
pub use checkouts::WAIT_MS_MAX;
pub use deps::{Deps, Store};
pub use watchers::{CHANGES_MAX, Watchers};

/// All routes of carts and checkouts. Put [`showfloor_http::api`] around what the root merges.
pub fn router(deps: Deps) -> Router {
    Router::new()
        .route("/v1/carts", post(carts::create))
        .route("/v1/carts/{cart}", get(carts::get))
        .route("/v1/carts/{cart}/lines/{variant}", put(carts::put_line).delete(carts::remove_line))
        .route("/v1/carts/{cart}/discount", put(carts::put_discount).delete(carts::remove_discount))
        .route("/v1/carts/{cart}/checkouts", post(checkouts::begin))
        .route("/v1/checkouts/{checkout}", get(checkouts::get).put(checkouts::edit).delete(checkouts::cancel))
        .layer(from_fn_with_state(deps.http.clone(), cors::listed_origins))
        .with_state(deps)
}

/// What these routes are, for the merged document.
#[must_use]
pub fn openapi() -> utoipa::openapi::OpenApi {
    Document::openapi()
}

#[derive(OpenApi)]
#[openapi(paths(
    carts::create,
    carts::get,
    carts::put_line,
    carts::remove_line,
    carts::put_discount,
    carts::remove_discount,
    checkouts::begin,
    checkouts::get,
    checkouts::edit,
    checkouts::cancel,
))]
struct Document;
