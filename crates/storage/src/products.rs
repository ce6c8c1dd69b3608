//! The catalogue: products, their variants with prices, and pictures.

use std::collections::BTreeMap;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use showfloor_domain::{ImageId, Money, ProductId, ShopId, UtcMs, VariantId};

use crate::{Page, PageRequest, StoreError};

/// A choice to make.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OptionRecord {
    /// Its name.
    pub name: String,
    /// Its values.
    pub values: Vec<String>,
}

/// A product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProductRecord {
    /// The product.
    pub id: ProductId,
    /// Its shop.
    pub shop_id: ShopId,
    /// Its title.
    pub title: String,
    /// Its description.
    pub description: String,
    /// Its tags.
    pub tags: Vec<String>,
    /// Its choices.
    pub options: Vec<OptionRecord>,
    /// Its pictures, first one first.
    pub images: Vec<ImageId>,
    /// What is bought, in order.
    pub variants: Vec<VariantRecord>,
    /// When it was made.
    pub created_at: UtcMs,
    /// When it was last edited.
    pub updated_at: UtcMs,
    /// Counts edits.
    pub version: u64,
}

/// What is bought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VariantRecord {
    /// The variant.
    pub id: VariantId,
    /// The shop's own number, unique in the shop.
    pub sku: String,
    /// The value of each option.
    pub options: BTreeMap<String, String>,
    /// One price for each currency.
    pub prices: Vec<Money>,
    /// What it cost before.
    pub compare_at: Vec<Money>,
    /// Weight of one piece.
    pub weight_g: u32,
}

impl VariantRecord {
    /// The values of the options joined, in the order of the product's options: `Oat · Large`.
    #[must_use]
    pub fn title(&self, options: &[OptionRecord]) -> String {
        let values = options.iter().filter_map(|option| self.options.get(&option.name));
        values.map(String::as_str).collect::<Vec<_>>().join(" · ")
    }

    /// The price in a currency.
    #[must_use]
    pub fn price(&self, currency: showfloor_domain::Currency) -> Option<Money> {
        self.prices.iter().copied().find(|price| price.currency() == currency)
    }
}

/// A product was not written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProductError {
    /// A price would rise while the product is on screen in a show on air.
    #[error("a price cannot rise while its product is on screen")]
    PriceOnScreen,
    /// The product is in the run of a show that is not over.
    #[error("a show lists the product")]
    Listed,
    /// A picture is not of this shop.
    #[error("there is no such picture in this shop")]
    UnknownImage,
    /// The store failed; or stale, taken, not found.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Products.
#[async_trait]
pub trait Products: Send + Sync {
    /// Keeps a new product and begins the ledgers of its variants.
    ///
    /// # Errors
    /// [`StoreError::Taken`] when a sku is taken.
    async fn create(&self, product: ProductRecord) -> Result<(), ProductError>;

    /// A product of this shop.
    ///
    /// # Errors
    /// When the store fails.
    async fn find(&self, shop_id: ShopId, product_id: ProductId)
    -> Result<Option<ProductRecord>, StoreError>;

    /// Those of the products that belong to the shop, in the order asked for.
    ///
    /// # Errors
    /// When the store fails.
    async fn find_all(
        &self,
        shop_id: ShopId,
        product_ids: &[ProductId],
    ) -> Result<Vec<ProductRecord>, StoreError>;

    /// Products of a shop, newest first; `text` is looked for in titles and skus.
    ///
    /// # Errors
    /// When the store fails.
    async fn list(
        &self,
        shop_id: ShopId,
        text: Option<String>,
        tag: Option<String>,
        page: PageRequest,
    ) -> Result<Page<ProductRecord>, StoreError>;

    /// Writes over the version that was read, with `product.changed`. Variants left out are no longer sold;
    /// their ledgers stay.
    ///
    /// # Errors
    /// See [`ProductError`].
    async fn edit(&self, product: ProductRecord, now: UtcMs) -> Result<ProductRecord, ProductError>;

    /// Takes a product out of the catalogue; orders keep what they say.
    ///
    /// # Errors
    /// See [`ProductError`].
    async fn delete(&self, shop_id: ShopId, product_id: ProductId, now: UtcMs) -> Result<(), ProductError>;
}

/// A picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImageRecord {
    /// The picture.
    pub id: ImageId,
    /// Its shop.
    pub shop_id: ShopId,
    /// What it shows.
    pub alt: String,
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// When it was uploaded.
    pub created_at: UtcMs,
}

/// Pictures.
#[async_trait]
pub trait Images: Send + Sync {
    /// Keeps a picture whose bytes are stored already.
    ///
    /// # Errors
    /// When the store fails.
    async fn create(&self, image: ImageRecord) -> Result<(), StoreError>;

    /// Those of the pictures that belong to the shop, in the order asked for.
    ///
    /// # Errors
    /// When the store fails.
    async fn find_all(&self, shop_id: ShopId, image_ids: &[ImageId]) -> Result<Vec<ImageRecord>, StoreError>;

    /// Changes what it says it shows.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is none in this shop.
    async fn describe(
        &self,
        shop_id: ShopId,
        image_id: ImageId,
        alt: String,
    ) -> Result<ImageRecord, StoreError>;
}
