//! One media timeline in, parts and segments out.
//!
//! The *leading* track (the picture, or the sound where there is no picture) decides where parts end. A part ends at
//! a frame of it, before that frame would make it too long. Where frames are so far apart that this would leave a
//! part under its minimum, the part ends at the target exactly, inside the frame; where nothing at all was published
//! in a part's time, the part is a gap. So parts always add up to their segment, and segments to the timeline.

mod runs;

use std::collections::VecDeque;

use bytes::Bytes;
use showfloor_domain::UtcMs;

use crate::capture_clock::CaptureClock;
use crate::fmp4::write_fragment;
use crate::frame::TrackKind;
use crate::observed::Observed;
use crate::output::{Output, Part, Segment, SegmentHead};
use crate::settings::{PART_MIN_PERCENT, Settings, US_PER_MS, US_PER_S};
use runs::{audio_run, concatenate, video_run};

/// A frame interval assumed until one is measured.
const FIRST_FRAME_INTERVAL_US: i64 = 33_333;
/// `EXTINF` is compared with the target duration after rounding; this stays below the next half second.
const ROUNDING_US: i64 = 450_000;

/// A frame on the media timeline.
#[derive(Clone, Debug)]
pub(crate) struct TimedFrame {
    pub(crate) t_us: i64,
    /// Sound: its place in samples.
    pub(crate) ticks: u64,
    pub(crate) composition_us: i64,
    pub(crate) duration_us: i64,
    pub(crate) key: bool,
    pub(crate) payload: Bytes,
}

#[derive(Debug)]
struct Open {
    head: SegmentHead,
    start_us: i64,
    begins_with_key: bool,
    part_start_us: i64,
    next_part: u32,
    parts: Vec<Bytes>,
    video: Vec<TimedFrame>,
    audio: Vec<TimedFrame>,
}

/// What a period begins with.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Period {
    pub(crate) lead: TrackKind,
    pub(crate) init: u32,
    pub(crate) start_us: i64,
    pub(crate) clock: CaptureClock,
}

#[derive(Debug)]
pub(crate) struct Segmenter {
    settings: Settings,
    target_duration_s: Option<u32>,
    next_msn: u64,
    fragment: u32,
    lead: TrackKind,
    init: u32,
    clock: Option<CaptureClock>,
    frame_interval_us: i64,
    key_interval_us: i64,
    last_key_us: Option<i64>,
    last_lead_us: Option<i64>,
    open: Option<Open>,
}

impl Segmenter {
    pub(crate) fn new(settings: Settings) -> Self {
        Self {
            settings,
            target_duration_s: None,
            next_msn: 0,
            fragment: 0,
            lead: TrackKind::Video,
            init: 0,
            clock: None,
            frame_interval_us: FIRST_FRAME_INTERVAL_US,
            key_interval_us: 0,
            last_key_us: None,
            last_lead_us: None,
            open: None,
        }
    }

    pub(crate) fn clock(&mut self) -> Option<&mut CaptureClock> {
        self.clock.as_mut()
    }

    pub(crate) fn last_lead_us(&self) -> Option<i64> {
        self.last_lead_us
    }

    pub(crate) fn part_start_us(&self) -> Option<i64> {
        self.open.as_ref().map(|open| open.part_start_us)
    }

    pub(crate) fn begin_period(&mut self, period: Period, out: &mut VecDeque<Output>) {
        self.lead = period.lead;
        self.init = period.init;
        self.clock = Some(period.clock);
        self.last_key_us = None;
        self.last_lead_us = None;
        if period.lead == TrackKind::Audio {
            self.settle(self.settings.target_duration_s(), out);
        }
        let discontinuity = self.next_msn > 0;
        self.open_segment(period.start_us, true, discontinuity, (Vec::new(), Vec::new()), out);
    }

    /// Ends the period; the media timeline goes on from the returned time.
    pub(crate) fn end_period(&mut self, observed: &mut Observed, out: &mut VecDeque<Output>) -> i64 {
        let Some(open) = &self.open else { return 0 };
        let lead_end_us =
            self.last_lead_us.map_or(open.part_start_us, |last_us| last_us + self.frame_interval_us);
        let end_us = lead_end_us.max(open.part_start_us);
        self.advance_to(end_us, observed, out);
        self.settle(self.settings.target_duration_s(), out);
        if self.part_start_us().is_some_and(|start_us| end_us > start_us) {
            self.close_part(end_us, i64::MAX, out);
        }
        self.close_segment(end_us, out);
        self.open = None;
        self.clock = None;
        end_us
    }

    /// A frame of the leading track.
    pub(crate) fn lead(&mut self, frame: TimedFrame, observed: &mut Observed, out: &mut VecDeque<Output>) {
        let t_us = frame.t_us;
        if let Some(last_us) = self.last_lead_us.replace(t_us) {
            self.measure_frame_interval(t_us - last_us, observed);
        }
        self.advance_to(t_us, observed, out);
        if frame.key {
            self.measure_key_interval(t_us, observed, out);
        }
        self.end_before(t_us, frame.key, observed, out);
        if self.lead == TrackKind::Video {
            observed.video_frames += 1;
        } else {
            observed.audio_frames += 1;
        }
        if let Some(open) = &mut self.open {
            match self.lead {
                TrackKind::Video => open.video.push(frame),
                TrackKind::Audio => open.audio.push(frame),
            }
        }
    }

    /// Sound beside a picture.
    pub(crate) fn follow(&mut self, frame: TimedFrame, observed: &mut Observed) {
        observed.audio_frames += 1;
        if let Some(open) = &mut self.open {
            open.audio.push(frame);
        }
    }

    /// Closes every part that ends before `t_us`.
    pub(crate) fn advance_to(&mut self, t_us: i64, observed: &mut Observed, out: &mut VecDeque<Output>) {
        let target_us = self.settings.part_target_us();
        while let Some(open) = &self.open {
            let start_us = open.part_start_us;
            if t_us <= start_us + target_us {
                return;
            }
            let queue = if self.lead == TrackKind::Video { &open.video } else { &open.audio };
            let last_us = queue.last().map(|last| last.t_us);
            let at_frame_us = last_us.filter(|&last_us| self.is_long_enough(last_us - start_us));
            let end_us = at_frame_us.unwrap_or(start_us + target_us);
            // The frame that a part ends inside of comes with the next part if it can, so that a segment's last part
            // is never empty, however short.
            let frames_before_us = last_us.filter(|_| queue.len() > 1).unwrap_or(end_us).min(end_us);
            self.close_part(end_us, frames_before_us, out);
            self.cut_if_too_long(end_us, observed, out);
        }
    }

    /// Ends the part, and perhaps the segment, before the leading frame at `t_us`.
    fn end_before(&mut self, t_us: i64, key: bool, observed: &mut Observed, out: &mut VecDeque<Output>) {
        let Some(open) = &self.open else { return };
        let start_us = open.part_start_us;
        let part_is_empty = open.video.is_empty() && open.audio.iter().all(|sound| sound.t_us >= start_us);
        // A picture that comes late, after its part was closed without it, can still begin a segment where the
        // part begins.
        let boundary_us = t_us.max(start_us);
        if key && self.ends_segment(open, boundary_us) && (boundary_us > start_us || part_is_empty) {
            if boundary_us > start_us {
                self.close_part(boundary_us, boundary_us, out);
            }
            self.next_segment(boundary_us, true, out);
            return;
        }
        let age_us = t_us - start_us;
        let target_us = self.settings.part_target_us();
        let aligns = key && self.lead == TrackKind::Video;
        let next_would_cross = aligns || age_us + self.frame_interval_us > target_us;
        if self.is_long_enough(age_us) && next_would_cross {
            self.close_part(t_us, t_us, out);
            self.cut_if_too_long(t_us, observed, out);
        }
    }

    fn ends_segment(&self, open: &Open, t_us: i64) -> bool {
        let age_us = t_us - open.start_us;
        let long_enough = age_us >= self.settings.segment_target_us() * 95 / 100;
        let next_would_be_too_long = age_us + self.key_interval_us > self.longest_segment_us();
        let repairs_a_forced_cut = !open.begins_with_key && age_us >= self.settings.part_target_us();
        age_us > 0 && (long_enough || next_would_be_too_long || repairs_a_forced_cut)
    }

    fn is_long_enough(&self, part_us: i64) -> bool {
        part_us > 0 && part_us * 100 >= self.settings.part_target_us() * PART_MIN_PERCENT
    }

    fn longest_segment_us(&self) -> i64 {
        let seconds = self.target_duration_s.unwrap_or_else(|| self.settings.long_target_duration_s());
        i64::from(seconds) * US_PER_S + ROUNDING_US
    }

    fn cut_if_too_long(&mut self, end_us: i64, observed: &mut Observed, out: &mut VecDeque<Output>) {
        let Some(open) = &self.open else { return };
        let age_us = end_us - open.start_us;
        if self.target_duration_s.is_none()
            && age_us > i64::from(self.settings.target_duration_s()) * US_PER_S
        {
            self.settle(self.settings.long_target_duration_s(), out);
        }
        if age_us + self.settings.part_target_us() > self.longest_segment_us() {
            observed.forced_cuts += 1;
            self.next_segment(end_us, false, out);
        }
    }

    fn measure_frame_interval(&mut self, interval_us: i64, observed: &mut Observed) {
        if interval_us <= 0 {
            return;
        }
        self.frame_interval_us = interval_us;
        observed.frame_interval_us = Some(interval_us);
        let queue = self.open.as_mut().map(|open| match self.lead {
            TrackKind::Video => &mut open.video,
            TrackKind::Audio => &mut open.audio,
        });
        if let Some(last) = queue.and_then(|queue| queue.last_mut()) {
            last.duration_us = interval_us;
        }
    }

    fn measure_key_interval(&mut self, t_us: i64, observed: &mut Observed, out: &mut VecDeque<Output>) {
        let Some(last_us) = self.last_key_us.replace(t_us) else { return };
        self.key_interval_us = t_us - last_us;
        if self.lead == TrackKind::Video {
            observed.key_frame_interval_us = Some(self.key_interval_us);
        }
        if self.key_interval_us <= i64::from(self.settings.target_duration_s()) * US_PER_S {
            self.settle(self.settings.target_duration_s(), out);
        } else {
            self.settle(self.settings.long_target_duration_s(), out);
        }
    }

    fn settle(&mut self, seconds: u32, out: &mut VecDeque<Output>) {
        if self.target_duration_s.is_none() {
            self.target_duration_s = Some(seconds);
            out.push_back(Output::TargetDuration(seconds));
        }
    }

    /// Closes the open part at `end_us`, with every frame that begins before `frames_before_us`.
    fn close_part(&mut self, end_us: i64, frames_before_us: i64, out: &mut VecDeque<Output>) {
        let Some(open) = &mut self.open else { return };
        let video = take_before(&mut open.video, frames_before_us);
        let audio = take_before(&mut open.audio, frames_before_us);
        let independent = match self.lead {
            TrackKind::Video => video.iter().any(|frame| frame.key),
            TrackKind::Audio => !audio.is_empty(),
        };
        let bytes = if video.is_empty() && audio.is_empty() {
            Bytes::new()
        } else {
            self.fragment = self.fragment.wrapping_add(1);
            write_fragment(self.fragment, video_run(video).as_ref(), audio_run(audio).as_ref())
        };
        if !bytes.is_empty() {
            open.parts.push(bytes.clone());
        }
        out.push_back(Output::Part(Part {
            msn: open.head.msn,
            part: open.next_part,
            duration_us: duration_us(end_us - open.part_start_us),
            independent,
            last: false,
            bytes,
        }));
        open.next_part += 1;
        open.part_start_us = end_us;
    }

    fn next_segment(&mut self, start_us: i64, with_key: bool, out: &mut VecDeque<Output>) {
        let carried =
            self.open.as_mut().map(|open| (std::mem::take(&mut open.video), std::mem::take(&mut open.audio)));
        self.close_segment(start_us, out);
        if let Some(clock) = &mut self.clock {
            clock.segment_begins(start_us);
        }
        self.open_segment(start_us, with_key, false, carried.unwrap_or_default(), out);
    }

    fn close_segment(&mut self, end_us: i64, out: &mut VecDeque<Output>) {
        let Some(open) = &mut self.open else { return };
        if end_us <= open.start_us {
            return;
        }
        if let Some(Output::Part(part)) = out.back_mut() {
            part.last = true;
        }
        let mut parts = std::mem::take(&mut open.parts);
        let bytes = if parts.len() == 1 { parts.swap_remove(0) } else { concatenate(&parts) };
        out.push_back(Output::Segment(Segment {
            msn: open.head.msn,
            duration_us: duration_us(end_us - open.start_us),
            bytes,
        }));
        self.next_msn += 1;
    }

    fn open_segment(
        &mut self,
        start_us: i64,
        begins_with_key: bool,
        discontinuity: bool,
        (video, audio): (Vec<TimedFrame>, Vec<TimedFrame>),
        out: &mut VecDeque<Output>,
    ) {
        let utc_us = self.clock.as_ref().map_or(0, |clock| clock.utc_us(start_us));
        let head = SegmentHead {
            msn: self.next_msn,
            init: self.init,
            discontinuity,
            program_date_time: UtcMs::new(utc_us.div_euclid(US_PER_MS)),
        };
        out.push_back(Output::Begin(head));
        self.open = Some(Open {
            head,
            start_us,
            begins_with_key,
            part_start_us: start_us,
            next_part: 0,
            parts: Vec::new(),
            video,
            audio,
        });
    }
}

fn take_before(queue: &mut Vec<TimedFrame>, before_us: i64) -> Vec<TimedFrame> {
    let rest = queue.split_off(queue.partition_point(|frame| frame.t_us < before_us));
    std::mem::replace(queue, rest)
}

fn duration_us(us: i64) -> u32 {
    u32::try_from(us)
        .expect("parts and segments are cut within the target duration, and never before they begin")
}
