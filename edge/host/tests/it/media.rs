//! Objects and playlists.

use std::sync::atomic::Ordering;

use crate::support::{World, header};

const PART: &str = "/media/brd_0192f0c1e2d37a8b9c0d1e2f3a4b5c6d/source/7.0.m4s";
const PLAYLIST: &str = "/media/brd_0192f0c1e2d37a8b9c0d1e2f3a4b5c6d/source/live.m3u8";
const TEXT: &str = "#EXTM3U\n#EXT-X-VERSION:9\n#EXT-X-TARGETDURATION:2\n#EXT-X-PART-INF:PART-TARGET=0.34\n\
    #EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:2.0,\n0.m4s\n";

#[tokio::test]
async fn a_part_asked_for_too_early_is_found_as_soon_as_it_is_there() {
    let world = World::new().await;
    let early = world.get(PART, &[]).await;
    assert_eq!(early.status(), 404);
    assert_eq!(header(early.headers(), "cache-control"), "public, max-age=1");
    world.objects.put(PART, b"0123456789");
    let there = world.get(PART, &[]).await;
    assert_eq!(there.status(), 200);
    assert_eq!(header(there.headers(), "cache-control"), "public, max-age=31536000, immutable");
    assert_eq!(header(there.headers(), "access-control-allow-origin"), "*");
    assert_eq!(there.text().await.unwrap(), "0123456789");
}

#[tokio::test]
async fn odd_headers_change_nothing_for_the_next_clean_request() {
    let world = World::new().await;
    world.objects.put(PART, b"0123456789");
    for (name, value) in [
        ("x-forwarded-host", "evil.example"),
        ("x-original-url", "/v1/events"),
        ("range", "bytes=5-2"),
        ("range", "bytes=0-0,2-3"),
        ("range", "lines=1-2"),
        ("cookie", "__Host-showfloor=stolen"),
    ] {
        assert!(world.get(PART, &[(name, value)]).await.status().is_success(), "{name}: {value}");
        assert_eq!(world.get(PART, &[]).await.text().await.unwrap(), "0123456789");
    }
}

#[tokio::test]
async fn ranges_and_conditions_answer_as_http_says() {
    let world = World::new().await;
    world.objects.put(PART, b"0123456789");
    let part = world.get(PART, &[("range", "bytes=2-4")]).await;
    assert_eq!((part.status().as_u16(), header(part.headers(), "content-range")), (206, "bytes 2-4/10"));
    assert_eq!(part.text().await.unwrap(), "234");
    let beyond = world.get(PART, &[("range", "bytes=10-")]).await;
    assert_eq!((beyond.status().as_u16(), header(beyond.headers(), "content-range")), (416, "bytes */10"));
    assert_eq!(world.get(PART, &[("if-none-match", "\"10\"")]).await.status(), 304);
    let head = reqwest::Client::new().head(format!("http://{}{PART}", world.address)).send().await.unwrap();
    assert_eq!((head.status().as_u16(), header(head.headers(), "content-length")), (200, "10"));
}

#[tokio::test]
async fn only_listed_routes_are_served() {
    let world = World::new().await;
    for path in [
        "/media/brd_0192f0c1e2d37a8b9c0d1e2f3a4b5c6d/source/../../keys",
        "/media/brd_0192f0c1e2d37a8b9c0d1e2f3a4b5c6d/source/timeline.jsonl",
        "/media/x/source/1.m4s",
        "/live/cart/x.m4s",
        "/images/img_0192f0c1e2d37a8b9c0d1e2f3a4b5c6d/641.jpg",
    ] {
        let answer = world.get(path, &[]).await;
        assert_eq!(answer.status(), 404, "{path}");
        assert_eq!(header(answer.headers(), "content-type"), "application/problem+json");
    }
}

#[tokio::test]
async fn viewers_who_wait_for_one_part_cost_one_upstream_request() {
    let world = World::new().await;
    world.origin.publish(TEXT);
    assert_eq!(world.get(PLAYLIST, &[]).await.status(), 200);
    let before = world.origin.asked.load(Ordering::SeqCst);
    let waiting: Vec<_> = (0..50)
        .map(|number| {
            // Random queries are no part of what is asked for (abuse case M9).
            let url = format!("http://{}{PLAYLIST}?_HLS_msn=1&utm_source={number}", world.address);
            tokio::spawn(async move { reqwest::get(url).await.unwrap().text().await.unwrap() })
        })
        .collect();
    // All of them wait when the last one is counted; then the part comes.
    while world.origin.asked.load(Ordering::SeqCst) == before {
        tokio::task::yield_now().await;
    }
    let longer = format!("{TEXT}#EXTINF:2.0,\n1.m4s\n");
    world.origin.publish(&longer);
    for answer in waiting {
        assert_eq!(answer.await.unwrap(), longer);
    }
    // Those that came after the part was there may have found it fresh, or asked once more.
    assert!(world.origin.asked.load(Ordering::SeqCst) - before <= 2);
}

#[tokio::test]
async fn a_part_far_ahead_is_refused_at_once_and_a_malformed_query_too() {
    let world = World::new().await;
    world.origin.publish(TEXT);
    for query in ["_HLS_msn=1000000000000", "_HLS_msn=x", "_HLS_part=1", "_HLS_msn=1&_HLS_msn=1"] {
        let answer = world.get(&format!("{PLAYLIST}?{query}"), &[]).await;
        assert_eq!(answer.status(), 400, "{query}");
        assert_eq!(header(answer.headers(), "content-type"), "application/problem+json");
    }
    let long = format!("{PLAYLIST}?{}", "a".repeat(257));
    assert_eq!(world.get(&long, &[]).await.status(), 400);
    let longest = format!("{PLAYLIST}?{}", "a".repeat(256));
    assert_eq!(world.get(&longest, &[]).await.status(), 200);
}
