//! An origin, a publisher, and a player.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use bytes::{Bytes, BytesMut};
use http::{Request, Response, StatusCode};
use http_body_util::BodyExt as _;
use showfloor_domain::{BroadcastId, ShowId, UtcMs};
use showfloor_object_store::embedded::EmbeddedStore;
use showfloor_object_store::{MediaFile, ObjectKey, ObjectStore, Rendition};
use showfloor_origin_ingest::{ClientConfig, ClientEnd, ClientOutput, ClientSession, StreamKey};
use showfloor_origin_node::{
    Authorized, BroadcastEvent, BroadcastEvents, BroadcastState, Deps, OriginConfig, OriginNode, Refused,
    SecondPublisher, ServiceAuth, StreamAuthority,
};
use showfloor_origin_packager::frame::{CodecConfig, Frame, MediaEvent, TrackKind};
use showfloor_origin_packager::validate::Reloads;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tower::ServiceExt as _;

pub const SERVICE_TOKEN: &str = "service-token";
/// A deadline for what takes milliseconds when it works.
pub const SOON: Duration = Duration::from_secs(20);

pub fn show(n: u8) -> ShowId {
    ShowId::generate(UtcMs::new(1_795_201_200_000), [n; 10])
}

pub fn key(n: u8) -> String {
    format!("sk_marked_secret_{n}")
}

#[derive(Default)]
struct Shows(Mutex<HashMap<String, Authorized>>);

#[async_trait::async_trait]
impl StreamAuthority for Shows {
    async fn authorize(&self, key: &StreamKey) -> Result<Authorized, Refused> {
        self.0.lock().unwrap().get(key.expose()).copied().ok_or(Refused::UnknownKey)
    }
}

struct Told(mpsc::UnboundedSender<BroadcastEvent>);

#[async_trait::async_trait]
impl BroadcastEvents for Told {
    async fn changed(&self, event: BroadcastEvent) {
        self.0.send(event).unwrap();
    }
}

struct Bearer;

impl ServiceAuth for Bearer {
    fn check(&self, bearer: &str) -> bool {
        bearer == SERVICE_TOKEN
    }
}

pub struct Origin {
    pub node: OriginNode,
    pub router: Router,
    pub store: ObjectStore,
    pub embedded: Option<EmbeddedStore>,
    pub folder: tempfile::TempDir,
    pub events: mpsc::UnboundedReceiver<BroadcastEvent>,
}

pub async fn origin() -> Origin {
    origin_with(OriginConfig::default(), SecondPublisher::Refuse).await
}

/// An origin with shows 1 to 3, whose keys are [`key`].
pub async fn origin_with(config: OriginConfig, second_publisher: SecondPublisher) -> Origin {
    let folder = tempfile::tempdir().unwrap();
    let embedded = EmbeddedStore::start(folder.path()).await.unwrap();
    let store = ObjectStore::new(embedded.config());
    let shows = Shows::default();
    for n in 1..=3 {
        let authorized =
            Authorized { second_publisher, part_target_ms: Some(200), ..Authorized::to(show(n)) };
        shows.0.lock().unwrap().insert(key(n), authorized);
    }
    let (told, events) = mpsc::unbounded_channel();
    let deps = Deps {
        store: store.clone(),
        authority: Arc::new(shows),
        events: Arc::new(Told(told)),
        service_auth: Arc::new(Bearer),
    };
    let config = OriginConfig { rtmp_bind: "127.0.0.1:0".parse().unwrap(), ..config };
    let node = OriginNode::spawn(config, deps).await.unwrap();
    let router = node.router();
    Origin { node, router, store, embedded: Some(embedded), folder, events }
}

impl Origin {
    pub async fn get(&self, path: &str) -> Response<Body> {
        let request = Request::get(path).header("authorization", format!("Bearer {SERVICE_TOKEN}"));
        self.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
    }

    pub async fn text(&self, path: &str) -> (StatusCode, String) {
        let response = self.get(path).await;
        let status = response.status();
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        (status, String::from_utf8(bytes.to_vec()).unwrap())
    }

    pub async fn event(&mut self, state: BroadcastState) -> BroadcastEvent {
        let event = tokio::time::timeout(SOON, self.events.recv()).await.expect("an event in time").unwrap();
        assert_eq!(event.state, state);
        event
    }

    pub fn playlist_path(&self, broadcast: BroadcastId) -> String {
        format!("/media/{broadcast}/source/live.m3u8")
    }

    /// Reloads as a low-latency player does until `enough` says so.
    pub async fn play(
        &self,
        broadcast: BroadcastId,
        reloads: &mut Reloads,
        enough: impl Fn(&Reloads) -> bool,
    ) {
        let path = self.playlist_path(broadcast);
        tokio::time::timeout(SOON, async {
            loop {
                let query = reloads.next_part().map_or_else(String::new, |(msn, part)| {
                    format!("?_HLS_msn={msn}&_HLS_part={part}&_HLS_skip=YES")
                });
                let (status, text) = self.text(&format!("{path}{query}")).await;
                assert_eq!(status, StatusCode::OK, "{text}");
                let violations = reloads.accept(&text);
                assert!(violations.is_empty(), "{violations:?}\n{text}");
                if enough(reloads) || text.contains("#EXT-X-ENDLIST") {
                    break;
                }
            }
        })
        .await
        .expect("the playlist goes on");
    }

    pub async fn object(&self, broadcast: BroadcastId, file: MediaFile) -> Bytes {
        let key = ObjectKey::media(broadcast, Rendition::Source, file);
        self.store.get(&key, None).await.unwrap().body.collect().await.unwrap()
    }

    /// Every object's path in the embedded store's folder.
    pub fn stored_paths(&self) -> Vec<String> {
        fn walk(folder: &std::path::Path, root: &std::path::Path, paths: &mut Vec<String>) {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    walk(&path, root, paths);
                } else {
                    paths.push(path.strip_prefix(root).unwrap().to_str().unwrap().to_owned());
                }
            }
        }
        let root = self.folder.path().join("objects/showfloor");
        let mut paths = Vec::new();
        walk(&root, &root, &mut paths);
        paths
    }
}

/// A publisher on a real socket.
pub struct Publisher {
    stream: TcpStream,
    session: ClientSession,
    sent_us: i64,
    pub end: Option<ClientEnd>,
}

impl Publisher {
    /// Connects and asks to publish; `Err` is why it may not.
    pub async fn connect(rtmp: SocketAddr, key: &str) -> Result<Self, ClientEnd> {
        let stream = TcpStream::connect(rtmp).await.unwrap();
        let config = ClientConfig {
            app: "live".into(),
            tc_url: format!("rtmp://{rtmp}/live"),
            stream_key: StreamKey::new(key.into()).unwrap(),
        };
        let session = ClientSession::new(Duration::ZERO, 7, config);
        let mut publisher = Self { stream, session, sent_us: 0, end: None };
        let mut buffer = BytesMut::with_capacity(16 * 1024);
        loop {
            if publisher.flush().await {
                return Ok(publisher);
            }
            if let Some(end) = publisher.end {
                return Err(end);
            }
            buffer.clear();
            match tokio::time::timeout(SOON, publisher.stream.read_buf(&mut buffer))
                .await
                .expect("an answer in time")
            {
                Ok(0) | Err(_) => publisher.session.peer_closed(),
                Ok(_) => publisher.session.input(&buffer),
            }
        }
    }

    /// Sends what waits; whether the server has said that it publishes.
    async fn flush(&mut self) -> bool {
        let mut publishing = false;
        while let Some(output) = self.session.poll_output() {
            match output {
                ClientOutput::Send(bytes) => {
                    if self.stream.write_all(&bytes).await.is_err() {
                        self.session.peer_closed();
                    }
                }
                ClientOutput::Publishing => publishing = true,
                ClientOutput::Ended(end) => self.end = Some(end),
            }
        }
        publishing
    }

    pub async fn configure(&mut self) {
        for config in [avc(), aac()] {
            self.session.publish_event(&MediaEvent::Config(config), 0).unwrap();
        }
        self.flush().await;
    }

    /// Sends this many more milliseconds of 30 fps pictures, a key frame a second, and sound, as fast as it goes.
    pub async fn publish_ms(&mut self, ms: i64) {
        let until_us = self.sent_us + ms * 1_000;
        let mut sound_us = self.sent_us.div_euclid(21_333) * 21_333;
        let mut n = (self.sent_us + 16_000) * 30 / 1_000_000;
        while n * 1_000_000 / 30 < until_us {
            let t_us = n * 1_000_000 / 30;
            let payload = picture(u16::try_from(n).unwrap(), n % 30 == 0);
            self.send(TrackKind::Video, t_us, n % 30 == 0, payload).await;
            while sound_us <= t_us {
                self.send(TrackKind::Audio, sound_us, true, Bytes::from_static(&[0x21, 0x10, 0x04, 0x60]))
                    .await;
                sound_us += 21_333;
            }
            n += 1;
        }
        self.sent_us = until_us;
    }

    pub async fn send(&mut self, track: TrackKind, t_us: i64, key: bool, payload: Bytes) {
        let dts_us = t_us / 1_000 * 1_000;
        let frame = Frame { track, dts_us, composition_offset_us: 0, key, payload };
        self.session.publish_event(&MediaEvent::Frame(frame), 0).unwrap();
        self.flush().await;
    }

    pub async fn finish(mut self) {
        self.session.finish();
        self.flush().await;
        // The server may have closed first.
        let _ = self.stream.shutdown().await;
    }

    /// Reads until the server has closed, and says why it did.
    pub async fn closed(mut self) -> ClientEnd {
        let mut buffer = BytesMut::with_capacity(16 * 1024);
        while self.end.is_none() {
            buffer.clear();
            match tokio::time::timeout(SOON, self.stream.read_buf(&mut buffer)).await.expect("an end in time")
            {
                Ok(0) | Err(_) => self.session.peer_closed(),
                Ok(_) => self.session.input(&buffer),
            }
            self.flush().await;
        }
        self.end.unwrap()
    }
}

/// A picture that carries its number, so that none can be lost unseen.
pub fn picture(n: u16, key: bool) -> Bytes {
    let [high, low] = n.to_be_bytes();
    let kind = if key { 0x65 } else { 0x41 };
    Bytes::copy_from_slice(&[0, 0, 0, 6, kind, 0x88, 0xaa, 0xbb, high, low])
}

/// The numbers of all pictures in these bytes, in order.
pub fn numbers(bytes: &[u8]) -> Vec<u16> {
    let starts = bytes.windows(10).filter(|w| w[..4] == [0, 0, 0, 6] && w[5..8] == [0x88, 0xaa, 0xbb]);
    starts.map(|w| u16::from_be_bytes([w[8], w[9]])).collect()
}

fn avc() -> CodecConfig {
    let record = Bytes::from_static(&[
        0x01, 0x42, 0xc0, 0x1e, 0xff, 0xe1, 0x00, 0x19, 0x67, 0x42, 0xc0, 0x1e, 0xda, 0x02, 0x80, 0xbf, 0xe5,
        0xc0, 0x44, 0x00, 0x00, 0x03, 0x00, 0x04, 0x00, 0x00, 0x03, 0x00, 0xf0, 0x3c, 0x58, 0xba, 0x80, 0x01,
        0x00, 0x04, 0x68, 0xce, 0x0f, 0xc8,
    ]);
    CodecConfig::Avc { record, width_px: 640, height_px: 360 }
}

fn aac() -> CodecConfig {
    CodecConfig::Aac { config: Bytes::from_static(&[0x11, 0x90]), sample_rate_hz: 48_000, channels: 2 }
}

/// Pictures of all whole segments from `first_msn`, as stored.
pub async fn stored_pictures(
    origin: &Origin,
    broadcast: BroadcastId,
    msns: std::ops::Range<u64>,
) -> Vec<u16> {
    let mut pictures = Vec::new();
    for msn in msns {
        pictures.extend(numbers(&origin.object(broadcast, MediaFile::Segment { msn }).await));
    }
    pictures
}

/// Whether this many segments are whole.
pub fn segments(count: usize) -> impl Fn(&Reloads) -> bool {
    move |reloads| reloads.last().is_some_and(|last| last.segments.len() >= count)
}
