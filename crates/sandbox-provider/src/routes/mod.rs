//! The HTTP API.

mod body;
mod browser;
mod challenge_page;
mod merchant;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};

use crate::problem::Problem;
use crate::provider::SandboxProvider;

pub use body::BODY_BYTES_MAX;

pub(crate) fn router(provider: SandboxProvider) -> Router {
    let browser = Router::new()
        .route("/v1/payment_intents/{id}", get(browser::read))
        .route("/v1/payment_intents/{id}/confirm", post(browser::confirm))
        .route("/v1/payment_intents/{id}/challenge", post(browser::answer))
        .method_not_allowed_fallback(other_method)
        .layer(middleware::from_fn(any_origin));
    Router::new()
        .merge(browser)
        .route("/v1/payment_intents", post(merchant::create))
        .route("/v1/payment_intents/{id}/cancel", post(merchant::cancel))
        .route("/v1/refunds", post(merchant::refund))
        .route("/v1/refunds/{id}", get(merchant::read_refund))
        .route("/challenge/{id}", get(challenge_page::show).post(challenge_page::answer))
        .route("/challenge.css", get(challenge_page::style))
        .fallback(|| async { Problem::not_found() })
        .method_not_allowed_fallback(other_method)
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .layer(middleware::from_fn(safe_headers))
        .with_state(provider)
}

async fn other_method() -> Problem {
    Problem::method_not_allowed()
}

/// Lets any page's script ask and read, without cookies: the client secret in the body is what counts.
async fn any_origin(request: Request, next: Next) -> Response {
    let preflight = request.method() == Method::OPTIONS;
    let mut response =
        if preflight { StatusCode::NO_CONTENT.into_response() } else { next.run(request).await };
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    if preflight {
        headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, POST"));
        headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("content-type"));
        headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
    }
    response
}

/// Nothing is cached, sniffed or told to other sites; what has no policy of its own gets the strictest.
async fn safe_headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"));
    response
}

/// The bearer token of a request.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")
}

/// Refuses whoever has not the API key.
fn merchant_only(provider: &SandboxProvider, headers: &HeaderMap) -> Result<(), Problem> {
    match bearer(headers) {
        Some(key) if provider.keys().is_api_key(key) => Ok(()),
        _ => Err(Problem::unauthorized()),
    }
}
