//! The live media playlist: a value that what is stored is listed in, and its text.

use std::collections::VecDeque;
use std::fmt::Write as _;

use showfloor_domain::Rfc3339;

use super::query::{ADVANCE_LIMIT_SEGMENTS, Readiness, ReloadQuery, Skip};
use super::replay::{REPLAY_MAX_SEGMENTS, ReplaySegment, render_replay};
use super::{Seconds, init_uri, part_uri, segment_uri};
use crate::output::SegmentHead;
use crate::settings::{Settings, US_PER_MS};

/// Parts are listed for this many target durations from the end (RFC 8216bis §4.4.4.9).
const PARTS_TARGET_DURATIONS: u64 = 3;
/// `HOLD-BACK` in target durations, the least that RFC 8216bis §4.4.3.8 allows.
const HOLD_BACK_TARGET_DURATIONS: u64 = 3;
/// `PART-HOLD-BACK` in part targets: at least two, and three are recommended (RFC 8216bis §4.4.3.8).
const PART_HOLD_BACK_PARTS: u64 = 3;
/// `CAN-SKIP-UNTIL` in target durations, the least that RFC 8216bis §4.4.3.8 allows.
const SKIP_TARGET_DURATIONS: u64 = 6;

/// One thing to list, in the order in which the packager gave it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listing {
    /// `EXT-X-TARGETDURATION`, in seconds; before it nothing can be rendered.
    TargetDuration(u32),
    /// A segment begins.
    Begin(SegmentHead),
    /// A part is stored, or given up as a gap.
    Part {
        /// Its segment's media sequence number.
        msn: u64,
        /// Its index in the segment.
        part: u32,
        /// Microseconds.
        duration_us: u32,
        /// Bytes.
        size_bytes: u64,
        /// Whether decoding may start in it.
        independent: bool,
        /// Whether there is nothing to fetch.
        gap: bool,
        /// Whether its segment ends with it.
        last: bool,
    },
    /// A segment is stored, or given up as a gap.
    Segment {
        /// Its media sequence number.
        msn: u64,
        /// Microseconds.
        duration_us: u32,
        /// Bytes.
        size_bytes: u64,
        /// Whether there is nothing to fetch.
        gap: bool,
    },
    /// The broadcast is over.
    End,
}

#[derive(Debug)]
struct ListedSegment {
    head: SegmentHead,
    duration_us: u64,
    parts: String,
    /// `EXT-X-GAP` if so, `EXTINF` and the URI.
    tail: String,
}

#[derive(Debug)]
struct OpenSegment {
    head: SegmentHead,
    parts: String,
    part_count: u32,
    ends_here: bool,
    duration_us: u64,
    size_bytes: u64,
}

/// Bit rates over what is listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Measured {
    /// The highest of any segment.
    pub peak_bps: u64,
    /// Over all segments.
    pub average_bps: u64,
}

/// A live media playlist of one rendition.
#[derive(Debug)]
pub struct LivePlaylist {
    part_target_us: u64,
    dvr_window_us: u64,
    target_duration_s: Option<u32>,
    segments: VecDeque<ListedSegment>,
    listed_us: u64,
    open: Option<OpenSegment>,
    next_msn: u64,
    discontinuity_sequence: u64,
    ended: bool,
    peak_bps: u64,
    total_bytes: u64,
    total_us: u64,
    replay: VecDeque<ReplaySegment>,
}

impl LivePlaylist {
    /// An empty playlist for a packager with the same settings.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        let settings = settings.clamped();
        Self {
            part_target_us: u64::from(settings.declared_part_target_ms()) * US_PER_MS.unsigned_abs(),
            dvr_window_us: u64::from(settings.dvr_window_ms) * US_PER_MS.unsigned_abs(),
            target_duration_s: None,
            segments: VecDeque::new(),
            listed_us: 0,
            open: None,
            next_msn: 0,
            discontinuity_sequence: 0,
            ended: false,
            peak_bps: 0,
            total_bytes: 0,
            total_us: 0,
            replay: VecDeque::new(),
        }
    }

    /// Lists one thing.
    pub fn apply(&mut self, listing: Listing) {
        match listing {
            Listing::TargetDuration(seconds) => {
                self.target_duration_s = self.target_duration_s.or(Some(seconds));
            }
            Listing::Begin(head) => {
                // A segment in which nothing came is begun again, and stays where it broke off.
                let discontinuity =
                    head.discontinuity || self.open.as_ref().is_some_and(|open| open.head.discontinuity);
                let head = SegmentHead { discontinuity, ..head };
                self.open = Some(OpenSegment {
                    head,
                    parts: String::new(),
                    part_count: 0,
                    ends_here: false,
                    duration_us: 0,
                    size_bytes: 0,
                });
            }
            Listing::Part { msn, part, duration_us, size_bytes, independent, gap, last } => {
                let Some(open) = self.open.as_mut().filter(|open| open.head.msn == msn) else { return };
                open.part_count = part + 1;
                open.ends_here = last;
                open.duration_us += u64::from(duration_us);
                open.size_bytes += size_bytes;
                let seconds = Seconds(duration_us.into());
                let _ = write!(open.parts, "#EXT-X-PART:DURATION={seconds},URI=\"{}\"", part_uri(msn, part));
                open.parts.push_str(match (independent, gap) {
                    (_, true) => ",GAP=YES\n",
                    (true, false) => ",INDEPENDENT=YES\n",
                    (false, false) => "\n",
                });
            }
            Listing::Segment { msn, duration_us, size_bytes, gap } => {
                self.list_segment(msn, duration_us, size_bytes, gap);
            }
            Listing::End => {
                self.ended = true;
                self.open = None;
            }
        }
    }

    fn list_segment(&mut self, msn: u64, duration_us: u32, size_bytes: u64, gap: bool) {
        let Some(open) = self.open.take_if(|open| open.head.msn == msn) else { return };
        let mut tail = String::from(if gap { "#EXT-X-GAP\n" } else { "" });
        let _ = writeln!(tail, "#EXTINF:{},\n{}", Seconds(duration_us.into()), segment_uri(msn));
        let duration = u64::from(duration_us);
        self.peak_bps = self.peak_bps.max(bits_per_second(size_bytes, duration));
        self.total_bytes += size_bytes;
        self.total_us += duration;
        self.listed_us += duration;
        self.next_msn = msn + 1;
        self.segments.push_back(ListedSegment {
            head: open.head,
            duration_us: duration,
            parts: open.parts,
            tail,
        });
        if self.replay.len() == REPLAY_MAX_SEGMENTS {
            self.replay.pop_front();
        }
        self.replay.push_back(ReplaySegment {
            msn,
            program_date_time: open.head.program_date_time,
            duration_us,
            init: open.head.init,
            discontinuity: open.head.discontinuity,
            gap,
        });
        self.trim();
    }

    /// Segments leave once the window is full without them; parts leave earlier.
    fn trim(&mut self) {
        let window_us = self.dvr_window_us.max(self.target_us() * SKIP_TARGET_DURATIONS);
        while let Some(first) =
            self.segments.front().filter(|first| self.listed_us - first.duration_us >= window_us)
        {
            self.listed_us -= first.duration_us;
            self.discontinuity_sequence += u64::from(first.head.discontinuity);
            self.segments.pop_front();
        }
        let parts_us = self.target_us() * PARTS_TARGET_DURATIONS;
        let mut behind_us = 0;
        for segment in self.segments.iter_mut().rev() {
            if behind_us > parts_us {
                if segment.parts.is_empty() {
                    break;
                }
                segment.parts = String::new();
            }
            behind_us += segment.duration_us;
        }
    }

    fn target_us(&self) -> u64 {
        u64::from(self.target_duration_s.unwrap_or(1)) * 1_000_000
    }

    /// `EXT-X-TARGETDURATION` in seconds, once it is settled.
    #[must_use]
    pub fn target_duration_s(&self) -> Option<u32> {
        self.target_duration_s
    }

    /// Whether the broadcast is over.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        self.ended
    }

    /// The media sequence number and index of the part that comes next.
    #[must_use]
    pub fn next_part(&self) -> (u64, u32) {
        match &self.open {
            // Its last part is listed, it is not yet: the next part is another segment's all the same.
            Some(open) if open.ends_here => (open.head.msn + 1, 0),
            Some(open) => (open.head.msn, open.part_count),
            None => (self.next_msn, 0),
        }
    }

    /// Bit rates so far; before the first whole segment, those of its parts.
    #[must_use]
    pub fn measured(&self) -> Measured {
        if self.total_us > 0 {
            return Measured {
                peak_bps: self.peak_bps,
                average_bps: bits_per_second(self.total_bytes, self.total_us),
            };
        }
        let bps = self.open.as_ref().map_or(0, |open| bits_per_second(open.size_bytes, open.duration_us));
        Measured { peak_bps: bps, average_bps: bps }
    }

    /// Whether `query` can be answered (RFC 8216bis §6.2.5.2).
    #[must_use]
    pub fn readiness(&self, query: &ReloadQuery) -> Readiness {
        if self.ended {
            return Readiness::Ready;
        }
        let next_msn = self.next_msn;
        let next_part = self.open.as_ref().map_or(0, |open| open.part_count);
        let Some(msn) = query.msn else {
            return if self.is_playable() { Readiness::Ready } else { Readiness::Wait };
        };
        // The last segment of the playlist is the open one as soon as it has a part.
        let last_msn = if next_part > 0 { next_msn } else { next_msn.saturating_sub(1) };
        if msn > last_msn.saturating_add(ADVANCE_LIMIT_SEGMENTS) {
            return Readiness::TooFarAhead;
        }
        if let Some(part) = query.part.filter(|_| msn >= next_msn) {
            let from = if msn == next_msn { u64::from(next_part) } else { 0 };
            if u64::from(part) > from.saturating_add(self.advance_limit_parts()) {
                return Readiness::TooFarAhead;
            }
        }
        let listed = match query.part {
            _ if msn < next_msn => true,
            Some(part) => msn == next_msn && part < next_part,
            None => false,
        };
        if listed && self.is_playable() { Readiness::Ready } else { Readiness::Wait }
    }

    /// The advance part limit: three part targets, or three seconds of them if they are shorter than one.
    fn advance_limit_parts(&self) -> u64 {
        if self.part_target_us < 1_000_000 { 3_000_000_u64.div_ceil(self.part_target_us) } else { 3 }
    }

    /// Whether there is, or was, anything to play.
    #[must_use]
    pub fn is_playable(&self) -> bool {
        let (msn, part) = self.next_part();
        self.target_duration_s.is_some() && (msn > 0 || part > 0)
    }

    /// The playlist's text, as a delta update if `query` asks for one; `None` before there is anything to play.
    #[must_use]
    pub fn render(&self, query: Option<&ReloadQuery>) -> Option<String> {
        let target_duration_s = self.target_duration_s.filter(|_| self.is_playable() || self.ended)?;
        let skip = query.map_or(Skip::No, |query| query.skip);
        let skipped = if skip == Skip::Yes { self.skippable() } else { 0 };
        let mut text = String::with_capacity(1_024 + 128 * (self.segments.len() - skipped));
        // Writing to a string cannot fail.
        let _ = self.write_header(&mut text, target_duration_s);
        let mut init = None;
        if skipped > 0 {
            let _ = writeln!(text, "#EXT-X-SKIP:SKIPPED-SEGMENTS={skipped}");
            init = self.segments.get(skipped - 1).map(|segment| segment.head.init);
        }
        for segment in self.segments.iter().skip(skipped) {
            let _ = write_head(&mut text, &segment.head, &mut init);
            text.push_str(&segment.parts);
            text.push_str(&segment.tail);
        }
        if let Some(open) = self.open.as_ref().filter(|open| open.part_count > 0) {
            let _ = write_head(&mut text, &open.head, &mut init);
            text.push_str(&open.parts);
        }
        if self.ended {
            text.push_str("#EXT-X-ENDLIST\n");
        } else {
            let (msn, part) = self.next_part();
            let _ = writeln!(text, "#EXT-X-PRELOAD-HINT:TYPE=PART,URI=\"{}\"", part_uri(msn, part));
        }
        Some(text)
    }

    /// The replay's text: every segment, without parts; `None` if there never was one.
    #[must_use]
    pub fn render_replay(&self) -> Option<String> {
        let target_duration_s = self.target_duration_s?;
        (!self.replay.is_empty()).then(|| render_replay(target_duration_s, self.replay.iter()))
    }

    fn write_header(&self, text: &mut String, target_duration_s: u32) -> std::fmt::Result {
        let media_sequence = self.segments.front().map_or(self.next_msn, |segment| segment.head.msn);
        let target_us = self.target_us();
        writeln!(text, "#EXTM3U\n#EXT-X-VERSION:9\n#EXT-X-TARGETDURATION:{target_duration_s}")?;
        writeln!(
            text,
            "#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,CAN-SKIP-UNTIL={},HOLD-BACK={},PART-HOLD-BACK={}",
            Seconds(target_us * SKIP_TARGET_DURATIONS),
            Seconds(target_us * HOLD_BACK_TARGET_DURATIONS),
            Seconds(self.part_target_us * PART_HOLD_BACK_PARTS),
        )?;
        writeln!(text, "#EXT-X-PART-INF:PART-TARGET={}", Seconds(self.part_target_us))?;
        writeln!(text, "#EXT-X-MEDIA-SEQUENCE:{media_sequence}")?;
        writeln!(text, "#EXT-X-DISCONTINUITY-SEQUENCE:{}", self.discontinuity_sequence)
    }

    /// How many segments lie wholly before the skip boundary.
    fn skippable(&self) -> usize {
        let boundary_us = self.target_us() * SKIP_TARGET_DURATIONS;
        let mut behind_us = self.open.as_ref().map_or(0, |open| open.duration_us);
        let kept = self.segments.iter().rev().take_while(|segment| {
            let keep = behind_us < boundary_us;
            behind_us += segment.duration_us;
            keep
        });
        self.segments.len() - kept.count()
    }
}

fn write_head(text: &mut String, head: &SegmentHead, init: &mut Option<u32>) -> std::fmt::Result {
    if head.discontinuity {
        text.push_str("#EXT-X-DISCONTINUITY\n");
    }
    if init.replace(head.init) != Some(head.init) {
        writeln!(text, "#EXT-X-MAP:URI=\"{}\"", init_uri(head.init))?;
    }
    writeln!(text, "#EXT-X-PROGRAM-DATE-TIME:{}", Rfc3339(head.program_date_time))
}

fn bits_per_second(bytes: u64, us: u64) -> u64 {
    bytes.saturating_mul(8_000_000).checked_div(us).unwrap_or(0)
}
