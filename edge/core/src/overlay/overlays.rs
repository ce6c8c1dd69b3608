//! Composing once per audience, and following events.

use std::collections::BTreeMap;

use bytes::Bytes;
use showfloor_domain::event::{Event, StockChanged};
use showfloor_domain::{ProductId, ShopId, UtcMs};

use super::compose::compose;
use super::{AUDIENCES_MAX, Audience, Change, OnAir, RoomSeed};
use crate::protocol::{Epoch, Offset};

#[derive(Clone, Debug)]
struct Composed {
    body: Bytes,
    version: u64,
    made_at: UtcMs,
    /// When a price changes by itself.
    good_until: Option<UtcMs>,
}

/// See the [module](super).
#[derive(Clone, Debug)]
pub struct Overlays {
    seed: RoomSeed,
    on_air: OnAir,
    version: u64,
    composed: BTreeMap<Audience, Composed>,
}

impl Overlays {
    /// As the seed says.
    #[must_use]
    pub fn new(seed: RoomSeed) -> Self {
        let on_air = OnAir::new(&seed);
        Self { seed, on_air, version: 0, composed: BTreeMap::new() }
    }

    /// What it was made from, with stock as events have told it since.
    #[must_use]
    pub const fn seed(&self) -> &RoomSeed {
        &self.seed
    }

    /// What is on screen and on sale.
    #[must_use]
    pub const fn on_air(&self) -> &OnAir {
        &self.on_air
    }

    /// The audience that a query asks for.
    #[must_use]
    pub fn audience(&self, query: &str) -> Audience {
        Audience::of_query(query, &self.seed)
    }

    /// Follows an event. None if it is another shop's or show's, stale, or changes nothing that is shown.
    pub fn apply(&mut self, shop: ShopId, event: &Event) -> Option<Change> {
        if shop != self.seed.shop_id {
            return None;
        }
        let show = self.seed.show_id;
        let change = match event {
            Event::StockChanged(stock) if stock.show_ids.contains(&show) => self.apply_stock(stock),
            Event::ShowChanged(changed) if changed.show_id == show => Some(Change::Stale(None)),
            Event::ProductChanged(changed) if changed.show_ids.contains(&show) => {
                Some(Change::Stale(Some(changed.product_id)))
            }
            other => self.on_air.apply(other),
        };
        if change.is_some() {
            self.version += 1;
        }
        change
    }

    /// Takes a newer seed. Says what changed in it, and which products look different now.
    pub fn reseed(&mut self, mut seed: RoomSeed) -> (Vec<Change>, Vec<ProductId>) {
        let changes = self.on_air.reseed(&seed);
        // Events may have told of newer stock than the seed knew when it was read.
        for variant in seed.products.iter_mut().flat_map(|product| &mut product.variants) {
            let known = self.seed.products.iter().flat_map(|product| &product.variants);
            if let Some(known) = known.into_iter().find(|known| known.id == variant.id)
                && known.version > variant.version
            {
                variant.available = known.available;
                variant.reserved = known.reserved;
                variant.version = known.version;
            }
        }
        let mut different = vec![];
        for product in &seed.products {
            if !self.seed.products.contains(product) {
                different.push(product.id);
            }
        }
        let gone = self.seed.products.iter().map(|product| product.id);
        different.extend(gone.filter(|id| seed.products.iter().all(|product| product.id != *id)));
        self.seed = seed;
        self.version += 1;
        (changes, different)
    }

    /// The overlay of an audience, as JSON. It is composed when something changed since, and shared otherwise.
    pub fn compose(&mut self, now: UtcMs, audience: &Audience, epoch: Epoch, offset: Offset) -> Bytes {
        if let Some(composed) = self.composed.get(audience)
            && composed.version == self.version
            && composed.good_until.is_none_or(|until| now < until)
        {
            return composed.body.clone();
        }
        let overlay = compose(now, audience, &self.on_air, &self.seed.products, (epoch, offset));
        let body: Bytes =
            serde_json::to_vec(&overlay).expect("overlays are plain structs with string keys").into();
        if self.composed.len() >= AUDIENCES_MAX && !self.composed.contains_key(audience) {
            let oldest = self.composed.iter().min_by_key(|(_, composed)| composed.made_at);
            if let Some(oldest) = oldest.map(|(oldest, _)| oldest.clone()) {
                self.composed.remove(&oldest);
            }
        }
        let composed = Composed {
            body: body.clone(),
            version: self.version,
            made_at: now,
            good_until: self.on_air.next_moment(now),
        };
        self.composed.insert(audience.clone(), composed);
        body
    }

    fn apply_stock(&mut self, stock: &StockChanged) -> Option<Change> {
        let variants = self.seed.products.iter_mut().flat_map(|product| &mut product.variants);
        let variant = variants.into_iter().find(|variant| variant.id == stock.variant_id)?;
        if stock.version <= variant.version {
            return None;
        }
        variant.available = stock.available;
        variant.reserved = stock.reserved;
        variant.version = stock.version;
        Some(Change::Stock {
            product_id: stock.product_id,
            variant_id: stock.variant_id,
            available: stock.available,
            reserved: stock.reserved,
            version: stock.version,
        })
    }
}
