//! Abuse cases M9 and M11, and the promises of the playlist cache, on virtual time.

use std::collections::BTreeMap;

use proptest::prelude::*;
use showfloor_domain::UtcMs;
use showfloor_edge_core::media::{Ask, PlaylistQuery, Route, Skip};
use showfloor_edge_core::playlist_cache::{
    Answer, FetchId, Limits, Output, Playlist, PlaylistCache, Refusal, Upstream, WaiterId,
};

const T0: UtcMs = UtcMs::new(1_795_000_000_000);

fn playlist(n: u8) -> Playlist {
    let path = format!("/media/brd_0192f0c1e2d37a8b9c0d1e2f3a4b5c{n:02x}/source/live.m3u8");
    match Route::parse(&path) {
        Some(Route::LivePlaylist(media)) => Playlist::Media(media),
        other => panic!("{other:?}"),
    }
}

/// A live playlist whose segment `msn` has `parts` parts so far; segments before it have six.
fn body(msn: u64, parts: u32) -> String {
    let mut text = String::from(
        "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXT-X-PART-INF:PART-TARGET=0.333\n#EXT-X-MEDIA-SEQUENCE:1\n",
    );
    for segment in 1..msn {
        if segment + 2 > msn {
            (0..6).for_each(|_| text.push_str("#EXT-X-PART:DURATION=0.333,URI=\"p\"\n"));
        }
        text.push_str("#EXTINF:2.0,\ns.m4s\n");
    }
    (0..parts).for_each(|_| text.push_str("#EXT-X-PART:DURATION=0.333,URI=\"p\"\n"));
    text
}

fn ok(body: String) -> Upstream {
    Upstream { status: 200, age_s: 0, body: body.into() }
}

fn ask(msn: u64, part: u32) -> PlaylistQuery {
    PlaylistQuery { ask: Some(Ask { msn, part: Some(part) }), skip: None }
}

const PLAIN: PlaylistQuery = PlaylistQuery { ask: None, skip: None };

/// A cache, and what it did.
struct Edge {
    cache: PlaylistCache,
    fetches: Vec<(FetchId, PlaylistQuery)>,
    stored_asked: usize,
    answers: BTreeMap<u64, Answer>,
    next: u64,
}

impl Edge {
    fn new() -> Self {
        Self::with(Limits::default())
    }

    fn with(limits: Limits) -> Self {
        Self {
            cache: PlaylistCache::new(limits),
            fetches: vec![],
            stored_asked: 0,
            answers: BTreeMap::new(),
            next: 0,
        }
    }

    fn request(&mut self, now: UtcMs, query: PlaylistQuery) -> u64 {
        self.next += 1;
        self.cache.request(now, WaiterId(self.next), &playlist(1), query);
        self.drain();
        self.next
    }

    fn answer(&mut self, now: UtcMs, fetch: FetchId, upstream: Upstream) {
        self.cache.upstream_answered(now, fetch, upstream);
        self.drain();
    }

    fn drain(&mut self) {
        loop {
            match self.cache.poll_output() {
                Output::Fetch { fetch, query, .. } => self.fetches.push((fetch, query)),
                Output::FetchStored { .. } => self.stored_asked += 1,
                Output::Answer { waiters, answer } => {
                    for WaiterId(waiter) in waiters {
                        assert!(self.answers.insert(waiter, answer.clone()).is_none(), "answered twice");
                    }
                }
                Output::Timeout(_) => return,
            }
        }
    }

    fn fetch(&self, n: usize) -> FetchId {
        self.fetches[n].0
    }

    /// An edge that has just read a playlist up to segment 10, part 2.
    fn warm() -> Self {
        let mut edge = Self::new();
        edge.request(T0, PLAIN);
        edge.answer(T0, edge.fetch(0), ok(body(10, 2)));
        edge
    }
}

#[test]
fn however_many_wait_for_a_part_the_origin_is_asked_once() {
    let mut edge = Edge::warm();
    let waiters: Vec<u64> = (0..10_000).map(|_| edge.request(T0.plus_ms(5), ask(10, 2))).collect();
    assert_eq!(edge.fetches.len(), 2);
    assert_eq!(edge.fetches[1].1, ask(10, 2));
    edge.answer(T0.plus_ms(300), edge.fetch(1), ok(body(10, 3)));
    assert!(waiters.iter().all(|waiter| edge.answers[waiter].status == 200));
    assert_eq!((edge.fetches.len(), edge.cache.waiting()), (2, 0));
}

#[test]
fn ten_thousand_random_queries_cost_one_upstream_request_and_are_refused_at_once() {
    for mut edge in [Edge::new(), Edge::warm()] {
        let before = edge.fetches.len();
        let far: Vec<u64> = (0..10_000_u64)
            .map(|n| {
                let query = format!("_HLS_msn={}&x={n}&_HLS_part={}", 1_000 + n * 7_919, n % 50);
                edge.request(T0, PlaylistQuery::parse(&query).unwrap())
            })
            .collect();
        assert!(edge.fetches.len() - before <= 1);
        if before == 0 {
            edge.answer(T0.plus_ms(20), edge.fetch(0), ok(body(10, 2)));
        }
        assert!(far.iter().all(|waiter| edge.answers[waiter].refusal == Some(Refusal::TooFarAhead)));
        assert!(far.iter().all(|waiter| edge.answers[waiter].status == 400));
        assert!(edge.fetches.len() <= 1);
    }
}

#[test]
fn asking_for_several_parts_ahead_asks_the_origin_for_the_next_one_only() {
    let mut edge = Edge::warm();
    let ahead: Vec<u64> = (2..=8).map(|part| edge.request(T0.plus_ms(1), ask(10, part))).collect();
    assert_eq!(edge.fetches[1..].iter().map(|(_, query)| *query).collect::<Vec<_>>(), [ask(10, 2)]);
    edge.answer(T0.plus_ms(300), edge.fetch(1), ok(body(10, 3)));
    assert_eq!(edge.answers.get(&ahead[0]).map(|answer| answer.status), Some(200));
    assert!(!edge.answers.contains_key(&ahead[1]), "its part is not there yet");
    assert_eq!(edge.fetches[2..].iter().map(|(_, query)| *query).collect::<Vec<_>>(), [ask(10, 3)]);
    edge.answer(T0.plus_ms(600), edge.fetch(2), ok(body(11, 1)));
    assert!(ahead.iter().all(|waiter| edge.answers[waiter].status == 200), "the segment is over");
}

#[test]
fn what_is_already_there_is_answered_from_the_newest_playlist_while_it_is_fresh() {
    let mut edge = Edge::warm();
    for msn in 0..10 {
        let waiter = edge.request(T0.plus_ms(300), ask(msn, 0));
        assert_eq!(edge.answers[&waiter].body, body(10, 2));
    }
    assert_eq!(edge.fetches.len(), 1);
    let late = edge.request(T0.plus_ms(340), ask(3, 0));
    assert_eq!(edge.fetches[1].1, PLAIN, "older than a part: asked again, without directives");
    edge.answer(T0.plus_ms(350), edge.fetch(1), ok(body(10, 3)));
    assert_eq!(edge.answers[&late].body, body(10, 3));
}

#[test]
fn a_delta_update_never_reaches_who_did_not_ask_for_one() {
    let mut edge = Edge::warm();
    let delta = PlaylistQuery { skip: Some(Skip::Segments), ..ask(10, 2) };
    let (whole, short) = (edge.request(T0, ask(10, 2)), edge.request(T0, delta));
    assert_eq!(edge.fetches.len(), 3);
    let skipped = "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXT-X-PART-INF:PART-TARGET=0.333\n#EXT-X-MEDIA-SEQUENCE:1\n\
        #EXT-X-SKIP:SKIPPED-SEGMENTS=9\n#EXT-X-PART:D\n#EXT-X-PART:D\n#EXT-X-PART:D\n";
    edge.answer(T0.plus_ms(300), edge.fetch(2), ok(skipped.into()));
    assert_eq!(edge.answers[&short].body, skipped);
    assert!(!edge.answers.contains_key(&whole));
    edge.answer(T0.plus_ms(301), edge.fetch(1), ok(body(10, 3)));
    assert_eq!(edge.answers[&whole].body, body(10, 3));
}

#[test]
fn age_is_what_the_origin_said_and_the_time_spent_here() {
    let mut edge = Edge::new();
    edge.request(T0, PLAIN);
    let over = format!("{}#EXT-X-ENDLIST\n", body(10, 0));
    edge.answer(T0, edge.fetch(0), Upstream { age_s: 7, ..ok(over) });
    assert_eq!(edge.answers[&1].age_s, 7);
    let later = edge.request(T0.plus_ms(999), PLAIN);
    assert_eq!(edge.answers[&later].age_s, 7);
    // The origin goes away: what is served then has aged here.
    edge.request(T0.plus_ms(5_000), PLAIN);
    edge.cache.upstream_failed(T0.plus_ms(5_000), edge.fetch(1));
    edge.drain();
    let stale = &edge.answers[&edge.next];
    assert_eq!((stale.age_s, stale.stale, stale.status), (12, true, 200));
}

#[test]
fn when_the_origin_is_gone_the_last_playlist_is_served_as_stale_and_the_origin_is_asked_once_a_second() {
    let mut edge = Edge::warm();
    let now = T0.plus_ms(1_000);
    let first = edge.request(now, ask(10, 2));
    edge.cache.upstream_failed(now, edge.fetch(1));
    edge.drain();
    let others: Vec<u64> = (0..100).map(|_| edge.request(now.plus_ms(999), ask(10, 2))).collect();
    for waiter in others.iter().chain([&first]) {
        assert!(edge.answers[waiter].stale && edge.answers[waiter].body == body(10, 2));
    }
    assert_eq!(edge.fetches.len(), 2);
    edge.request(now.plus_ms(1_000), ask(10, 2));
    assert_eq!(edge.fetches.len(), 3, "after a second it is asked again");
    edge.answer(now.plus_ms(1_001), edge.fetch(2), ok(body(10, 5)));
    assert!(!edge.answers[&edge.next].stale);
}

#[test]
fn an_edge_that_never_saw_a_playlist_reads_the_stored_one_when_the_origin_is_gone() {
    for stored in [Some(body(10, 2)), None] {
        let mut edge = Edge::new();
        let waiters = [edge.request(T0, PLAIN), edge.request(T0, ask(10, 2))];
        edge.cache.upstream_failed(T0, edge.fetch(0));
        edge.drain();
        assert_eq!(edge.stored_asked, 1);
        edge.cache.stored_answered(T0, &playlist(1), stored.clone().map(Into::into));
        edge.drain();
        for waiter in waiters {
            let answer = &edge.answers[&waiter];
            match &stored {
                Some(body) => assert!(answer.stale && answer.body == body),
                None => assert_eq!((answer.status, answer.refusal), (503, Some(Refusal::OriginGone))),
            }
        }
        edge.request(T0.plus_ms(1_001), PLAIN);
        assert_eq!(edge.fetches.len(), 2, "what was stored is never taken for fresh");
    }
}

#[test]
fn an_error_is_kept_for_a_second_at_most_and_then_forgotten() {
    let mut edge = Edge::new();
    edge.request(T0, PLAIN);
    edge.answer(T0, edge.fetch(0), Upstream { status: 404, age_s: 0, body: "".into() });
    let again = edge.request(T0.plus_ms(999), PLAIN);
    assert_eq!((edge.answers[&again].status, edge.fetches.len()), (404, 1));
    let there = edge.request(T0.plus_ms(1_000), PLAIN);
    edge.answer(T0.plus_ms(1_000), edge.fetch(1), ok(body(1, 1)));
    assert_eq!(edge.answers[&there].status, 200);
}

#[test]
fn an_origin_that_answers_too_late_counts_as_gone() {
    let mut edge = Edge::warm();
    let waiter = edge.request(T0.plus_ms(400), PLAIN);
    edge.cache.tick(T0.plus_ms(400 + Limits::default().plain_ms_max - 1));
    edge.drain();
    assert!(!edge.answers.contains_key(&waiter));
    edge.cache.tick(T0.plus_ms(400 + Limits::default().plain_ms_max));
    edge.drain();
    assert!(edge.answers[&waiter].stale);
    edge.answer(T0.plus_ms(9_000), edge.fetch(1), ok(body(11, 0)));
    assert_eq!(edge.answers.len(), 2, "its late answer changes nothing");
}

#[test]
fn an_origin_that_goes_back_or_does_not_wait_is_not_asked_in_circles() {
    let mut edge = Edge::warm();
    let waiter = edge.request(T0.plus_ms(1), ask(10, 2));
    edge.answer(T0.plus_ms(2), edge.fetch(1), ok(body(10, 2)));
    assert_eq!((edge.answers[&waiter].status, edge.fetches.len()), (200, 2));
    let past = edge.request(T0.plus_ms(400), ask(10, 1));
    edge.answer(T0.plus_ms(401), edge.fetch(2), ok(body(5, 0)));
    assert_eq!((edge.answers[&past].status, edge.fetches.len()), (200, 3));
}

#[test]
fn one_waiter_past_the_limit_is_refused_and_a_place_given_up_is_free_again() {
    let mut edge = Edge::with(Limits { waiters_max: 3, ..Limits::default() });
    let waiters: Vec<u64> = (0..4).map(|_| edge.request(T0, PLAIN)).collect();
    assert_eq!(edge.answers.get(&waiters[3]).map(|answer| answer.refusal), Some(Some(Refusal::Busy)));
    assert_eq!(edge.answers.len(), 1);
    edge.cache.cancel(WaiterId(waiters[0]), &playlist(1));
    let fifth = edge.request(T0, PLAIN);
    edge.answer(T0, edge.fetch(0), ok(body(1, 0)));
    assert!(edge.answers[&fifth].status == 200 && !edge.answers.contains_key(&waiters[0]));
}

#[test]
fn one_playlist_past_the_limit_takes_the_place_of_the_one_idle_longest() {
    let mut cache = PlaylistCache::new(Limits { playlists_max: 2, ..Limits::default() });
    let mut ask_for = |now: UtcMs, n: u8| {
        cache.request(now, WaiterId(u64::from(n)), &playlist(n), PLAIN);
        let Output::Fetch { fetch, .. } = cache.poll_output() else { return false };
        cache.upstream_answered(now, fetch, ok(body(1, 0)));
        matches!(cache.poll_output(), Output::Timeout(_)) || matches!(cache.poll_output(), Output::Timeout(_))
    };
    assert!(ask_for(T0, 1) && ask_for(T0.plus_ms(1), 2) && ask_for(T0.plus_ms(2), 3));
}

#[test]
fn a_playlist_of_the_largest_size_is_served_and_one_byte_more_is_not() {
    let limits = Limits { body_bytes_max: 100, ..Limits::default() };
    for (size, status) in [(100, 200), (101, 503)] {
        let mut edge = Edge::with(limits);
        edge.request(T0, PLAIN);
        let text = format!("#EXTM3U\n{}", "#".repeat(size - 8));
        edge.answer(T0, edge.fetch(0), ok(text));
        if status == 503 {
            edge.cache.stored_answered(T0, &playlist(1), None);
            edge.drain();
        }
        assert_eq!(edge.answers[&1].status, status, "{size}");
    }
}

proptest! {
    /// Whatever is asked and answered, in any order: everyone is answered once at most, nobody is forgotten, and
    /// the upstream requests of one playlist stay few.
    #[test]
    fn everyone_is_answered_exactly_once(steps in prop::collection::vec((0_u8..6, 0_u64..14, 0_u32..8, 0_i64..700), 1..120)) {
        let mut edge = Edge::new();
        let (mut now, mut msn, mut parts) = (T0, 5_u64, 0_u32);
        let mut asked = 0;
        let mut open: Vec<(FetchId, PlaylistQuery)> = vec![];
        let mut seen = 0;
        for (kind, a, b, pass_ms) in steps {
            now = now.plus_ms(pass_ms);
            match kind {
                0 | 1 => { edge.request(now, ask(a, b)); asked += 1; }
                2 => {
                    edge.request(now, PlaylistQuery { skip: Some(Skip::Segments), ..ask(a, b) });
                    asked += 1;
                }
                3 => { edge.request(now, PLAIN); asked += 1; }
                4 => if let Some((fetch, _)) = open.pop() {
                    (msn, parts) = if parts >= 5 { (msn + 1, 0) } else { (msn, parts + 1) };
                    edge.answer(now, fetch, ok(body(msn, parts)));
                },
                _ => if let Some((fetch, _)) = open.pop() {
                    edge.cache.upstream_failed(now, fetch);
                    edge.drain();
                    edge.cache.stored_answered(now, &playlist(1), None);
                    edge.drain();
                },
            }
            open.extend(edge.fetches[seen..].iter().copied());
            seen = edge.fetches.len();
            prop_assert!(open.len() <= Limits::default().fetches_per_playlist_max);
            prop_assert_eq!(edge.answers.len() + edge.cache.waiting(), asked);
        }
        let late = now.plus_ms(60_000);
        edge.cache.tick(late);
        edge.drain();
        edge.cache.stored_answered(late, &playlist(1), None);
        edge.drain();
        prop_assert_eq!(edge.answers.len(), asked);
    }
}
