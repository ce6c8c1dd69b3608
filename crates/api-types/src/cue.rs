//! The run of show.

use serde::{Deserialize, Serialize};
use showfloor_domain::event::VariantPrice;
use showfloor_domain::{CueId, Money, ProductId, Rfc3339};
use utoipa::ToSchema;

pub use showfloor_domain::run::CueState;

use crate::image::ImageRef;
use crate::product::Stock;

/// What a cue does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CueKind {
    /// Pins a product.
    Product,
    /// Opens a flash sale of a product.
    FlashSale,
    /// Shows a line over the picture.
    Banner,
}

/// One entry of a run of show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Cue {
    /// The cue.
    pub id: CueId,
    /// What it does.
    pub kind: CueKind,
    /// Where it stands.
    pub state: CueState,
    /// Its place, from 0.
    pub position: u32,
    /// The product's title, or the banner's line.
    pub title: String,
    /// The product.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub product: Option<CueProduct>,
    /// The banner's line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The prices during the show.
    pub live_prices: Vec<VariantPrice>,
    /// The flash sale.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flash: Option<CueFlash>,
    /// When it is planned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub planned_at: Option<Rfc3339>,
    /// How long it is planned to be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub planned_minutes: Option<u32>,
    /// When it came on screen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub started_at: Option<Rfc3339>,
    /// When it went off.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Rfc3339>,
}

/// A cue's product.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CueProduct {
    /// The product.
    pub id: ProductId,
    /// Its title.
    pub title: String,
    /// Its first picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<ImageRef>,
    /// Its lowest price in the shop's first currency.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price_from: Option<Money>,
    /// Its lowest price during the show.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub live_price_from: Option<Money>,
    /// Its stock, all variants together.
    pub stock: Stock,
}

/// A cue's flash sale.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CueFlash {
    /// The prices while it lasts.
    pub prices: Vec<VariantPrice>,
    /// How long it lasts.
    pub duration_s: u32,
    /// How many pieces at most.
    pub cap: u32,
    /// When it ends, once started.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ends_at: Option<Rfc3339>,
    /// Pieces sold or held at these prices.
    pub sold: u32,
}

/// A show's run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RunOfShow {
    /// The cues in order.
    pub items: Vec<Cue>,
    /// The cue whose product is on screen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_screen: Option<CueId>,
    /// The product on screen, whether or not a cue put it there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pinned_product_id: Option<ProductId>,
    /// The line over the picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub banner: Option<String>,
    /// Counts changes of this run; a lower one is stale.
    pub version: u64,
}

/// A flash sale to plan.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanFlash {
    /// The prices while it lasts; each below the variant's price.
    pub prices: Vec<VariantPrice>,
    /// How long it lasts, 10 to 3,600.
    pub duration_s: u32,
    /// How many pieces at most, 1 to 100,000.
    pub cap: u32,
}

/// A new cue.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateCue {
    /// What it does.
    pub kind: CueKind,
    /// The product, for `product` and `flash_sale`.
    #[serde(default)]
    pub product_id: Option<ProductId>,
    /// The line, for `banner`, up to 120 characters.
    #[serde(default)]
    pub text: Option<String>,
    /// When it is planned.
    #[serde(default)]
    pub planned_at: Option<Rfc3339>,
    /// How long it is planned to be.
    #[serde(default)]
    pub planned_minutes: Option<u32>,
    /// Prices during the show, for `product`.
    #[serde(default)]
    pub live_prices: Vec<VariantPrice>,
    /// The flash sale, for `flash_sale`.
    #[serde(default)]
    pub flash: Option<PlanFlash>,
    /// Its place; at the end when absent.
    #[serde(default)]
    pub position: Option<u32>,
}

/// What to change of a cue; what is absent stays.
#[derive(Clone, Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EditCue {
    /// The line.
    pub text: Option<String>,
    /// When it is planned.
    pub planned_at: Option<Rfc3339>,
    /// How long it is planned to be.
    pub planned_minutes: Option<u32>,
    /// Prices during the show; none may rise while the product is on screen.
    pub live_prices: Option<Vec<VariantPrice>>,
    /// The flash sale, until it is started.
    pub flash: Option<PlanFlash>,
    /// Skips a planned cue, or takes it back into the plan.
    pub skipped: Option<bool>,
}

/// The whole order anew.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OrderCues {
    /// Every cue of the show, once.
    pub cue_ids: Vec<CueId>,
}

/// A line over the picture.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetBanner {
    /// The line, up to 120 characters; null takes it away.
    #[schema(required)]
    pub text: Option<String>,
}

/// A product to pin without a cue.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PinProduct {
    /// The product.
    pub product_id: ProductId,
}

/// When something took effect: the moment of the frame it belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TookEffect {
    /// The moment.
    pub at: Rfc3339,
    /// The cue that was started, if one was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cue_id: Option<CueId>,
    /// Counts changes of this run.
    pub version: u64,
}
