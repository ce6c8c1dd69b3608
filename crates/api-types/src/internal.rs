//! What our own services ask each other.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use showfloor_domain::event::{FlashSaleStarted, ShowState};
use showfloor_domain::{Currency, Money, ProductId, ShopId, ShowId, UtcMs, VariantId};
use utoipa::ToSchema;

use crate::image::ImageRef;
use crate::show::{LinkPolicy, ShowSettings};

/// A publisher at the door.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AuthorizeIngest {
    /// The whole stream key.
    pub stream_key: String,
}

/// A publisher that may come in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AuthorizedIngest {
    /// The show it publishes to.
    pub show_id: ShowId,
    /// The shop.
    pub shop_id: ShopId,
    /// How the show is run.
    pub settings: ShowSettings,
}

/// Everything a room needs when it is made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RoomSeed {
    /// The shop.
    pub shop_id: ShopId,
    /// The show.
    pub show_id: ShowId,
    /// The shop's name, which no viewer may speak under.
    pub shop_name: String,
    /// The host's name, which no viewer may speak under.
    pub host_name: String,
    /// Where it stands.
    pub state: ShowState,
    /// Counts the show's changes of state.
    pub state_version: u64,
    /// Seconds between two messages of one viewer.
    pub slow_mode_s: u32,
    /// Words that no message may hold.
    pub blocklist: Vec<String>,
    /// What happens to links.
    pub links: LinkPolicy,
    /// Counts the changes of what is on screen and on sale; an event with a version up to this is in here.
    pub run_version: u64,
    /// The product on screen.
    pub pinned: Option<SeedPin>,
    /// The line over the picture.
    pub banner: Option<SeedBanner>,
    /// The flash sales that run.
    #[schema(value_type = Vec<Object>)]
    pub flash: Vec<FlashSaleStarted>,
    /// The show's products, in its order.
    pub products: Vec<SeedProduct>,
    /// The sites that may embed the show.
    pub allowed_origins: Vec<String>,
    /// The shop's currencies, the first one first.
    pub currencies: Vec<Currency>,
    /// The shop's language.
    pub locale: String,
}

/// A product on screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SeedPin {
    /// The product.
    pub product_id: ProductId,
    /// The moment of its frame, UTC milliseconds.
    #[schema(value_type = i64)]
    pub at: UtcMs,
    /// Counts changes of what is on screen.
    pub version: u64,
}

/// A line over the picture.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SeedBanner {
    /// The line.
    pub text: String,
    /// The moment of its frame, UTC milliseconds.
    #[schema(value_type = i64)]
    pub at: UtcMs,
    /// Counts changes of the banner.
    pub version: u64,
}

/// A product with the prices of every currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SeedProduct {
    /// The product.
    pub id: ProductId,
    /// Its title.
    pub title: String,
    /// Its pictures.
    pub images: Vec<ImageRef>,
    /// What is bought.
    pub variants: Vec<SeedVariant>,
}

/// A variant with the prices of every currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SeedVariant {
    /// The variant.
    pub id: VariantId,
    /// The values of its options, joined: `Oat / Large`; empty when it has none.
    pub title: String,
    /// The value of each option.
    pub options: BTreeMap<String, String>,
    /// What it costs outside of the show.
    pub prices: Vec<Money>,
    /// What it cost before.
    pub compare_at: Vec<Money>,
    /// What it costs in the show.
    pub live_prices: Vec<Money>,
    /// Pieces that can be bought now.
    pub available: u32,
    /// Pieces held in checkouts.
    pub reserved: u32,
    /// Counts changes of its ledger.
    pub version: u64,
}
