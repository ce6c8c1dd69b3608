//! Discount codes.

use async_trait::async_trait;
use showfloor_domain::ShopId;
use showfloor_domain::promotion::Discount;

use crate::StoreError;

/// Discount codes.
#[async_trait]
pub trait Discounts: Send + Sync {
    /// Adds a code to a shop. The code is stored in canonical spelling.
    ///
    /// # Errors
    /// [`StoreError::Taken`] when the shop has that code already.
    async fn add(&self, shop_id: ShopId, discount: Discount) -> Result<(), StoreError>;

    /// The discount with this canonical code.
    ///
    /// # Errors
    /// When the store fails.
    async fn find_code(&self, shop_id: ShopId, code: &str) -> Result<Option<Discount>, StoreError>;
}
