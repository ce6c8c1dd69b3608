//! Shops and their settings.

use async_trait::async_trait;
use showfloor_domain::payment::Mode;
use showfloor_domain::{Country, Currency, ShopId, UtcMs};

use crate::StoreError;

/// A shop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShopRecord {
    /// The shop.
    pub id: ShopId,
    /// Its name.
    pub name: String,
    /// The currencies it sells in, the main one first; never empty.
    pub currencies: Vec<Currency>,
    /// Where it sends from.
    pub country: Country,
    /// Where it sends to.
    pub ships_to: Vec<Country>,
    /// Its time zone (IANA).
    pub timezone: String,
    /// Its language (BCP 47).
    pub locale: String,
    /// Whether its money is real.
    pub mode: Mode,
    /// The sites that may embed and sell.
    pub allowed_origins: Vec<String>,
    /// When it was made.
    pub created_at: UtcMs,
    /// Counts edits.
    pub version: u64,
}

impl ShopRecord {
    /// The currency of its figures.
    #[must_use]
    pub fn currency(&self) -> Currency {
        self.currencies[0]
    }
}

/// Shops.
#[async_trait]
pub trait Shops: Send + Sync {
    /// Makes a shop, without people.
    ///
    /// # Errors
    /// When the store fails.
    async fn create(&self, shop: ShopRecord) -> Result<(), StoreError>;

    /// The shop with this id.
    ///
    /// # Errors
    /// When the store fails.
    async fn find(&self, shop_id: ShopId) -> Result<Option<ShopRecord>, StoreError>;

    /// Writes settings over the version that was read; id, country, mode and birth stay as they are. The shows
    /// that are not over hear of it.
    ///
    /// # Errors
    /// [`StoreError::Stale`] when it was changed meanwhile, [`StoreError::NotFound`] when there is none.
    async fn edit(&self, shop: ShopRecord, now: UtcMs) -> Result<ShopRecord, StoreError>;

    /// The shops that list this site.
    ///
    /// # Errors
    /// When the store fails.
    async fn listing(&self, origin: &str) -> Result<Vec<ShopId>, StoreError>;
}
