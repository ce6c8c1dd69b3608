//! What a piece costs now, and what a code takes off.
//!
//! Facts come in (the regular price, the live price, the flash sale and how much of it is left); the decision is
//! here. Stacking is a closed list: one price per line (flash, else live, else regular), one code per cart.

use serde::{Deserialize, Serialize};

use crate::{BasisPoints, CueId, DiscountId, Money, MoneyError, UtcMs};

/// Where a line's price comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum PriceSource {
    /// What it costs outside shows.
    Regular,
    /// The price while the show is on air.
    Live,
    /// A flash sale's price; the pieces count against its cap.
    Flash {
        /// The entry of the run of show.
        cue_id: CueId,
        /// Pieces at this price, at most.
        cap: u32,
    },
}

/// A flash sale as far as one variant is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FlashOffer {
    /// The entry of the run of show.
    pub cue_id: CueId,
    /// What one piece costs.
    pub price: Money,
    /// From when.
    pub at: UtcMs,
    /// Until when; at this very millisecond it is over.
    pub ends_at: UtcMs,
    /// Pieces at this price, at most, over all variants.
    pub cap: u32,
}

/// The prices a variant has in one currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Prices {
    /// What it costs outside shows.
    pub regular: Money,
    /// What it used to cost, or is recommended at.
    pub compare_at: Option<Money>,
    /// The price in this show. Given only while the show is on air.
    pub live: Option<Money>,
    /// The flash sale that is running, if one is.
    pub flash: Option<FlashOffer>,
}

/// A decided price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnitPrice {
    /// What one piece costs.
    pub price: Money,
    /// What is shown struck through: more than the price, or nothing.
    pub was: Option<Money>,
    /// Why.
    pub source: PriceSource,
}

impl Prices {
    /// The price of one piece at `now`, when `flash_left` pieces of the flash sale are left and `quantity` are
    /// wanted. A flash sale that cannot cover the whole line does not apply to it.
    #[must_use]
    pub fn unit_price(&self, now: UtcMs, quantity: u32, flash_left: u32) -> UnitPrice {
        let (price, source) = match (self.flash, self.live) {
            (Some(flash), _) if flash.at <= now && now < flash.ends_at && quantity <= flash_left => {
                (flash.price, PriceSource::Flash { cue_id: flash.cue_id, cap: flash.cap })
            }
            (_, Some(live)) => (live, PriceSource::Live),
            (_, None) => (self.regular, PriceSource::Regular),
        };
        let before = match (source, self.compare_at) {
            (PriceSource::Regular, compare_at) => compare_at,
            (_, compare_at) => Some(compare_at.map_or(self.regular, |at| max(at, self.regular))),
        };
        UnitPrice { price, was: before.filter(|before| before.minor() > price.minor()), source }
    }
}

fn max(a: Money, b: Money) -> Money {
    if a.minor() >= b.minor() { a } else { b }
}

/// How much a code takes off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum DiscountValue {
    /// A share of the goods.
    Percent {
        /// Up to 10,000, which is everything.
        rate: BasisPoints,
    },
    /// A fixed amount, in each currency it is offered in.
    Amount {
        /// One per currency.
        amounts: Vec<Money>,
    },
}

/// A discount code with its limits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Discount {
    /// Its id.
    pub id: DiscountId,
    /// What buyers type; compared without regard to case.
    pub code: String,
    /// How much it takes off.
    pub value: DiscountValue,
    /// From when it can be used.
    pub starts_at: Option<UtcMs>,
    /// Until when; at this very millisecond it is over.
    pub ends_at: Option<UtcMs>,
    /// How often it can be used in all.
    pub redemptions_max: Option<u32>,
    /// How often one customer can use it.
    pub per_customer_max: Option<u32>,
}

impl Discount {
    /// Whether the code can be used at `now`, limits aside.
    #[must_use]
    pub fn is_open(&self, now: UtcMs) -> bool {
        self.starts_at.is_none_or(|start| start <= now) && self.ends_at.is_none_or(|end| now < end)
    }

    /// What it takes off goods of `subtotal`: never more than they cost. None when it is not offered in that
    /// currency.
    ///
    /// # Errors
    /// When the arithmetic has no answer.
    pub fn amount_off(&self, subtotal: Money) -> Result<Option<Money>, MoneyError> {
        let off = match &self.value {
            DiscountValue::Percent { rate } => Some(subtotal.share(*rate)?),
            DiscountValue::Amount { amounts } => {
                amounts.iter().copied().find(|amount| amount.currency() == subtotal.currency())
            }
        };
        Ok(off.map(|off| Money::new(off.minor().clamp(0, subtotal.minor().max(0)), subtotal.currency())))
    }
}

/// The one spelling under which a code is stored and looked up; none when it can be no code.
#[must_use]
pub fn canonical_code(text: &str) -> Option<String> {
    let code = text.trim().to_ascii_uppercase();
    let fits = (1..=32).contains(&code.len())
        && code.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    fits.then_some(code)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::Currency;

    const fn eur(minor: i64) -> Money {
        Money::new(minor, Currency::EUR)
    }

    fn prices() -> Prices {
        let flash = FlashOffer {
            cue_id: CueId::from_uuid(uuid::Uuid::from_u128(1)),
            price: eur(4_000),
            at: UtcMs::new(1_000),
            ends_at: UtcMs::new(2_000),
            cap: 20,
        };
        Prices { regular: eur(5_800), compare_at: None, live: Some(eur(5_000)), flash: Some(flash) }
    }

    #[test]
    fn a_flash_price_holds_from_its_start_to_the_millisecond_before_its_end() {
        for (now, price) in [(999, 5_000), (1_000, 4_000), (1_999, 4_000), (2_000, 5_000)] {
            assert_eq!(prices().unit_price(UtcMs::new(now), 1, 20).price, eur(price), "{now}");
        }
    }

    #[test]
    fn a_flash_sale_that_cannot_cover_the_line_does_not_apply() {
        let now = UtcMs::new(1_500);
        assert_eq!(prices().unit_price(now, 3, 3).price, eur(4_000));
        assert_eq!(prices().unit_price(now, 4, 3).price, eur(5_000));
    }

    #[test]
    fn a_struck_through_price_is_always_higher() {
        let same = Prices { regular: eur(100), compare_at: Some(eur(100)), live: None, flash: None };
        assert_eq!(same.unit_price(UtcMs::new(0), 1, 0).was, None);
        assert_eq!(prices().unit_price(UtcMs::new(0), 1, 0).was, Some(eur(5_800)));
    }

    proptest! {
        #[test]
        fn no_discount_exceeds_the_goods(subtotal in 0..1_000_000_i64, rate in 0..50_000_u32, fixed in -5..2_000_000_i64) {
            let values = [
                DiscountValue::Percent { rate: BasisPoints(rate) },
                DiscountValue::Amount { amounts: vec![eur(fixed)] },
            ];
            for value in values {
                let id = DiscountId::from_uuid(uuid::Uuid::nil());
                let discount = Discount {
                    id, code: "X".into(), value, starts_at: None, ends_at: None,
                    redemptions_max: None, per_customer_max: None,
                };
                let off = discount.amount_off(eur(subtotal)).unwrap().unwrap();
                prop_assert!((0..=subtotal).contains(&off.minor()));
            }
        }
    }
}
