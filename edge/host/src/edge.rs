//! The edge as one router: the core says which route a path is, each route has its server.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::{FromRequestParts, Request, State};
use axum::response::{IntoResponse, Response};
use axum::{Router, routing::any};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use showfloor_domain::ShowId;
use showfloor_domain::event::CloudEvent;
use showfloor_edge_core::media::Route;
use showfloor_edge_core::protocol::FRAME_BYTES_MAX;
use showfloor_edge_core::room::origin_is_listed;
use showfloor_edge_core::token::{self, ROOM_PROTOCOL, Scope, Service, Verifier};
use showfloor_http::Problem;
use showfloor_http::rate::{RateClass, RateKey, RateLimits};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::Clock;
use crate::objects::{ObjectServer, Objects, write_policy};
use crate::playlists::PlaylistServer;
use crate::rooms::{self, NoRoom, RoomLog, Rooms};
use crate::seeds::Seeds;
use crate::upstream::Peer;

/// The largest delivery of events: a hundred of them, each a few kilobytes.
pub const EVENTS_BYTES_MAX: usize = 1024 * 1024;
/// What is read from a viewer's socket at once: viewers say little, and each socket keeps so much.
const SOCKET_READ_BYTES: usize = 1024;
/// What is gathered before it is written to a viewer's socket, unless it is flushed before.
const SOCKET_WRITE_BYTES: usize = 16 * 1024;
/// What rooms tell the functions and has not been sent yet.
const TOLD_MAX: usize = 4_096;

/// What an edge is made of.
pub struct EdgeDeps {
    /// Where media and pictures are.
    pub objects: Arc<dyn Objects>,
    /// Where live playlists come from.
    pub origin: Peer,
    /// Who knows shows, and is told of audiences.
    pub functions: Peer,
    /// Checks tokens; it has public keys only.
    pub verifier: Verifier,
    /// What rooms keep.
    pub log: RoomLog,
    /// Counts openings of sockets.
    pub limits: RateLimits,
    /// The pages from which staff may open sockets.
    pub staff_origins: Vec<String>,
    /// What time it is.
    pub clock: Clock,
}

/// A running edge.
#[derive(Clone)]
pub struct Edge(Arc<Shared>);

struct Shared {
    objects: ObjectServer,
    playlists: PlaylistServer,
    rooms: Rooms,
    verifier: Verifier,
    limits: RateLimits,
    staff_origins: Vec<String>,
    clock: Clock,
    tasks: TaskTracker,
    stop: CancellationToken,
}

impl Edge {
    /// Starts an edge's own tasks; [`Edge::shutdown`] ends them.
    #[must_use]
    pub fn start(deps: EdgeDeps) -> Self {
        let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
        let (teller, told) = mpsc::channel(TOLD_MAX);
        let seeds = Seeds(deps.functions.clone());
        let rooms = Rooms::new(seeds, deps.log, teller, Arc::clone(&deps.clock), tasks.clone(), stop.clone());
        let playlists = PlaylistServer::new(
            deps.origin,
            Arc::clone(&deps.objects),
            Arc::clone(&deps.clock),
            tasks.clone(),
        );
        let (server, stopped) = (playlists.clone(), stop.clone());
        tasks.spawn(async move { server.run(stopped).await });
        let (telling, stopped) = (rooms::tell(deps.functions, rooms.clone(), told), stop.clone());
        tasks.spawn(async move { stopped.run_until_cancelled(telling).await });
        Self(Arc::new(Shared {
            objects: ObjectServer::new(deps.objects),
            playlists,
            rooms,
            verifier: deps.verifier,
            limits: deps.limits,
            staff_origins: deps.staff_origins,
            clock: deps.clock,
            tasks,
            stop,
        }))
    }

    /// All routes of the edge. Paths that are none of its own are 404.
    pub fn router(&self) -> Router {
        let all = any(answer).with_state(self.clone());
        Router::new()
            .route("/live/{*path}", all.clone())
            .route("/media/{*path}", all.clone())
            .route("/images/{*path}", all.clone())
            .route("/v1/overlays/{*path}", all.clone())
            .route("/v1/rooms/{*path}", all.clone())
            .route("/v1/events", all)
    }

    /// Tells everybody in rooms to come back, and waits until what was to be kept is kept.
    pub async fn shutdown(&self) {
        self.0.stop.cancel();
        self.0.tasks.close();
        self.0.tasks.wait().await;
    }
}

async fn answer(State(edge): State<Edge>, request: Request) -> Response {
    let Some(route) = Route::parse(request.uri().path()) else { return Problem::not_found().into_response() };
    let method = request.method().clone();
    if method == Method::OPTIONS && !route.cors().is_empty() {
        let mut response = StatusCode::NO_CONTENT.into_response();
        write_policy(&route, StatusCode::NO_CONTENT, response.headers_mut());
        return response;
    }
    if !route.allow().split(", ").any(|allowed| allowed == method.as_str()) {
        return method_not_allowed(&route);
    }
    let query = request.uri().query();
    match &route {
        Route::Multivariant(_) | Route::LivePlaylist(_) => {
            edge.0.playlists.serve(&route, &method, query).await
        }
        Route::Media(..) | Route::Image(..) => edge.0.objects.serve(&route, &method, request.headers()).await,
        Route::Overlay(show) => edge.overlay(&route, *show, query.unwrap_or_default()).await,
        Route::Socket(show) => edge.socket(*show, request).await.unwrap_or_else(IntoResponse::into_response),
        Route::Events => edge.events(request).await.unwrap_or_else(IntoResponse::into_response),
    }
}

fn method_not_allowed(route: &Route) -> Response {
    let problem = Problem::new(
        showfloor_http::problem::METHOD_NOT_ALLOWED,
        "This address exists, but not for this method.",
        "The Allow header names the methods it takes.",
    );
    let mut response = problem.into_response();
    response.headers_mut().insert(header::ALLOW, HeaderValue::from_static(route.allow()));
    response
}

impl Edge {
    async fn overlay(&self, route: &Route, show: ShowId, query: &str) -> Response {
        let mut response = match self.0.rooms.overlay(show, query).await {
            Ok(overlay) => Response::new(Body::from(overlay)),
            Err(error) => no_room(error).into_response(),
        };
        let status = response.status();
        let headers = response.headers_mut();
        if status == StatusCode::OK {
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(route.content_type()));
        }
        write_policy(route, status, headers);
        response
    }

    /// Checks everything that can be checked without a room before a room is looked for (abuse case R7).
    async fn socket(&self, show: ShowId, request: Request) -> Result<Response, Problem> {
        let (mut parts, _) = request.into_parts();
        let token = text(&parts.headers, header::SEC_WEBSOCKET_PROTOCOL).and_then(token::from_subprotocols);
        let token = token.ok_or_else(Problem::bad_token)?;
        let who = self.0.verifier.verify_participant(token, (self.0.clock)(), Scope::Show(show));
        let who =
            who.map_err(
                |error| if error.status() == 404 { Problem::not_found() } else { Problem::bad_token() },
            )?;
        if !origin_is_listed(who.role, text(&parts.headers, header::ORIGIN), &self.0.staff_origins) {
            return Err(Problem::foreign_origin());
        }
        self.0.limits.check(
            RateClass::SocketOpen,
            RateKey::Name(&who.viewer.to_string()),
            (self.0.clock)(),
        )?;
        let upgrade = WebSocketUpgrade::from_request_parts(&mut parts, &()).await;
        let upgrade = upgrade.map_err(|_| Problem::bad_request("A room is reached by a WebSocket."))?;
        let room = self.0.rooms.open(show).await.map_err(no_room)?;
        // One byte more than the core takes, so that the core is who refuses a frame that is too large.
        let upgrade = upgrade.protocols([ROOM_PROTOCOL]).max_message_size(FRAME_BYTES_MAX + 1);
        let tasks = self.0.tasks.clone();
        // The library's own buffers, 128 KiB each, would be most of what a viewer costs.
        let upgrade = upgrade.read_buffer_size(SOCKET_READ_BYTES).write_buffer_size(SOCKET_WRITE_BYTES);
        Ok(upgrade
            .max_frame_size(FRAME_BYTES_MAX + 1)
            .on_upgrade(move |socket| tasks.track_future(rooms::serve(socket, who, room))))
    }

    async fn events(&self, request: Request) -> Result<Response, Problem> {
        let (parts, body) = request.into_parts();
        let bearer = text(&parts.headers, header::AUTHORIZATION).and_then(token::from_authorization);
        let bearer = bearer.ok_or_else(Problem::bad_token)?;
        self.0
            .verifier
            .verify_service(bearer, (self.0.clock)(), Service::Edge)
            .map_err(|_| Problem::bad_token())?;
        let body =
            to_bytes(body, EVENTS_BYTES_MAX).await.map_err(|_| Problem::too_large(EVENTS_BYTES_MAX))?;
        let media_type = text(&parts.headers, header::CONTENT_TYPE).unwrap_or_default();
        let events: Vec<CloudEvent> = match media_type.split(';').next().unwrap_or_default().trim() {
            "application/cloudevents-batch+json" => serde_json::from_slice(&body),
            "application/cloudevents+json" => serde_json::from_slice(&body).map(|event| vec![event]),
            _ => return Err(Problem::unsupported_media_type("application/cloudevents+json or its batch")),
        }
        .map_err(|error| Problem::bad_json(error.to_string()))?;
        for event in events {
            self.0.rooms.deliver(event).await;
        }
        Ok(StatusCode::ACCEPTED.into_response())
    }
}

fn no_room(error: NoRoom) -> Problem {
    match error {
        NoRoom::NoShow => Problem::not_found(),
        NoRoom::Unavailable => Problem::unavailable(),
    }
}

fn text(headers: &HeaderMap, name: header::HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}
