//! Publishers whose key frames come rarely, or hardly any frames at all.

use showfloor_origin_packager::Settings;

use crate::support::{START_MS, configured, parts_of, picture};

#[test]
fn an_encoder_left_to_itself_gets_long_segments_that_begin_with_key_frames() {
    let mut pipeline = configured(Settings::default());
    pipeline.publish(0, 40, 25, 250);
    pipeline.assert_valid();
    assert!(pipeline.text().contains("#EXT-X-TARGETDURATION:12\n"));
    assert!(pipeline.segments().all(|segment| segment.duration_us == 10_000_000));
    assert_eq!(pipeline.packager.observed().forced_cuts, 0);
    assert_eq!(pipeline.packager.observed().key_frame_interval_us, Some(10_000_000));
}

#[test]
fn the_first_playlist_comes_before_a_long_first_gop_is_over() {
    let mut pipeline = configured(Settings::default());
    pipeline.publish(0, 4, 30, 10_000);
    assert!(pipeline.text().contains("#EXT-X-TARGETDURATION:12\n"));
}

#[test]
fn key_frames_that_stop_coming_never_make_a_segment_too_long() {
    let mut pipeline = configured(parts_of(200));
    pipeline.publish(0, 4, 30, 60);
    pipeline.publish(4_000_000, 30, 30, 100_000);
    pipeline.assert_valid();
    assert!(pipeline.text().contains("#EXT-X-TARGETDURATION:3\n"));
    assert!(pipeline.packager.observed().forced_cuts >= 7);
    assert!(pipeline.segments().all(|segment| segment.duration_us <= 3_499_999));
}

#[test]
fn a_slide_show_without_sound_has_gaps_between_its_pictures() {
    let mut pipeline = crate::support::Pipeline::new(parts_of(200));
    pipeline.push(START_MS, crate::support::avc(640));
    for n in 0..60_i64 {
        pipeline.push(START_MS + n * 1_000, picture(n * 1_000_000, n % 2 == 0));
    }
    pipeline.end();
    pipeline.assert_valid();
    assert!(pipeline.text().contains("GAP=YES"));
    assert_eq!(pipeline.segments().filter(|segment| segment.bytes.is_empty()).count(), 0);
}

#[test]
fn odd_frame_rates_fill_their_parts() {
    for (fps, part_target_ms) in
        [(24, 200), (24, 333), (25, 200), (25, 333), (12, 200), (60, 200), (50, 333), (7, 333), (5, 200)]
    {
        let mut pipeline = configured(parts_of(part_target_ms));
        pipeline.publish(0, 20, fps, fps * 2);
        pipeline.end();
        pipeline.assert_valid();
        assert!(pipeline.parts().all(|part| !part.bytes.is_empty()), "{fps} frames a second");
    }
}
