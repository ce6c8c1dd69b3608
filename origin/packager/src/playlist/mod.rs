//! Playlists as RFC 8216bis (draft-pantos-hls-rfc8216bis) wants them: pure renders of what has been listed.

mod live;
mod multivariant;
mod query;
mod replay;

pub use live::{Listing, LivePlaylist, Measured};
pub use multivariant::Multivariant;
pub use query::{ADVANCE_LIMIT_SEGMENTS, QUERY_MAX_BYTES, QueryError, Readiness, ReloadQuery, Skip};

/// An initialisation segment's URI, relative to its playlist.
#[must_use]
pub fn init_uri(n: u32) -> String {
    format!("init-{n}.mp4")
}

/// A segment's URI, relative to its playlist.
#[must_use]
pub fn segment_uri(msn: u64) -> String {
    format!("{msn}.m4s")
}

/// A part's URI, relative to its playlist.
#[must_use]
pub fn part_uri(msn: u64, part: u32) -> String {
    format!("{msn}.{part}.m4s")
}

/// Microseconds as the decimal seconds of a playlist, exactly.
pub(crate) struct Seconds(pub(crate) u64);

impl std::fmt::Display for Seconds {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (whole, fraction) = (self.0 / 1_000_000, self.0 % 1_000_000);
        if fraction % 1_000 == 0 {
            write!(f, "{whole}.{:03}", fraction / 1_000)
        } else {
            write!(f, "{whole}.{fraction:06}")
        }
    }
}
