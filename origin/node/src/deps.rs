//! What an origin needs of the rest: who may publish, who is told, who may ask.

use std::sync::Arc;

use async_trait::async_trait;
use showfloor_domain::{BroadcastId, ShowId, UtcMs};
use showfloor_object_store::ObjectStore;
use showfloor_origin_ingest::StreamKey;

/// What happens when a second publisher comes with the same key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SecondPublisher {
    /// It is refused; the first goes on.
    #[default]
    Refuse,
    /// It takes over, after a discontinuity; the first is closed.
    TakeOver,
}

/// A key that may publish.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Authorized {
    /// The show it publishes to.
    pub show_id: ShowId,
    /// As the show says.
    pub second_publisher: SecondPublisher,
    /// The show's part target, if it has one of its own.
    pub part_target_ms: Option<u32>,
    /// The show's segment target, if it has one of its own.
    pub segment_target_ms: Option<u32>,
    /// The show's DVR window, if it has one of its own.
    pub dvr_window_ms: Option<u32>,
}

impl Authorized {
    /// A key of a show that says nothing of its own.
    #[must_use]
    pub fn to(show_id: ShowId) -> Self {
        Self {
            show_id,
            second_publisher: SecondPublisher::default(),
            part_target_ms: None,
            segment_target_ms: None,
            dvr_window_ms: None,
        }
    }
}

/// Why a key may not publish.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// There is no such key, or it is revoked, or its show is over: the publisher must get another.
    #[error("unknown key")]
    UnknownKey,
    /// The authority cannot be asked now: the publisher may try again.
    #[error("the authority does not answer")]
    Unavailable,
}

/// Knows which keys may publish.
#[async_trait]
pub trait StreamAuthority: Send + Sync + 'static {
    /// Looks a key up. The key is a secret: compare it in constant time, and never log it.
    async fn authorize(&self, key: &StreamKey) -> Result<Authorized, Refused>;
}

/// What became of a broadcast.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BroadcastState {
    /// Its first part can be played.
    Started,
    /// Its publisher is gone; it is waited for.
    Interrupted,
    /// Its publisher, or another with the same key, is back, and can be played.
    Resumed,
    /// It is over. Its replay is stored, if the object store let it be.
    Ended,
}

/// A broadcast changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BroadcastEvent {
    /// The show it belongs to.
    pub show_id: ShowId,
    /// The broadcast.
    pub broadcast_id: BroadcastId,
    /// What became of it.
    pub state: BroadcastState,
    /// When.
    pub at: UtcMs,
}

/// Is told what becomes of broadcasts.
#[async_trait]
pub trait BroadcastEvents: Send + Sync + 'static {
    /// Tells one event. Events of one broadcast come one after the other, in order; this may take its time, up to
    /// [`limits::EVENT_TIMEOUT_MS`](crate::limits::EVENT_TIMEOUT_MS), and holds no media up.
    async fn changed(&self, event: BroadcastEvent);
}

/// Knows who may ask.
pub trait ServiceAuth: Send + Sync + 'static {
    /// Whether this bearer token is a valid service token for an origin. Secrets are compared in constant time.
    fn check(&self, bearer: &str) -> bool;
}

/// Everything an origin needs.
#[derive(Clone)]
pub struct Deps {
    /// Where media goes.
    pub store: ObjectStore,
    /// Who may publish.
    pub authority: Arc<dyn StreamAuthority>,
    /// Who is told.
    pub events: Arc<dyn BroadcastEvents>,
    /// Who may ask.
    pub service_auth: Arc<dyn ServiceAuth>,
}
