//! Live playlists: the core decides who waits for which upstream request, this carries bytes.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::{HeaderValue, Method, StatusCode, header};
use showfloor_domain::UtcMs;
use showfloor_edge_core::media::{MediaFile, PlaylistQuery, Route};
use showfloor_edge_core::playlist_cache::{
    Answer, FetchId, Limits, Output, Playlist, PlaylistCache, Refusal, Upstream, WaiterId,
};
use showfloor_http::problem::{self, Problem};
use tokio::sync::{Notify, oneshot};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::objects::{Objects, write_policy};
use crate::upstream::Peer;
use crate::{Clock, TICK_MS};

/// The header that says that a playlist is the last one stored by an origin that is gone.
const STALE: &str = "showfloor-stale";

/// Live playlists of one origin.
#[derive(Clone)]
pub struct PlaylistServer {
    shared: Arc<Shared>,
}

struct Shared {
    state: Mutex<State>,
    origin: Peer,
    store: Arc<dyn Objects>,
    clock: Clock,
    tasks: TaskTracker,
    changed: Notify,
}

struct State {
    cache: PlaylistCache,
    waiting: HashMap<WaiterId, oneshot::Sender<Answer>>,
    next_waiter: u64,
}

/// What the state machine wants done, gathered under the lock and done outside it.
#[derive(Default)]
struct Work {
    fetches: Vec<(FetchId, Playlist, PlaylistQuery, UtcMs)>,
    stored: Vec<Playlist>,
}

impl PlaylistServer {
    /// Serves the playlists of `origin`; what it stored before it went away is read from `store`.
    #[must_use]
    pub fn new(origin: Peer, store: Arc<dyn Objects>, clock: Clock, tasks: TaskTracker) -> Self {
        let cache = PlaylistCache::new(Limits::default());
        let state = Mutex::new(State { cache, waiting: HashMap::new(), next_waiter: 0 });
        Self { shared: Arc::new(Shared { state, origin, store, clock, tasks, changed: Notify::new() }) }
    }

    /// Lets time pass for the state machine, until stopped.
    pub async fn run(&self, stop: CancellationToken) {
        loop {
            let due = self.shared.next_timeout();
            tokio::select! {
                () = stop.cancelled() => return,
                () = self.shared.changed.notified() => {}
                () = tokio::time::sleep(due) => {
                    let work = self.shared.with(|state, now| state.cache.tick(now));
                    self.shared.perform(work);
                }
            }
        }
    }

    /// Answers a request for a live playlist.
    pub async fn serve(&self, route: &Route, method: &Method, query: Option<&str>) -> Response {
        let playlist = match route {
            Route::Multivariant(show) => Playlist::Multivariant(*show),
            Route::LivePlaylist(media) => Playlist::Media(media.clone()),
            Route::Media(..) | Route::Image(..) | Route::Overlay(_) | Route::Socket(_) | Route::Events => {
                return Problem::not_found().into_response();
            }
        };
        let query = match PlaylistQuery::parse(query.unwrap_or_default()) {
            Ok(query) => query,
            Err(error) => return Problem::bad_request(format!("{error}.")).into_response(),
        };
        let (waiter, answer) = self.shared.request(&playlist, query);
        // Somebody who goes away stops waiting, and frees their place.
        let _place = Place { shared: &self.shared, waiter, playlist: &playlist };
        match answer.await {
            Ok(answer) => respond(route, method, answer),
            Err(_) => Problem::unavailable().into_response(),
        }
    }
}

struct Place<'a> {
    shared: &'a Arc<Shared>,
    waiter: WaiterId,
    playlist: &'a Playlist,
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut state = self.shared.lock();
        if state.waiting.remove(&self.waiter).is_some() {
            state.cache.cancel(self.waiter, self.playlist);
        }
    }
}

impl Shared {
    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        // The state machine leaves no half-made state behind when a caller panics.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn request(
        self: &Arc<Self>,
        playlist: &Playlist,
        query: PlaylistQuery,
    ) -> (WaiterId, oneshot::Receiver<Answer>) {
        let (sender, receiver) = oneshot::channel();
        let mut waiter = WaiterId(0);
        let work = self.with(|state, now| {
            waiter = WaiterId(state.next_waiter);
            state.next_waiter += 1;
            state.waiting.insert(waiter, sender);
            state.cache.request(now, waiter, playlist, query);
        });
        self.perform(work);
        (waiter, receiver)
    }

    /// Gives the state machine an input and takes all its outputs.
    fn with(&self, input: impl FnOnce(&mut State, UtcMs)) -> Work {
        let mut state = self.lock();
        input(&mut state, (self.clock)());
        let mut work = Work::default();
        loop {
            match state.cache.poll_output() {
                Output::Fetch { fetch, playlist, query, deadline } => {
                    work.fetches.push((fetch, playlist, query, deadline));
                }
                Output::FetchStored { playlist } => work.stored.push(playlist),
                Output::Answer { waiters, answer } => {
                    for waiter in waiters {
                        if let Some(sender) = state.waiting.remove(&waiter) {
                            // A receiver that is gone has cancelled.
                            let _ = sender.send(answer.clone());
                        }
                    }
                }
                Output::Timeout(_) => return work,
            }
        }
    }

    fn perform(self: &Arc<Self>, work: Work) {
        if !work.fetches.is_empty() {
            self.changed.notify_one();
        }
        for (fetch, playlist, query, deadline) in work.fetches {
            let shared = Arc::clone(self);
            self.tasks.spawn(async move { shared.fetch(fetch, &playlist, query, deadline).await });
        }
        for playlist in work.stored {
            let shared = Arc::clone(self);
            self.tasks.spawn(async move {
                let body = shared.stored(&playlist).await;
                let work = shared.with(|state, now| state.cache.stored_answered(now, &playlist, body));
                shared.perform(work);
            });
        }
    }

    async fn fetch(
        self: Arc<Self>,
        fetch: FetchId,
        playlist: &Playlist,
        query: PlaylistQuery,
        deadline: UtcMs,
    ) {
        let mut path = path_of(playlist);
        let query = query.to_string();
        if !query.is_empty() {
            path = format!("{path}?{query}");
        }
        let left = u64::try_from(deadline.since((self.clock)())).unwrap_or(0);
        let outcome =
            self.origin.get(&path, Duration::from_millis(left), Limits::default().body_bytes_max).await;
        let work = self.with(|state, now| match outcome {
            Ok(answer) => {
                let upstream = Upstream { status: answer.status, age_s: answer.age_s, body: answer.body };
                state.cache.upstream_answered(now, fetch, upstream);
            }
            Err(error) => {
                tracing::debug!(%error, path, "the origin gave no playlist");
                state.cache.upstream_failed(now, fetch);
            }
        });
        self.perform(work);
    }

    /// The replay playlist that the origin stored beside the media, which is all there is once it is gone.
    async fn stored(&self, playlist: &Playlist) -> Option<Bytes> {
        let Playlist::Media(media) = playlist else { return None };
        match self.store.get(&Route::Media(media.clone(), MediaFile::Replay)).await {
            Ok(object) => object.map(|object| object.bytes),
            Err(error) => {
                tracing::warn!(%error, "the stored playlist could not be fetched");
                None
            }
        }
    }

    fn next_timeout(&self) -> Duration {
        let timeout = match self.lock().cache.poll_output() {
            Output::Timeout(at) => at,
            // Outputs are taken under the same lock that made them, so none is ever left.
            Output::Fetch { .. } | Output::FetchStored { .. } | Output::Answer { .. } => None,
        };
        let left_ms = timeout.map_or(i64::MAX, |at| at.since((self.clock)()));
        Duration::from_millis(u64::try_from(left_ms).unwrap_or(0).clamp(TICK_MS, 60_000))
    }
}

fn path_of(playlist: &Playlist) -> String {
    match playlist {
        Playlist::Multivariant(show) => Route::Multivariant(*show).canonical_path(),
        Playlist::Media(media) => Route::LivePlaylist(media.clone()).canonical_path(),
    }
}

fn respond(route: &Route, method: &Method, answer: Answer) -> Response {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::BAD_GATEWAY);
    if status != StatusCode::OK {
        let mut response = refusal(status, answer.refusal).into_response();
        write_policy(route, status, response.headers_mut());
        return response;
    }
    let size_bytes = answer.body.len();
    let mut response =
        Response::new(if method == Method::HEAD { Body::empty() } else { Body::from(answer.body) });
    let headers = response.headers_mut();
    write_policy(route, status, headers);
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(route.content_type()));
    headers.insert(header::CONTENT_LENGTH, size_bytes.into());
    headers.insert(header::AGE, answer.age_s.into());
    if answer.stale {
        headers.insert(STALE, HeaderValue::from_static("1"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    response
}

fn refusal(status: StatusCode, refusal: Option<Refusal>) -> Problem {
    match refusal {
        Some(Refusal::TooFarAhead) => {
            Problem::bad_request("The part asked for lies too far ahead of the live edge.")
        }
        Some(Refusal::Busy | Refusal::OriginGone) => Problem::unavailable(),
        None if status == StatusCode::NOT_FOUND => {
            Problem::new(problem::NOT_FOUND, "Nobody is on air here.", "Ask again when the show is live.")
        }
        None if status.is_client_error() => {
            Problem::bad_request("The origin refused the request for this playlist.")
        }
        None => Problem::unavailable(),
    }
}
