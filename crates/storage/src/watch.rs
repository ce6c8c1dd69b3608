//! What is written down about a show while it runs: how many watch, and what moderators did.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use showfloor_domain::{MessageId, ShopId, ShowId, UserId, UtcMs, ViewerId};

use crate::{Page, PageRequest, StoreError};

/// How many watch a show at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PresenceSample {
    /// The show.
    pub show_id: ShowId,
    /// When.
    pub at: UtcMs,
    /// How many.
    pub viewers: u32,
}

/// The most that watched in one minute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PresenceMinute {
    /// When the minute began.
    pub minute: UtcMs,
    /// How many.
    pub viewers: u32,
}

/// How many watched a show.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ShowPresence {
    /// The latest sample.
    pub latest: Option<(UtcMs, u32)>,
    /// The most at once, and when.
    pub peak: Option<(UtcMs, u32)>,
    /// By minute, oldest first.
    pub minutes: Vec<PresenceMinute>,
}

/// How many watch.
#[async_trait]
pub trait Presence: Send + Sync {
    /// Writes samples down; those of unknown shows are dropped, older ones do not replace newer ones.
    ///
    /// # Errors
    /// When the store fails.
    async fn record(&self, samples: Vec<PresenceSample>) -> Result<(), StoreError>;

    /// What was written down of a show.
    ///
    /// # Errors
    /// When the store fails.
    async fn show(&self, show_id: ShowId) -> Result<ShowPresence, StoreError>;
}

/// What a moderator did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModerationRecord {
    /// When.
    pub at: UtcMs,
    /// What.
    pub action: String,
    /// Who did it; none when a rule did.
    pub by: Option<UserId>,
    /// In which role.
    pub role: Option<String>,
    /// Whom it concerns.
    pub viewer_id: Option<ViewerId>,
    /// Which message it concerns.
    pub message_id: Option<MessageId>,
    /// Why.
    pub reason: Option<String>,
    /// For how long, or how slow.
    pub seconds: Option<u32>,
}

/// What moderators did.
#[async_trait]
pub trait ModerationLog: Send + Sync {
    /// Writes entries down, oldest first; those of unknown shows are dropped.
    ///
    /// # Errors
    /// When the store fails.
    async fn append(&self, entries: Vec<(ShowId, ModerationRecord)>) -> Result<(), StoreError>;

    /// The entries of a show of this shop, newest first.
    ///
    /// # Errors
    /// When the store fails.
    async fn list(
        &self,
        shop_id: ShopId,
        show_id: ShowId,
        page: PageRequest,
    ) -> Result<Page<ModerationRecord>, StoreError>;
}
