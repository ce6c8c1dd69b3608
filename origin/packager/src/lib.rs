//! Frames in, CMAF parts, segments and playlists out: the packager of the media plane, without I/O.
//!
//! # What it is
//! [`Packager`] takes one publisher's [`MediaEvent`]s, each with the UTC time at which it arrived, and gives
//! [`Output`]s: objects to store, in the order in which they are to be listed. [`LivePlaylist`] takes what has been
//! stored as [`Listing`]s and renders it as RFC 8216bis wants it: parts, preload hints, blocking reload, delta
//! updates. Between the two stands whoever stores; a part that could not be stored is listed as a gap.
//!
//! # What it is not
//! It has no clock, no sockets, no tasks, and no opinion on where objects go.
//!
//! # Contract
//! - Call [`Packager::push`] for each event, then [`Packager::poll_output`] until it gives nothing.
//! - Picture and sound are one muxed rendition. One request then brings both, a part is listed when both are there,
//!   and no player has to line up two playlists; what it costs, sound-only viewing at a lower rate, a rendition of
//!   its own can bring later.
//! - `PART-TARGET` and `EXT-X-TARGETDURATION` are fixed before the first playlist. Every part is as long as
//!   `PART-TARGET` at most and at least 85 % of it, unless it is a segment's last, independent, or a gap.
//! - A segment begins with a key frame, unless the publisher sends none for a whole target duration; such forced cuts
//!   are counted in [`Observed`], and no `EXT-X-INDEPENDENT-SEGMENTS` is claimed.
//! - The publisher's timestamps may jump: the next key frame then begins a new period after a discontinuity, on one
//!   media timeline that never goes back.
//!
//! ```
//! use bytes::Bytes;
//! use showfloor_domain::UtcMs;
//! use showfloor_origin_packager::frame::{CodecConfig, Frame, MediaEvent, TrackKind};
//! use showfloor_origin_packager::{LivePlaylist, Packager, Settings};
//!
//! let settings = Settings::default();
//! let mut packager = Packager::new(settings);
//! let mut playlist = LivePlaylist::new(settings);
//! let aac = CodecConfig::Aac { config: Bytes::from_static(&[0x11, 0x90]), sample_rate_hz: 48_000, channels: 2 };
//! packager.push(UtcMs::new(0), MediaEvent::Config(aac));
//! for n in 0..200_i64 {
//!     let frame = Frame {
//!         track: TrackKind::Audio,
//!         dts_us: n * 21_333,
//!         composition_offset_us: 0,
//!         key: true,
//!         payload: Bytes::from_static(&[0x21, 0x00]),
//!     };
//!     packager.push(UtcMs::new(n * 21), MediaEvent::Frame(frame));
//!     while let Some(output) = packager.poll_output() {
//!         // Store `output.bytes()` here, then list it.
//!         if let Some(listing) = output.listing(true) {
//!             playlist.apply(listing);
//!         }
//!     }
//! }
//! assert!(playlist.render(None).expect("settled").contains("#EXT-X-PART:DURATION="));
//! ```

pub mod frame;
pub mod validate;

mod capture_clock;
mod error;
mod fmp4;
mod observed;
mod output;
mod packager;
mod playlist;
mod sample_clock;
mod segmenter;
mod settings;
mod tracks;

pub use capture_clock::{SLEW_PER_MILLE, STEP_US, WINDOW_US};
pub use error::ConfigError;
pub use fmp4::{
    AAC_FRAME_SAMPLES, AUDIO_TRACK_ID, VIDEO_TIMESCALE, VIDEO_TRACK_ID, audio_codec, video_codec,
};
pub use frame::MediaEvent;
pub use observed::Observed;
pub use output::{Output, Part, Segment, SegmentHead};
pub use packager::Packager;
pub use playlist::{
    ADVANCE_LIMIT_SEGMENTS, Listing, LivePlaylist, Measured, Multivariant, QUERY_MAX_BYTES, QueryError,
    Readiness, ReloadQuery, Skip, init_uri, part_uri, segment_uri,
};
pub use settings::*;
pub use tracks::{AudioTrack, Tracks, VideoTrack};
