//! How long answers may be kept, and who may read them.

use super::{MediaFile, Route};

/// For what never changes under its name.
pub const IMMUTABLE: &str = "public, max-age=31536000, immutable";
/// For what is one caller's, or a mistake of one caller.
pub const NO_STORE: &str = "no-store";
/// For what changes by the second, and for the absence of a thing that may come.
const ONE_SECOND: &str = "public, max-age=1";
const ONE_MINUTE: &str = "public, max-age=60";

/// The headers that let any page read public answers: never with credentials. Media, playlists, pictures and
/// overlays send them on every answer, errors and `OPTIONS` included, so that a page can tell what went wrong.
pub const CORS_PUBLIC: [(&str, &str); 6] = [
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Allow-Methods", "GET, HEAD, OPTIONS"),
    ("Access-Control-Allow-Headers", "Range, If-None-Match, If-Range"),
    ("Access-Control-Expose-Headers", "Age, Content-Range, Date, ETag, Retry-After, Showfloor-Stale"),
    ("Access-Control-Max-Age", "86400"),
    ("Cross-Origin-Resource-Policy", "cross-origin"),
];

impl Route {
    /// The `Cache-Control` of an answer of this route with this status. An error is kept a second at most: what
    /// is asked for too early is there soon after.
    #[must_use]
    pub const fn cache_control(&self, status: u16) -> &'static str {
        match (self, status) {
            (Self::Socket(_) | Self::Events, _) => NO_STORE,
            (Self::Media(_, MediaFile::Replay), 200 | 206 | 304) => ONE_MINUTE,
            (Self::Media(..) | Self::Image(..), 200 | 206 | 304) => IMMUTABLE,
            (Self::Multivariant(_) | Self::LivePlaylist(_) | Self::Overlay(_), 200 | 304) => ONE_SECOND,
            (_, 404) => ONE_SECOND,
            _ => NO_STORE,
        }
    }

    /// The headers on every answer of this route that let foreign pages read it.
    #[must_use]
    pub const fn cors(&self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Multivariant(_)
            | Self::LivePlaylist(_)
            | Self::Media(..)
            | Self::Image(..)
            | Self::Overlay(_) => &CORS_PUBLIC,
            Self::Socket(_) | Self::Events => &[],
        }
    }
}
