//! A room in a process of its own, so that its processor time and its memory can be read apart from its clients'.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Result;
use async_trait::async_trait;
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Json, Router};
use serde_json::json;
use showfloor_domain::{ShopId, ShowId, UtcMs, ViewerId};
use showfloor_edge_core::media::Route;
use showfloor_edge_core::token::{Service, ServiceClaims, Signer, Verifier, ViewerClaims};
use showfloor_edge_host::rooms::RoomLog;
use showfloor_edge_host::{Edge, EdgeDeps, Object, Objects, Peer, StoreUnavailable};
use showfloor_http::Pepper;
use showfloor_http::rate::RateLimits;
use tokio::net::TcpListener;

struct Nothing;

#[async_trait]
impl Objects for Nothing {
    async fn get(&self, _: &Route) -> Result<Option<Object>, StoreUnavailable> {
        Ok(None)
    }
}

/// The show whose room it is.
pub fn show() -> ShowId {
    ShowId::generate(UtcMs::new(1), [1; 10])
}

/// Its shop.
pub fn shop() -> ShopId {
    ShopId::generate(UtcMs::new(1), [2; 10])
}

/// The key that both processes sign with. It guards nothing: the server listens on loopback for seconds.
pub fn signer() -> Signer {
    Signer::new("showfloor", "bench", [7; 32])
}

/// Milliseconds since 1970.
pub fn now() -> UtcMs {
    let ms = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
    UtcMs::new(i64::try_from(ms).unwrap_or(i64::MAX))
}

/// A viewer's token.
pub fn viewer(number: u64) -> String {
    let issued_at = UtcMs::new(now().get() / 1_000 * 1_000);
    let mut entropy = [0; 10];
    entropy[2..].copy_from_slice(&number.to_be_bytes());
    signer().sign_viewer(&ViewerClaims {
        shop: shop(),
        show: show(),
        viewer: ViewerId::generate(UtcMs::new(1), entropy),
        name: None,
        device: format!("{number:064x}"),
        issued_at,
        expires_at: issued_at.plus_ms(15 * 60_000),
        renew_until: issued_at.plus_ms(15 * 60_000),
    })
}

/// The relay's token.
pub fn relay() -> String {
    let issued_at = UtcMs::new(now().get() / 1_000 * 1_000);
    let expires_at = issued_at.plus_ms(5 * 60_000);
    signer().sign_service(&ServiceClaims {
        subject: "relay".into(),
        audience: Service::Edge,
        issued_at,
        expires_at,
    })
}

/// Serves until its standard input is closed; prints its address.
///
/// # Errors
/// When no port can be had.
pub fn run() -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    runtime.block_on(async {
        let seed = || async {
            Json(json!({
                "shop_id": shop(), "show_id": show(), "state": "live", "currencies": ["EUR"], "locale": "en",
            }))
            .into_response()
        };
        let functions = TcpListener::bind("127.0.0.1:0").await?;
        let functions_url = format!("http://{}", functions.local_addr()?);
        tokio::spawn(async move {
            axum::serve(functions, Router::new().route("/{*path}", get(seed).post(seed))).await
        });
        let token = Arc::new(String::new);
        let edge = Edge::start(EdgeDeps {
            objects: Arc::new(Nothing),
            origin: Peer::new(functions_url.clone(), token.clone()),
            functions: Peer::new(functions_url, token),
            verifier: Verifier::new("showfloor").with_key("bench", signer().public_key())?,
            log: RoomLog::in_memory()?,
            limits: RateLimits::new(Pepper::new([3; 32])),
            staff_origins: vec![],
            clock: Arc::new(now),
        });
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        println!("{}", listener.local_addr()?);
        let router = edge.router();
        tokio::spawn(async move { axum::serve(listener, router).await });
        let closed =
            tokio::task::spawn_blocking(|| std::io::copy(&mut std::io::stdin(), &mut std::io::sink()));
        closed.await??;
        Ok(())
    })
}
