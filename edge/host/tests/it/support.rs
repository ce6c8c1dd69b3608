//! An edge with an origin, functions and a store of the tests' own.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{SystemTime, UNIX_EPOCH};

use async_trait::async_trait;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use axum::{Json, Router};
use bytes::Bytes;
use futures_util::{SinkExt, StreamExt};
use http::{HeaderMap, StatusCode, Uri};
use serde_json::{Value, json};
use showfloor_domain::{ShopId, ShowId, UserId, UtcMs, ViewerId};
use showfloor_edge_core::media::Route;
use showfloor_edge_core::token::{
    Service, ServiceClaims, Signer, StaffClaims, StaffRole, Verifier, ViewerClaims,
};
use showfloor_edge_host::rooms::RoomLog;
use showfloor_edge_host::{Edge, EdgeDeps, Object, Objects, Peer, StoreUnavailable};
use showfloor_http::Pepper;
use showfloor_http::rate::RateLimits;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::{self, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

/// The page that staff come from.
pub const DASHBOARD: &str = "https://dashboard.example";

/// The show that exists.
pub fn show() -> ShowId {
    ShowId::generate(UtcMs::new(1), [1; 10])
}

/// Its shop.
pub fn shop() -> ShopId {
    ShopId::generate(UtcMs::new(1), [2; 10])
}

fn now() -> UtcMs {
    let ms = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis();
    UtcMs::new(i64::try_from(ms).unwrap())
}

/// An object store in memory.
#[derive(Default)]
pub struct Memory(Mutex<HashMap<String, Object>>);

impl Memory {
    /// Stores an object under a path.
    pub fn put(&self, path: &str, bytes: &'static [u8]) {
        let key = Route::parse(path).unwrap().object_key().unwrap();
        let object = Object { bytes: Bytes::from_static(bytes), etag: format!("\"{}\"", bytes.len()) };
        self.0.lock().unwrap().insert(key, object);
    }
}

#[async_trait]
impl Objects for Memory {
    async fn get(&self, route: &Route) -> Result<Option<Object>, StoreUnavailable> {
        Ok(self.0.lock().unwrap().get(&route.object_key().unwrap()).cloned())
    }
}

/// An origin that answers when it is told to, and counts who asks.
#[derive(Clone)]
pub struct Origin {
    /// Requests so far.
    pub asked: Arc<AtomicUsize>,
    playlist: watch::Sender<Option<String>>,
}

impl Origin {
    /// Answers with this from now on.
    pub fn publish(&self, playlist: &str) {
        self.playlist.send_replace(Some(playlist.into()));
    }
}

async fn origin(State(origin): State<Origin>, uri: Uri) -> Response {
    origin.asked.fetch_add(1, Ordering::SeqCst);
    let mut playlist = origin.playlist.subscribe();
    // A blocking request waits for what is not there yet, as the real origin does.
    let blocking = uri.query().is_some_and(|query| query.contains("_HLS_msn"));
    if !blocking && playlist.borrow().is_none() {
        return StatusCode::NOT_FOUND.into_response();
    }
    let wanted =
        uri.query().and_then(|query| query.split("_HLS_msn=").nth(1)?.split('&').next()?.parse().ok());
    let has = |text: &Option<String>| {
        text.as_ref().is_some_and(|text| wanted.is_none_or(|msn: u64| text.contains(&format!("{msn}.m4s"))))
    };
    let text = playlist.wait_for(has).await.unwrap().clone().unwrap();
    ([("content-type", "application/vnd.apple.mpegurl")], text).into_response()
}

async fn functions(uri: Uri) -> Response {
    let path = uri.path();
    if path == format!("/v1/internal/shows/{}/room-seed", show()) {
        return Json(json!({
            "shop_id": shop(), "show_id": show(), "state": "live", "currencies": ["EUR", "USD"], "locale": "en",
            "host_name": "Mara", "shop_name": "Fern & Kiln", "products": [],
        }))
        .into_response();
    }
    if path.starts_with("/v1/internal/shows/") { StatusCode::NOT_FOUND } else { StatusCode::NO_CONTENT }
        .into_response()
}

async fn serve(router: Router) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    address
}

/// An edge that answers.
pub struct World {
    /// Where.
    pub address: SocketAddr,
    /// What it serves.
    pub objects: Arc<Memory>,
    /// Whom it asks.
    pub origin: Origin,
    /// The edge itself.
    pub edge: Edge,
    signer: Signer,
}

impl World {
    /// An edge that forgets.
    pub async fn new() -> Self {
        Self::with_log(RoomLog::in_memory().unwrap()).await
    }

    /// An edge that remembers rooms in this folder.
    pub async fn in_folder(folder: &Path) -> Self {
        Self::with_log(RoomLog::open(&folder.join("rooms.db")).unwrap()).await
    }

    async fn with_log(log: RoomLog) -> Self {
        let origin_state = Origin { asked: Arc::default(), playlist: watch::Sender::new(None) };
        let origin =
            serve(Router::new().route("/{*path}", any(origin)).with_state(origin_state.clone())).await;
        let functions = serve(Router::new().route("/{*path}", get(functions).post(functions))).await;
        let objects = Arc::new(Memory::default());
        let signer = Signer::new("showfloor", "k1", [7; 32]);
        let verifier = Verifier::new("showfloor").with_key("k1", signer.public_key()).unwrap();
        let token = Arc::new(|| "a service token".to_owned());
        let edge = Edge::start(EdgeDeps {
            objects: objects.clone(),
            origin: Peer::new(format!("http://{origin}"), token.clone()),
            functions: Peer::new(format!("http://{functions}"), token),
            verifier,
            log,
            limits: RateLimits::new(Pepper::new([3; 32])),
            staff_origins: vec![DASHBOARD.into()],
            clock: Arc::new(now),
        });
        let address = serve(edge.router()).await;
        Self { address, objects, origin: origin_state, edge, signer }
    }

    /// A viewer's token for a show.
    pub fn viewer(&self, show: ShowId, number: u8) -> String {
        let issued_at = UtcMs::new(now().get() / 1_000 * 1_000);
        self.signer.sign_viewer(&ViewerClaims {
            shop: shop(),
            show,
            viewer: ViewerId::generate(UtcMs::new(1), [number; 10]),
            name: Some(format!("viewer{number}")),
            device: format!("{number:064x}"),
            issued_at,
            expires_at: issued_at.plus_ms(15 * 60_000),
            renew_until: issued_at.plus_ms(60 * 60_000),
        })
    }

    /// A host's token.
    pub fn host(&self) -> String {
        let issued_at = UtcMs::new(now().get() / 1_000 * 1_000);
        self.signer.sign_staff(&StaffClaims {
            shop: shop(),
            show: show(),
            viewer: ViewerId::generate(UtcMs::new(1), [99; 10]),
            user: UserId::generate(UtcMs::new(1), [99; 10]),
            role: StaffRole::Host,
            name: Some("Mara".into()),
            issued_at,
            expires_at: issued_at.plus_ms(5 * 60_000),
        })
    }

    /// A token with which functions speak to an audience.
    pub fn service(&self, audience: Service) -> String {
        let issued_at = UtcMs::new(now().get() / 1_000 * 1_000);
        let expires_at = issued_at.plus_ms(5 * 60_000);
        self.signer.sign_service(&ServiceClaims { subject: "relay".into(), audience, issued_at, expires_at })
    }

    /// Asks over HTTP.
    pub async fn get(&self, path: &str, headers: &[(&str, &str)]) -> reqwest::Response {
        let mut request = reqwest::Client::new().get(format!("http://{}{path}", self.address));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.send().await.unwrap()
    }

    /// Delivers an event, as the relay does.
    pub async fn deliver(&self, token: &str, event: &Value) -> u16 {
        let request = reqwest::Client::new().post(format!("http://{}/v1/events", self.address));
        let request = request.bearer_auth(token).header("content-type", "application/cloudevents+json");
        request.body(event.to_string()).send().await.unwrap().status().as_u16()
    }

    /// Opens a socket; the error is the status of a refused handshake.
    pub async fn join(
        &self,
        show: ShowId,
        token: &str,
        headers: &[(&'static str, &str)],
    ) -> Result<Client, u16> {
        let url = format!("ws://{}/v1/rooms/{show}/socket", self.address);
        let mut request = url.into_client_request().unwrap();
        let protocols =
            if token.is_empty() { "showfloor.v1".into() } else { format!("showfloor.v1, token.{token}") };
        request.headers_mut().insert("sec-websocket-protocol", protocols.parse().unwrap());
        for (name, value) in headers {
            request.headers_mut().insert(*name, value.parse().unwrap());
        }
        match tokio_tungstenite::connect_async(request).await {
            Ok((socket, _)) => Ok(Client { socket, messages: Vec::new() }),
            Err(tungstenite::Error::Http(response)) => Err(response.status().as_u16()),
            Err(error) => panic!("{error}"),
        }
    }

    /// A viewer in the room, greeted.
    pub async fn greeted(&self, number: u8) -> Client {
        let mut client = self.join(show(), &self.viewer(show(), number), &[]).await.unwrap();
        client.send(json!([{ "t": "hello" }])).await;
        client.expect("welcome").await;
        client
    }
}

/// One end of a socket.
pub struct Client {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    messages: Vec<Value>,
}

impl Client {
    /// Sends a frame.
    pub async fn send(&mut self, frame: Value) {
        self.send_text(frame.to_string()).await;
    }

    /// Sends whatever text.
    pub async fn send_text(&mut self, text: String) {
        self.socket.send(Message::text(text)).await.unwrap();
    }

    /// The next message of a kind; others before it are passed over.
    pub async fn expect(&mut self, kind: &str) -> Value {
        loop {
            if let Some(index) = self.messages.iter().position(|message| message["t"] == kind) {
                return self.messages.drain(..=index).next_back().unwrap();
            }
            match self.socket.next().await {
                Some(Ok(Message::Text(text))) => {
                    self.messages.extend(serde_json::from_str::<Vec<Value>>(text.as_str()).unwrap());
                }
                Some(Ok(_)) => {}
                other => panic!("expected `{kind}`, the socket said {other:?} after {:?}", self.messages),
            }
        }
    }

    /// How the other side closes.
    pub async fn closed(&mut self) -> (u16, String) {
        loop {
            match self.socket.next().await {
                Some(Ok(Message::Close(Some(CloseFrame { code, reason })))) => {
                    return (code.into(), reason.as_str().to_owned());
                }
                Some(Ok(_)) => {}
                other => panic!("expected a close frame, not {other:?}"),
            }
        }
    }
}

/// Headers as text, for comparing.
pub fn header<'h>(headers: &'h HeaderMap, name: &str) -> &'h str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}
