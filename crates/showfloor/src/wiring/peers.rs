//! The planes as each other's callers: HTTP with service tokens, and nothing else.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use serde_json::json;
use showfloor_api_types::internal::AuthorizedIngest;
use showfloor_api_types::show::{Ingest, SecondPublisher as SecondPublisherSetting};
use showfloor_domain::event::{BroadcastChanged, CloudEvent, Event, SpecVersion};
use showfloor_domain::{EventId, ShopId, ShowId};
use showfloor_edge_core::token::{Service, Verifier};
use showfloor_edge_host::Peer;
use showfloor_functions_admin::IngestHealth;
use showfloor_http::Problem;
use showfloor_origin_ingest::StreamKey;
use showfloor_origin_node::{
    Authorized, BroadcastEvent, BroadcastEvents, BroadcastState, Refused, SecondPublisher, ServiceAuth,
    StreamAuthority,
};
use tokio::sync::Mutex;

use super::clock;
use super::tokens::Tokens;

/// How long another plane may take.
const TIMEOUT: Duration = Duration::from_secs(5);
/// The largest answer that is read.
const ANSWER_BYTES_MAX: usize = 64 * 1024;
/// Shows whose shop is remembered.
const SHOWS_MAX: usize = 10_000;

/// Another plane, at an address, asked in the name of `subject`.
pub fn peer(tokens: &Tokens, base: String, subject: &'static str, audience: Service) -> Peer {
    let tokens = tokens.clone();
    Peer::new(base, Arc::new(move || tokens.service(subject, audience)))
}

/// The functions, as the origin asks them.
pub struct OriginAuthority {
    functions: Peer,
    /// Which shop a show belongs to, as authorisations told.
    shops: Mutex<std::collections::HashMap<ShowId, ShopId>>,
}

impl OriginAuthority {
    /// Asks these functions.
    pub fn new(functions: Peer) -> Self {
        Self { functions, shops: Mutex::default() }
    }
}

#[async_trait]
impl StreamAuthority for OriginAuthority {
    async fn authorize(&self, key: &StreamKey) -> Result<Authorized, Refused> {
        let body = json!({ "stream_key": key.expose() });
        let answer =
            self.functions.post("/v1/internal/ingest/authorize", &body, TIMEOUT, ANSWER_BYTES_MAX).await;
        let answer = answer.map_err(|error| {
            tracing::warn!(%error, "the functions could not be asked for a stream key");
            Refused::Unavailable
        })?;
        match answer.status {
            200 => {}
            403 | 404 | 422 => return Err(Refused::UnknownKey),
            status => {
                tracing::warn!(status, "the functions could not be asked for a stream key");
                return Err(Refused::Unavailable);
            }
        }
        let authorized: AuthorizedIngest =
            serde_json::from_slice(&answer.body).map_err(|_| Refused::Unavailable)?;
        let mut shops = self.shops.lock().await;
        if shops.len() >= SHOWS_MAX {
            shops.clear();
        }
        shops.insert(authorized.show_id, authorized.shop_id);
        Ok(Authorized {
            second_publisher: match authorized.settings.second_publisher {
                SecondPublisherSetting::Refuse => SecondPublisher::Refuse,
                SecondPublisherSetting::TakeOver => SecondPublisher::TakeOver,
            },
            part_target_ms: Some(authorized.settings.part_target_ms),
            ..Authorized::to(authorized.show_id)
        })
    }
}

#[async_trait]
impl BroadcastEvents for OriginAuthority {
    async fn changed(&self, event: BroadcastEvent) {
        let Some(shopid) = self.shops.lock().await.get(&event.show_id).copied() else {
            tracing::error!(show = %event.show_id, "a broadcast changed that nobody authorised");
            return;
        };
        let changed =
            BroadcastChanged { show_id: event.show_id, broadcast_id: event.broadcast_id, at: event.at };
        let event = CloudEvent {
            specversion: SpecVersion::V1,
            id: EventId::generate(clock::now(), rand::random()),
            source: "/origin".into(),
            subject: event.show_id.to_string(),
            time: event.at.into(),
            shopid,
            event: match event.state {
                BroadcastState::Started => Event::BroadcastStarted(changed),
                BroadcastState::Interrupted => Event::BroadcastInterrupted(changed),
                BroadcastState::Resumed => Event::BroadcastResumed(changed),
                BroadcastState::Ended => Event::BroadcastEnded(changed),
            },
        };
        let body = json!(event);
        // The origin gives this call a time limit; until then it is tried again, with the same id.
        let mut wait = Duration::from_millis(100);
        loop {
            match self.functions.post("/v1/internal/events", &body, TIMEOUT, ANSWER_BYTES_MAX).await {
                Ok(answer) if (200..300).contains(&answer.status) => return,
                Ok(answer) if (400..500).contains(&answer.status) => {
                    tracing::error!(status = answer.status, event = %event.id, "the functions refused a broadcast's event");
                    return;
                }
                Ok(_) | Err(_) => tokio::time::sleep(wait).await,
            }
            wait = (wait * 2).min(Duration::from_secs(5));
        }
    }
}

/// Who may ask the origin.
pub struct OriginAuth(pub Verifier);

impl ServiceAuth for OriginAuth {
    fn check(&self, bearer: &str) -> bool {
        self.0.verify_service(bearer, clock::now(), Service::Origin).is_ok()
    }
}

/// The origin, as the functions ask it.
pub struct OriginHealth(pub Peer);

#[async_trait]
impl IngestHealth for OriginHealth {
    async fn ingest(&self, show_id: ShowId) -> Result<Option<Ingest>, Problem> {
        let answer = self.0.get(&format!("/streams/{show_id}"), TIMEOUT, ANSWER_BYTES_MAX).await;
        let answer = answer.map_err(|error| {
            tracing::warn!(%error, "the origin does not say what it receives");
            Problem::unavailable()
        })?;
        match answer.status {
            200 => serde_json::from_slice(&answer.body).map(Some).map_err(|error| {
                tracing::error!(%error, "the origin says something else than was agreed");
                Problem::internal()
            }),
            404 => Ok(None),
            _ => Err(Problem::unavailable()),
        }
    }
}
