//! ffmpeg in, playlists and frames out.

use std::io::Write;
use std::net::TcpStream;

use crate::demo::Demo;
use crate::follow::{Follower, get, listed_ms};
use crate::publisher::{FPS, Publisher, Sound, frames};

struct Air {
    demo: Demo,
    _data: tempfile::TempDir,
}

impl Air {
    fn new() -> Self {
        let data = tempfile::tempdir().unwrap();
        Self { demo: Demo::start(data.path(), &["--no-demo-stream"]), _data: data }
    }

    fn url(&self) -> String {
        format!("{}/{}", self.demo.text("rtmp_url"), self.demo.text("stream_key"))
    }

    fn follow(&self) -> Follower {
        Follower::join(self.demo.text("idle_playlist_url"))
    }
}

#[test]
fn every_frame_that_ffmpeg_sends_can_be_watched_and_every_playlist_keeps_the_rules() {
    for sound in [Sound::Tone, Sound::Silence] {
        let air = Air::new();
        let count = 6 * FPS;
        let publisher = Publisher::start(&air.url(), count, sound);
        let mut viewer = air.follow();
        viewer.until(|playlist| listed_ms(playlist) >= 5_900);
        let (left_well, said) = publisher.finish();
        assert!(left_well, "{said}");
        assert_eq!(frames(&viewer.media()), count);
        assert!(viewer.playlist().part_target_us.is_some() && viewer.playlist().can_block_reload);
    }
}

#[test]
fn a_publisher_without_sound_is_watched_all_the_same() {
    let air = Air::new();
    let publisher = Publisher::start(&air.url(), 5 * FPS, Sound::None);
    let mut viewer = air.follow();
    viewer.until(|playlist| listed_ms(playlist) >= 3_500);
    assert!(frames(&viewer.media()) >= 3 * FPS);
    assert!(publisher.finish().0);
}

#[test]
fn a_publisher_that_returns_goes_on_in_the_same_playlist_after_a_discontinuity() {
    let air = Air::new();
    let first = Publisher::start(&air.url(), 60 * FPS, Sound::Tone);
    let mut viewer = air.follow();
    viewer.until(|playlist| listed_ms(playlist) >= 2_000);
    first.drop_connection();
    let second = Publisher::start(&air.url(), 5 * FPS, Sound::Tone);
    let playlist = viewer.until(|playlist| {
        let after = playlist.segments.iter().skip_while(|segment| segment.msn == 0 || !segment.discontinuity);
        after.filter_map(|segment| segment.duration_us).sum::<u64>() >= 2_000_000
    });
    assert!(!playlist.ended && playlist.media_sequence == 0);
    let msns: Vec<u64> = playlist.segments.iter().map(|segment| segment.msn).collect();
    assert_eq!(msns, (0..msns.len() as u64).collect::<Vec<_>>());
    assert!(second.finish().0);
}

#[test]
fn bad_publishers_get_a_clear_answer_and_cost_a_good_one_no_frame() {
    let air = Air::new();
    let count = 6 * FPS;
    let good = Publisher::start(&air.url(), count, Sound::Tone);
    let mut viewer = air.follow();
    let address =
        air.demo.text("rtmp_url").trim_start_matches("rtmp://").split('/').next().unwrap().to_owned();
    for _ in 0..100 {
        let mut socket = TcpStream::connect(&address).unwrap();
        // Whether all of it is taken before the door closes is the server's choice.
        let _ = socket.write_all(&[0xFF; 2_000]);
    }
    let wrong = format!("{}/live_0000000000000000_wrong", air.demo.text("rtmp_url"));
    let (accepted, _) = Publisher::start(&wrong, FPS, Sound::Tone).finish();
    assert!(!accepted, "a wrong key publishes nothing");
    let (accepted, _) = Publisher::start(&air.url(), FPS, Sound::Tone).finish();
    assert!(!accepted, "a second publisher is refused");
    viewer.until(|playlist| listed_ms(playlist) >= 5_900);
    let (left_well, said) = good.finish();
    assert!(left_well, "{said}");
    assert_eq!(frames(&viewer.media()), count);
    let log = air.demo.log();
    assert!(!log.contains(air.demo.text("stream_key")), "a stream key was logged");
}

#[test]
fn segments_answer_ranges_conditions_and_foreign_pages() {
    let air = Air::new();
    let publisher = Publisher::start(&air.url(), 4 * FPS, Sound::Tone);
    let mut viewer = air.follow();
    viewer.until(|playlist| !playlist.segments.is_empty());
    let uri = viewer.playlist().segments[0].uri.clone();
    let url = crate::follow::resolve(&viewer.url, &uri);
    let whole = get(&url, &[]);
    assert_eq!(whole.header("cache-control"), Some("public, max-age=31536000, immutable"));
    assert_eq!(whole.header("access-control-allow-origin"), Some("*"));
    let part = get(&url, &["--range", "10-19"]);
    assert_eq!((part.status, part.body.as_slice()), (206, &whole.body[10..20]));
    assert_eq!(get(&url, &["--range", "99999999-"]).status, 416);
    let etag = whole.header("etag").unwrap();
    assert_eq!(get(&url, &["--header", &format!("If-None-Match: {etag}")]).status, 304);
    let poisoned = ["--header", "X-Forwarded-Host: evil.example", "--header", "X-Original-URL: /v1/me"];
    assert_eq!(get(&url, &poisoned).body, whole.body);
    assert_eq!(get(&url, &[]).body, whole.body);
    publisher.finish();
}

#[test]
fn a_playlist_asked_too_far_ahead_is_refused_at_once() {
    let air = Air::new();
    let publisher = Publisher::start(&air.url(), 4 * FPS, Sound::Tone);
    let viewer = air.follow();
    let answer = get(&format!("{}?_HLS_msn=1000000000000", viewer.url), &[]);
    assert_eq!(answer.status, 400, "{}", answer.text());
    assert_eq!(answer.header("content-type"), Some("application/problem+json"));
    publisher.finish();
}
