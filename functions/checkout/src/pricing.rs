//! What a cart's lines cost now.

use std::collections::HashMap;

use showfloor_domain::promotion::{Discount, PriceSource, UnitPrice};
use showfloor_domain::quote::{Picture, QuoteLine};
use showfloor_domain::stock::StockLevel;
use showfloor_domain::{CueId, Money, MoneyError, ProductId, Quantity, UtcMs, VariantId};
use showfloor_http::{Problem, Result};
use showfloor_storage::CartRecord;

use crate::Deps;

/// One line with its price.
pub(crate) struct PricedLine {
    pub(crate) variant_id: VariantId,
    pub(crate) product_id: ProductId,
    pub(crate) title: String,
    pub(crate) variant_title: String,
    pub(crate) sku: String,
    pub(crate) image: Option<Picture>,
    pub(crate) quantity: Quantity,
    pub(crate) unit: UnitPrice,
    pub(crate) line_total: Money,
    pub(crate) available: u32,
}

/// The lines that can be bought in the cart's show and currency, in the cart's order; others are left out.
pub(crate) async fn price(deps: &Deps, cart: &CartRecord, now: UtcMs) -> Result<Vec<PricedLine>> {
    let wanted: Vec<VariantId> = cart.lines.iter().map(|line| line.variant_id).collect();
    let offers = deps.price_book.offers(cart.shop_id, cart.show_id, cart.currency, &wanted, now).await?;
    let sales: Vec<CueId> =
        offers.iter().filter_map(|offer| offer.prices.flash.map(|flash| flash.cue_id)).collect();
    let counts = if sales.is_empty() { Vec::new() } else { deps.checkouts.flash_counts(&sales).await? };
    // What the lines before took of a sale is gone for the lines after.
    let mut taken: HashMap<CueId, u32> =
        counts.into_iter().map(|count| (count.cue_id, count.taken)).collect();
    let levels: HashMap<VariantId, StockLevel> =
        deps.stock.levels(cart.shop_id, &wanted).await?.into_iter().collect();
    let mut lines = Vec::new();
    for line in &cart.lines {
        let Some(offer) = offers.iter().find(|offer| offer.variant_id == line.variant_id) else { continue };
        let left = offer
            .prices
            .flash
            .map_or(0, |flash| flash.cap.saturating_sub(taken.get(&flash.cue_id).copied().unwrap_or(0)));
        let unit = offer.prices.unit_price(now, line.quantity.get(), left);
        if let PriceSource::Flash { cue_id, .. } = unit.source {
            *taken.entry(cue_id).or_default() += line.quantity.get();
        }
        lines.push(PricedLine {
            variant_id: offer.variant_id,
            product_id: offer.product_id,
            title: offer.title.clone(),
            variant_title: offer.variant_title.clone(),
            sku: offer.sku.clone(),
            image: offer.image.clone(),
            quantity: line.quantity,
            line_total: unit.price.checked_mul(line.quantity.get()).map_err(|error| too_much(&error))?,
            unit,
            available: levels.get(&offer.variant_id).map_or(0, StockLevel::available),
        });
    }
    Ok(lines)
}

/// The code that was typed into a cart, while it can be used.
pub(crate) async fn discount(deps: &Deps, cart: &CartRecord, now: UtcMs) -> Result<Option<Discount>> {
    let Some(code) = &cart.discount_code else { return Ok(None) };
    let discount = deps.discounts.find_code(cart.shop_id, code).await?;
    Ok(discount.filter(|discount| discount.is_open(now)))
}

impl PricedLine {
    /// As a quote keeps it.
    pub(crate) fn freeze(self) -> QuoteLine {
        QuoteLine {
            variant_id: self.variant_id,
            product_id: self.product_id,
            title: self.title,
            variant_title: self.variant_title,
            sku: self.sku,
            image: self.image,
            quantity: self.quantity,
            unit_price: self.unit.price,
            line_total: self.line_total,
            source: self.unit.source,
        }
    }
}

pub(crate) fn too_much(error: &MoneyError) -> Problem {
    Problem::conflict(format!("The sum cannot be made: {error}."), "Take fewer pieces.")
}
