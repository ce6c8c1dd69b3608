//! Products.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use showfloor_domain::stock::StockLevel;
use showfloor_domain::{ImageId, Money, OrderId, ProductId, Rfc3339, VariantId};
use utoipa::ToSchema;

pub use showfloor_domain::stock::LedgerKind;

use crate::image::ImageRef;

/// A choice to make: a name and its values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProductOption {
    /// Its name, like `Glaze`, up to 40 characters.
    pub name: String,
    /// Its values, like `Oat`, up to 60 characters each, at most 50.
    pub values: Vec<String>,
}

/// Pieces of a variant, by state. `sold + reserved + leased + available = stocked`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Stock {
    /// Pieces that were ever put in, less those taken out by adjustment.
    pub stocked: u32,
    /// Pieces sold.
    pub sold: u32,
    /// Pieces held in checkouts.
    pub reserved: u32,
    /// Pieces lent out to be sold elsewhere.
    pub leased: u32,
    /// Pieces that can be bought now.
    pub available: u32,
}

impl Stock {
    /// Both together.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self {
            stocked: self.stocked.saturating_add(other.stocked),
            sold: self.sold.saturating_add(other.sold),
            reserved: self.reserved.saturating_add(other.reserved),
            leased: self.leased.saturating_add(other.leased),
            available: self.available.saturating_add(other.available),
        }
    }
}

impl From<StockLevel> for Stock {
    fn from(level: StockLevel) -> Self {
        Self {
            stocked: level.stocked,
            sold: level.sold,
            reserved: level.reserved,
            leased: level.leased,
            available: level.available(),
        }
    }
}

/// A product as viewers of a show see it, in one currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PublicProduct {
    /// The product.
    pub id: ProductId,
    /// Its title.
    pub title: String,
    /// Its description.
    pub description: String,
    /// Its pictures.
    pub images: Vec<ImageRef>,
    /// Its choices.
    pub options: Vec<ProductOption>,
    /// What is bought.
    pub variants: Vec<PublicVariant>,
    /// The flash sale that is running.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flash: Option<PublicFlash>,
}

/// A variant as viewers see it. What it costs in the show: `flash_price`, else `live_price`, else `price`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PublicVariant {
    /// The variant.
    pub id: VariantId,
    /// The shop's own number for it.
    pub sku: String,
    /// The value of each option.
    pub options: BTreeMap<String, String>,
    /// What it costs outside of the show.
    pub price: Money,
    /// What it cost before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub compare_at: Option<Money>,
    /// What it costs in the show.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub live_price: Option<Money>,
    /// What it costs while the flash sale lasts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flash_price: Option<Money>,
    /// Pieces that can be bought now.
    pub available: u32,
    /// Pieces held in checkouts.
    pub reserved: u32,
}

/// A flash sale that is running.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PublicFlash {
    /// When it ends, at the latest.
    pub ends_at: Rfc3339,
    /// How many pieces in all.
    pub cap: u32,
    /// How many pieces are left at these prices.
    pub remaining: u32,
}

/// A product as the shop sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Product {
    /// The product.
    pub id: ProductId,
    /// Its title.
    pub title: String,
    /// Its description.
    pub description: String,
    /// Its tags.
    pub tags: Vec<String>,
    /// Its choices.
    pub options: Vec<ProductOption>,
    /// Its pictures.
    pub images: Vec<ImageRef>,
    /// What is bought.
    pub variants: Vec<Variant>,
    /// Stock of all variants together.
    pub stock: Stock,
    /// When it was made.
    pub created_at: Rfc3339,
    /// When it was last edited.
    pub updated_at: Rfc3339,
    /// Counts edits; also the ETag.
    pub version: u64,
}

/// A variant as the shop sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Variant {
    /// The variant.
    pub id: VariantId,
    /// The shop's own number for it.
    pub sku: String,
    /// The value of each option.
    pub options: BTreeMap<String, String>,
    /// What it costs, in each currency.
    pub prices: Vec<Money>,
    /// What it cost before, in each currency that says so.
    pub compare_at: Vec<Money>,
    /// Weight of one piece.
    pub weight_g: u32,
    /// Its stock.
    pub stock: Stock,
}

/// A new product.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateProduct {
    /// Its title, up to 80 characters.
    pub title: String,
    /// Its description, up to 4,000 characters.
    #[serde(default)]
    pub description: String,
    /// Its tags, at most 20 of up to 40 characters.
    #[serde(default)]
    pub tags: Vec<String>,
    /// Its choices, at most 3.
    #[serde(default)]
    pub options: Vec<ProductOption>,
    /// Its pictures, first one first, at most 12.
    #[serde(default)]
    pub images: Vec<ImageId>,
    /// What is bought, 1 to 100.
    pub variants: Vec<WriteVariant>,
}

/// What to change of a product; what is absent stays.
#[derive(Clone, Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EditProduct {
    /// Its title.
    pub title: Option<String>,
    /// Its description.
    pub description: Option<String>,
    /// Its tags.
    pub tags: Option<Vec<String>>,
    /// Its choices.
    pub options: Option<Vec<ProductOption>>,
    /// Its pictures, first one first.
    pub images: Option<Vec<ImageId>>,
    /// All its variants: those with an id stay, those without are new, those left out are no longer sold.
    pub variants: Option<Vec<WriteVariant>>,
}

/// A variant to write.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WriteVariant {
    /// The variant; a new one when absent.
    #[serde(default)]
    pub id: Option<VariantId>,
    /// The shop's own number for it, up to 64 characters, unique in the shop.
    pub sku: String,
    /// The value of each option.
    #[serde(default)]
    pub options: BTreeMap<String, String>,
    /// What it costs: one price for each currency, one of them in the shop's first.
    pub prices: Vec<Money>,
    /// What it cost before; above the price.
    #[serde(default)]
    pub compare_at: Vec<Money>,
    /// Weight of one piece, up to 1,000,000.
    #[serde(default)]
    pub weight_g: u32,
}

/// A change of what there is.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AdjustStock {
    /// Pieces that came in, or (negative) are missing; not 0, at most a million either way.
    pub delta: i32,
    /// Why, up to 200 characters.
    pub reason: String,
}

/// One movement of a variant's stock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LedgerEntry {
    /// When.
    pub at: Rfc3339,
    /// What.
    pub kind: LedgerKind,
    /// The variant.
    pub variant_id: VariantId,
    /// Pieces; negative when they are missing.
    pub quantity: i64,
    /// Why, in words.
    pub note: String,
    /// The order it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order: Option<LedgerOrder>,
    /// Who did it, if a person did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
}

/// The order that a movement is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LedgerOrder {
    /// The order.
    pub id: OrderId,
    /// Its number, as people say it.
    pub number: u64,
}
