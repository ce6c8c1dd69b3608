use std::time::Duration;

use axum::body::Body;
use http::{Method, Request, StatusCode};
use http_body_util::BodyExt as _;
use showfloor_origin_node::BroadcastState;
use showfloor_origin_node::limits::HELD_REQUESTS_MAX;
use showfloor_origin_packager::validate::{Reloads, parse};
use tower::ServiceExt as _;

use crate::support::{Publisher, key, origin, segments, show};

#[tokio::test]
async fn a_reload_is_answered_when_its_part_is_listed() {
    let mut origin = origin().await;
    let mut publisher = Publisher::connect(origin.node.rtmp_addr(), &key(1)).await.unwrap();
    publisher.configure().await;
    publisher.publish_ms(3_000).await;
    let broadcast = origin.event(BroadcastState::Started).await.broadcast_id;
    let mut reloads = Reloads::default();
    origin.play(broadcast, &mut reloads, |reloads| reloads.next_part() == Some((1, 4))).await;

    // Nothing more comes, so a player that asks for the next part waits.
    let path = format!("{}?_HLS_msn=1&_HLS_part=6", origin.playlist_path(broadcast));
    let mut waiting = Box::pin(origin.get(&path));
    assert!(futures_util::poll!(&mut waiting).is_pending());
    publisher.publish_ms(1_000).await;
    let answer = waiting.await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(answer.headers()["content-type"], "application/vnd.apple.mpegurl");
    let text = String::from_utf8(answer.into_body().collect().await.unwrap().to_bytes().to_vec()).unwrap();
    assert!(text.contains("\"1.6.m4s\""), "{text}");
    publisher.finish().await;
}

#[tokio::test]
async fn what_lies_beyond_the_advance_limit_is_refused_at_once() {
    let mut origin = origin().await;
    let mut publisher = Publisher::connect(origin.node.rtmp_addr(), &key(1)).await.unwrap();
    publisher.configure().await;
    publisher.publish_ms(3_000).await;
    let broadcast = origin.event(BroadcastState::Started).await.broadcast_id;
    origin.play(broadcast, &mut Reloads::default(), segments(1)).await;
    let path = origin.playlist_path(broadcast);
    for query in [
        "_HLS_msn=1000000000000",
        "_HLS_msn=1000000000000&_HLS_part=0",
        "_HLS_msn=1&_HLS_part=999",
        "_HLS_msn=x",
        "_HLS_part=1",
        "_HLS_msn=-1",
        "_HLS_skip=maybe",
        &format!("x={}", "a".repeat(300)),
    ] {
        let began = std::time::Instant::now();
        let (status, text) = origin.text(&format!("{path}?{query}")).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{query}: {text}");
        assert!(text.contains("\"next\":"), "{text}");
        assert!(began.elapsed() < Duration::from_millis(50));
    }
    let (status, text) = origin.text(&format!("{path}?utm_source=x&_HLS_msn=0&session=1")).await;
    assert_eq!(status, StatusCode::OK);
    assert!(parse(&text).is_ok());
    publisher.finish().await;
}

#[tokio::test]
async fn a_reload_that_outlasts_three_target_durations_is_answered() {
    let mut origin = origin().await;
    let mut publisher = Publisher::connect(origin.node.rtmp_addr(), &key(1)).await.unwrap();
    publisher.configure().await;
    publisher.publish_ms(3_000).await;
    let broadcast = origin.event(BroadcastState::Started).await.broadcast_id;
    origin.play(broadcast, &mut Reloads::default(), segments(1)).await;

    tokio::time::pause();
    let began = tokio::time::Instant::now();
    let answer = origin.get(&format!("{}?_HLS_msn=2", origin.playlist_path(broadcast))).await;
    assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.headers()["retry-after"], "1");
    assert_eq!(began.elapsed().as_secs(), 9);
}

#[tokio::test]
async fn requests_that_wait_are_counted_and_one_past_the_limit_is_refused() {
    let mut origin = origin().await;
    let mut publisher = Publisher::connect(origin.node.rtmp_addr(), &key(1)).await.unwrap();
    publisher.configure().await;
    publisher.publish_ms(3_000).await;
    let broadcast = origin.event(BroadcastState::Started).await.broadcast_id;
    origin.play(broadcast, &mut Reloads::default(), segments(1)).await;
    let path = format!("{}?_HLS_msn=2", origin.playlist_path(broadcast));
    let mut waiting = Vec::with_capacity(HELD_REQUESTS_MAX);
    for _ in 0..HELD_REQUESTS_MAX {
        let mut request = Box::pin(origin.get(&path));
        assert!(futures_util::poll!(&mut request).is_pending());
        waiting.push(request);
    }
    let (status, _) = origin.text(&path).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    // Who asks for what there is need not wait, and places are free again when requests are gone.
    assert_eq!(origin.get(&origin.playlist_path(broadcast)).await.status(), StatusCode::OK);
    waiting.pop();
    let mut request = Box::pin(origin.get(&path));
    assert!(futures_util::poll!(&mut request).is_pending());
    publisher.finish().await;
}

#[tokio::test]
async fn every_route_but_the_health_check_needs_a_service_token() {
    let origin = origin().await;
    let routes = [
        format!("/live/{}/index.m3u8", show(1)),
        "/media/brd_1/source/live.m3u8".into(),
        format!("/streams/{}", show(1)),
        "/x".into(),
    ];
    for path in routes {
        for authorization in [None, Some("Bearer wrong"), Some("Basic service-token"), Some("Bearer ")] {
            let mut request = Request::get(&path);
            if let Some(value) = authorization {
                request = request.header("authorization", value);
            }
            let answer = origin.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
            assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "{path} {authorization:?}");
            assert_eq!(answer.headers()["content-type"], "application/problem+json");
        }
    }
    let request = Request::get("/healthz").body(Body::empty()).unwrap();
    assert_eq!(origin.router.clone().oneshot(request).await.unwrap().status(), StatusCode::OK);
}

#[tokio::test]
async fn what_is_not_there_is_not_found_and_cached_by_nobody() {
    let origin = origin().await;
    for path in [
        format!("/live/{}/index.m3u8", show(1)),
        "/live/../index.m3u8".into(),
        "/live/shw_1/index.m3u8".into(),
        "/media/brd_0191b2c3d4e5f60718293a4b5c6d7e8f/source/live.m3u8".into(),
        "/media/brd_0191b2c3d4e5f60718293a4b5c6d7e8f/other/live.m3u8".into(),
        "/streams/x".into(),
        "/nothing".into(),
    ] {
        let answer = origin.get(&path).await;
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{path}");
        assert_eq!(answer.headers()["cache-control"], "no-store");
    }
    let request = Request::builder().method(Method::POST).uri(format!("/streams/{}", show(1)));
    let request = request.header("authorization", "Bearer service-token").body(Body::empty()).unwrap();
    assert_eq!(
        origin.router.clone().oneshot(request).await.unwrap().status(),
        StatusCode::METHOD_NOT_ALLOWED
    );
}
