//! Ingest health: what a host is told about their stream, in figures and in sentences that say what to do.

use std::collections::VecDeque;

use serde::Serialize;
use showfloor_domain::{BroadcastId, Rfc3339, UtcMs};
use showfloor_origin_ingest::Metadata;
use showfloor_origin_packager::frame::{MediaEvent, TrackKind};
use showfloor_origin_packager::{Observed, Settings, Tracks, audio_codec, video_codec};

use crate::limits::METER_WINDOW_S;

/// A track is missing when it has not come for this long after the stream began.
const MISSING_TRACK_MS: i64 = 2_000;
/// A stream that arrives this much later than it could is behind.
const BEHIND_MS: i64 = 2_000;

/// Whether media arrives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum IngestState {
    /// Nobody has published yet, or the broadcast is over.
    #[default]
    Waiting,
    /// Media arrives.
    Receiving,
    /// The publisher is gone; it is waited for.
    Interrupted,
}

/// The picture that arrives.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct VideoHealth {
    /// RFC 6381, such as `avc1.64001f`.
    pub codec: String,
    /// Such as `High 3.1`.
    pub profile: String,
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// Pictures a second, over some seconds.
    pub fps: f64,
    /// Bits a second, over some seconds.
    pub bitrate_bps: u64,
    /// Between the last two key frames.
    pub keyframe_interval_ms: Option<i64>,
}

/// The sound that arrives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AudioHealth {
    /// RFC 6381, such as `mp4a.40.2`.
    pub codec: String,
    /// Samples a second.
    pub sample_rate_hz: u32,
    /// Channels.
    pub channels: u8,
    /// Bits a second, over some seconds.
    pub bitrate_bps: u64,
}

/// Everything known of a show's stream.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct StreamHealth {
    /// Whether media arrives.
    pub state: IngestState,
    /// The broadcast, while there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub broadcast_id: Option<BroadcastId>,
    /// Since when the state is as it is, RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
    /// What the encoder calls itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encoder: Option<String>,
    /// The picture, if one is packaged.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub video: Option<VideoHealth>,
    /// The sound, if any is packaged.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audio: Option<AudioHealth>,
    /// Sound and picture together, over some seconds.
    pub bitrate_bps: u64,
    /// Frames that could not be used.
    pub dropped_frames: u64,
    /// Frames whose timestamps had to be repaired.
    pub late_frames: u64,
    /// Parts that could not be stored.
    pub lost_parts: u64,
    /// How much later the last frame came than the fastest of late did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub behind_ms: Option<i64>,
    /// What is wrong, and what to do about it.
    pub warnings: Vec<String>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Second {
    at_s: i64,
    video_bytes: u64,
    audio_bytes: u64,
    video_frames: u64,
}

/// Measures one broadcast's publisher.
#[derive(Debug, Default)]
pub(crate) struct Meter {
    state: IngestState,
    since: Option<UtcMs>,
    encoder: Option<String>,
    seconds: VecDeque<Second>,
    pub(crate) observed: Observed,
    pub(crate) tracks: Tracks,
    pub(crate) behind_ms: Option<i64>,
    pub(crate) lost_parts: u64,
}

impl Meter {
    pub(crate) fn enter(&mut self, state: IngestState, now: UtcMs) {
        self.state = state;
        self.since = Some(now);
        self.seconds.clear();
        self.behind_ms = None;
    }

    pub(crate) fn metadata(&mut self, metadata: Metadata) {
        self.encoder = metadata.encoder.or(self.encoder.take());
    }

    pub(crate) fn media(&mut self, now: UtcMs, event: &MediaEvent) {
        let MediaEvent::Frame(frame) = event else { return };
        let at_s = now.get().div_euclid(1_000);
        if self.seconds.back().is_none_or(|second| second.at_s != at_s) {
            self.seconds.push_back(Second { at_s, ..Second::default() });
            while self.seconds.front().is_some_and(|second| second.at_s < at_s - METER_WINDOW_S) {
                self.seconds.pop_front();
            }
        }
        let Some(second) = self.seconds.back_mut() else { return };
        let bytes = u64::try_from(frame.payload.len()).unwrap_or(u64::MAX);
        match frame.track {
            TrackKind::Video => {
                second.video_bytes += bytes;
                second.video_frames += 1;
            }
            TrackKind::Audio => second.audio_bytes += bytes,
        }
    }

    /// Sums over whole seconds only: the one that runs would make every rate too low.
    fn rates(&self) -> (u64, u64, f64) {
        let whole = self.seconds.len().saturating_sub(1);
        let seconds = u64::try_from(whole).unwrap_or(0).max(1);
        let (mut video, mut audio, mut frames) = (0, 0, 0);
        for second in self.seconds.iter().take(whole.max(1)) {
            video += second.video_bytes;
            audio += second.audio_bytes;
            frames += second.video_frames;
        }
        let tenths = u32::try_from(frames * 10 / seconds).unwrap_or(u32::MAX);
        (video * 8 / seconds, audio * 8 / seconds, f64::from(tenths) / 10.0)
    }

    pub(crate) fn bitrate_bps(&self) -> u64 {
        let (video, audio, _) = self.rates();
        video + audio
    }

    /// Pictures a thousand seconds, for a multivariant playlist: the last interval says it better than a count.
    pub(crate) fn frame_rate_milli(&self) -> Option<u32> {
        let (_, _, fps) = self.rates();
        self.tracks.video.as_ref()?;
        let counted = (fps > 0.0).then_some(fps)?;
        // Counted over seconds that begin anywhere, a steady rate is off by a little: the usual rates attract it.
        let usual = [24.0, 25.0, 30.0, 48.0, 50.0, 60.0, 15.0, 20.0];
        let rate = usual.into_iter().find(|usual| (usual - counted).abs() <= 0.7).unwrap_or(counted);
        format!("{:.0}", rate * 1_000.0).parse().ok()
    }

    pub(crate) fn snapshot(
        &self,
        broadcast_id: BroadcastId,
        now: UtcMs,
        settings: &Settings,
    ) -> StreamHealth {
        let (video_bps, audio_bps, fps) = self.rates();
        let video = self.tracks.video.as_ref().map(|track| VideoHealth {
            codec: video_codec(&track.record).unwrap_or_default(),
            profile: profile(&track.record),
            width: track.width_px,
            height: track.height_px,
            fps,
            bitrate_bps: video_bps,
            keyframe_interval_ms: self.observed.key_frame_interval_us.map(|us| us / 1_000),
        });
        let audio = self.tracks.audio.as_ref().map(|track| AudioHealth {
            codec: audio_codec(&track.config).unwrap_or_default(),
            sample_rate_hz: track.sample_rate_hz,
            channels: track.channels,
            bitrate_bps: audio_bps,
        });
        StreamHealth {
            state: self.state,
            broadcast_id: Some(broadcast_id),
            since: self.since.map(|since| Rfc3339(since).to_string()),
            encoder: self.encoder.clone(),
            warnings: self.warnings(now, settings),
            video,
            audio,
            bitrate_bps: video_bps + audio_bps,
            dropped_frames: self.observed.dropped_frames,
            late_frames: self.observed.late_frames,
            lost_parts: self.lost_parts,
            behind_ms: self.behind_ms,
        }
    }

    fn warnings(&self, now: UtcMs, settings: &Settings) -> Vec<String> {
        let mut warnings = Vec::new();
        if self.state != IngestState::Receiving {
            return warnings;
        }
        let age_ms = self.since.map_or(0, |since| now.since(since));
        let target_ms = i64::from(settings.segment_target_ms);
        let too_rare =
            self.observed.key_frame_interval_us.map(|us| us / 1_000).filter(|&ms| ms > target_ms * 5 / 4);
        if let Some(ms) = too_rare {
            warnings.push(format!(
                "Key frames come only every {}.{} s, which delays viewers who join. Set the keyframe interval in OBS to \
                 {} s (Settings, Output, Streaming).",
                ms / 1_000,
                ms % 1_000 / 100,
                (target_ms / 1_000).max(1)
            ));
        } else if self.observed.key_frame_interval_us.is_none()
            && self.tracks.video.is_some()
            && age_ms > 2 * target_ms
        {
            warnings.push("Key frames come too rarely. Set the keyframe interval in OBS to 2 s (Settings, Output, Streaming).".into());
        }
        if age_ms > MISSING_TRACK_MS && self.tracks.audio.is_none() {
            warnings.push(
                "No sound arrives. Check in OBS that the microphone is not muted and that track 1 is selected for streaming."
                    .into(),
            );
        }
        if age_ms > MISSING_TRACK_MS && self.tracks.video.is_none() {
            warnings.push("No picture arrives. Check that a scene with a camera is active, and that the codec is H.264.".into());
        }
        if self.observed.audio_astray {
            warnings.push(
                "Sound and picture carry times that are seconds apart. Restart the stream in the encoder."
                    .into(),
            );
        }
        if self.observed.refused_configs > 0 {
            warnings.push(
                "The encoder sends a codec that cannot be played. Choose H.264 for video and AAC for audio."
                    .into(),
            );
        }
        if self.observed.jumps > 2 {
            warnings.push(
                "The encoder's clock keeps jumping. Remove media sources that loop or restart, or restart the encoder.".into(),
            );
        }
        if let Some(ms) = self.behind_ms.filter(|&ms| ms > BEHIND_MS) {
            warnings.push(format!(
                "The upload is {}.{} s behind. Lower the bitrate, or use a cable instead of Wi-Fi.",
                ms / 1_000,
                ms % 1_000 / 100
            ));
        }
        if self.lost_parts > 0 {
            warnings.push(format!(
                "{} parts could not be stored and are missing for viewers. Whoever runs this installation should look at \
                 the object store.",
                self.lost_parts
            ));
        }
        warnings
    }
}

/// Names the H.264 profile and level of a configuration record.
fn profile(record: &[u8]) -> String {
    let [_, profile, compatibility, level, ..] = record else { return String::new() };
    let name = match profile {
        66 if compatibility & 0x40 != 0 => "Constrained Baseline",
        66 => "Baseline",
        77 => "Main",
        88 => "Extended",
        100 => "High",
        110 => "High 10",
        122 => "High 4:2:2",
        244 => "High 4:4:4",
        _ => "H.264",
    };
    format!("{name} {}.{}", level / 10, level % 10)
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use showfloor_origin_packager::frame::Frame;
    use showfloor_origin_packager::{AudioTrack, VideoTrack};

    use super::*;

    fn receiving() -> Meter {
        let mut meter = Meter::default();
        meter.enter(IngestState::Receiving, UtcMs::new(0));
        let record = Bytes::from_static(&[1, 0x64, 0, 0x1f]);
        meter.tracks.video = Some(VideoTrack { record, width_px: 1_280, height_px: 720 });
        let config = Bytes::from_static(&[0x11, 0x90]);
        meter.tracks.audio = Some(AudioTrack { config, sample_rate_hz: 48_000, channels: 2 });
        meter.observed.key_frame_interval_us = Some(2_000_000);
        meter
    }

    fn warnings(meter: &Meter) -> Vec<String> {
        meter.warnings(UtcMs::new(10_000), &Settings::default())
    }

    #[test]
    fn a_stream_as_it_should_be_has_no_warnings() {
        assert_eq!(warnings(&receiving()), Vec::<String>::new());
    }

    #[test]
    fn each_fault_has_a_sentence_that_says_what_to_do() {
        type Spoil = fn(&mut Meter);
        let cases: [(Spoil, &str); 8] = [
            (
                |meter| meter.observed.key_frame_interval_us = Some(8_333_000),
                "Set the keyframe interval in OBS to 2 s",
            ),
            (|meter| meter.observed.key_frame_interval_us = None, "Set the keyframe interval in OBS to 2 s"),
            (|meter| meter.tracks.audio = None, "Check in OBS that the microphone is not muted"),
            (|meter| meter.tracks.video = None, "Check that a scene with a camera is active"),
            (|meter| meter.observed.audio_astray = true, "Restart the stream in the encoder"),
            (|meter| meter.observed.refused_configs = 1, "Choose H.264 for video and AAC for audio"),
            (|meter| meter.behind_ms = Some(2_100), "The upload is 2.1 s behind. Lower the bitrate"),
            (|meter| meter.lost_parts = 3, "3 parts could not be stored"),
        ];
        for (spoil, sentence) in cases {
            let mut meter = receiving();
            spoil(&mut meter);
            let warnings = warnings(&meter);
            assert!(warnings.len() == 1 && warnings[0].contains(sentence), "{sentence}: {warnings:?}");
        }
    }

    #[test]
    fn nobody_is_warned_about_a_stream_that_is_not_there() {
        let mut meter = receiving();
        meter.tracks = Tracks::default();
        meter.enter(IngestState::Interrupted, UtcMs::new(0));
        assert_eq!(warnings(&meter), Vec::<String>::new());
    }

    #[test]
    fn rates_are_measured_over_the_last_whole_seconds() {
        let mut meter = receiving();
        for n in 0..300_i64 {
            let payload = Bytes::from(vec![0; 2_500]);
            let frame = Frame {
                track: TrackKind::Video,
                dts_us: n * 33_333,
                composition_offset_us: 0,
                key: n % 60 == 0,
                payload,
            };
            meter.media(UtcMs::new(n * 1_000 / 30), &MediaEvent::Frame(frame));
        }
        assert_eq!(meter.bitrate_bps(), 600_000);
        assert_eq!(meter.frame_rate_milli(), Some(30_000));
        assert!(meter.seconds.len() <= usize::try_from(METER_WINDOW_S).unwrap() + 1);
    }
}
