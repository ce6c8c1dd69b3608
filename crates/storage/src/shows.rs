//! Shows, their stream keys, and what moderators did in them.

use async_trait::async_trait;
use showfloor_domain::event::ShowState;
use showfloor_domain::show::{IllegalTransition, ShowInput, ShowSettings};
use showfloor_domain::{EventId, ImageId, ShopId, ShowId, StreamKeyId, UtcMs};

use crate::{Page, PageRequest, StoreError};

/// A show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShowRecord {
    /// The show.
    pub id: ShowId,
    /// Its shop.
    pub shop_id: ShopId,
    /// What it is called.
    pub title: String,
    /// What it is about.
    pub description: String,
    /// Who hosts it.
    pub host_name: String,
    /// Where it stands.
    pub state: ShowState,
    /// Counts changes of where it stands.
    pub state_version: u64,
    /// When it is planned to start.
    pub starts_at: UtcMs,
    /// How long it is planned to be.
    pub planned_minutes: Option<u32>,
    /// When it went on air.
    pub started_at: Option<UtcMs>,
    /// When it was over.
    pub ended_at: Option<UtcMs>,
    /// Its picture.
    pub cover_image_id: Option<ImageId>,
    /// How it is run.
    pub settings: ShowSettings,
    /// When it was made.
    pub created_at: UtcMs,
    /// Counts edits; moving on is one.
    pub version: u64,
}

/// A show was not moved on.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AdvanceError {
    /// It is not where this could be done.
    #[error(transparent)]
    Illegal(#[from] IllegalTransition),
    /// The store failed, or there is no such show.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Shows.
#[async_trait]
pub trait Shows: Send + Sync {
    /// Keeps a new show, with an empty run.
    ///
    /// # Errors
    /// When the store fails.
    async fn create(&self, show: ShowRecord) -> Result<(), StoreError>;

    /// A show of this shop.
    ///
    /// # Errors
    /// When the store fails.
    async fn find(&self, shop_id: ShopId, show_id: ShowId) -> Result<Option<ShowRecord>, StoreError>;

    /// The show of whichever shop: for viewers and our own services. The caller hides drafts.
    ///
    /// # Errors
    /// When the store fails.
    async fn find_any(&self, show_id: ShowId) -> Result<Option<ShowRecord>, StoreError>;

    /// Shows of a shop by planned start, latest first.
    ///
    /// # Errors
    /// When the store fails.
    async fn list(
        &self,
        shop_id: ShopId,
        state: Option<ShowState>,
        page: PageRequest,
    ) -> Result<Page<ShowRecord>, StoreError>;

    /// Writes title, words, plan, picture and settings over the version that was read, with `show.changed`.
    ///
    /// # Errors
    /// [`StoreError::Stale`] when it was changed meanwhile, [`StoreError::NotFound`] when there is none.
    async fn edit(&self, show: ShowRecord, now: UtcMs) -> Result<ShowRecord, StoreError>;

    /// Removes a show that was never on air.
    ///
    /// # Errors
    /// [`StoreError::Stale`] when it was, [`StoreError::NotFound`] when there is none.
    async fn delete(&self, shop_id: ShopId, show_id: ShowId) -> Result<(), StoreError>;

    /// Moves a show on, with its event. A show that ends takes everything off screen and off sale.
    ///
    /// # Errors
    /// See [`AdvanceError`].
    async fn advance(
        &self,
        shop_id: ShopId,
        show_id: ShowId,
        input: ShowInput,
        now: UtcMs,
    ) -> Result<ShowRecord, AdvanceError>;

    /// Moves a show on because of another plane's event, once per `(source, event_id)`; none when it was seen
    /// before or the show is gone.
    ///
    /// # Errors
    /// When the store fails.
    async fn receive(
        &self,
        source: &str,
        event_id: EventId,
        show_id: ShowId,
        input: ShowInput,
        now: UtcMs,
    ) -> Result<Option<ShowRecord>, StoreError>;
}

/// A stream key as it is kept.
#[derive(Clone, PartialEq, Eq)]
pub struct StreamKeyRecord {
    /// Its public half.
    pub id: StreamKeyId,
    /// The shop.
    pub shop_id: ShopId,
    /// The show it publishes to.
    pub show_id: ShowId,
    /// The peppered hash of its secret half.
    pub secret_hash: [u8; 32],
    /// The key's last four characters.
    pub hint: String,
    /// When it was made.
    pub created_at: UtcMs,
    /// When it last published.
    pub last_used_at: Option<UtcMs>,
}

impl std::fmt::Debug for StreamKeyRecord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StreamKeyRecord").field("id", &self.id).finish_non_exhaustive()
    }
}

/// How many stream keys a show has at most.
pub const STREAM_KEYS_MAX: usize = 10;

/// Stream keys.
#[async_trait]
pub trait StreamKeys: Send + Sync {
    /// Keeps a new key.
    ///
    /// # Errors
    /// [`StoreError::Taken`] when the show has [`STREAM_KEYS_MAX`] keys.
    async fn create(&self, key: StreamKeyRecord) -> Result<(), StoreError>;

    /// The keys of a show that are not revoked, newest first.
    ///
    /// # Errors
    /// When the store fails.
    async fn list(&self, shop_id: ShopId, show_id: ShowId) -> Result<Vec<StreamKeyRecord>, StoreError>;

    /// Revokes a key.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is none in this show.
    async fn revoke(&self, shop_id: ShopId, show_id: ShowId, key_id: StreamKeyId) -> Result<(), StoreError>;

    /// The key with this public half, if it is not revoked. The caller compares the secret.
    ///
    /// # Errors
    /// When the store fails.
    async fn find(&self, key_id: StreamKeyId) -> Result<Option<StreamKeyRecord>, StoreError>;

    /// The key publishes now.
    ///
    /// # Errors
    /// When the store fails.
    async fn used(&self, key_id: StreamKeyId, now: UtcMs) -> Result<(), StoreError>;
}
