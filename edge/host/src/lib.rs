//! The edge on tokio and axum: the embedded one, and production for those without an edge platform.
//!
//! It translates and decides nothing: which request waits for which, who may say what and what a viewer sees over
//! the picture is decided by `showfloor-edge-core`, the same code that runs in a Worker. Here are sockets, tasks, a
//! clock and HTTP.
//!
//! Contract: [`Edge::start`] starts its tasks, [`Edge::router`] answers, [`Edge::shutdown`] tells everybody in rooms to
//! come back and waits until what was to be kept is kept. Objects, the origin and the functions come in as arguments;
//! it holds public keys only and can sign nothing.
//!
//! ```no_run
//! use std::sync::Arc;
//!
//! use showfloor_edge_core::token::Verifier;
//! use showfloor_edge_host::rooms::RoomLog;
//! use showfloor_edge_host::{Clock, Edge, EdgeDeps, Objects, Peer};
//! use showfloor_http::{Pepper, rate::RateLimits};
//!
//! # async fn start(objects: Arc<dyn Objects>, clock: Clock) -> Result<(), Box<dyn std::error::Error>> {
//! let token = Arc::new(|| "a fresh service token".to_owned());
//! let edge = Edge::start(EdgeDeps {
//!     objects,
//!     origin: Peer::new("http://127.0.0.1:8080", token.clone()),
//!     functions: Peer::new("http://127.0.0.1:8081", token),
//!     verifier: Verifier::new("showfloor"),
//!     log: RoomLog::open("rooms.db".as_ref())?,
//!     limits: RateLimits::new(Pepper::new([0; 32])),
//!     staff_origins: vec!["https://dashboard.example".into()],
//!     clock,
//! });
//! let listener = tokio::net::TcpListener::bind("127.0.0.1:7400").await?;
//! axum::serve(listener, edge.router()).await?;
//! # Ok(())
//! # }
//! ```

mod edge;
mod objects;
mod playlists;
pub mod rooms;
mod seeds;
mod stored;
mod upstream;

use std::sync::Arc;

use showfloor_domain::UtcMs;

pub use edge::{EVENTS_BYTES_MAX, Edge, EdgeDeps};
pub use objects::{CACHE_BYTES, OBJECT_BYTES_MAX, Object, ObjectServer, Objects, StoreUnavailable};
pub use playlists::PlaylistServer;
pub use upstream::{Peer, PeerAnswer, PeerError, ServiceToken};

/// Tells what time it is.
pub type Clock = Arc<dyn Fn() -> UtcMs + Send + Sync>;

/// The shortest time between two ticks of a state machine.
const TICK_MS: u64 = 20;
