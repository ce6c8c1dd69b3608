use std::time::Duration;

use showfloor_origin_node::BroadcastState;
use showfloor_origin_node::limits::PARTS_KEPT_MS;
use showfloor_origin_packager::validate::Reloads;

use crate::support::{Origin, Publisher, SOON, key, origin, segments, show};

#[tokio::test]
async fn parts_that_cannot_be_stored_are_gaps_and_the_playlist_goes_on() {
    let mut origin = origin().await;
    let mut publisher = Publisher::connect(origin.node.rtmp_addr(), &key(1)).await.unwrap();
    publisher.configure().await;
    publisher.publish_ms(3_000).await;
    let broadcast = origin.event(BroadcastState::Started).await.broadcast_id;
    let mut reloads = Reloads::default();
    origin.play(broadcast, &mut reloads, |reloads| reloads.next_part() == Some((1, 4))).await;

    origin.embedded.take().unwrap().shutdown().await;
    publisher.publish_ms(3_000).await;
    origin.play(broadcast, &mut reloads, segments(2)).await;
    let last = reloads.last().unwrap();
    assert!(last.segments[1].gap && last.segments[1].parts.iter().skip(5).all(|part| part.gap));
    assert!(!last.segments[0].gap);
    let (_, health) = origin.text(&format!("/streams/{}", show(1))).await;
    assert!(health.contains("could not be stored"), "{health}");
}

#[tokio::test]
async fn parts_are_deleted_when_their_segments_have_long_been_whole() {
    let mut origin = origin().await;
    let mut publisher = Publisher::connect(origin.node.rtmp_addr(), &key(1)).await.unwrap();
    publisher.configure().await;
    publisher.publish_ms(5_000).await;
    let broadcast = origin.event(BroadcastState::Started).await.broadcast_id;
    let mut reloads = Reloads::default();
    origin.play(broadcast, &mut reloads, segments(2)).await;
    let parts = |origin: &Origin| {
        origin
            .stored_paths()
            .iter()
            .filter(|path| path.contains("source/0.") && path.contains(".m4s"))
            .count()
    };
    // Ten parts and the segment itself.
    assert_eq!(parts(&origin), 11);
    tokio::time::pause();
    tokio::time::advance(Duration::from_millis(PARTS_KEPT_MS)).await;
    tokio::time::resume();
    // So much silence ends a connection; the publisher comes back.
    origin.event(BroadcastState::Interrupted).await;
    let mut publisher = Publisher::connect(origin.node.rtmp_addr(), &key(1)).await.unwrap();
    publisher.configure().await;
    publisher.publish_ms(3_000).await;
    origin.play(broadcast, &mut reloads, segments(4)).await;
    let gone = async {
        while parts(&origin) > 1 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(SOON, gone).await.expect("ten deletions take milliseconds");
    publisher.finish().await;
}
