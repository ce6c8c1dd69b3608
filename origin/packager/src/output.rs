//! What the packager gives: objects to store, in the order in which they are to be listed.

use bytes::Bytes;
use showfloor_domain::UtcMs;

use crate::playlist::Listing;

/// What is known of a segment when it begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SegmentHead {
    /// Media sequence number.
    pub msn: u64,
    /// The initialisation segment its parts need.
    pub init: u32,
    /// Whether it does not follow from the segment before it.
    pub discontinuity: bool,
    /// Capture time of its first frame.
    pub program_date_time: UtcMs,
}

/// A part: one CMAF chunk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Its segment's media sequence number.
    pub msn: u64,
    /// Its index in the segment, from 0.
    pub part: u32,
    /// Microseconds.
    pub duration_us: u32,
    /// Whether it holds a frame at which decoding may start.
    pub independent: bool,
    /// Whether its segment ends with it; one that is ended early by a publisher who leaves may end without.
    pub last: bool,
    /// `moof` and `mdat`; empty when nothing was published in this time, which is listed as a gap.
    pub bytes: Bytes,
}

/// A whole segment: its parts, one after the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// Media sequence number.
    pub msn: u64,
    /// Microseconds; the sum of its parts' durations.
    pub duration_us: u32,
    /// Its parts' bytes; empty when it holds nothing.
    pub bytes: Bytes,
}

/// One thing to store, if it has bytes, and then to list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// `EXT-X-TARGETDURATION` is settled, in seconds. Comes once. Nothing to store.
    TargetDuration(u32),
    /// An initialisation segment: store as `init-{n}.mp4`.
    Init {
        /// Its number, from 0.
        n: u32,
        /// `ftyp` and `moov`.
        bytes: Bytes,
    },
    /// A segment begins. Nothing to store.
    Begin(SegmentHead),
    /// A part: store as `{msn}.{part}.m4s`.
    Part(Part),
    /// A segment is complete: store as `{msn}.m4s`.
    Segment(Segment),
}

impl Output {
    /// What the playlist is to be told once this is stored, or given up as `stored: false`.
    #[must_use]
    pub fn listing(&self, stored: bool) -> Option<Listing> {
        match self {
            Self::TargetDuration(seconds) => Some(Listing::TargetDuration(*seconds)),
            Self::Init { .. } => None,
            Self::Begin(head) => Some(Listing::Begin(*head)),
            Self::Part(part) => Some(Listing::Part {
                msn: part.msn,
                part: part.part,
                duration_us: part.duration_us,
                size_bytes: size_of(&part.bytes),
                independent: part.independent,
                gap: !stored || part.bytes.is_empty(),
                last: part.last,
            }),
            Self::Segment(segment) => Some(Listing::Segment {
                msn: segment.msn,
                duration_us: segment.duration_us,
                size_bytes: size_of(&segment.bytes),
                gap: !stored || segment.bytes.is_empty(),
            }),
        }
    }

    /// The bytes to store, if there are any.
    #[must_use]
    pub fn bytes(&self) -> Option<&Bytes> {
        match self {
            Self::TargetDuration(_) | Self::Begin(_) => None,
            Self::Init { bytes, .. }
            | Self::Part(Part { bytes, .. })
            | Self::Segment(Segment { bytes, .. }) => (!bytes.is_empty()).then_some(bytes),
        }
    }
}

fn size_of(bytes: &Bytes) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}
