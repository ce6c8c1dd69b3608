use showfloor_origin_node::BroadcastState;
use showfloor_origin_packager::validate::Reloads;

use crate::support::{Publisher, key, origin, segments, show};

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
