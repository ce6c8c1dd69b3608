//! What a player reads.

use showfloor_origin_packager::{Listing, LivePlaylist, Output, Readiness, ReloadQuery, Settings, Skip};

use crate::support::{Pipeline, START_MS, configured, parts_of};

#[test]
fn a_playlist_with_200_ms_parts_is_as_expected_to_the_letter() {
    let mut pipeline = configured(parts_of(200));
    pipeline.publish(0, 3, 30, 30);
    pipeline.assert_valid();
    assert_eq!(
        pipeline.text(),
        "#EXTM3U\n#EXT-X-VERSION:9\n#EXT-X-TARGETDURATION:3\n\
         #EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,CAN-SKIP-UNTIL=18.000,HOLD-BACK=9.000,PART-HOLD-BACK=0.600\n\
         #EXT-X-PART-INF:PART-TARGET=0.200\n#EXT-X-MEDIA-SEQUENCE:0\n#EXT-X-DISCONTINUITY-SEQUENCE:0\n\
         #EXT-X-MAP:URI=\"init-0.mp4\"\n#EXT-X-PROGRAM-DATE-TIME:2026-11-20T19:00:00.000Z\n\
         #EXT-X-PART:DURATION=0.200,URI=\"0.0.m4s\",INDEPENDENT=YES\n#EXT-X-PART:DURATION=0.200,URI=\"0.1.m4s\"\n\
         #EXT-X-PART:DURATION=0.200,URI=\"0.2.m4s\"\n#EXT-X-PART:DURATION=0.200,URI=\"0.3.m4s\"\n\
         #EXT-X-PART:DURATION=0.200,URI=\"0.4.m4s\"\n#EXT-X-PART:DURATION=0.200,URI=\"0.5.m4s\",INDEPENDENT=YES\n\
         #EXT-X-PART:DURATION=0.200,URI=\"0.6.m4s\"\n#EXT-X-PART:DURATION=0.200,URI=\"0.7.m4s\"\n\
         #EXT-X-PART:DURATION=0.200,URI=\"0.8.m4s\"\n#EXT-X-PART:DURATION=0.200,URI=\"0.9.m4s\"\n\
         #EXTINF:2.000,\n0.m4s\n#EXT-X-PROGRAM-DATE-TIME:2026-11-20T19:00:02.000Z\n\
         #EXT-X-PART:DURATION=0.200,URI=\"1.0.m4s\",INDEPENDENT=YES\n#EXT-X-PART:DURATION=0.200,URI=\"1.1.m4s\"\n\
         #EXT-X-PART:DURATION=0.200,URI=\"1.2.m4s\"\n#EXT-X-PART:DURATION=0.200,URI=\"1.3.m4s\"\n\
         #EXT-X-PRELOAD-HINT:TYPE=PART,URI=\"1.4.m4s\"\n"
    );
}

#[test]
fn the_default_part_target_holds_ten_frames_at_30_a_second() {
    let mut pipeline = configured(Settings::default());
    pipeline.publish(0, 12, 30, 60);
    pipeline.assert_valid();
    assert!(pipeline.text().contains("PART-TARGET=0.340"));
    let in_second: Vec<u32> =
        pipeline.parts().filter(|part| part.msn == 1).map(|part| part.duration_us).collect();
    assert_eq!(in_second, [333_000, 333_000, 334_000, 333_000, 333_000, 334_000]);
}

#[test]
fn a_reload_waits_for_its_part_and_is_refused_beyond_the_advance_limit() {
    let mut pipeline = configured(parts_of(200));
    pipeline.publish(0, 5, 30, 30);
    let (msn, part) = pipeline.playlist.next_part();
    assert_eq!((msn, part), (2, 4));
    let asks = |msn, part| pipeline.playlist.readiness(&ReloadQuery { msn: Some(msn), part, skip: Skip::No });
    assert_eq!(asks(2, Some(3)), Readiness::Ready);
    assert_eq!(asks(2, Some(4)), Readiness::Wait);
    assert_eq!(asks(1, None), Readiness::Ready);
    assert_eq!(asks(1, Some(99)), Readiness::Ready);
    assert_eq!(asks(2, None), Readiness::Wait);
    assert_eq!(asks(4, None), Readiness::Wait);
    assert_eq!(asks(5, None), Readiness::TooFarAhead);
    assert_eq!(asks(1_000_000_000_000, Some(0)), Readiness::TooFarAhead);
    assert_eq!(asks(2, Some(4 + 15)), Readiness::Wait);
    assert_eq!(asks(2, Some(4 + 16)), Readiness::TooFarAhead);
}

#[test]
fn a_window_drops_from_the_front_and_a_delta_skips_what_is_old() {
    let settings = Settings { dvr_window_ms: 60_000, ..parts_of(200) };
    let mut pipeline = configured(settings);
    pipeline.publish(0, 90, 30, 60);
    pipeline.assert_valid();
    let text = pipeline.text();
    assert!(text.contains("#EXT-X-MEDIA-SEQUENCE:14\n"), "{text}");
    assert_eq!(text.matches("#EXTINF").count(), 30);
    assert!(!text.contains("\"14.0.m4s\"") && text.contains("\"44.0.m4s\""));
    let delta = ReloadQuery { skip: Skip::Yes, ..ReloadQuery::default() };
    let text = pipeline.playlist.render(Some(&delta)).unwrap();
    assert!(text.contains("#EXT-X-SKIP:SKIPPED-SEGMENTS=21\n"), "{text}");
    assert!(!text.contains("#EXT-X-MAP"));
}

#[test]
fn what_could_not_be_stored_is_a_gap_and_nothing_stalls() {
    let mut pipeline = configured(parts_of(200));
    pipeline.fails = |output| match output {
        Output::Part(part) => part.msn == 1 && part.part == 2,
        Output::Segment(segment) => segment.msn == 1,
        _ => false,
    };
    pipeline.publish(0, 8, 30, 60);
    pipeline.assert_valid();
    let text = pipeline.text();
    assert!(text.contains("URI=\"1.2.m4s\",GAP=YES\n"), "{text}");
    assert!(text.contains("#EXT-X-GAP\n#EXTINF:2.000,\n1.m4s\n"), "{text}");
    assert!(text.contains("#EXTINF:2.000,\n2.m4s\n"));
}

#[test]
fn the_end_is_final_and_the_replay_has_everything() {
    let settings = Settings { dvr_window_ms: 20_000, ..parts_of(200) };
    let mut pipeline = configured(settings);
    pipeline.publish(0, 60, 30, 60);
    pipeline.end();
    pipeline.assert_valid();
    let text = pipeline.text();
    assert!(text.ends_with("#EXT-X-ENDLIST\n") && !text.contains("PRELOAD-HINT"));
    let replay = pipeline.playlist.render_replay().unwrap();
    assert_eq!(replay.matches("#EXTINF").count(), 30);
    assert!(
        replay.contains("#EXT-X-PLAYLIST-TYPE:VOD\n#EXT-X-MEDIA-SEQUENCE:0\n#EXT-X-MAP:URI=\"init-0.mp4\"\n")
    );
    let parsed = showfloor_origin_packager::validate::parse(&replay).unwrap();
    assert_eq!(showfloor_origin_packager::validate::check(&parsed), []);
    let ready = pipeline.playlist.readiness(&ReloadQuery { msn: Some(400), ..ReloadQuery::default() });
    assert_eq!(ready, Readiness::Ready);
}

#[test]
fn nothing_is_rendered_before_there_is_something_to_play() {
    let mut playlist = LivePlaylist::new(Settings::default());
    assert_eq!(playlist.render(None), None);
    assert_eq!(playlist.readiness(&ReloadQuery::default()), Readiness::Wait);
    playlist.apply(Listing::TargetDuration(3));
    assert_eq!(playlist.render(None), None);
    assert_eq!(playlist.render_replay(), None);
}

#[test]
fn programme_date_time_is_capture_time_and_a_frame_can_be_mapped() {
    let mut pipeline: Pipeline = configured(parts_of(200));
    pipeline.publish(7_000_000, 10, 30, 60);
    for head in pipeline.heads() {
        let expected_ms = START_MS + 7_000 + i64::try_from(head.msn).unwrap() * 2_000;
        assert!((head.program_date_time.get() - expected_ms).abs() <= 1);
    }
    let captured = pipeline.packager.capture_time(7_000_000 + 8_500_000).unwrap();
    assert!((captured.get() - (START_MS + 7_000 + 8_500)).abs() <= 1);
}

#[test]
fn bandwidth_is_measured() {
    let mut pipeline = configured(parts_of(200));
    pipeline.publish(0, 8, 30, 60);
    let measured = pipeline.playlist.measured();
    let peak = pipeline.segments().map(|segment| segment.bytes.len() * 8 / 2).max().unwrap();
    assert_eq!(measured.peak_bps, u64::try_from(peak).unwrap());
    assert!(measured.average_bps > 0 && measured.average_bps <= measured.peak_bps);
}
