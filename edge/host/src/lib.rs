//! The edge on tokio and axum: the embedded one, and production for those without an edge platform.
//!
//! It translates and decides nothing: which request waits for which, who may say what and what a viewer sees over
//! the picture is decided by `showfloor-edge-core`, the same code that runs in a Worker. Here are sockets, tasks, a
//! clock and HTTP.

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
