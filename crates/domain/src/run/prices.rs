//! What a run says about prices, sales and products.

use super::{Cue, CueAction, CueState, RunError, RunOfShow};
use crate::event::VariantPrice;
use crate::{Currency, Money, ProductId, UtcMs, VariantId};

impl RunOfShow {
    /// The price of the show for a variant in a currency: the lowest of its cues that are not skipped.
    #[must_use]
    pub fn live_price(&self, variant_id: VariantId, currency: Currency) -> Option<Money> {
        self.live_prices()
            .filter(|offer| offer.variant_id == variant_id && offer.price.currency() == currency)
            .map(|offer| offer.price)
            .min_by_key(|price| price.minor())
    }

    /// The price of the show for what regularly costs `regular`: never more than that.
    #[must_use]
    pub fn live_price_under(&self, variant_id: VariantId, regular: Money) -> Option<Money> {
        self.live_price(variant_id, regular.currency()).filter(|live| live.minor() <= regular.minor())
    }

    fn live_prices(&self) -> impl Iterator<Item = &VariantPrice> {
        self.cues.iter().filter(|cue| cue.state != CueState::Skipped).flat_map(|cue| match &cue.action {
            CueAction::Product { live_prices, .. } => live_prices.as_slice(),
            CueAction::FlashSale { .. } | CueAction::Banner { .. } => &[],
        })
    }

    /// The flash sales that run at `now`.
    pub fn running_flash(&self, now: UtcMs) -> impl Iterator<Item = &Cue> {
        self.cues.iter().filter(move |cue| {
            cue.state == CueState::OnScreen
                && matches!(cue.action, CueAction::FlashSale { ends_at: Some(ends_at), .. } if now < ends_at)
        })
    }

    /// The earliest deadline of a sale that runs.
    #[must_use]
    pub fn next_flash_end(&self) -> Option<UtcMs> {
        self.cues
            .iter()
            .filter(|cue| cue.state == CueState::OnScreen)
            .filter_map(|cue| match cue.action {
                CueAction::FlashSale { ends_at, .. } => ends_at,
                CueAction::Product { .. } | CueAction::Banner { .. } => None,
            })
            .min()
    }

    /// The products of the show, each once, in the order of its cues.
    #[must_use]
    pub fn product_ids(&self) -> Vec<ProductId> {
        let mut ids = Vec::new();
        let pinned = self.pinned.map(|pinned| pinned.product_id);
        let planned =
            self.cues.iter().filter(|cue| cue.state != CueState::Skipped).filter_map(Cue::product_id);
        for id in planned.chain(pinned) {
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        ids
    }

    /// While a product stays on screen, no price of it may rise.
    pub(super) fn check_prices_on_screen(&self, next: &Self) -> Result<(), RunError> {
        let (Some(before), Some(after)) = (self.pinned, next.pinned) else { return Ok(()) };
        if before.product_id != after.product_id {
            return Ok(());
        }
        let of_product =
            |cue: &&Cue| cue.product_id() == Some(before.product_id) && cue.state != CueState::Skipped;
        let offers = self.cues.iter().filter(of_product).flat_map(|cue| match &cue.action {
            CueAction::Product { live_prices, .. } => live_prices.as_slice(),
            CueAction::FlashSale { .. } | CueAction::Banner { .. } => &[],
        });
        for offer in offers {
            let currency = offer.price.currency();
            let then = self.live_price(offer.variant_id, currency);
            let now = next.live_price(offer.variant_id, currency);
            if let (Some(then), now) = (then, now)
                && now.is_none_or(|now| now.minor() > then.minor())
            {
                return Err(RunError::PriceOnScreen);
            }
        }
        Ok(())
    }
}
