use http::StatusCode;
use showfloor_object_store::MediaFile;
use showfloor_origin_node::BroadcastState;
use showfloor_origin_packager::validate::Reloads;

use crate::support::{Publisher, key, numbers, origin, segments, show, stored_pictures};

#[tokio::test]
async fn what_is_published_can_be_played_frame_for_frame() {
    let mut origin = origin().await;
    let mut publisher = Publisher::connect(origin.node.rtmp_addr(), &key(1)).await.unwrap();
    publisher.configure().await;
    publisher.publish_ms(9_000).await;
    let started = origin.event(BroadcastState::Started).await;
    assert_eq!(started.show_id, show(1));

    let mut reloads = Reloads::default();
    origin.play(started.broadcast_id, &mut reloads, segments(4)).await;
    let pictures = stored_pictures(&origin, started.broadcast_id, 0..4).await;
    assert_eq!(pictures, (0..240).collect::<Vec<u16>>());

    let (status, multivariant) = origin.text(&format!("/live/{}/index.m3u8", show(1))).await;
    assert_eq!(status, StatusCode::OK);
    assert!(multivariant.contains("CODECS=\"avc1.42c01e,mp4a.40.2\",RESOLUTION=640x360"), "{multivariant}");
    assert!(multivariant.ends_with(&format!("\n../../media/{}/source/live.m3u8\n", started.broadcast_id)));
    publisher.finish().await;
}

#[tokio::test]
async fn every_listed_part_is_stored_before_it_is_listed() {
    let mut origin = origin().await;
    let mut publisher = Publisher::connect(origin.node.rtmp_addr(), &key(1)).await.unwrap();
    publisher.configure().await;
    publisher.publish_ms(3_100).await;
    let broadcast = origin.event(BroadcastState::Started).await.broadcast_id;
    let mut reloads = Reloads::default();
    origin.play(broadcast, &mut reloads, segments(1)).await;
    let last = reloads.last().unwrap();
    let mut pictures = Vec::new();
    for segment in last.segments.iter().chain(&last.open) {
        for (part, n) in segment.parts.iter().zip(0..) {
            let bytes = origin.object(broadcast, MediaFile::Part { msn: segment.msn, part: n }).await;
            assert_eq!(part.uri, format!("{}.{n}.m4s", segment.msn));
            pictures.extend(numbers(&bytes));
        }
    }
    assert!(pictures.len() >= 60 && pictures.windows(2).all(|pair| pair[1] == pair[0] + 1));
    assert!(!origin.object(broadcast, MediaFile::Init { n: 0 }).await.is_empty());
    publisher.finish().await;
}

#[tokio::test]
async fn ingest_health_says_what_arrives() {
    let mut origin = origin().await;
    let path = format!("/streams/{}", show(1));
    let (status, waiting) = origin.text(&path).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(
        waiting,
        r#"{"state":"waiting","bitrate_bps":0,"dropped_frames":0,"late_frames":0,"lost_parts":0,"warnings":[]}"#
    );

    let mut publisher = Publisher::connect(origin.node.rtmp_addr(), &key(1)).await.unwrap();
    publisher.configure().await;
    publisher.publish_ms(5_000).await;
    let broadcast = origin.event(BroadcastState::Started).await.broadcast_id;
    origin.play(broadcast, &mut Reloads::default(), segments(2)).await;
    let (_, text) = origin.text(&path).await;
    let health: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(health["state"], "receiving");
    assert_eq!(health["broadcast_id"], broadcast.to_string());
    assert_eq!(health["video"]["codec"], "avc1.42c01e");
    assert_eq!(health["video"]["profile"], "Constrained Baseline 3.0");
    assert_eq!(
        (&health["video"]["width"], &health["video"]["keyframe_interval_ms"]),
        (&640.into(), &1_000.into())
    );
    assert_eq!(
        (&health["audio"]["sample_rate_hz"], &health["audio"]["channels"]),
        (&48_000.into(), &2.into())
    );
    assert_eq!(health["warnings"], serde_json::json!([]));
    publisher.finish().await;
}
