//! A validator of RFC 8216bis media playlists: of one, and of successive reloads.
//!
//! It reads text and shares no code with the renderer, so that tests may trust it. It is for tests and tools; nothing
//! in the media path depends on it.
//!
//! ```
//! use showfloor_origin_packager::validate::Reloads;
//!
//! let mut reloads = Reloads::default();
//! let broken = "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:9.000,\n0.m4s\n";
//! let violations = reloads.accept(broken);
//! assert!(violations.iter().any(|violation| violation.rule == "EXTINF at most EXT-X-TARGETDURATION"));
//! ```

mod parse;
mod reloads;
mod rules;

pub use parse::{MediaPlaylist, ParsedPart, ParsedSegment, parse};
pub use reloads::Reloads;
pub use rules::check;

/// A rule that a playlist breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The rule, in a few words.
    pub rule: &'static str,
    /// Where, and with what values.
    pub detail: String,
}

impl std::fmt::Display for Violation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.rule, self.detail)
    }
}

/// Times are compared with this much room, for decimals that were rounded; in microseconds.
pub(crate) const ROUNDING_US: u64 = 1_000;
