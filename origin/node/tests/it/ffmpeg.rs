//! A real encoder in, a real player out. Debian's ffmpeg is on every machine that runs these tests.

use std::process::Stdio;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::response::IntoResponse;
use axum::routing::get;
use showfloor_domain::BroadcastId;
use showfloor_object_store::{MediaFile, ObjectKey, ObjectStore, Rendition};
use showfloor_origin_node::{BroadcastState, OriginConfig, SecondPublisher};
use showfloor_origin_packager::validate::Reloads;
use tokio::process::Command;

use crate::support::{key, origin_with, show};

fn publish(rtmp: std::net::SocketAddr, key: &str, arguments: &[&str]) -> Command {
    let mut ffmpeg = Command::new("ffmpeg");
    ffmpeg
        .args(["-hide_banner", "-loglevel", "error", "-re"])
        .args([
            "-f",
            "lavfi",
            "-i",
            "testsrc2=size=320x180:rate=30",
            "-f",
            "lavfi",
            "-i",
            "sine=frequency=440:sample_rate=44100",
        ])
        .args(arguments)
        .args(["-c:v", "libx264", "-preset", "ultrafast", "-threads", "1", "-pix_fmt", "yuv420p"])
        .args(["-c:a", "aac", "-b:a", "64k", "-f", "flv", &format!("rtmp://{rtmp}/live/{key}")])
        .stdin(Stdio::null())
        .kill_on_drop(true);
    ffmpeg
}

/// Serves stored files, as an edge would.
async fn serve(store: ObjectStore) -> std::net::SocketAddr {
    async fn file(
        State(store): State<Arc<ObjectStore>>,
        Path((broadcast, name)): Path<(String, String)>,
    ) -> Result<impl IntoResponse, http::StatusCode> {
        let broadcast: BroadcastId = broadcast.parse().map_err(|_| http::StatusCode::NOT_FOUND)?;
        let name: MediaFile = name.parse().map_err(|_| http::StatusCode::NOT_FOUND)?;
        let object = store.get(&ObjectKey::media(broadcast, Rendition::Source, name), None).await;
        let object = object.map_err(|_| http::StatusCode::NOT_FOUND)?;
        let content_type = object.meta.content_type.clone().unwrap_or_default();
        let bytes = object.body.collect().await.map_err(|_| http::StatusCode::BAD_GATEWAY)?;
        Ok(([("content-type", content_type)], bytes))
    }
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router =
        Router::new().route("/media/{broadcast}/source/{name}", get(file)).with_state(Arc::new(store));
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

async fn probe(url: &str, stream: &str, entry: &str) -> String {
    let output = Command::new("ffprobe")
        .args([
            "-v",
            "error",
            "-count_frames",
            "-select_streams",
            stream,
            "-show_entries",
            &format!("stream={entry}"),
        ])
        .args(["-of", "default=nokey=1:noprint_wrappers=1", "-allowed_extensions", "ALL", url])
        .output()
        .await
        .unwrap();
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    // HLS lists the stream once more in its programme.
    String::from_utf8(output.stdout).unwrap().lines().next().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn ffmpeg_publishes_and_every_frame_can_be_played() {
    let config = OriginConfig { grace_ms: 100, ..OriginConfig::default() };
    let mut origin = origin_with(config, SecondPublisher::Refuse).await;
    let arguments = ["-t", "5", "-g", "30", "-tune", "zerolatency", "-profile:v", "baseline"];
    let mut ffmpeg = publish(origin.node.rtmp_addr(), &key(1), &arguments).spawn().unwrap();
    let broadcast = origin.event(BroadcastState::Started).await.broadcast_id;
    let mut reloads = Reloads::default();
    origin.play(broadcast, &mut reloads, |_| false).await;
    assert!(ffmpeg.wait().await.unwrap().success());
    origin.event(BroadcastState::Interrupted).await;
    origin.event(BroadcastState::Ended).await;
    assert!(reloads.last().unwrap().ended);
    assert!(reloads.last().unwrap().segments.iter().all(|segment| !segment.gap));

    let address = serve(origin.store.clone()).await;
    let url = format!("http://{address}/media/{broadcast}/source/index.m3u8");
    assert_eq!(probe(&url, "v", "nb_read_frames").await, "150");
    assert_eq!(probe(&url, "v", "width").await, "320");
    let sounds: u32 = probe(&url, "a", "nb_read_frames").await.parse().unwrap();
    assert!((214..=218).contains(&sounds), "{sounds}");
}

#[tokio::test]
async fn ffmpeg_with_its_defaults_is_watched_and_told_what_to_change() {
    let mut origin = origin_with(OriginConfig::default(), SecondPublisher::Refuse).await;
    // No -g, no -bf, no tuning: a key frame in 250, and B-frames.
    let _ffmpeg = publish(origin.node.rtmp_addr(), &key(1), &["-t", "30"]).spawn().unwrap();
    let broadcast = origin.event(BroadcastState::Started).await.broadcast_id;
    let mut reloads = Reloads::default();
    origin
        .play(broadcast, &mut reloads, |reloads| reloads.next_part().is_some_and(|(_, part)| part > 25))
        .await;
    let (_, health) = origin.text(&format!("/streams/{}", show(1))).await;
    assert!(health.contains("Set the keyframe interval in OBS to 2 s"), "{health}");
    assert!(health.contains("\"encoder\":\"Lavf"), "{health}");
}
