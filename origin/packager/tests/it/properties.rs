//! Whatever a publisher does, the playlist keeps to RFC 8216bis.

use proptest::prelude::*;
use showfloor_origin_packager::{Output, Settings};

use crate::support::{Pipeline, START_MS, aac, avc, parts_of, picture_with_offset, sound};

#[derive(Clone, Debug)]
enum Act {
    /// Pictures and sound at this rate, with key frames this far apart.
    Publish {
        frames: i64,
        interval_us: i64,
        gop: i64,
        jitter_us: i64,
        with_video: bool,
        with_audio: bool,
    },
    /// Timestamps jump.
    Jump {
        by_us: i64,
    },
    /// Nothing comes for a while.
    Silence {
        ms: i64,
    },
    Leave,
    Size {
        width_px: u32,
    },
    Rate {
        hz: u32,
    },
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        6 => (1..200_i64, 8_000..400_000_i64, 1..120_i64, 0..60_000_i64, prop::bool::weighted(0.9), prop::bool::weighted(0.8))
            .prop_map(|(frames, interval_us, gop, jitter_us, with_video, with_audio)| {
                Act::Publish { frames, interval_us, gop, jitter_us, with_video, with_audio }
            }),
        1 => (-9_000_000_000..9_000_000_000_i64).prop_map(|by_us| Act::Jump { by_us }),
        1 => (0..20_000_i64).prop_map(|ms| Act::Silence { ms }),
        1 => Just(Act::Leave),
        1 => prop::sample::select(vec![640, 1_280]).prop_map(|width_px| Act::Size { width_px }),
        1 => prop::sample::select(vec![44_100, 48_000]).prop_map(|hz| Act::Rate { hz }),
    ]
}

fn settings() -> impl Strategy<Value = Settings> {
    (100..500_u32, 1_000..4_000_u32, 5_000..25_000_u32).prop_map(
        |(part_target_ms, segment_target_ms, dvr_window_ms)| Settings {
            part_target_ms,
            segment_target_ms,
            dvr_window_ms,
        },
    )
}

fn perform(pipeline: &mut Pipeline, acts: Vec<Act>) {
    let mut now_us = START_MS * 1_000;
    let mut dts_us = 0_i64;
    for act in acts {
        match act {
            Act::Publish { frames, interval_us, gop, jitter_us, with_video, with_audio } => {
                for n in 0..frames {
                    // A small deterministic wobble, that may even put a frame before the last one.
                    let wobble_us = if jitter_us == 0 { 0 } else { (n * 7_919) % jitter_us };
                    if with_video {
                        let offset_us = i32::try_from((n % 3) * 20_000).unwrap();
                        let frame = picture_with_offset(dts_us + wobble_us, offset_us, n % gop == 0);
                        pipeline.push(now_us / 1_000, frame);
                    }
                    if with_audio {
                        let mut sound_us = 0;
                        while sound_us < interval_us {
                            pipeline.push(now_us / 1_000, sound(dts_us + sound_us));
                            sound_us += 21_333;
                        }
                    }
                    dts_us += interval_us;
                    now_us += interval_us;
                }
            }
            Act::Jump { by_us } => dts_us += by_us,
            Act::Silence { ms } => {
                now_us += ms * 1_000;
                dts_us += ms * 1_000;
            }
            Act::Leave => pipeline.leave(),
            Act::Size { width_px } => pipeline.push(now_us / 1_000, avc(width_px)),
            Act::Rate { hz } => pipeline.push(now_us / 1_000, aac(hz)),
        }
    }
    pipeline.end();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn every_playlist_of_every_publisher_is_valid(settings in settings(), acts in prop::collection::vec(act(), 1..10)) {
        let mut pipeline = Pipeline::new(settings);
        pipeline.push(START_MS, avc(640));
        pipeline.push(START_MS, aac(48_000));
        perform(&mut pipeline, acts);
        let text = pipeline.playlist.render(None).unwrap_or_default();
        prop_assert!(pipeline.violations.is_empty(), "{:#?}\n{text}", pipeline.violations.first());
    }

    #[test]
    fn numbers_rise_and_parts_add_up(acts in prop::collection::vec(act(), 1..10)) {
        let mut pipeline = Pipeline::new(parts_of(200));
        pipeline.validates = false;
        pipeline.push(START_MS, avc(640));
        pipeline.push(START_MS, aac(48_000));
        perform(&mut pipeline, acts);
        let (mut msn, mut part, mut sum_us) = (0, 0, 0);
        for output in &pipeline.outputs {
            match output {
                Output::Begin(head) => prop_assert_eq!(head.msn, msn),
                Output::Part(listed) => {
                    prop_assert_eq!((listed.msn, listed.part), (msn, part));
                    prop_assert!(listed.duration_us <= 200_000 && listed.duration_us > 0);
                    part += 1;
                    sum_us += listed.duration_us;
                }
                Output::Segment(segment) => {
                    prop_assert_eq!((segment.msn, segment.duration_us), (msn, sum_us));
                    (msn, part, sum_us) = (msn + 1, 0, 0);
                }
                Output::TargetDuration(_) | Output::Init { .. } => {}
            }
        }
        prop_assert_eq!((part, sum_us), (0, 0));
    }
}
