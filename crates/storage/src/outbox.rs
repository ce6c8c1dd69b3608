//! The outbox as the relay reads it.

use async_trait::async_trait;
use showfloor_domain::event::CloudEvent;
use showfloor_domain::{EventId, UtcMs};

use crate::StoreError;

/// An event with its place in the outbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutboxEntry {
    /// Counts up; gaps mean nothing.
    pub sequence: u64,
    /// The event.
    pub event: CloudEvent,
}

/// The outbox.
#[async_trait]
pub trait Outbox: Send + Sync {
    /// How far `sink` has everything.
    ///
    /// # Errors
    /// When the store fails.
    async fn position(&self, sink: &str) -> Result<u64, StoreError>;

    /// Up to `limit` entries after `sequence`, in order.
    ///
    /// # Errors
    /// When the store fails.
    async fn after(&self, sequence: u64, limit: u32) -> Result<Vec<OutboxEntry>, StoreError>;

    /// Remembers how far `sink` has everything. Never goes back.
    ///
    /// # Errors
    /// When the store fails.
    async fn advance(&self, sink: &str, sequence: u64) -> Result<(), StoreError>;

    /// Keeps what a sink would not take.
    ///
    /// # Errors
    /// When the store fails.
    async fn dead_letter(
        &self,
        sink: &str,
        event: &CloudEvent,
        reason: &str,
        now: UtcMs,
    ) -> Result<(), StoreError>;

    /// Which events `sink` would not take.
    ///
    /// # Errors
    /// When the store fails.
    async fn dead_letters(&self, sink: &str) -> Result<Vec<EventId>, StoreError>;

    /// Drops what every one of `sinks` has.
    ///
    /// # Errors
    /// When the store fails.
    async fn prune(&self, sinks: &[String]) -> Result<(), StoreError>;
}
