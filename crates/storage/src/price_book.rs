//! What the commerce plane reads from the catalogue and from shops. The catalogue's store implements it.

use async_trait::async_trait;
use showfloor_domain::payment::Mode;
use showfloor_domain::promotion::Prices;
use showfloor_domain::quote::Picture;
use showfloor_domain::{Country, CueId, Currency, ProductId, ShopId, ShowId, UtcMs, VariantId};

use crate::StoreError;
use showfloor_domain::event::FlashSaleEnd;

/// One variant as it can be bought in a show, in one currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VariantOffer {
    /// The variant.
    pub variant_id: VariantId,
    /// Its product.
    pub product_id: ProductId,
    /// The product's title.
    pub title: String,
    /// The choice of options, in words: `Oat`, `Large · Oat`; empty where there is no choice.
    pub variant_title: String,
    /// The merchant's number for it.
    pub sku: String,
    /// The product's first picture.
    pub image: Option<Picture>,
    /// The facts from which the price is decided.
    pub prices: Prices,
}

/// Prices of what a show sells.
#[async_trait]
pub trait PriceBook: Send + Sync {
    /// The offers for those of `variant_ids` that belong to the shop and have a price in `currency`; others are
    /// left out. Order does not matter.
    ///
    /// `prices.live` is given only while the show is live or paused and has a live price for the variant;
    /// `prices.flash` only while a flash sale of this show covers the variant: started, not stopped, and
    /// `at <= now < ends_at`.
    ///
    /// # Errors
    /// When the store fails.
    async fn offers(
        &self,
        shop_id: ShopId,
        show_id: ShowId,
        currency: Currency,
        variant_ids: &[VariantId],
        now: UtcMs,
    ) -> Result<Vec<VariantOffer>, StoreError>;

    /// What commerce needs to know about a shop; none if there is no such shop.
    ///
    /// # Errors
    /// When the store fails.
    async fn shop_terms(&self, shop_id: ShopId) -> Result<Option<ShopTerms>, StoreError>;

    /// Which shop runs the show, and what the show is called; none if there is no such show, or it is a draft.
    ///
    /// # Errors
    /// When the store fails.
    async fn show_terms(&self, show_id: ShowId) -> Result<Option<ShowTerms>, StoreError>;
}

/// What commerce needs to know about a shop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShopTerms {
    /// The shop.
    pub shop_id: ShopId,
    /// Its name, for mails.
    pub name: String,
    /// Where it sends from.
    pub country: Country,
    /// Where it sends to.
    pub ships_to: Vec<Country>,
    /// Its main currency.
    pub currency: Currency,
    /// The currencies it sells in, the main one included.
    pub currencies: Vec<Currency>,
    /// Whether its money is real. Never changes after the first order.
    pub mode: Mode,
    /// BCP 47 language of its buyers, for mails.
    pub locale: String,
}

/// What commerce needs to know about a show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShowTerms {
    /// The show.
    pub show_id: ShowId,
    /// Its shop.
    pub shop_id: ShopId,
    /// Its title.
    pub title: String,
    /// When it went on air, if it did.
    pub started_at: Option<UtcMs>,
}

/// Flash sales as the run of show keeps them. Implemented beside the cues.
#[async_trait]
pub trait FlashSales: Send + Sync {
    /// Ends each running sale whose `ends_at <= now`, with its event in the outbox, once. Returns those ended.
    ///
    /// # Errors
    /// When the store fails.
    async fn end_due(&self, now: UtcMs) -> Result<Vec<CueId>, StoreError>;

    /// Ends one sale if it runs, with its event in the outbox. False when it did not run.
    ///
    /// # Errors
    /// When the store fails.
    async fn end(&self, cue_id: CueId, reason: FlashSaleEnd, now: UtcMs) -> Result<bool, StoreError>;
}
