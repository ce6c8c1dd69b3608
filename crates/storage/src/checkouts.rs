//! Checkouts: holding pieces, and giving them back.
//!
//! Pieces, flash sale counts and redemptions of codes are taken in one transaction with the checkout, and go
//! back in one transaction with its end.

use async_trait::async_trait;
use showfloor_domain::checkout::CheckoutState;
use showfloor_domain::payment::Mode;
use showfloor_domain::quote::Quote;
use showfloor_domain::{
    Address, CartId, CheckoutId, Contact, CueId, OrderId, ReservationId, ShopId, ShowId, UtcMs, VariantId,
};

use crate::{Buyer, PaymentRecord, StoreError};

/// A checkout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckoutRecord {
    /// Its id.
    pub id: CheckoutId,
    /// The shop.
    pub shop_id: ShopId,
    /// The show.
    pub show_id: ShowId,
    /// The cart it was made from.
    pub cart_id: CartId,
    /// Who buys.
    pub buyer: Buyer,
    /// Whether money is real.
    pub mode: Mode,
    /// Counts changes.
    pub version: u64,
    /// Where it stands.
    pub state: CheckoutState,
    /// The frozen quote.
    pub quote: Quote,
    /// The pieces held for it.
    pub reservation_id: ReservationId,
    /// When they are given back. Never moves.
    pub held_until: UtcMs,
    /// Who gets the parcel.
    pub contact: Option<Contact>,
    /// Where it goes.
    pub address: Option<Address>,
    /// How many payments were started.
    pub attempts: u32,
    /// The newest payment.
    pub payment: Option<PaymentRecord>,
    /// The order, with its number.
    pub order: Option<(OrderId, u64)>,
    /// When it was begun.
    pub created_at: UtcMs,
}

/// Holds pieces for a quote.
#[derive(Clone, Debug)]
pub struct BeginCheckout {
    /// The new checkout's id.
    pub checkout_id: CheckoutId,
    /// The new reservation's id.
    pub reservation_id: ReservationId,
    /// The shop.
    pub shop_id: ShopId,
    /// The show.
    pub show_id: ShowId,
    /// The cart. A checkout of it that is still holding is cancelled, and the new one inherits its end.
    pub cart_id: CartId,
    /// Who buys.
    pub buyer: Buyer,
    /// Whether money is real.
    pub mode: Mode,
    /// The frozen quote.
    pub quote: Quote,
    /// When the pieces are given back, if nothing older holds.
    pub held_until: UtcMs,
    /// Now.
    pub now: UtcMs,
}

/// Too few pieces of a variant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shortage {
    /// The variant.
    pub variant_id: VariantId,
    /// How many pieces there are.
    pub available: u32,
}

/// Nothing was held.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HoldError {
    /// Of some variants there are fewer pieces than wanted; all of them are named.
    #[error("there are not enough pieces")]
    NotEnough(Vec<Shortage>),
    /// The flash sale has fewer pieces left than wanted.
    #[error("the flash sale is sold out")]
    FlashGone(CueId),
    /// The code was used as often as it may be.
    #[error("the code was used as often as it may be")]
    DiscountGone,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A new quote for a checkout whose pieces stay held.
#[derive(Clone, Debug)]
pub struct Requote {
    /// The checkout.
    pub checkout_id: CheckoutId,
    /// The new quote, of the same lines.
    pub quote: Quote,
    /// Who gets the parcel.
    pub contact: Contact,
    /// Where it goes.
    pub address: Address,
    /// Now.
    pub now: UtcMs,
}

/// A checkout was not changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// Nothing is held any more.
    #[error("the pieces are no longer held")]
    HoldEnded,
    /// It is paid, or its money went back.
    #[error("the checkout is over")]
    Over,
    /// The customer used the code as often as they may.
    #[error("the code was used as often as it may be")]
    DiscountGone,
    /// The store failed, or there is no such checkout.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What a sweep of lapsed holds did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Checkouts that expired.
    pub checkouts: Vec<CheckoutId>,
    /// Whether there is more to do.
    pub more: bool,
}

/// Checkouts.
#[async_trait]
pub trait Checkouts: Send + Sync {
    /// Holds pieces, counts flash sales and codes, keeps quote and checkout: all or nothing.
    ///
    /// # Errors
    /// See [`HoldError`]; nothing is held then.
    async fn begin(&self, command: BeginCheckout) -> Result<CheckoutRecord, HoldError>;

    /// The checkout, if there is one with this id in this shop.
    ///
    /// # Errors
    /// When the store fails.
    async fn find(
        &self,
        shop_id: ShopId,
        checkout_id: CheckoutId,
    ) -> Result<Option<CheckoutRecord>, StoreError>;

    /// Puts a new quote in place of the old. Payments for the old one can no longer become an order.
    ///
    /// # Errors
    /// See [`EditError`]; nothing is changed then.
    async fn requote(&self, command: Requote) -> Result<CheckoutRecord, EditError>;

    /// Gives the pieces back because the buyer gave up. A checkout that already expired or was cancelled stays
    /// as it is.
    ///
    /// # Errors
    /// When it is paid, or not there.
    async fn cancel(&self, checkout_id: CheckoutId, now: UtcMs) -> Result<CheckoutRecord, EditError>;

    /// Gives back pieces whose time is over, of at most `limit` checkouts, oldest first.
    ///
    /// # Errors
    /// When the store fails.
    async fn expire_due(&self, now: UtcMs, limit: u32) -> Result<Swept, StoreError>;

    /// How many pieces of each flash sale are taken, held and sold together, and how many are sold.
    ///
    /// # Errors
    /// When the store fails.
    async fn flash_counts(&self, cue_ids: &[CueId]) -> Result<Vec<FlashCount>, StoreError>;

    /// Flash sales of which every piece is sold, and that were not told of before. Telling is remembered.
    ///
    /// # Errors
    /// When the store fails.
    async fn flash_sold_out(&self) -> Result<Vec<CueId>, StoreError>;
}

/// How far a flash sale is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FlashCount {
    /// The entry of the run of show.
    pub cue_id: CueId,
    /// Pieces held or sold.
    pub taken: u32,
    /// Pieces sold.
    pub sold: u32,
}
