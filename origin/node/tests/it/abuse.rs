//! Abuse cases M1 to M5, beside a publisher that loses nothing.

use std::io::Write;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use showfloor_origin_ingest::ClientEnd;
use showfloor_origin_node::{BroadcastState, OriginConfig, SecondPublisher};
use showfloor_origin_packager::validate::Reloads;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::support::{
    Origin, Publisher, SERVICE_TOKEN, key, origin, origin_with, segments, show, stored_pictures,
};

async fn good_publisher(origin: &mut Origin) -> (Publisher, showfloor_domain::BroadcastId) {
    let mut publisher = Publisher::connect(origin.node.rtmp_addr(), &key(1)).await.unwrap();
    publisher.configure().await;
    publisher.publish_ms(3_000).await;
    let broadcast = origin.event(BroadcastState::Started).await.broadcast_id;
    (publisher, broadcast)
}

async fn loses_nothing(origin: &Origin, mut publisher: Publisher, broadcast: showfloor_domain::BroadcastId) {
    publisher.publish_ms(4_000).await;
    origin.play(broadcast, &mut Reloads::default(), segments(3)).await;
    assert_eq!(stored_pictures(origin, broadcast, 0..3).await, (0..180).collect::<Vec<u16>>());
    publisher.finish().await;
}

/// M1
#[tokio::test]
async fn names_from_the_wire_never_become_paths() {
    let mut origin = origin().await;
    let (publisher, broadcast) = good_publisher(&mut origin).await;
    for name in ["../../tmp/x", "..%2f..%2ftmp", "%2e%2e/x", "a\0b", "/etc/passwd", &"k".repeat(256)] {
        let end = Publisher::connect(origin.node.rtmp_addr(), name).await.map(|_| ()).unwrap_err();
        assert!(matches!(end, ClientEnd::Refused { .. }), "{name}: {end}");
    }
    loses_nothing(&origin, publisher, broadcast).await;
    let prefix = format!("media/{broadcast}/source/");
    assert!(
        origin.stored_paths().iter().all(|path| path.starts_with(&prefix)),
        "{:?}",
        origin.stored_paths()
    );
}

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// M2
#[tokio::test]
async fn a_stream_key_appears_nowhere() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let mut origin = origin().await;
    let (mut publisher, broadcast) = good_publisher(&mut origin).await;
    // Twice, and with a key that is almost right.
    let refused = Publisher::connect(origin.node.rtmp_addr(), &key(1)).await.map(|_| ()).unwrap_err();
    let wrong =
        Publisher::connect(origin.node.rtmp_addr(), &format!("{}x", key(1))).await.map(|_| ()).unwrap_err();
    publisher.publish_ms(3_000).await;
    origin.play(broadcast, &mut Reloads::default(), segments(2)).await;

    let mut seen = format!("{refused:?} {wrong:?}");
    for path in [
        format!("/live/{}/index.m3u8", show(1)),
        origin.playlist_path(broadcast),
        format!("/streams/{}", show(1)),
        format!("/live/{}/index.m3u8", key(1)),
    ] {
        let (_, text) = origin.text(&path).await;
        seen.push_str(&text);
    }
    seen.push_str(&origin.stored_paths().join(" "));
    publisher.finish().await;
    origin.event(BroadcastState::Interrupted).await;
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(log.contains("wrong-key") && log.contains("a second publisher was refused"), "{log}");
    assert!(log.contains("client=127.0.0.0/24") && !log.contains("client=127.0.0.1"));
    for text in [&seen, &log] {
        assert!(!text.contains("sk_marked_secret"), "the key is in {text}");
        assert!(!text.contains(SERVICE_TOKEN));
    }
}

/// M5: floods and silence.
#[tokio::test]
async fn five_hundred_bad_connections_do_not_keep_a_good_publisher_out() {
    let mut origin = origin().await;
    let (publisher, broadcast) = good_publisher(&mut origin).await;
    let mut bad = Vec::new();
    for n in 0..500_u32 {
        let mut stream = TcpStream::connect(origin.node.rtmp_addr()).await.unwrap();
        match n % 4 {
            // Silence.
            0 => {}
            // A handshake that never goes on.
            1 => stream.write_all(&[3]).await.unwrap(),
            // Another protocol.
            2 => stream.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap(),
            // Noise.
            _ => stream.write_all(&n.to_be_bytes().repeat(500)).await.unwrap(),
        }
        bad.push(stream);
    }
    let began = Instant::now();
    let mut late = Publisher::connect(origin.node.rtmp_addr(), &key(2)).await.unwrap();
    late.configure().await;
    late.publish_ms(1_500).await;
    let started = origin.event(BroadcastState::Started).await;
    assert_eq!(started.show_id, show(2));
    assert!(began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());
    loses_nothing(&origin, publisher, broadcast).await;
    late.finish().await;
    drop(bad);
}

/// M3: a chunk size and a message of any declared length.
#[tokio::test]
async fn garbage_and_declared_lengths_beside_a_good_publisher_cost_it_nothing() {
    let mut origin = origin().await;
    let (publisher, broadcast) = good_publisher(&mut origin).await;
    for chunk_size in [0_u32, 1, 0x7fff_ffff, 0xffff_ffff] {
        let mut stream = TcpStream::connect(origin.node.rtmp_addr()).await.unwrap();
        let mut hello = vec![3];
        hello.extend([0; 1_536]);
        stream.write_all(&hello).await.unwrap();
        let mut answer = vec![0; 1 + 1_536 + 1_536];
        stream.read_exact(&mut answer).await.unwrap();
        let mut rest = answer[1..=1_536].to_vec();
        // Set chunk size, then a video message that declares 16 MB and sends ten bytes.
        rest.extend([0x02, 0, 0, 0, 0, 0, 4, 1, 0, 0, 0, 0]);
        rest.extend(chunk_size.to_be_bytes());
        rest.extend([0x06, 0, 0, 0, 0xff, 0xff, 0xff, 9, 1, 0, 0, 0]);
        rest.extend([0xaa; 10]);
        stream.write_all(&rest).await.unwrap();
    }
    loses_nothing(&origin, publisher, broadcast).await;
}

#[tokio::test]
async fn wrong_keys_past_the_limit_are_told_to_wait_and_a_proved_key_is_not() {
    let config = OriginConfig { limit_loopback: true, ..OriginConfig::default() };
    let mut origin = origin_with(config, SecondPublisher::TakeOver).await;
    let (publisher, _) = good_publisher(&mut origin).await;
    for n in 0..11 {
        let end =
            Publisher::connect(origin.node.rtmp_addr(), &format!("guess {n}")).await.map(|_| ()).unwrap_err();
        assert_eq!(end.to_string().contains("Wait a minute"), n == 10, "{end}");
    }
    drop(publisher);
    let again = Publisher::connect(origin.node.rtmp_addr(), &key(1)).await;
    assert!(again.is_ok());
    let never_proved = Publisher::connect(origin.node.rtmp_addr(), &key(2)).await.map(|_| ()).unwrap_err();
    assert!(never_proved.to_string().contains("Wait a minute"));
}
