//! A publisher's timestamps onto the one media timeline: when a period begins, and when it must end.

use std::collections::VecDeque;

use showfloor_domain::UtcMs;

use crate::capture_clock::CaptureClock;
use crate::fmp4::write_init;
use crate::frame::{CodecConfig, Frame, MediaEvent, TrackKind};
use crate::observed::Observed;
use crate::output::Output;
use crate::sample_clock::{Placement, SampleClock};
use crate::segmenter::{Period, Segmenter, TimedFrame};
use crate::settings::{
    AUDIO_STRAY_MS, CLOCK_SETTLE_US, JUMP_BACKWARD_US, JUMP_FORWARD_US, PREROLL_MAX_BYTES,
    PREROLL_MAX_FRAMES, Settings, TRACK_WAIT_MS, US_PER_MS, VIDEO_LATE_US,
};
use crate::tracks::Tracks;

/// A timestamp that did not rise is moved this far behind the one before it.
const LATE_FRAME_STEP_US: i64 = US_PER_MS;

/// Frames held until it is known which tracks the publisher really sends.
#[derive(Debug, Default)]
struct Preroll {
    frames: VecDeque<(UtcMs, Frame)>,
    size_bytes: usize,
    since: Option<UtcMs>,
    video_key_seen: bool,
    video_seen: bool,
    audio_seen: bool,
}

impl Preroll {
    /// Whether enough of the picture is here to know its capture time, or its times jump.
    fn has_settled(&self) -> bool {
        let mut pictures = self.frames.iter().filter(|(_, frame)| frame.track == TrackKind::Video);
        let first_us = pictures.next().map(|(_, frame)| frame.dts_us);
        let last_us = pictures.next_back().map(|(_, frame)| frame.dts_us);
        first_us.zip(last_us).is_some_and(|(first_us, last_us)| (last_us - first_us).abs() >= CLOCK_SETTLE_US)
    }
}

/// The mapping of one period.
#[derive(Debug)]
struct Mapping {
    lead: TrackKind,
    /// Media time less the publisher's presentation time.
    offset_us: i64,
    /// Taken from every composition offset and added to every decoding time, so that a period begins with a key
    /// frame presented when it is decoded; later offsets may be negative, as CMAF allows.
    composition_shift_us: i64,
    audio_offset_us: i64,
    last_lead_dts_us: i64,
    audio: Option<SampleClock>,
    astray_since: Option<UtcMs>,
}

#[derive(Debug)]
enum Phase {
    Waiting(Preroll),
    Live(Mapping),
}

/// Packages one broadcast, from its first frame through any number of interruptions to its end.
#[derive(Debug)]
pub struct Packager {
    declared: Tracks,
    active: Tracks,
    video_changed: bool,
    audio_changed: bool,
    /// Sound is being sent that the period does not carry.
    audio_pending: bool,
    init: Option<u32>,
    phase: Phase,
    segmenter: Segmenter,
    media_end_us: i64,
    utc_end_us: i64,
    observed: Observed,
    outputs: VecDeque<Output>,
}

impl Packager {
    /// A packager for one broadcast; the settings are brought within their limits.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        Self {
            declared: Tracks::default(),
            active: Tracks::default(),
            video_changed: false,
            audio_changed: false,
            audio_pending: false,
            init: None,
            phase: Phase::Waiting(Preroll::default()),
            segmenter: Segmenter::new(settings.clamped()),
            media_end_us: 0,
            utc_end_us: 0,
            observed: Observed::default(),
            outputs: VecDeque::new(),
        }
    }

    /// One event of the publisher, which arrived at `now`.
    pub fn push(&mut self, now: UtcMs, event: MediaEvent) {
        match event {
            MediaEvent::Config(config) => self.configure(config),
            MediaEvent::Frame(frame) => self.frame(now, frame),
        }
    }

    /// The publisher is gone, for now or for good: what is open is closed. The next frame, of this publisher or
    /// of one that takes over, begins a new period after a discontinuity.
    pub fn publisher_left(&mut self) {
        self.end_period();
    }

    /// The next thing to store and list, if there is one.
    pub fn poll_output(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// What has been seen of the publisher.
    #[must_use]
    pub fn observed(&self) -> Observed {
        self.observed
    }

    /// The tracks that are packaged now.
    #[must_use]
    pub fn tracks(&self) -> &Tracks {
        &self.active
    }

    /// UTC capture time of a frame that the publisher stamps with presentation time `pts_us`, by the mapping of the
    /// segment that is open; `None` while nothing is packaged.
    #[must_use]
    pub fn capture_time(&mut self, pts_us: i64) -> Option<UtcMs> {
        let Phase::Live(mapping) = &self.phase else { return None };
        let media_us = pts_us + mapping.offset_us;
        self.segmenter.clock().map(|clock| UtcMs::new(clock.utc_us(media_us).div_euclid(US_PER_MS)))
    }

    fn configure(&mut self, config: CodecConfig) {
        let mut alone = Tracks::default();
        alone.declare(config.clone());
        if write_init(alone.video.as_ref(), alone.audio.as_ref()).is_err() {
            self.observed.refused_configs += 1;
            return;
        }
        self.declared.declare(config);
        self.video_changed = self.declared.video != self.active.video;
        self.audio_changed = self.declared.audio != self.active.audio;
    }

    fn frame(&mut self, now: UtcMs, frame: Frame) {
        let declared = match frame.track {
            TrackKind::Video => self.declared.video.is_some(),
            TrackKind::Audio => self.declared.audio.is_some(),
        };
        if !declared || frame.payload.is_empty() {
            self.observed.dropped_frames += 1;
            return;
        }
        match &self.phase {
            Phase::Waiting(_) => self.wait(now, frame),
            Phase::Live(mapping) => match (mapping.lead, frame.track) {
                (TrackKind::Video, TrackKind::Video) => self.video(now, frame),
                (TrackKind::Audio, TrackKind::Video) if frame.key => self.restart(now, frame),
                (TrackKind::Audio, TrackKind::Video) => self.observed.dropped_frames += 1,
                (_, TrackKind::Audio) => self.audio(now, frame),
            },
        }
    }

    fn wait(&mut self, now: UtcMs, frame: Frame) {
        let Phase::Waiting(preroll) = &mut self.phase else { return };
        preroll.since.get_or_insert(now);
        match frame.track {
            TrackKind::Video => {
                preroll.video_seen = true;
                preroll.video_key_seen |= frame.key;
            }
            TrackKind::Audio => preroll.audio_seen = true,
        }
        if frame.track == TrackKind::Video && !preroll.video_key_seen {
            self.observed.dropped_frames += 1;
        } else {
            preroll.size_bytes += frame.payload.len();
            preroll.frames.push_back((now, frame));
        }
        let full = preroll.frames.len() >= PREROLL_MAX_FRAMES || preroll.size_bytes >= PREROLL_MAX_BYTES;
        let waited = full || preroll.since.is_some_and(|since| now.since(since) >= TRACK_WAIT_MS);
        if preroll.video_key_seen && (preroll.audio_seen && preroll.has_settled() || waited) {
            self.start(TrackKind::Video);
        } else if preroll.video_seen && waited {
            // A picture is coming, but no key frame yet: only the latest sound will be of use.
            if let Some((_, dropped)) = preroll.frames.pop_front() {
                preroll.size_bytes -= dropped.payload.len();
                self.observed.dropped_frames += 1;
            }
        } else if waited && preroll.audio_seen {
            self.start(TrackKind::Audio);
        }
    }

    /// Begins a period with what the preroll holds.
    fn start(&mut self, lead: TrackKind) {
        let preroll = match std::mem::replace(&mut self.phase, Phase::Waiting(Preroll::default())) {
            Phase::Waiting(preroll) => preroll,
            Phase::Live(_) => return,
        };
        let first = preroll.frames.iter().find(|(_, frame)| frame.track == lead && frame.key).cloned();
        let Some((first_now, first)) = first else { return };
        let tracks = Tracks {
            video: self.declared.video.clone().filter(|_| lead == TrackKind::Video),
            audio: self.declared.audio.clone().filter(|_| preroll.audio_seen),
        };
        let Some(init) = self.init_for(tracks) else { return };

        let base_us = self.media_end_us;
        let composition_shift_us = i64::from(first.composition_offset_us);
        let offset_us = base_us - (first.dts_us + composition_shift_us);
        let audio = self.active.audio.as_ref().map(|track| SampleClock::start(track.sample_rate_hz, base_us));
        let mut clock = CaptureClock::start(first_now, base_us, self.utc_end_us);
        for (now, frame) in
            preroll.frames.iter().filter(|(_, frame)| frame.track == lead && frame.dts_us >= first.dts_us)
        {
            clock.observe(*now, frame.dts_us + i64::from(frame.composition_offset_us) + offset_us);
        }
        clock.settle(self.utc_end_us);
        self.segmenter.begin_period(Period { lead, init, start_us: base_us, clock }, &mut self.outputs);
        self.phase = Phase::Live(Mapping {
            lead,
            offset_us,
            composition_shift_us,
            audio_offset_us: 0,
            last_lead_dts_us: first.dts_us,
            audio,
            astray_since: None,
        });
        for (now, frame) in preroll.frames {
            self.frame(now, frame);
        }
    }

    /// The initialisation segment for `tracks`: the one there is, or a new one.
    fn init_for(&mut self, tracks: Tracks) -> Option<u32> {
        let init = match self.init {
            Some(n) if tracks == self.active => n,
            last => {
                let bytes = write_init(tracks.video.as_ref(), tracks.audio.as_ref()).ok()?;
                let n = last.map_or(0, |n| n + 1);
                self.outputs.push_back(Output::Init { n, bytes });
                n
            }
        };
        self.init = Some(init);
        self.active = tracks;
        self.video_changed = self.declared.video != self.active.video;
        self.audio_changed = self.declared.audio != self.active.audio;
        self.audio_pending = false;
        Some(init)
    }

    fn restart(&mut self, now: UtcMs, frame: Frame) {
        self.end_period();
        self.wait(now, frame);
    }

    fn end_period(&mut self) {
        let Phase::Live(mapping) = &self.phase else {
            self.phase = Phase::Waiting(Preroll::default());
            return;
        };
        let sound_end_us = mapping.audio.as_ref().and_then(SampleClock::end_us).unwrap_or(0);
        let clock = self.segmenter.clock().copied();
        let end_us = self.segmenter.end_period(&mut self.observed, &mut self.outputs);
        self.media_end_us = end_us.max(sound_end_us);
        self.utc_end_us = clock.map_or(self.utc_end_us, |clock| clock.utc_us(self.media_end_us));
        self.phase = Phase::Waiting(Preroll::default());
    }

    fn video(&mut self, now: UtcMs, frame: Frame) {
        let Phase::Live(mapping) = &mut self.phase else { return };
        let step_us = frame.dts_us - mapping.last_lead_dts_us;
        let stepped = frame.key && self.segmenter.clock().is_some_and(|clock| clock.has_stepped());
        if !(-JUMP_BACKWARD_US..=JUMP_FORWARD_US).contains(&step_us) || stepped {
            self.observed.jumps += 1;
            self.restart(now, frame);
            return;
        }
        // New sound, or a new picture, comes in with the next key frame.
        if frame.key && (self.video_changed || self.audio_pending) {
            self.restart(now, frame);
            return;
        }
        if self.video_changed {
            self.observed.dropped_frames += 1;
            return;
        }
        let Phase::Live(mapping) = &mut self.phase else { return };
        mapping.last_lead_dts_us = frame.dts_us;
        let stamped_us = frame.dts_us + mapping.composition_shift_us + mapping.offset_us;
        let t_us = self.rising(stamped_us);
        let Phase::Live(mapping) = &self.phase else { return };
        let composition_us = i64::from(frame.composition_offset_us) - mapping.composition_shift_us;
        if let Some(clock) = self.segmenter.clock() {
            clock.observe(now, t_us + composition_us);
        }
        let timed = TimedFrame {
            t_us,
            ticks: 0,
            composition_us,
            duration_us: self.observed.frame_interval_us.unwrap_or(0),
            key: frame.key,
            payload: frame.payload,
        };
        self.segmenter.lead(timed, &mut self.observed, &mut self.outputs);
    }

    /// The time itself if it follows the last leading frame's, or else the least that does.
    fn rising(&mut self, stamped_us: i64) -> i64 {
        match self.segmenter.last_lead_us() {
            Some(last_us) if stamped_us <= last_us => {
                self.observed.late_frames += 1;
                last_us + LATE_FRAME_STEP_US
            }
            _ => stamped_us.max(0),
        }
    }

    fn audio(&mut self, now: UtcMs, frame: Frame) {
        let Phase::Live(mapping) = &mut self.phase else { return };
        if self.audio_changed {
            self.audio_pending = true;
            if mapping.lead == TrackKind::Audio {
                self.restart(now, frame);
            } else {
                self.observed.dropped_frames += 1;
            }
            return;
        }
        let Some(samples) = &mut mapping.audio else {
            self.observed.dropped_frames += 1;
            return;
        };
        let stamped_us = frame.dts_us + mapping.offset_us + mapping.audio_offset_us;
        match mapping.lead {
            TrackKind::Audio => {
                let step_us = frame.dts_us - mapping.last_lead_dts_us;
                let stepped = self.segmenter.clock().is_some_and(|clock| clock.has_stepped());
                if !(-JUMP_BACKWARD_US..=JUMP_FORWARD_US).contains(&step_us) || stepped {
                    self.observed.jumps += 1;
                    self.restart(now, frame);
                    return;
                }
                mapping.last_lead_dts_us = frame.dts_us;
            }
            TrackKind::Video => {
                let lead_us = self.segmenter.last_lead_us().unwrap_or(stamped_us);
                let limit_us = JUMP_FORWARD_US;
                if (stamped_us - lead_us).abs() > limit_us {
                    let since = *mapping.astray_since.get_or_insert(now);
                    self.observed.dropped_frames += 1;
                    self.observed.audio_astray = true;
                    if now.since(since) >= AUDIO_STRAY_MS {
                        mapping.audio_offset_us += lead_us - stamped_us;
                        mapping.astray_since = None;
                    }
                    return;
                }
                mapping.astray_since = None;
                self.observed.audio_astray = false;
            }
        }
        let begun = samples.end_us().is_some();
        let Placement::At { ticks, t_us } = samples.place(stamped_us) else {
            // Sound from before the first picture is of no use, and no fault.
            self.observed.late_frames += u64::from(begun);
            return;
        };
        let duration_us = samples.frame_us();
        let timed =
            TimedFrame { t_us, ticks, composition_us: 0, duration_us, key: true, payload: frame.payload };
        match mapping.lead {
            TrackKind::Audio => {
                if let Some(clock) = self.segmenter.clock() {
                    clock.observe(now, t_us);
                }
                self.segmenter.lead(timed, &mut self.observed, &mut self.outputs);
            }
            TrackKind::Video => {
                self.segmenter.follow(timed, &mut self.observed);
                // A picture that no longer comes must not hold the sound back.
                self.segmenter.advance_to(t_us - VIDEO_LATE_US, &mut self.observed, &mut self.outputs);
            }
        }
    }
}
