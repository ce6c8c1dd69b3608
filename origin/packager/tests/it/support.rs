//! A publisher, and everything that a frame goes through until it is in a playlist.

use bytes::Bytes;
use showfloor_domain::UtcMs;
use showfloor_origin_packager::frame::{CodecConfig, Frame, MediaEvent, TrackKind};
use showfloor_origin_packager::validate::{Reloads, Violation};
use showfloor_origin_packager::{Listing, LivePlaylist, Output, Packager, ReloadQuery, Settings, Skip};

/// When the tests' publishers begin: 2026-11-20T19:00:00Z.
pub const START_MS: i64 = 1_795_201_200_000;

/// A baseline record of ffmpeg's, 640×360.
pub fn avc(width_px: u32) -> MediaEvent {
    let record = Bytes::from_static(&[
        0x01, 0x42, 0xc0, 0x1e, 0xff, 0xe1, 0x00, 0x19, 0x67, 0x42, 0xc0, 0x1e, 0xda, 0x02, 0x80, 0xbf, 0xe5,
        0xc0, 0x44, 0x00, 0x00, 0x03, 0x00, 0x04, 0x00, 0x00, 0x03, 0x00, 0xf0, 0x3c, 0x58, 0xba, 0x80, 0x01,
        0x00, 0x04, 0x68, 0xce, 0x0f, 0xc8,
    ]);
    MediaEvent::Config(CodecConfig::Avc { record, width_px, height_px: 360 })
}

pub fn aac(sample_rate_hz: u32) -> MediaEvent {
    let config = if sample_rate_hz == 48_000 { &[0x11, 0x90] } else { &[0x12, 0x10] };
    MediaEvent::Config(CodecConfig::Aac { config: Bytes::from_static(config), sample_rate_hz, channels: 2 })
}

pub fn picture(dts_us: i64, key: bool) -> MediaEvent {
    picture_with_offset(dts_us, 0, key)
}

pub fn picture_with_offset(dts_us: i64, composition_offset_us: i32, key: bool) -> MediaEvent {
    let payload = Bytes::from_static(&[0, 0, 0, 2, 0x65, 0x88]);
    MediaEvent::Frame(Frame { track: TrackKind::Video, dts_us, composition_offset_us, key, payload })
}

pub fn sound(dts_us: i64) -> MediaEvent {
    let payload = Bytes::from_static(&[0x21, 0x10, 0x04]);
    MediaEvent::Frame(Frame { track: TrackKind::Audio, dts_us, composition_offset_us: 0, key: true, payload })
}

/// RTMP's clock: whole milliseconds.
pub fn rtmp(us: i64) -> i64 {
    us.div_euclid(1_000) * 1_000
}

pub struct Pipeline {
    pub packager: Packager,
    pub playlist: LivePlaylist,
    pub outputs: Vec<Output>,
    pub violations: Vec<Violation>,
    full: Reloads,
    delta: Reloads,
    /// Whether every change is reloaded and validated.
    pub validates: bool,
    /// Which outputs fail to be stored.
    pub fails: fn(&Output) -> bool,
}

impl Pipeline {
    pub fn new(settings: Settings) -> Self {
        Self {
            packager: Packager::new(settings),
            playlist: LivePlaylist::new(settings),
            outputs: Vec::new(),
            violations: Vec::new(),
            full: Reloads::default(),
            delta: Reloads::default(),
            validates: true,
            fails: |_| false,
        }
    }

    pub fn push(&mut self, now_ms: i64, event: MediaEvent) {
        self.packager.push(UtcMs::new(now_ms), event);
        self.drain();
    }

    pub fn leave(&mut self) {
        self.packager.publisher_left();
        self.drain();
    }

    pub fn end(&mut self) {
        self.leave();
        self.playlist.apply(Listing::End);
        self.reload();
    }

    fn drain(&mut self) {
        while let Some(output) = self.packager.poll_output() {
            if let Some(listing) = output.listing(!(self.fails)(&output)) {
                self.playlist.apply(listing);
            }
            self.outputs.push(output);
            if self.validates {
                self.reload();
            }
        }
    }

    /// What a player would do after every change: reload, whole and as a delta.
    fn reload(&mut self) {
        if let Some(text) = self.playlist.render(None) {
            self.violations.extend(self.full.accept(&text));
            let query = ReloadQuery { skip: Skip::Yes, ..ReloadQuery::default() };
            let first = self.delta.last().is_none();
            let text = self.playlist.render(if first { None } else { Some(&query) }).expect("just rendered");
            self.violations.extend(self.delta.accept(&text));
        }
    }

    /// Pictures at `fps` with a key frame every `gop`, and 48 kHz sound, on RTMP's clock, for `seconds`.
    pub fn publish(&mut self, from_us: i64, seconds: i64, fps: i64, gop: i64) {
        let frames = seconds * fps;
        let mut sounds = 0;
        for n in 0..frames {
            let t_us = n * 1_000_000 / fps;
            let now_ms = START_MS + (from_us + t_us) / 1_000;
            self.push(now_ms, picture(rtmp(from_us + t_us), n % gop == 0));
            while sounds * 1_024 * 1_000_000 / 48_000 <= t_us {
                self.push(now_ms, sound(rtmp(from_us + sounds * 1_024 * 1_000_000 / 48_000)));
                sounds += 1;
            }
        }
    }

    pub fn assert_valid(&self) {
        let text = self.playlist.render(None).unwrap_or_default();
        assert!(
            self.violations.is_empty(),
            "{:#?}\n{text}",
            &self.violations[..self.violations.len().min(5)]
        );
    }

    pub fn text(&self) -> String {
        self.playlist.render(None).expect("there is something to play")
    }

    pub fn parts(&self) -> impl Iterator<Item = &showfloor_origin_packager::Part> {
        self.outputs.iter().filter_map(|output| match output {
            Output::Part(part) => Some(part),
            _ => None,
        })
    }

    pub fn segments(&self) -> impl Iterator<Item = &showfloor_origin_packager::Segment> {
        self.outputs.iter().filter_map(|output| match output {
            Output::Segment(segment) => Some(segment),
            _ => None,
        })
    }

    pub fn heads(&self) -> impl Iterator<Item = &showfloor_origin_packager::SegmentHead> {
        self.outputs.iter().filter_map(|output| match output {
            Output::Begin(head) => Some(head),
            _ => None,
        })
    }
}

/// A pipeline with both tracks configured.
pub fn configured(settings: Settings) -> Pipeline {
    let mut pipeline = Pipeline::new(settings);
    pipeline.push(START_MS, avc(640));
    pipeline.push(START_MS, aac(48_000));
    pipeline
}

pub fn parts_of(part_target_ms: u32) -> Settings {
    Settings { part_target_ms, ..Settings::default() }
}
