//! The stock ledger as a store keeps it. Holding and selling happen inside a checkout's own commands
//! (`Checkouts`); here is what the catalogue needs.

use async_trait::async_trait;
use showfloor_domain::stock::{LedgerKind, StockError, StockLevel};
use showfloor_domain::{OrderId, ProductId, ShopId, UtcMs, VariantId};

use crate::{Page, PageRequest, StoreError};

/// An adjustment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StockAdjustment {
    /// The shop.
    pub shop_id: ShopId,
    /// The variant.
    pub variant_id: VariantId,
    /// Pieces that came in, or (negative) are missing.
    pub delta: i32,
    /// Why, in the merchant's words.
    pub note: String,
    /// Who, by name.
    pub by: Option<String>,
}

/// An entry of the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerEntry {
    /// When.
    pub at: UtcMs,
    /// What.
    pub kind: LedgerKind,
    /// The variant.
    pub variant_id: VariantId,
    /// Pieces; negative when they are missing.
    pub quantity: i64,
    /// Why, in words.
    pub note: String,
    /// The order, with its number, if it is about one.
    pub order: Option<(OrderId, u64)>,
    /// Who, by name, if a person did it.
    pub by: Option<String>,
}

/// An adjustment was not made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AdjustError {
    /// It would take what is not there, or hold more than can be counted.
    #[error(transparent)]
    Stock(#[from] StockError),
    /// The store failed, or there is no such variant in this shop.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Stock for the catalogue.
#[async_trait]
pub trait StockLedger: Send + Sync {
    /// Begins the ledger of a variant, empty. Does nothing if it has one.
    ///
    /// # Errors
    /// When the store fails.
    async fn create_item(
        &self,
        shop_id: ShopId,
        product_id: ProductId,
        variant_id: VariantId,
        now: UtcMs,
    ) -> Result<(), StoreError>;

    /// Changes what there is, with its entry and its event.
    ///
    /// # Errors
    /// When more is taken out than is available, or there is no such variant.
    async fn adjust(&self, adjustment: StockAdjustment, now: UtcMs) -> Result<StockLevel, AdjustError>;

    /// The levels of those of `variant_ids` that belong to the shop; others are left out.
    ///
    /// # Errors
    /// When the store fails.
    async fn levels(
        &self,
        shop_id: ShopId,
        variant_ids: &[VariantId],
    ) -> Result<Vec<(VariantId, StockLevel)>, StoreError>;

    /// The entries of a product's variants, newest first.
    ///
    /// # Errors
    /// When the store fails.
    async fn ledger(
        &self,
        shop_id: ShopId,
        product_id: ProductId,
        page: PageRequest,
    ) -> Result<Page<LedgerEntry>, StoreError>;
}
