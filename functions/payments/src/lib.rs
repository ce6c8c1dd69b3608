//! Payments: the way from a held checkout to the provider's intent, and from what the provider tells to an order.
//!
//! Contract:
//! - A payment is written down and counted before a provider is asked, under the frozen quote's amount; nobody
//!   sends an amount. What the provider tells must agree with it in payment, quote, amount, currency, account and
//!   mode, or the money goes back (abuse cases C3, C6).
//! - Webhooks are verified over their raw bytes before anything reads them, and fail closed. Every route under
//!   `/v1/webhooks/` does so.
//! - Webhooks, [`ask_payments`] and repeats of both run one command of the store; only progress counts.
//! - A refund is written down before it is sent, and sent under its own id until the provider says what became of
//!   it: [`send_refunds`].
//! - Whoever runs these functions calls [`run`] once, and hands a [`CheckoutChanged`] that hears of each effect.
//!
//! It never sees card numbers, keeps no client secret of an intent, and knows no database. Mails and refunds that
//! merchants ask for are in `showfloor-functions-orders`.
//!
//! ```
//! let document = showfloor_functions_payments::openapi();
//! assert!(document.paths.paths.contains_key("/v1/checkouts/{checkout}/payments"));
//! ```

mod deps;
mod observe;
mod provider;
mod reconcile;
mod sandbox;
mod start;
mod webhooks;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::post;
use showfloor_http::cors;
use utoipa::OpenApi;

pub use deps::{CheckoutChanged, Deps, Store};
pub use provider::{
    CreatedIntent, FixedAccounts, IntentReport, LiveProvider, PaymentProvider, ProviderAccounts,
    ProviderError, RefundProgress, TestProvider, WebhookEvent, WebhookNews, WebhookRejected,
};
pub use reconcile::{
    QUIET_MS, REFUND_RETRY_MS, TURN_EVERY_MAX_MS, TURN_EVERY_MS, TURN_MAX, Turn, ask_payments, run,
    send_refunds,
};
pub use sandbox::{
    ANSWER_BYTES_MAX, ANSWER_TIMEOUT_MS, CONNECT_TIMEOUT_MS, SIGNATURE_HEADER, SIGNATURE_WINDOW_S,
    SandboxAccount, SandboxProvider,
};
pub use webhooks::WEBHOOK_BYTES_MAX;

/// All routes of payments. Put [`showfloor_http::api`] around what the root merges.
pub fn router(deps: Deps) -> Router {
    let buying = Router::new()
        .route("/v1/checkouts/{checkout}/payments", post(start::create))
        .layer(from_fn_with_state(deps.http.clone(), cors::listed_origins));
    Router::new().merge(buying).route("/v1/webhooks/sandbox/{shop}", post(webhooks::sandbox)).with_state(deps)
}

/// What these routes are, for the merged document.
#[must_use]
pub fn openapi() -> utoipa::openapi::OpenApi {
    Document::openapi()
}

#[derive(OpenApi)]
#[openapi(paths(start::create, webhooks::sandbox))]
struct Document;
