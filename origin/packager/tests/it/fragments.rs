//! The bytes, read back by a parser that did not write them.

use mp4_atom::{Any, Codec, Decode as _, Mdat, Moof, Moov};
use showfloor_origin_packager::{AUDIO_TRACK_ID, Output, Settings, VIDEO_TRACK_ID};

use crate::support::{START_MS, configured, parts_of, picture_with_offset, sound};

fn atoms(mut bytes: &[u8]) -> Vec<Any> {
    let mut atoms = Vec::new();
    while !bytes.is_empty() {
        atoms.push(Any::decode(&mut bytes).unwrap());
    }
    atoms
}

fn moofs(bytes: &[u8]) -> Vec<(Moof, Mdat)> {
    let mut pairs = Vec::new();
    let mut atoms = atoms(bytes).into_iter();
    while let Some(Any::Moof(moof)) = atoms.next() {
        let Some(Any::Mdat(mdat)) = atoms.next() else { panic!("a moof without its mdat") };
        pairs.push((moof, mdat));
    }
    pairs
}

#[test]
fn the_initialisation_segment_describes_both_tracks() {
    let mut pipeline = configured(Settings::default());
    pipeline.publish(0, 1, 30, 30);
    let init = pipeline.outputs.iter().find_map(|output| match output {
        Output::Init { n: 0, bytes } => Some(bytes.clone()),
        _ => None,
    });
    let atoms = atoms(&init.expect("an initialisation segment"));
    let Some(Any::Moov(Moov { trak, mvex, .. })) = atoms.get(1) else { panic!("{atoms:?}") };
    assert_eq!(mvex.as_ref().unwrap().trex.len(), 2);
    let Codec::Avc1(avc1) = &trak[0].mdia.minf.stbl.stsd.codecs[0] else { panic!() };
    assert_eq!((avc1.visual.width, avc1.visual.height), (640, 360));
    let Codec::Mp4a(mp4a) = &trak[1].mdia.minf.stbl.stsd.codecs[0] else { panic!() };
    assert_eq!(mp4a.esds.es_desc.dec_config.dec_specific.as_ref().unwrap().raw, [0x11, 0x90]);
    assert_eq!(trak[1].mdia.mdhd.timescale, 48_000);
}

#[test]
fn tracks_are_gapless_from_part_to_part_and_segments_are_their_parts() {
    let mut pipeline = configured(parts_of(200));
    pipeline.publish(0, 10, 30, 30);
    pipeline.end();
    let mut next = [None, None];
    for part in pipeline.parts() {
        for (moof, mdat) in moofs(&part.bytes) {
            let mut payload_bytes = 0;
            for traf in moof.traf {
                let track = usize::from(traf.tfhd.track_id == AUDIO_TRACK_ID);
                assert!([VIDEO_TRACK_ID, AUDIO_TRACK_ID].contains(&traf.tfhd.track_id));
                let start = traf.tfdt.unwrap().base_media_decode_time;
                if let Some(expected) = next[track] {
                    assert_eq!(start, expected, "part {}.{} track {track}", part.msn, part.part);
                }
                let entries = &traf.trun[0].samples;
                payload_bytes += entries.iter().map(|entry| entry.size.unwrap()).sum::<u32>();
                let ticks: u64 = entries.iter().map(|entry| u64::from(entry.duration.unwrap())).sum();
                next[track] = Some(start + ticks);
            }
            assert_eq!(mdat.data.len(), usize::try_from(payload_bytes).unwrap());
        }
    }
    // 300 frames in 10 s; what the very last one lasts is a guess.
    assert!(next[0].is_some_and(|end| end.abs_diff(10 * 90_000) <= 90));
    for segment in pipeline.segments() {
        let parts: Vec<u8> = pipeline
            .parts()
            .filter(|part| part.msn == segment.msn)
            .flat_map(|part| part.bytes.to_vec())
            .collect();
        assert_eq!(segment.bytes, parts);
    }
}

#[test]
fn b_frames_keep_their_presentation_times_and_a_segment_begins_when_it_is_shown() {
    let mut pipeline = configured(Settings::default());
    // Decoded I P B B, shown I B B P: offsets of 2, 3, 0 and 1 frames, as RTMP carries them.
    let offsets = [2, 3, 0, 1];
    for n in 0..400_i64 {
        let offset = offsets[usize::try_from(n % 4).unwrap()] * 40_000;
        pipeline.push(START_MS + n * 40, picture_with_offset(n * 40_000, offset, n % 48 == 0));
        pipeline.push(START_MS + n * 40, sound(n * 40_000));
    }
    pipeline.end();
    pipeline.assert_valid();
    let first = pipeline.parts().next().unwrap();
    let (moof, _) = moofs(&first.bytes).swap_remove(0);
    assert_eq!(moof.traf[0].tfdt.as_ref().unwrap().base_media_decode_time, 0);
    let shown: Vec<i64> =
        moof.traf[0].trun[0].samples.iter().take(4).map(|entry| entry.cts.unwrap()).collect();
    assert_eq!(shown, [0, 3_600, -7_200, -3_600]);
}
