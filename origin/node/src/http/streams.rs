//! Ingest health.

use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use http::{HeaderValue, header};
use showfloor_domain::ShowId;

use super::Http;
use super::problem::Problem;
use crate::health::StreamHealth;

/// `GET /streams/{show}`: a [`StreamHealth`]. A show that nobody has published to is waiting; whether there is such a
/// show is not the origin's to know.
pub(super) async fn health(State(http): State<Http>, Path(show): Path<String>) -> Result<Response, Problem> {
    let show_id: ShowId = show.parse().map_err(|_| Problem::not_found())?;
    let now = http.shared.clock.now();
    let health =
        http.shared.registry.by_show(show_id).map_or_else(StreamHealth::default, |live| live.health(now));
    let mut response = Json(health).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}
