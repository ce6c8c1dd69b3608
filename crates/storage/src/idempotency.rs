//! Records of requests that must have their effect once.

use async_trait::async_trait;
use showfloor_domain::{ShopId, UtcMs};

use crate::StoreError;

/// How long a record is kept.
pub const RECORD_MS: i64 = 24 * 60 * 60 * 1_000;
/// After how long a request without an answer is taken for dead, and may be sent again.
pub const IN_FLIGHT_MS: i64 = 60 * 1_000;

/// Whose request it is. Two principals never share a record.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct IdempotencyScope {
    /// The shop.
    pub shop_id: ShopId,
    /// The viewer or user.
    pub principal: String,
    /// The HTTP method.
    pub method: String,
    /// The path, ids included.
    pub route: String,
    /// The key that the client chose.
    pub key: String,
}

/// An answer that is given again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedAnswer {
    /// The HTTP status.
    pub status: u16,
    /// The content type.
    pub content_type: String,
    /// The body.
    pub body: Vec<u8>,
}

/// What to do with a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claim {
    /// Do it. `seed` is the same each time the same request is begun again: ids made from it make the effect
    /// happen once even if a crash came between effect and answer.
    Begin {
        /// Sixteen bytes of the caller's entropy, from the first time.
        seed: [u8; 16],
    },
    /// It was done: give this answer.
    Replay(RecordedAnswer),
    /// The key was used with another body.
    OtherBody,
    /// The same request is being worked on.
    InFlight,
}

/// Records of requests.
#[async_trait]
pub trait IdempotencyRecords: Send + Sync {
    /// Claims a request before its effect.
    ///
    /// # Errors
    /// When the store fails; the effect must not be done then.
    async fn claim(
        &self,
        scope: &IdempotencyScope,
        body_hash: [u8; 32],
        seed: [u8; 16],
        now: UtcMs,
    ) -> Result<Claim, StoreError>;

    /// Records the answer.
    ///
    /// # Errors
    /// When the store fails.
    async fn record(&self, scope: &IdempotencyScope, answer: RecordedAnswer) -> Result<(), StoreError>;

    /// Lets the request be sent again with the same seed, because it failed without a definite answer.
    ///
    /// # Errors
    /// When the store fails.
    async fn release(&self, scope: &IdempotencyScope) -> Result<(), StoreError>;
}
