//! Frames on the media timeline to the samples of a fragment.

use bytes::{Bytes, BytesMut};

use super::TimedFrame;
use crate::fmp4::{AAC_FRAME_SAMPLES, Sample, TrackRun};

pub(super) fn concatenate(parts: &[Bytes]) -> Bytes {
    let mut whole = BytesMut::with_capacity(parts.iter().map(Bytes::len).sum());
    for part in parts {
        whole.extend_from_slice(part);
    }
    whole.freeze()
}

/// The picture's ticks: 90 to a millisecond.
fn video_ticks(us: i64) -> i64 {
    us.saturating_mul(9).div_euclid(100)
}

pub(super) fn video_run(frames: Vec<TimedFrame>) -> Option<TrackRun> {
    let base = u64::try_from(video_ticks(frames.first()?.t_us)).unwrap_or(0);
    let samples = frames
        .into_iter()
        .map(|frame| {
            let ticks = video_ticks(frame.t_us);
            Sample {
                duration: u32::try_from(video_ticks(frame.t_us + frame.duration_us) - ticks).unwrap_or(0),
                composition_offset: i32::try_from(video_ticks(frame.t_us + frame.composition_us) - ticks)
                    .unwrap_or(0),
                key: frame.key,
                payload: frame.payload,
            }
        })
        .collect();
    Some(TrackRun { base_decode_time: base, samples })
}

pub(super) fn audio_run(frames: Vec<TimedFrame>) -> Option<TrackRun> {
    let base = frames.first()?.ticks;
    let following: Vec<u64> = frames.iter().skip(1).map(|frame| frame.ticks).collect();
    let samples = frames
        .into_iter()
        .enumerate()
        .map(|(n, frame)| {
            let duration =
                following.get(n).and_then(|next| u32::try_from(next.saturating_sub(frame.ticks)).ok());
            Sample {
                duration: duration.unwrap_or(AAC_FRAME_SAMPLES),
                composition_offset: 0,
                key: true,
                payload: frame.payload,
            }
        })
        .collect();
    Some(TrackRun { base_decode_time: base, samples })
}
