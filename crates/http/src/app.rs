//! What is around every function's routes, once: limits, panics, headers, caching, the log, the fallbacks.

use std::panic::AssertUnwindSafe;

use axum::Router;
use axum::extract::Request;
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;
use http::{StatusCode, header};

use crate::Context;
use crate::cache::no_store_unless_public;
use crate::headers::{self, Surface};
use crate::log;
use crate::problem::{METHOD_NOT_ALLOWED, Problem, ProblemSlug};

/// The most bytes of a request's headers together; the listener enforces it.
pub const HEADER_BYTES_MAX: usize = 16 * 1024;

/// Puts what every API route has around `routes`: problems for unknown paths, methods and panics, security
/// headers, `no-store`, and one log line per request.
pub fn api(routes: Router, context: &Context) -> Router {
    let https = context.is_https();
    routes
        .fallback(not_found)
        .layer(from_fn(method_not_allowed))
        .layer(from_fn(catch_panic))
        .layer(from_fn(no_store_unless_public))
        .layer(from_fn(move |request: Request, next: Next| {
            headers::write(Surface::Api, https, request, next)
        }))
        .layer(from_fn_with_state(context.clone(), log::request))
}

async fn not_found() -> Problem {
    Problem::not_found()
}

/// Gives axum's own 405 a problem as its body. A fallback would stand outside of a route's layers, and so
/// answer a CORS preflight before its policy does.
async fn method_not_allowed(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let unexplained = response.status() == StatusCode::METHOD_NOT_ALLOWED
        && response.extensions().get::<ProblemSlug>().is_none();
    if !unexplained {
        return response;
    }
    let allow = response.headers_mut().remove(header::ALLOW);
    let mut problem = Problem::new(
        METHOD_NOT_ALLOWED,
        "This address exists, but not for this method.",
        "The Allow header names the methods it takes.",
    )
    .into_response();
    if let Some(allow) = allow {
        problem.headers_mut().insert(header::ALLOW, allow);
    }
    problem
}

/// A panic is our fault and costs only its own request.
async fn catch_panic(request: Request, next: Next) -> Response {
    match AssertUnwindSafe(next.run(request)).catch_unwind().await {
        Ok(response) => response,
        Err(_) => {
            tracing::error!("a handler panicked; the panic hook has written where");
            Problem::internal().into_response()
        }
    }
}
