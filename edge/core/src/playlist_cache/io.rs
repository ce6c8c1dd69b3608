//! What goes into the cache, what comes out, and its limits.

use bytes::Bytes;
use showfloor_domain::{ShowId, UtcMs};

use crate::media::{MediaId, PlaylistQuery};

/// One request that waits, as the host numbers it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WaiterId(pub u64);

/// One upstream request, as the cache numbers it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FetchId(pub(super) u64);

/// What can be asked for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Playlist {
    /// A show's multivariant playlist.
    Multivariant(ShowId),
    /// A live media playlist.
    Media(MediaId),
}

/// What the cache may hold, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Requests that wait, in all.
    pub waiters_max: usize,
    /// Playlists that are remembered.
    pub playlists_max: usize,
    /// Upstream requests of one playlist at a time.
    pub fetches_per_playlist_max: usize,
    /// The longest playlist that is believed.
    pub body_bytes_max: usize,
    /// How long an upstream request that blocks may take.
    pub blocking_ms_max: i64,
    /// How long any other upstream request may take.
    pub plain_ms_max: i64,
    /// How long an error is repeated without asking again.
    pub error_ms: i64,
    /// How long a multivariant playlist is fresh. A media playlist is fresh for one part.
    pub multivariant_fresh_ms: i64,
    /// How long a playlist that nobody asks for is kept.
    pub idle_ms: i64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            waiters_max: 20_000,
            playlists_max: 256,
            fetches_per_playlist_max: 16,
            body_bytes_max: 1 << 20,
            blocking_ms_max: 8_000,
            plain_ms_max: 2_000,
            error_ms: 1_000,
            multivariant_fresh_ms: 1_000,
            idle_ms: 15 * 60_000,
        }
    }
}

/// What came from upstream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upstream {
    /// The status.
    pub status: u16,
    /// Its `Age`, or 0.
    pub age_s: u32,
    /// The body.
    pub body: Bytes,
}

/// Why a request is refused by the edge itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// 400: what was asked for is beyond the advance limit.
    TooFarAhead,
    /// 503: too many wait; try again.
    Busy,
    /// 503: the origin is gone and nothing is stored; try again.
    OriginGone,
}

/// What a request gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The playlist; empty for an error.
    pub body: Bytes,
    /// `Age`, in seconds.
    pub age_s: u32,
    /// Whether this is the last good playlist of an origin that is gone (`Showfloor-Stale: 1`, `no-store`).
    pub stale: bool,
    /// Why, where the edge itself refused.
    pub refusal: Option<Refusal>,
}

/// What the host does next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// Ask the origin; answer with `upstream_answered` or `upstream_failed`.
    Fetch {
        /// The request's number.
        fetch: FetchId,
        /// What for.
        playlist: Playlist,
        /// With which directives.
        query: PlaylistQuery,
        /// When the answer is of no use any more.
        deadline: UtcMs,
    },
    /// Read the playlist that was last stored beside the media; answer with `stored_answered`.
    FetchStored {
        /// Which.
        playlist: Playlist,
    },
    /// Answer these requests, all alike.
    Answer {
        /// The requests.
        waiters: Vec<WaiterId>,
        /// What they get.
        answer: Answer,
    },
    /// Nothing more to do before this time, or before the next input if there is none.
    Timeout(Option<UtcMs>),
}
