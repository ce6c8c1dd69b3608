//! A fragment: one `moof` and one `mdat`, each byte written once.
//!
//! The boxes are ISO/IEC 14496-12 §8.8: `mfhd`, and for each track `tfhd` (default-base-is-moof), `tfdt`
//! (64-bit) and `trun`. Their sizes follow from the number of samples, so the buffer is allocated once and the
//! payloads are copied into place.

use bytes::{BufMut, Bytes, BytesMut};

use super::{AUDIO_TRACK_ID, VIDEO_TRACK_ID};

const DEFAULT_BASE_IS_MOOF: u32 = 0x02_0000;
const DEFAULT_SAMPLE_FLAGS_PRESENT: u32 = 0x20;

const DATA_OFFSET_PRESENT: u32 = 0x1;
const SAMPLE_DURATION_PRESENT: u32 = 0x100;
const SAMPLE_SIZE_PRESENT: u32 = 0x200;
const SAMPLE_FLAGS_PRESENT: u32 = 0x400;
const SAMPLE_COMPOSITION_PRESENT: u32 = 0x800;

/// `sample_depends_on` = 2: decoding may start here.
const SYNC_SAMPLE: u32 = 0x0200_0000;
/// `sample_depends_on` = 1 and `sample_is_non_sync_sample`.
const NON_SYNC_SAMPLE: u32 = 0x0101_0000;

const BOX_HEADER: usize = 8;
const FULL_BOX_HEADER: usize = 12;
const MFHD: usize = FULL_BOX_HEADER + 4;
const TFHD: usize = FULL_BOX_HEADER + 4 + 4;
const TFDT: usize = FULL_BOX_HEADER + 8;
const TRUN: usize = FULL_BOX_HEADER + 4 + 4;
const VIDEO_ENTRY: usize = 16;
const AUDIO_ENTRY: usize = 8;

/// One sample of a run; times in its track's ticks.
#[derive(Clone, Debug)]
pub(crate) struct Sample {
    pub(crate) duration: u32,
    pub(crate) composition_offset: i32,
    pub(crate) key: bool,
    pub(crate) payload: Bytes,
}

/// The samples of one track in one fragment.
#[derive(Clone, Debug)]
pub(crate) struct TrackRun {
    pub(crate) base_decode_time: u64,
    pub(crate) samples: Vec<Sample>,
}

impl TrackRun {
    fn traf_size(&self, entry: usize) -> usize {
        BOX_HEADER + TFHD + TFDT + TRUN + entry * self.samples.len()
    }

    fn payload_size(&self) -> usize {
        self.samples.iter().map(|sample| sample.payload.len()).sum()
    }
}

/// Writes a fragment of at least one non-empty run.
pub(crate) fn write_fragment(
    sequence_number: u32,
    video: Option<&TrackRun>,
    audio: Option<&TrackRun>,
) -> Bytes {
    let video = video.filter(|run| !run.samples.is_empty());
    let audio = audio.filter(|run| !run.samples.is_empty());
    let moof_size = BOX_HEADER
        + MFHD
        + video.map_or(0, |run| run.traf_size(VIDEO_ENTRY))
        + audio.map_or(0, |run| run.traf_size(AUDIO_ENTRY));
    let video_bytes = video.map_or(0, TrackRun::payload_size);
    let mdat_size = BOX_HEADER + video_bytes + audio.map_or(0, TrackRun::payload_size);

    let mut out = BytesMut::with_capacity(moof_size + mdat_size);
    put_box(&mut out, moof_size, *b"moof");
    put_full_box(&mut out, MFHD, *b"mfhd", 0, 0);
    out.put_u32(sequence_number);
    if let Some(run) = video {
        put_traf_head(&mut out, run, VIDEO_TRACK_ID, VIDEO_ENTRY, NON_SYNC_SAMPLE);
        let flags = DATA_OFFSET_PRESENT
            | SAMPLE_DURATION_PRESENT
            | SAMPLE_SIZE_PRESENT
            | SAMPLE_FLAGS_PRESENT
            | SAMPLE_COMPOSITION_PRESENT;
        // Version 1: composition offsets may be negative.
        put_full_box(&mut out, TRUN + VIDEO_ENTRY * run.samples.len(), *b"trun", 1, flags);
        out.put_u32(size(run.samples.len()));
        out.put_u32(size(moof_size + BOX_HEADER));
        for sample in &run.samples {
            out.put_u32(sample.duration);
            out.put_u32(size(sample.payload.len()));
            out.put_u32(if sample.key { SYNC_SAMPLE } else { NON_SYNC_SAMPLE });
            out.put_i32(sample.composition_offset);
        }
    }
    if let Some(run) = audio {
        put_traf_head(&mut out, run, AUDIO_TRACK_ID, AUDIO_ENTRY, SYNC_SAMPLE);
        let flags = DATA_OFFSET_PRESENT | SAMPLE_DURATION_PRESENT | SAMPLE_SIZE_PRESENT;
        put_full_box(&mut out, TRUN + AUDIO_ENTRY * run.samples.len(), *b"trun", 0, flags);
        out.put_u32(size(run.samples.len()));
        out.put_u32(size(moof_size + BOX_HEADER + video_bytes));
        for sample in &run.samples {
            out.put_u32(sample.duration);
            out.put_u32(size(sample.payload.len()));
        }
    }
    debug_assert_eq!(out.len(), moof_size, "box sizes are computed from the same constants as the boxes");
    put_box(&mut out, mdat_size, *b"mdat");
    for run in [video, audio].into_iter().flatten() {
        for sample in &run.samples {
            out.put_slice(&sample.payload);
        }
    }
    out.freeze()
}

fn put_traf_head(out: &mut BytesMut, run: &TrackRun, track_id: u32, entry: usize, default_flags: u32) {
    put_box(out, run.traf_size(entry), *b"traf");
    put_full_box(out, TFHD, *b"tfhd", 0, DEFAULT_BASE_IS_MOOF | DEFAULT_SAMPLE_FLAGS_PRESENT);
    out.put_u32(track_id);
    out.put_u32(default_flags);
    put_full_box(out, TFDT, *b"tfdt", 1, 0);
    out.put_u64(run.base_decode_time);
}

fn put_box(out: &mut BytesMut, total: usize, kind: [u8; 4]) {
    out.put_u32(size(total));
    out.put_slice(&kind);
}

fn put_full_box(out: &mut BytesMut, total: usize, kind: [u8; 4], version: u8, flags: u32) {
    put_box(out, total, kind);
    out.put_u32((u32::from(version) << 24) | flags);
}

/// Box sizes are 32 bits; a part is a second of media at most, of frames that ingest has bounded.
fn size(bytes: usize) -> u32 {
    u32::try_from(bytes).expect("a part stays far below 4 GiB: frames are bounded to 8 MiB by ingest")
}
