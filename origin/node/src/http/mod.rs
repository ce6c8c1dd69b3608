//! The origin's HTTP routes, for other planes.

mod playlists;
mod problem;
mod streams;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use http::header;
use tokio::sync::Semaphore;

use crate::limits::HELD_REQUESTS_MAX;
use crate::node::Shared;
use problem::Problem;

/// What handlers share.
#[derive(Clone)]
pub(crate) struct Http {
    pub(crate) shared: Arc<Shared>,
    pub(crate) held: Arc<Semaphore>,
}

impl Http {
    pub(crate) fn new(shared: Arc<Shared>) -> Self {
        Self { shared, held: Arc::new(Semaphore::new(HELD_REQUESTS_MAX)) }
    }
}

/// All routes. Every one but `/healthz` needs a service token.
pub(crate) fn origin_router(http: Http) -> Router {
    let guarded = Router::new()
        .route("/live/{show}/index.m3u8", get(playlists::multivariant))
        .route("/media/{broadcast}/{rendition}/live.m3u8", get(playlists::media))
        .route("/streams/{show}", get(streams::health))
        .fallback(|| async { Problem::not_found() })
        .method_not_allowed_fallback(|| async { Problem::method_not_allowed() })
        .layer(from_fn_with_state(http.clone(), require_service))
        .with_state(http);
    Router::new().route("/healthz", get(|| async { "ok\n" })).merge(guarded)
}

async fn require_service(State(http): State<Http>, request: Request, next: Next) -> Response {
    let bearer = request
        .headers()
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, token)| token.trim());
    match bearer {
        Some(token) if http.shared.deps.service_auth.check(token) => next.run(request).await,
        _ => Problem::bad_token().into_response(),
    }
}
