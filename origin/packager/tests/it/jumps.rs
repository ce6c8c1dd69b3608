//! Timestamps that do not go on as they did.

use showfloor_origin_packager::Settings;

use crate::support::{START_MS, configured, parts_of, picture, rtmp, sound};

#[test]
fn a_jump_forward_re_bases_with_a_discontinuity() {
    let mut pipeline = configured(parts_of(200));
    pipeline.publish(0, 5, 30, 30);
    let frames = pipeline.packager.observed().video_frames;
    // The encoder's clock jumps by an hour; a second passes here.
    for n in 0..150_i64 {
        let t_us = n * 1_000_000 / 30;
        pipeline.push(START_MS + 5_000 + t_us / 1_000, picture(rtmp(3_600_000_000 + t_us), n % 30 == 0));
        pipeline.push(START_MS + 5_000 + t_us / 1_000, sound(rtmp(3_600_000_000 + t_us)));
    }
    pipeline.end();
    pipeline.assert_valid();
    assert_eq!(pipeline.packager.observed().jumps, 1);
    assert_eq!(pipeline.packager.observed().video_frames, frames + 150);
    assert_eq!(pipeline.heads().filter(|head| head.discontinuity).count(), 1);
    let total_us: u64 = pipeline.segments().map(|segment| u64::from(segment.duration_us)).sum();
    assert!((9_900_000..=10_100_000).contains(&total_us), "{total_us}");
}

#[test]
fn a_jump_backward_re_bases_too_and_waits_for_a_key_frame() {
    let mut pipeline = configured(parts_of(200));
    pipeline.publish(100_000_000, 5, 30, 30);
    pipeline.push(START_MS + 105_000, picture(0, false));
    pipeline.push(START_MS + 105_033, picture(33_000, false));
    assert_eq!(pipeline.packager.observed().dropped_frames, 2);
    pipeline.publish(105_066_000, 5, 30, 30);
    pipeline.end();
    pipeline.assert_valid();
    assert_eq!(pipeline.heads().filter(|head| head.discontinuity).count(), 1);
}

#[test]
fn a_publisher_that_returns_continues_the_same_playlist() {
    let mut pipeline = configured(parts_of(200));
    pipeline.publish(0, 5, 30, 30);
    pipeline.leave();
    let before = pipeline.playlist.next_part();
    // 12 s later, from zero again, as encoders do.
    for n in 0..150_i64 {
        let now_ms = START_MS + 17_000 + n * 100 / 3;
        pipeline.push(now_ms, picture(rtmp(n * 1_000_000 / 30), n % 30 == 0));
        pipeline.push(now_ms, sound(rtmp(n * 1_000_000 / 30)));
    }
    pipeline.assert_valid();
    assert!(pipeline.playlist.next_part() > before);
    let resumed = pipeline.heads().find(|head| head.discontinuity).unwrap();
    assert!((resumed.program_date_time.get() - (START_MS + 17_000)).abs() < 50);
    // The configuration is the same, and so is the initialisation segment.
    assert_eq!(resumed.init, 0);
}

#[test]
fn small_disorder_is_repaired_and_counted() {
    let mut pipeline = configured(Settings::default());
    for n in 0..300_i64 {
        let jitter_us = if n % 10 == 9 { -40_000 } else { 0 };
        pipeline.push(START_MS + n * 33, picture(n * 33_000 + jitter_us, n % 30 == 0));
    }
    pipeline.end();
    pipeline.assert_valid();
    let observed = pipeline.packager.observed();
    assert_eq!((observed.jumps, observed.late_frames), (0, 30));
}

#[test]
fn a_frozen_encoder_is_put_back_on_the_clock() {
    let mut pipeline = configured(parts_of(200));
    pipeline.publish(0, 5, 30, 30);
    // Nothing for a minute, then its timestamps go on as if nothing had been.
    for n in 0..900_i64 {
        let t_us = 5_000_000 + n * 1_000_000 / 30;
        pipeline.push(START_MS + 60_000 + t_us / 1_000, picture(rtmp(t_us), n % 30 == 0));
    }
    pipeline.assert_valid();
    let last = pipeline.heads().last().unwrap();
    let captured_ms = last.program_date_time.get();
    assert!((captured_ms - (START_MS + 60_000 + 35_000)).abs() < 3_000, "{captured_ms}");
    assert_eq!(pipeline.heads().filter(|head| head.discontinuity).count(), 1);
}
