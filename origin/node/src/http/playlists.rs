//! Playlists, and requests that wait for them.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Path, RawQuery, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderName, HeaderValue, header};
use showfloor_domain::{BroadcastId, ShowId};
use showfloor_object_store::Rendition;
use showfloor_origin_packager::{Readiness, ReloadQuery};
use tokio::time::timeout;

use super::Http;
use super::problem::Problem;
use crate::broadcast::Live;
use crate::limits::{HELD_TARGET_DURATIONS, START_WAIT_MS};

const CONTENT_TYPE: HeaderValue = HeaderValue::from_static("application/vnd.apple.mpegurl");
/// A blocking answer never changes (RFC 8216bis appendix B.1): six target durations, in their default length.
const BLOCKING_CACHE: HeaderValue = HeaderValue::from_static("max-age=18");
/// Anything else is as fresh as its second.
const FRESH_CACHE: HeaderValue = HeaderValue::from_static("max-age=1");

/// `GET /live/{show}/index.m3u8`: the multivariant playlist.
pub(super) async fn multivariant(
    State(http): State<Http>,
    Path(show): Path<String>,
) -> Result<Response, Problem> {
    let show_id: ShowId = show.parse().map_err(|_| Problem::not_found())?;
    let live = http.shared.registry.by_show(show_id).ok_or_else(Problem::not_on_air)?;
    hold(&http, &live, &ReloadQuery::default()).await?;
    Ok(playlist(live.multivariant().render(), FRESH_CACHE))
}

/// `GET /media/{broadcast}/{rendition}/live.m3u8`: the live media playlist, with delivery directives.
pub(super) async fn media(
    State(http): State<Http>,
    Path((broadcast, rendition)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let broadcast_id: BroadcastId = broadcast.parse().map_err(|_| Problem::not_found())?;
    let rendition: Rendition = rendition.parse().map_err(|_| Problem::not_found())?;
    let query = ReloadQuery::parse(query.as_deref().unwrap_or_default())
        .map_err(|error| Problem::bad_query(error.to_string()))?;
    let live = http.shared.registry.by_broadcast(broadcast_id).filter(|live| live.rendition == rendition);
    let live = live.ok_or_else(Problem::not_found)?;
    hold(&http, &live, &query).await?;
    let text = live.playlist().render(Some(&query)).ok_or_else(Problem::not_on_air)?;
    Ok(playlist(text, if query.msn.is_some() { BLOCKING_CACHE } else { FRESH_CACHE }))
}

/// Waits for what `query` asks for, for as long as it may.
async fn hold(http: &Http, live: &Arc<Live>, query: &ReloadQuery) -> Result<(), Problem> {
    let at_once = live.playlist().readiness(query);
    let readiness = match at_once {
        Readiness::Ready | Readiness::TooFarAhead => at_once,
        Readiness::Wait => {
            let _place = http.held.try_acquire().map_err(|_| Problem::too_many_held())?;
            let target_duration_s = live.playlist().target_duration_s();
            let (limit, problem): (Duration, fn() -> Problem) = match target_duration_s {
                Some(seconds) if query.msn.is_some() => {
                    (Duration::from_secs((HELD_TARGET_DURATIONS * seconds).into()), Problem::took_too_long)
                }
                Some(_) | None => (Duration::from_millis(START_WAIT_MS), Problem::not_on_air),
            };
            tokio::select! {
                readiness = timeout(limit, live.ready(query)) => readiness.map_err(|_| problem())?,
                () = http.shared.stopping.cancelled() => return Err(Problem::took_too_long()),
            }
        }
    };
    match readiness {
        Readiness::Ready => Ok(()),
        Readiness::TooFarAhead => {
            Err(Problem::bad_query("The segment or part asked for lies beyond the advance limit."))
        }
        Readiness::Wait => Err(Problem::took_too_long()),
    }
}

fn playlist(text: String, cache_control: HeaderValue) -> Response {
    let headers: [(HeaderName, HeaderValue); 2] =
        [(header::CONTENT_TYPE, CONTENT_TYPE), (header::CACHE_CONTROL, cache_control)];
    (headers, text).into_response()
}
