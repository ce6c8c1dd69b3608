use std::time::Duration;

use showfloor_object_store::{MediaFile, ObjectKey, Rendition};
use showfloor_origin_ingest::ClientEnd;
use showfloor_origin_node::limits::SILENT_PUBLISHER_MS;
use showfloor_origin_node::{BroadcastState, OriginConfig, SecondPublisher};
use showfloor_origin_packager::validate::{Reloads, check, parse};

use crate::support::{Publisher, key, origin, origin_with, segments, show, stored_pictures};

fn refusal(end: ClientEnd) -> String {
    match end {
        ClientEnd::Refused { code, description } => format!("{code}: {description}"),
        other => panic!("not refused: {other}"),
    }
}

#[tokio::test]
async fn a_publisher_that_returns_in_the_grace_time_continues_the_same_broadcast() {
    let mut origin = origin().await;
    let mut publisher = Publisher::connect(origin.node.rtmp_addr(), &key(1)).await.unwrap();
    publisher.configure().await;
    publisher.publish_ms(5_000).await;
    let broadcast = origin.event(BroadcastState::Started).await.broadcast_id;
    let mut reloads = Reloads::default();
    origin.play(broadcast, &mut reloads, segments(2)).await;
    drop(publisher);
    origin.event(BroadcastState::Interrupted).await;
    let (_, health) = origin.text(&format!("/streams/{}", show(1))).await;
    assert!(health.contains("\"state\":\"interrupted\""), "{health}");

    let mut publisher = Publisher::connect(origin.node.rtmp_addr(), &key(1)).await.unwrap();
    publisher.configure().await;
    publisher.publish_ms(5_000).await;
    assert_eq!(origin.event(BroadcastState::Resumed).await.broadcast_id, broadcast);
    origin.play(broadcast, &mut reloads, segments(5)).await;
    let last = reloads.last().unwrap();
    assert_eq!(last.media_sequence, 0);
    assert_eq!(last.segments.iter().filter(|segment| segment.discontinuity).count(), 1);
    assert!(!last.ended);
    publisher.finish().await;
    origin.event(BroadcastState::Interrupted).await;
}

#[tokio::test]
async fn a_broadcast_ends_after_the_grace_time_and_its_replay_is_stored() {
    let config = OriginConfig { grace_ms: 50, ..OriginConfig::default() };
    let mut origin = origin_with(config, SecondPublisher::Refuse).await;
    let mut publisher = Publisher::connect(origin.node.rtmp_addr(), &key(1)).await.unwrap();
    publisher.configure().await;
    publisher.publish_ms(7_000).await;
    publisher.finish().await;
    let broadcast = origin.event(BroadcastState::Started).await.broadcast_id;
    origin.event(BroadcastState::Interrupted).await;
    origin.event(BroadcastState::Ended).await;

    let mut reloads = Reloads::default();
    origin.play(broadcast, &mut reloads, |_| false).await;
    assert!(reloads.last().unwrap().ended);
    let replay = origin.object(broadcast, MediaFile::Replay).await;
    let replay = parse(std::str::from_utf8(&replay).unwrap()).unwrap();
    assert_eq!(check(&replay), []);
    assert!(replay.vod && replay.ended);
    assert_eq!(stored_pictures(&origin, broadcast, 0..4).await, (0..210).collect::<Vec<u16>>());
    let key_of_replay = ObjectKey::media(broadcast, Rendition::Source, MediaFile::Replay);
    let meta = origin.store.head(&key_of_replay).await.unwrap();
    assert_eq!(meta.content_type.as_deref(), Some("application/vnd.apple.mpegurl"));
    assert_eq!(meta.cache_control.as_deref(), Some("no-cache"));

    // Later, the same show goes on air anew.
    let mut publisher = Publisher::connect(origin.node.rtmp_addr(), &key(1)).await.unwrap();
    publisher.configure().await;
    publisher.publish_ms(3_000).await;
    assert_ne!(origin.event(BroadcastState::Started).await.broadcast_id, broadcast);
    publisher.finish().await;
}

#[tokio::test]
async fn a_second_publisher_is_refused_and_harms_nobody() {
    let mut origin = origin().await;
    let mut first = Publisher::connect(origin.node.rtmp_addr(), &key(1)).await.unwrap();
    first.configure().await;
    first.publish_ms(3_000).await;
    let broadcast = origin.event(BroadcastState::Started).await.broadcast_id;
    let second = Publisher::connect(origin.node.rtmp_addr(), &key(1)).await.map(|_| ()).unwrap_err();
    assert!(refusal(second).contains("already publishing"));
    first.publish_ms(4_000).await;
    origin.play(broadcast, &mut Reloads::default(), segments(3)).await;
    assert_eq!(stored_pictures(&origin, broadcast, 0..3).await, (0..180).collect::<Vec<u16>>());
    first.finish().await;
}

#[tokio::test]
async fn a_host_whose_connection_hangs_is_let_in_again_although_a_second_publisher_is_refused() {
    let mut origin = origin().await;
    let mut hanging = Publisher::connect(origin.node.rtmp_addr(), &key(1)).await.unwrap();
    hanging.configure().await;
    hanging.publish_ms(3_000).await;
    let broadcast = origin.event(BroadcastState::Started).await.broadcast_id;
    let mut reloads = Reloads::default();
    origin.play(broadcast, &mut reloads, segments(1)).await;
    assert!(Publisher::connect(origin.node.rtmp_addr(), &key(1)).await.is_err());
    tokio::time::pause();
    tokio::time::advance(Duration::from_millis(SILENT_PUBLISHER_MS.unsigned_abs())).await;
    tokio::time::resume();
    let mut again = Publisher::connect(origin.node.rtmp_addr(), &key(1)).await.unwrap();
    again.configure().await;
    again.publish_ms(3_000).await;
    origin.play(broadcast, &mut reloads, segments(3)).await;
    again.finish().await;
}

#[tokio::test]
async fn a_second_publisher_takes_over_where_the_show_says_so() {
    let mut origin = origin_with(OriginConfig::default(), SecondPublisher::TakeOver).await;
    let mut first = Publisher::connect(origin.node.rtmp_addr(), &key(1)).await.unwrap();
    first.configure().await;
    first.publish_ms(3_000).await;
    let broadcast = origin.event(BroadcastState::Started).await.broadcast_id;
    let mut reloads = Reloads::default();
    origin.play(broadcast, &mut reloads, segments(1)).await;
    let mut second = Publisher::connect(origin.node.rtmp_addr(), &key(1)).await.unwrap();
    assert!(refusal(first.closed().await).contains("Another encoder"));
    second.configure().await;
    second.publish_ms(3_000).await;
    origin.play(broadcast, &mut reloads, segments(3)).await;
    assert_eq!(reloads.last().unwrap().segments.iter().filter(|segment| segment.discontinuity).count(), 1);
    second.finish().await;
    // Nobody was told of an interruption until now: there was none.
    origin.event(BroadcastState::Interrupted).await;
}

#[tokio::test]
async fn shutting_down_tells_publishers_stores_what_is_open_and_takes_seconds_at_most() {
    let mut origin = origin().await;
    let mut publisher = Publisher::connect(origin.node.rtmp_addr(), &key(1)).await.unwrap();
    publisher.configure().await;
    publisher.publish_ms(3_500).await;
    let broadcast = origin.event(BroadcastState::Started).await.broadcast_id;
    origin.play(broadcast, &mut Reloads::default(), segments(1)).await;
    let node = std::mem::replace(&mut origin.node, crate::support::origin().await.node);
    let began = std::time::Instant::now();
    node.shutdown().await;
    assert!(began.elapsed() < Duration::from_millis(2_900));
    assert!(refusal(publisher.closed().await).contains("shutting down"));
    origin.event(BroadcastState::Ended).await;
    let replay = origin.object(broadcast, MediaFile::Replay).await;
    assert!(std::str::from_utf8(&replay).unwrap().contains("1.m4s"));
}

#[tokio::test]
async fn a_publisher_without_media_leaves_no_trace() {
    let config = OriginConfig { grace_ms: 10, ..OriginConfig::default() };
    let mut origin = origin_with(config, SecondPublisher::Refuse).await;
    let publisher = Publisher::connect(origin.node.rtmp_addr(), &key(1)).await.unwrap();
    publisher.finish().await;
    // Another show's broadcast, begun later, is the first that anybody hears of.
    let mut other = Publisher::connect(origin.node.rtmp_addr(), &key(2)).await.unwrap();
    other.configure().await;
    other.publish_ms(3_000).await;
    assert_eq!(origin.event(BroadcastState::Started).await.show_id, show(2));
    other.finish().await;
}
