//! One overlay, composed.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use showfloor_domain::event::ShowState;
use showfloor_domain::{Currency, Money, ProductId, UtcMs, VariantId};

use super::{Audience, ImageRef, OnAir, SeedProduct, SeedVariant};
use crate::protocol::{Epoch, Flash, Offset};

/// How a variant stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum VariantState {
    /// Several pieces can be bought.
    Available,
    /// One can.
    LastOne,
    /// None can, but some are in checkouts that may lapse.
    Held,
    /// None is left.
    SoldOut,
}

/// A variant as one audience sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct OverlayVariant {
    /// Which.
    pub id: VariantId,
    /// The choice it is.
    pub title: String,
    /// The choice it is, by option.
    pub options: BTreeMap<String, String>,
    /// What it costs now.
    pub price: Money,
    /// What it costs otherwise, if that is more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "ts", ts(optional))]
    pub was: Option<Money>,
    /// Pieces that can be reserved.
    pub available: u32,
    /// How it stands.
    pub state: VariantState,
}

/// A product as one audience sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct OverlayProduct {
    /// Which.
    pub id: ProductId,
    /// Its title.
    pub title: String,
    /// Its picture.
    pub image: Option<ImageRef>,
    /// What can be bought of it, in this currency.
    pub variants: Vec<OverlayVariant>,
}

/// The product on screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct OverlayPinned {
    /// Which.
    pub product_id: ProductId,
    /// The moment of the frame it belongs to.
    pub at: UtcMs,
}

/// The line over the picture.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct OverlayBanner {
    /// The line.
    pub text: String,
    /// The moment of the frame it belongs to.
    pub at: UtcMs,
}

/// What one audience sees over the picture.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Overlay {
    /// The room's epoch.
    pub epoch: Epoch,
    /// What the room told up to this offset is in it.
    pub offset: Offset,
    /// When it was composed.
    pub at: UtcMs,
    /// Whom it is for.
    pub audience: Audience,
    /// Where the show stands.
    pub show_state: ShowState,
    /// The product on screen.
    pub pinned: Option<OverlayPinned>,
    /// The line over the picture.
    pub banner: Option<OverlayBanner>,
    /// Flash sales that run, with this audience's prices.
    pub flash: Vec<Flash>,
    /// The show's products, in its order.
    pub products: Vec<OverlayProduct>,
}

/// Composes one overlay.
pub(super) fn compose(
    now: UtcMs,
    audience: &Audience,
    on_air: &OnAir,
    products: &[SeedProduct],
    (epoch, offset): (Epoch, Offset),
) -> Overlay {
    let currency = audience.currency;
    let flash = on_air.flash(now).map(|flash| Flash {
        prices: flash.prices.iter().filter(|listed| listed.price.currency() == currency).copied().collect(),
        ..flash.clone()
    });
    Overlay {
        epoch,
        offset,
        at: now,
        audience: audience.clone(),
        show_state: on_air.state(),
        pinned: on_air.pinned().map(|pinned| OverlayPinned { product_id: pinned.product_id, at: pinned.at }),
        banner: on_air.banner().map(|banner| OverlayBanner { text: banner.text.clone(), at: banner.at }),
        flash: flash.collect(),
        products: products
            .iter()
            .filter_map(|product| compose_product(now, currency, on_air, product))
            .collect(),
    }
}

/// A product that has no price in this currency is not shown.
fn compose_product(
    now: UtcMs,
    currency: Currency,
    on_air: &OnAir,
    product: &SeedProduct,
) -> Option<OverlayProduct> {
    let variants: Vec<OverlayVariant> = product
        .variants
        .iter()
        .filter_map(|variant| {
            let (price, was) = price_now(now, currency, on_air, product.id, variant)?;
            Some(OverlayVariant {
                id: variant.id,
                title: variant.title.clone(),
                options: variant.options.clone(),
                price,
                was,
                available: variant.available,
                state: state_of(variant.available, variant.reserved),
            })
        })
        .collect();
    (!variants.is_empty()).then(|| OverlayProduct {
        id: product.id,
        title: product.title.clone(),
        image: product.images.first().cloned(),
        variants,
    })
}

/// The flash price while the sale runs, else the live price while the show is on air, else the price; and what
/// it would cost otherwise, if that is more.
fn price_now(
    now: UtcMs,
    currency: Currency,
    on_air: &OnAir,
    product: ProductId,
    variant: &SeedVariant,
) -> Option<(Money, Option<Money>)> {
    let listed =
        |prices: &[Money]| -> Option<Money> { prices.iter().find(|p| p.currency() == currency).copied() };
    let regular = listed(&variant.prices)?;
    let on_air_now = matches!(on_air.state(), ShowState::Live | ShowState::Paused);
    let live = on_air_now.then(|| listed(&variant.live_prices)).flatten();
    let special = on_air.flash_price(now, product, variant.id, currency).or(live);
    let (price, otherwise) = match special {
        Some(special) => (special, Some(regular)),
        None => (regular, listed(&variant.compare_at)),
    };
    Some((price, otherwise.filter(|otherwise| otherwise.minor() > price.minor())))
}

pub(super) const fn state_of(available: u32, reserved: u32) -> VariantState {
    match (available, reserved) {
        (0, 0) => VariantState::SoldOut,
        (0, _) => VariantState::Held,
        (1, _) => VariantState::LastOne,
        _ => VariantState::Available,
    }
}
