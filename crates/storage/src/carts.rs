//! Carts: wishes, kept under a secret that only the buyer has.

use async_trait::async_trait;
use showfloor_domain::cart::CartLine;
use showfloor_domain::{CartId, Currency, ShopId, ShowId, UtcMs, VariantId, ViewerId};

use crate::StoreError;

/// Who is buying, as far as an anonymous viewer is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Buyer {
    /// The viewer.
    pub viewer_id: ViewerId,
    /// The name the viewer shows in chat, which may be shown on air.
    pub name: Option<String>,
    /// A hash of the device's secret: a mark to count by, no credential.
    pub device: String,
}

/// A cart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CartRecord {
    /// Its id.
    pub id: CartId,
    /// The shop.
    pub shop_id: ShopId,
    /// The show it was begun in.
    pub show_id: ShowId,
    /// Who began it.
    pub buyer: Buyer,
    /// The currency of everything in it.
    pub currency: Currency,
    /// The peppered hash of its secret.
    pub secret_hash: [u8; 32],
    /// What is in it, oldest first.
    pub lines: Vec<CartLine>,
    /// The code that was typed, in canonical spelling.
    pub discount_code: Option<String>,
    /// When it was begun.
    pub created_at: UtcMs,
}

/// A line was not put in.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PutLineError {
    /// The cart has all the lines it may have.
    #[error(transparent)]
    Full(#[from] showfloor_domain::cart::CartFull),
    /// The store failed, or there is no such cart.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Carts.
#[async_trait]
pub trait Carts: Send + Sync {
    /// Keeps a new, empty cart.
    ///
    /// # Errors
    /// When the store fails.
    async fn create(&self, cart: CartRecord) -> Result<(), StoreError>;

    /// The cart, if there is one with this id in this shop. The caller compares the secret.
    ///
    /// # Errors
    /// When the store fails.
    async fn find(&self, shop_id: ShopId, cart_id: CartId) -> Result<Option<CartRecord>, StoreError>;

    /// Puts a line in, or changes the one of the same variant.
    ///
    /// # Errors
    /// When the cart is full, or is not there.
    async fn put_line(&self, cart_id: CartId, line: CartLine, now: UtcMs) -> Result<(), PutLineError>;

    /// Takes a line out, if it is in.
    ///
    /// # Errors
    /// When the store fails.
    async fn remove_line(&self, cart_id: CartId, variant_id: VariantId, now: UtcMs)
    -> Result<(), StoreError>;

    /// Remembers a code, or forgets it.
    ///
    /// # Errors
    /// When the store fails.
    async fn set_discount(&self, cart_id: CartId, code: Option<String>, now: UtcMs)
    -> Result<(), StoreError>;
}
