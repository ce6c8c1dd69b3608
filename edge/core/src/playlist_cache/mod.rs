//! One upstream request per playlist and part, however many viewers wait for it.
//!
//! A state machine without I/O. The host calls one of the inputs ([`PlaylistCache::request`],
//! [`PlaylistCache::upstream_answered`], …), then drains [`PlaylistCache::poll_output`] until it says
//! [`Output::Timeout`], and calls [`PlaylistCache::tick`] at that time at the latest.
//!
//! What it promises:
//! - Requests for the same thing share one upstream request; requests for what is already there share the
//!   newest playlist while it is fresh.
//! - A request beyond the advance limit of RFC 8216bis §6.2.5.2 is refused at once. What the limit is counted
//!   from is never older than two target durations, so random media sequence numbers cost one upstream request.
//! - Waiting requests, playlists, and upstream requests of one playlist are bounded; past a bound the answer is
//!   503.
//! - An error is kept for at most a second. If the origin is gone, the last good playlist is served and said to
//!   be stale.
//! - `Age` is honest: what the origin said, and the time spent here.
//!
//! ```
//! use showfloor_domain::UtcMs;
//! use showfloor_edge_core::media::{PlaylistQuery, Route};
//! use showfloor_edge_core::playlist_cache::{Limits, Output, Playlist, PlaylistCache, Upstream, WaiterId};
//!
//! let mut cache = PlaylistCache::new(Limits::default());
//! let now = UtcMs::new(1_795_000_000_000);
//! let path = "/media/brd_0192f0c1e2d37a8b9c0d1e2f3a4b5c6d/source/live.m3u8";
//! let Some(Route::LivePlaylist(media)) = Route::parse(path) else { panic!("a listed route") };
//! let playlist = Playlist::Media(media);
//! for waiter in 0..1_000 {
//!     cache.request(now, WaiterId(waiter), &playlist, PlaylistQuery::default());
//! }
//! let Output::Fetch { fetch, .. } = cache.poll_output() else { panic!("one upstream request") };
//! assert!(matches!(cache.poll_output(), Output::Timeout(_)), "and no other");
//!
//! cache.upstream_answered(now, fetch, Upstream { status: 200, age_s: 0, body: "#EXTM3U\n".into() });
//! let Output::Answer { waiters, answer } = cache.poll_output() else { panic!("an answer") };
//! assert_eq!((waiters.len(), answer.status), (1_000, 200));
//! ```

mod cache;
mod io;
mod position;

pub use cache::PlaylistCache;
pub use io::{Answer, FetchId, Limits, Output, Playlist, Refusal, Upstream, WaiterId};
pub use position::Position;
