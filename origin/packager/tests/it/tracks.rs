//! Tracks that are missing, come late, or change.

use showfloor_origin_packager::{Output, Settings, TRACK_WAIT_MS};

use crate::support::{Pipeline, START_MS, aac, avc, configured, parts_of, picture, rtmp, sound};

fn inits(pipeline: &Pipeline) -> usize {
    pipeline.outputs.iter().filter(|output| matches!(output, Output::Init { .. })).count()
}

fn silent(pipeline: &mut Pipeline, from_ms: i64, to_ms: i64) {
    for n in from_ms * 30 / 1_000..to_ms * 30 / 1_000 {
        pipeline.push(START_MS + n * 1_000 / 30, picture(rtmp(n * 1_000_000 / 30), n % 30 == 0));
    }
}

#[test]
fn a_picture_waits_for_its_sound_for_the_named_time_only() {
    let mut pipeline = Pipeline::new(parts_of(200));
    pipeline.push(START_MS, avc(640));
    silent(&mut pipeline, 0, TRACK_WAIT_MS);
    assert!(pipeline.outputs.is_empty());
    silent(&mut pipeline, TRACK_WAIT_MS, 4_000);
    pipeline.assert_valid();
    assert_eq!(pipeline.packager.tracks().codecs(), "avc1.42c01e");
    assert_eq!(pipeline.packager.observed().video_frames, 120);
}

#[test]
fn sound_that_comes_late_comes_in_with_the_next_key_frame() {
    let mut pipeline = Pipeline::new(parts_of(200));
    pipeline.push(START_MS, avc(640));
    silent(&mut pipeline, 0, 5_000);
    pipeline.push(START_MS + 5_000, aac(48_000));
    pipeline.publish(5_000_000, 5, 30, 30);
    pipeline.end();
    pipeline.assert_valid();
    assert_eq!(inits(&pipeline), 2);
    assert_eq!(pipeline.packager.tracks().codecs(), "avc1.42c01e,mp4a.40.2");
    assert_eq!(pipeline.heads().filter(|head| head.discontinuity).count(), 1);
    assert!(pipeline.text().contains("#EXT-X-DISCONTINUITY\n#EXT-X-MAP:URI=\"init-1.mp4\"\n"));
}

#[test]
fn sound_that_is_declared_but_never_sent_is_not_waited_for_for_ever() {
    let mut pipeline = configured(parts_of(200));
    silent(&mut pipeline, 0, 4_000);
    pipeline.assert_valid();
    assert_eq!(pipeline.packager.tracks().codecs(), "avc1.42c01e");
}

#[test]
fn sound_alone_is_a_show_and_a_picture_may_join_it() {
    let mut pipeline = Pipeline::new(Settings::default());
    pipeline.push(START_MS, aac(44_100));
    for n in 0..430_i64 {
        let t_us = n * 1_024 * 1_000_000 / 44_100;
        pipeline.push(START_MS + t_us / 1_000, sound(rtmp(t_us)));
    }
    pipeline.assert_valid();
    assert_eq!(pipeline.packager.tracks().codecs(), "mp4a.40.2");
    assert!(pipeline.parts().all(|part| part.independent));
    pipeline.push(START_MS + 10_000, avc(640));
    pipeline.publish(10_000_000, 5, 30, 30);
    pipeline.end();
    pipeline.assert_valid();
    assert_eq!(pipeline.packager.tracks().codecs(), "avc1.42c01e,mp4a.40.2");
}

#[test]
fn a_picture_that_stops_does_not_hold_the_sound_back() {
    let mut pipeline = configured(parts_of(200));
    pipeline.publish(0, 5, 30, 30);
    let before = pipeline.parts().count();
    for n in 0..940_i64 {
        let t_us = 5_000_000 + n * 1_024 * 1_000_000 / 48_000;
        pipeline.push(START_MS + t_us / 1_000, sound(rtmp(t_us)));
    }
    pipeline.assert_valid();
    // Sound is taken while it is within a jump of the picture.
    assert!(pipeline.parts().count() > before + 10);
}

#[test]
fn a_new_picture_size_is_a_discontinuity_with_a_new_init() {
    let mut pipeline = configured(parts_of(200));
    pipeline.publish(0, 4, 30, 30);
    pipeline.push(START_MS + 4_000, avc(1_280));
    pipeline.publish(4_000_000, 4, 30, 30);
    pipeline.end();
    pipeline.assert_valid();
    assert_eq!(inits(&pipeline), 2);
    assert_eq!(pipeline.packager.observed().video_frames, 240);
}

#[test]
fn the_same_configuration_again_changes_nothing() {
    let mut pipeline = configured(parts_of(200));
    pipeline.publish(0, 2, 30, 30);
    pipeline.push(START_MS, avc(640));
    pipeline.push(START_MS, aac(48_000));
    pipeline.publish(2_000_000, 2, 30, 30);
    assert_eq!(inits(&pipeline), 1);
    assert_eq!(pipeline.heads().filter(|head| head.discontinuity).count(), 0);
}

#[test]
fn a_configuration_that_cannot_be_read_is_refused_and_counted() {
    use bytes::Bytes;
    use showfloor_origin_packager::frame::{CodecConfig, MediaEvent};
    let mut pipeline = configured(parts_of(200));
    pipeline.publish(0, 2, 30, 30);
    let config = CodecConfig::Avc { record: Bytes::from_static(&[1, 2, 3]), width_px: 640, height_px: 360 };
    pipeline.push(START_MS, MediaEvent::Config(config));
    let config = CodecConfig::Aac { config: Bytes::new(), sample_rate_hz: 0, channels: 0 };
    pipeline.push(START_MS, MediaEvent::Config(config));
    pipeline.publish(2_000_000, 2, 30, 30);
    pipeline.assert_valid();
    assert_eq!(pipeline.packager.observed().refused_configs, 2);
    assert_eq!(inits(&pipeline), 1);
}
