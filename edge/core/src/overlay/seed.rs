//! What a room and its overlays start from, as the functions tell it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use showfloor_domain::event::{FlashSaleStarted, ShowState};
pub use showfloor_domain::show::LinkPolicy;
use showfloor_domain::{Currency, ImageId, Money, ProductId, ShopId, ShowId, VariantId};

use crate::protocol::{Banner, Pinned};

/// A picture, with where its sizes are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct ImageRef {
    /// Which.
    pub id: ImageId,
    /// What it shows, for those who do not see it.
    #[serde(default)]
    pub alt: String,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// One size, for `src`.
    pub src: String,
    /// Every size, for `srcset`.
    #[serde(default)]
    pub srcset: String,
}

/// A variant, in all currencies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeedVariant {
    /// Which.
    pub id: VariantId,
    /// The choice it is: `Oat, large`.
    #[serde(default)]
    pub title: String,
    /// The choice it is, by option.
    #[serde(default)]
    pub options: BTreeMap<String, String>,
    /// What it costs outside the show.
    pub prices: Vec<Money>,
    /// What it used to cost.
    #[serde(default)]
    pub compare_at: Vec<Money>,
    /// What it costs while the show is on air.
    #[serde(default)]
    pub live_prices: Vec<Money>,
    /// Pieces that can be reserved.
    pub available: u32,
    /// Pieces in checkouts that may still lapse.
    #[serde(default)]
    pub reserved: u32,
    /// Counts changes of its stock.
    #[serde(default)]
    pub version: u64,
}

/// A product of the show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeedProduct {
    /// Which.
    pub id: ProductId,
    /// Its title.
    pub title: String,
    /// Its pictures; the first is shown.
    #[serde(default)]
    pub images: Vec<ImageRef>,
    /// What can be bought of it.
    pub variants: Vec<SeedVariant>,
}

/// What a room needs when it is made. Fields that are not known here are passed over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomSeed {
    /// The shop.
    pub shop_id: ShopId,
    /// The show.
    pub show_id: ShowId,
    /// The shop's name, which no viewer may speak under.
    #[serde(default)]
    pub shop_name: Option<String>,
    /// The host's name, which no viewer may speak under.
    #[serde(default)]
    pub host_name: Option<String>,
    /// Where the show stands.
    pub state: ShowState,
    /// Counts changes of `state`; an event with a version up to this one is in here already.
    #[serde(default)]
    pub state_version: u64,
    /// Counts changes of what is pinned, of the banner and of flash sales, likewise.
    #[serde(default)]
    pub run_version: u64,
    /// How long a viewer waits between messages, in seconds; 0 is not at all.
    #[serde(default)]
    pub slow_mode_s: u32,
    /// Words that the shop does not want to read.
    #[serde(default)]
    pub blocklist: Vec<String>,
    /// Whether viewers may write links.
    #[serde(default)]
    pub links: LinkPolicy,
    /// The product on screen.
    #[serde(default)]
    pub pinned: Option<Pinned>,
    /// The line over the picture.
    #[serde(default)]
    pub banner: Option<Banner>,
    /// Flash sales that run.
    #[serde(default)]
    pub flash: Vec<FlashSaleStarted>,
    /// The show's products, in its order.
    #[serde(default)]
    pub products: Vec<SeedProduct>,
    /// The pages from which staff may open sockets.
    #[serde(default)]
    pub allowed_origins: Vec<String>,
    /// The currencies that the shop sells in; the first is its own.
    #[serde(default)]
    pub currencies: Vec<Currency>,
    /// The shop's language.
    #[serde(default)]
    pub locale: String,
}

impl RoomSeed {
    /// The shop's own currency.
    #[must_use]
    pub fn currency(&self) -> Currency {
        self.currencies.first().copied().unwrap_or(Currency::EUR)
    }
}
