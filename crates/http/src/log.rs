//! One line per request: route, actor, outcome, reason. No path, query, header or body, which may hold
//! secrets or people; an address only as its /24 or /48.

use std::sync::{Arc, OnceLock};

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::request::Parts;

use crate::Context;
use crate::address::{Block, ClientAddress};
use crate::problem::ProblemSlug;

/// Who asked, filled in by the extractor that found out.
#[derive(Clone, Debug, Default)]
pub struct Actor(Arc<OnceLock<String>>);

impl Actor {
    pub(crate) fn set(parts: &Parts, id: String) {
        if let Some(actor) = parts.extensions.get::<Self>() {
            // The first principal of a request is its actor; a second extractor finds the same one.
            let _ = actor.0.set(id);
        }
    }
}

/// Middleware that writes the line. For `axum::middleware::from_fn_with_state`, inside of routing.
pub async fn request(State(context): State<Context>, mut request: Request, next: Next) -> Response {
    let started = context.now();
    let actor = Actor::default();
    let method = request.method().clone();
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| "unknown".to_owned(), |path| path.as_str().to_owned());
    request.extensions_mut().insert(actor.clone());
    let (parts, body) = request.into_parts();
    let client = Block::logged(ClientAddress::of_parts(&parts, context.trusted_hops).0);

    let response = next.run(Request::from_parts(parts, body)).await;

    let status = response.status().as_u16();
    let reason = response.extensions().get::<ProblemSlug>().map_or("", |slug| slug.0);
    let actor = actor.0.get().map_or("", String::as_str);
    let duration_ms = context.now().since(started);
    tracing::info!(target: "showfloor::request", %method, route, status, duration_ms, %client, actor, reason, "answered");
    response
}
