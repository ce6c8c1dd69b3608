//! What these functions are handed by the root.

use std::sync::Arc;

use async_trait::async_trait;
use axum::extract::FromRef;
use bytes::Bytes;
use showfloor_http::{Context, Result};
use showfloor_storage::{Checkouts, IdempotencyRecords, Images, Products, Runs, Shops, Shows, StockLedger};
use tokio::sync::Semaphore;

/// How many pictures are decoded at once; more wait.
pub const PICTURES_AT_ONCE: usize = 2;

/// Keeps pictures' bytes. Implemented by the root over the object store.
#[async_trait]
pub trait ImageStore: Send + Sync + 'static {
    /// Keeps bytes under `key` (`images/img_…/640.jpg`); they never change.
    ///
    /// # Errors
    /// [`showfloor_http::Problem::unavailable`] when they were not kept.
    async fn put(&self, key: &str, bytes: Bytes, content_type: &'static str) -> Result<()>;
}

/// The parts that these functions stand on.
#[derive(Clone)]
pub struct Deps {
    /// Time, entropy, tokens, sessions, limits.
    pub http: Context,
    /// The catalogue.
    pub products: Arc<dyn Products>,
    /// What is known of pictures.
    pub images: Arc<dyn Images>,
    /// Shops.
    pub shops: Arc<dyn Shops>,
    /// Shows.
    pub shows: Arc<dyn Shows>,
    /// Runs of show.
    pub runs: Arc<dyn Runs>,
    /// Stock.
    pub stock: Arc<dyn StockLedger>,
    /// Requests that spend, once.
    pub idempotency: Arc<dyn IdempotencyRecords>,
    /// How far flash sales are.
    pub checkouts: Arc<dyn Checkouts>,
    /// Keeps pictures' bytes.
    pub image_store: Arc<dyn ImageStore>,
    /// Bounds how many pictures are decoded at once.
    pub pictures: Arc<Semaphore>,
}

impl Deps {
    /// Everything from one store.
    #[must_use]
    pub fn new<S>(http: Context, store: Arc<S>, image_store: Arc<dyn ImageStore>) -> Self
    where
        S: Products + Images + Shops + Shows + Runs + StockLedger + Checkouts + IdempotencyRecords + 'static,
    {
        Self {
            http,
            products: store.clone(),
            images: store.clone(),
            shops: store.clone(),
            shows: store.clone(),
            runs: store.clone(),
            stock: store.clone(),
            idempotency: store.clone(),
            checkouts: store,
            image_store,
            pictures: Arc::new(Semaphore::new(PICTURES_AT_ONCE)),
        }
    }
}

impl FromRef<Deps> for Context {
    fn from_ref(deps: &Deps) -> Self {
        deps.http.clone()
    }
}
