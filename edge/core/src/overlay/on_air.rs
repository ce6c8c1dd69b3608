//! What the host has on screen and on sale: control state, where the latest version wins.

use std::collections::BTreeMap;

use showfloor_domain::event::{Event, FlashSaleEnd, FlashSaleStarted, ShowState};
use showfloor_domain::{Currency, Money, ProductId, ShowId, UtcMs, VariantId};

use super::RoomSeed;
use crate::protocol::{Banner, Flash, Pinned};

/// How many flash sales of one show are remembered.
pub const FLASH_SALES_MAX: usize = 64;

/// What an event changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A product came on screen.
    Pin(Pinned),
    /// The product went off screen.
    Unpin {
        /// The moment of the frame it belongs to.
        at: UtcMs,
        /// The version.
        version: u64,
    },
    /// The line over the picture changed.
    Banner {
        /// The moment of the frame it belongs to.
        at: UtcMs,
        /// The line.
        text: Option<String>,
        /// The version.
        version: u64,
    },
    /// A flash sale began.
    Flash(Flash),
    /// A flash sale is over.
    FlashEnd {
        /// The moment of the frame it belongs to.
        at: UtcMs,
        /// The product.
        product_id: ProductId,
        /// Why.
        reason: FlashSaleEnd,
        /// The version.
        version: u64,
    },
    /// The show moved on.
    State {
        /// The moment of the frame it belongs to.
        at: UtcMs,
        /// Where it stands.
        state: ShowState,
        /// The version.
        version: u64,
    },
    /// A variant's stock changed.
    Stock {
        /// The product.
        product_id: ProductId,
        /// The variant.
        variant_id: VariantId,
        /// Pieces that can be reserved.
        available: u32,
        /// Pieces in checkouts.
        reserved: u32,
        /// The version.
        version: u64,
    },
    /// The catalogue is stale: a new seed is needed. The product, if it is about one.
    Stale(Option<ProductId>),
}

#[derive(Clone, Debug)]
struct Sale {
    /// None once it is over.
    flash: Option<Flash>,
    version: u64,
}

/// What is on screen and on sale now.
#[derive(Clone, Debug)]
pub struct OnAir {
    show: ShowId,
    state: (ShowState, u64),
    pinned: (Option<Pinned>, u64),
    banner: (Option<Banner>, u64),
    sales: BTreeMap<ProductId, Sale>,
    /// Changes of sales up to this one are known, whether or not the sale is remembered.
    sales_version: u64,
}

impl OnAir {
    /// As the seed says.
    #[must_use]
    pub fn new(seed: &RoomSeed) -> Self {
        let (pinned, banner) = (seed.pinned, seed.banner.clone());
        let run_version = |own: Option<u64>| own.unwrap_or(0).max(seed.run_version);
        let mut on_air = Self {
            show: seed.show_id,
            state: (seed.state, seed.state_version),
            pinned: (pinned, run_version(pinned.map(|pinned| pinned.version))),
            banner: (banner, run_version(seed.banner.as_ref().map(|banner| banner.version))),
            sales: BTreeMap::new(),
            sales_version: seed.run_version,
        };
        for sale in &seed.flash {
            let flash = flash_of(sale);
            on_air.put_sale(sale.product_id, Sale { version: sale.version, flash: Some(flash) });
        }
        on_air
    }

    /// Takes over what a newer seed says, as far as it is newer, and says what that changed.
    pub fn reseed(&mut self, seed: &RoomSeed) -> Vec<Change> {
        // A seed does not say when something ended; the picture has long passed it.
        let at = UtcMs::new(0);
        let new = Self::new(seed);
        let mut changes = vec![];
        if new.state.1 > self.state.1 {
            let (state, version) = new.state;
            changes.extend((state != self.state.0).then_some(Change::State { at, state, version }));
            self.state = new.state;
        }
        if new.pinned.1 > self.pinned.1 {
            let (pinned, version) = new.pinned;
            if pinned != self.pinned.0 {
                changes.push(pinned.map_or(Change::Unpin { at, version }, Change::Pin));
            }
            self.pinned = new.pinned;
        }
        if new.banner.1 > self.banner.1 {
            if new.banner.0 != self.banner.0 {
                let version = new.banner.1;
                changes.push(match new.banner.0.clone() {
                    Some(banner) => Change::Banner { at: banner.at, text: Some(banner.text), version },
                    None => Change::Banner { at, text: None, version },
                });
            }
            self.banner = new.banner;
        }
        // A sale that runs here, and that a newer seed does not know any more, was ended.
        for (product_id, sale) in &mut self.sales {
            let ended = sale.flash.is_some() && !new.sales.contains_key(product_id);
            if ended && new.sales_version > sale.version.max(self.sales_version) {
                *sale = Sale { flash: None, version: new.sales_version };
                let (product_id, version, reason) = (*product_id, sale.version, FlashSaleEnd::Stopped);
                changes.push(Change::FlashEnd { at, product_id, reason, version });
            }
        }
        for (product, sale) in new.sales {
            if self.sale_is_newer(product, sale.version) {
                changes.extend(sale.flash.clone().map(Change::Flash));
                self.put_sale(product, sale);
            }
        }
        self.sales_version = self.sales_version.max(new.sales_version);
        changes
    }

    /// Follows an event of this show; none if it is stale, or changes nothing here.
    pub fn apply(&mut self, event: &Event) -> Option<Change> {
        match event {
            Event::ShowStateChanged(e) if e.show_id == self.show && e.version > self.state.1 => {
                self.state = (e.state, e.version);
                Some(Change::State { at: e.at, state: e.state, version: e.version })
            }
            Event::ProductPinned(e) if e.show_id == self.show && e.version > self.pinned.1 => {
                let pinned = Pinned { product_id: e.product_id, at: e.at, version: e.version };
                self.pinned = (Some(pinned), e.version);
                Some(Change::Pin(pinned))
            }
            Event::ProductUnpinned(e) if e.show_id == self.show && e.version > self.pinned.1 => {
                self.pinned = (None, e.version);
                Some(Change::Unpin { at: e.at, version: e.version })
            }
            Event::BannerChanged(e) if e.show_id == self.show && e.version > self.banner.1 => {
                let banner = e.text.clone().map(|text| Banner { text, at: e.at, version: e.version });
                self.banner = (banner, e.version);
                Some(Change::Banner { at: e.at, text: e.text.clone(), version: e.version })
            }
            Event::FlashSaleStarted(e)
                if e.show_id == self.show && self.sale_is_newer(e.product_id, e.version) =>
            {
                let flash = flash_of(e);
                self.put_sale(e.product_id, Sale { flash: Some(flash.clone()), version: e.version });
                Some(Change::Flash(flash))
            }
            Event::FlashSaleEnded(e)
                if e.show_id == self.show && self.sale_is_newer(e.product_id, e.version) =>
            {
                self.put_sale(e.product_id, Sale { flash: None, version: e.version });
                Some(Change::FlashEnd {
                    at: e.at,
                    product_id: e.product_id,
                    reason: e.reason,
                    version: e.version,
                })
            }
            Event::ShowStateChanged(_)
            | Event::ProductPinned(_)
            | Event::ProductUnpinned(_)
            | Event::BannerChanged(_)
            | Event::FlashSaleStarted(_)
            | Event::FlashSaleEnded(_)
            | Event::BroadcastStarted(_)
            | Event::BroadcastInterrupted(_)
            | Event::BroadcastResumed(_)
            | Event::BroadcastEnded(_)
            | Event::ShowChanged(_)
            | Event::ProductChanged(_)
            | Event::StockChanged(_)
            | Event::OrderPaid(_)
            | Event::OrderRefunded(_) => None,
        }
    }

    /// Where the show stands.
    #[must_use]
    pub const fn state(&self) -> ShowState {
        self.state.0
    }

    /// The product on screen.
    #[must_use]
    pub const fn pinned(&self) -> Option<Pinned> {
        self.pinned.0
    }

    /// The line over the picture.
    #[must_use]
    pub const fn banner(&self) -> Option<&Banner> {
        self.banner.0.as_ref()
    }

    /// Flash sales that are not over at `now`.
    pub fn flash(&self, now: UtcMs) -> impl Iterator<Item = &Flash> {
        self.sales.values().filter_map(|sale| sale.flash.as_ref()).filter(move |flash| now < flash.ends_at)
    }

    /// The flash price of a variant at `now`.
    #[must_use]
    pub fn flash_price(
        &self,
        now: UtcMs,
        product: ProductId,
        variant: VariantId,
        currency: Currency,
    ) -> Option<Money> {
        let flash = self.sales.get(&product)?.flash.as_ref()?;
        if now < flash.at || now >= flash.ends_at {
            return None;
        }
        let listed = flash.prices.iter().find(|p| p.variant_id == variant && p.price.currency() == currency);
        listed.map(|listed| listed.price)
    }

    /// When a flash sale next begins or ends by itself.
    #[must_use]
    pub fn next_moment(&self, now: UtcMs) -> Option<UtcMs> {
        self.flash(now).map(|flash| if now < flash.at { flash.at } else { flash.ends_at }).min()
    }

    fn sale_is_newer(&self, product: ProductId, version: u64) -> bool {
        let known = self.sales.get(&product).map_or(0, |sale| sale.version);
        version > known.max(self.sales_version)
    }

    fn put_sale(&mut self, product: ProductId, sale: Sale) {
        self.sales.insert(product, sale);
        if self.sales.len() > FLASH_SALES_MAX {
            // What is over goes first, then what is oldest.
            let oldest = self.sales.iter().min_by_key(|(_, sale)| (sale.flash.is_some(), sale.version));
            if let Some((product, version)) = oldest.map(|(product, sale)| (*product, sale.version)) {
                self.sales.remove(&product);
                self.sales_version = self.sales_version.max(version);
            }
        }
    }
}

fn flash_of(sale: &FlashSaleStarted) -> Flash {
    Flash {
        product_id: sale.product_id,
        at: sale.at,
        ends_at: sale.ends_at,
        cap: sale.cap,
        prices: sale.prices.clone(),
        version: sale.version,
    }
}
