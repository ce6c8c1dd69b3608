//! A frozen quote: lines, discount, shipping, tax, total, and a hash over all of it. What was quoted is what is
//! charged; a payment names the hash of the quote that the buyer saw.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::contact::Country;
use crate::promotion::{Discount, PriceSource};
use crate::shipping::{ShippingCharge, ShippingError, ShippingRates, ShippingRequest};
use crate::tax::{TaxLine, TaxRules};
use crate::{
    CueId, Currency, DiscountId, ImageId, Money, MoneyError, ProductId, Quantity, QuoteId, UtcMs, VariantId,
};

/// A picture to show beside a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picture {
    /// The image.
    pub id: ImageId,
    /// What it shows, in words.
    pub alt: String,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
}

/// One line at its decided price.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuoteLine {
    /// The variant.
    pub variant_id: VariantId,
    /// The product.
    pub product_id: ProductId,
    /// The product's title.
    pub title: String,
    /// The choice of options, in words; empty where there is no choice.
    pub variant_title: String,
    /// The merchant's number for it.
    pub sku: String,
    /// A picture.
    pub image: Option<Picture>,
    /// Pieces.
    pub quantity: Quantity,
    /// What one piece costs.
    pub unit_price: Money,
    /// What all pieces cost.
    pub line_total: Money,
    /// Why it costs that.
    pub source: PriceSource,
}

/// A code that was used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuoteDiscount {
    /// The discount.
    pub id: DiscountId,
    /// The code.
    pub code: String,
    /// What it takes off.
    pub amount: Money,
}

/// Everything a buyer agrees to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuoteContent {
    /// The currency of every amount.
    pub currency: Currency,
    /// Where it is sent.
    pub country: Country,
    /// The lines.
    pub lines: Vec<QuoteLine>,
    /// The sum of the lines.
    pub subtotal: Money,
    /// The code that was used.
    pub discount: Option<QuoteDiscount>,
    /// Shipping.
    pub shipping: ShippingCharge,
    /// Tax, in the total.
    pub tax: TaxLine,
    /// Subtotal − discount + shipping.
    pub total: Money,
}

/// A quote: content with its id and hash. It never changes; another is made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quote {
    /// Its id.
    pub id: QuoteId,
    /// SHA-256 over the canonical content, as 64 hexadecimal digits.
    pub hash: String,
    /// The content.
    #[serde(flatten)]
    pub content: QuoteContent,
}

/// What a quote is made from.
#[derive(Debug)]
pub struct QuoteRequest<'a> {
    /// The currency of every amount.
    pub currency: Currency,
    /// Where the shop sends from.
    pub shop_country: Country,
    /// Where it is sent.
    pub country: Country,
    /// The lines, priced.
    pub lines: Vec<QuoteLine>,
    /// The code to use.
    pub discount: Option<&'a Discount>,
    /// When.
    pub now: UtcMs,
}

/// No quote can be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QuoteError {
    /// There is nothing in the cart.
    #[error("there is nothing to buy")]
    Empty,
    /// The parcel cannot be sent there.
    #[error(transparent)]
    Shipping(#[from] ShippingError),
    /// The amounts are beyond what can be counted.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

impl QuoteContent {
    /// Adds everything up.
    ///
    /// # Errors
    /// See [`QuoteError`].
    pub fn make(
        request: QuoteRequest<'_>,
        shipping: &dyn ShippingRates,
        tax: &dyn TaxRules,
    ) -> Result<Self, QuoteError> {
        let QuoteRequest { currency, shop_country, country, lines, discount, now } = request;
        if lines.is_empty() {
            return Err(QuoteError::Empty);
        }
        let mut subtotal = Money::zero(currency);
        for line in &lines {
            subtotal = subtotal.checked_add(line.line_total)?;
        }
        let discount = match discount {
            Some(discount) => discount.amount_off(subtotal)?.map(|amount| QuoteDiscount {
                id: discount.id,
                code: discount.code.clone(),
                amount,
            }),
            None => None,
        };
        let off = discount.as_ref().map_or(Money::zero(currency), |discount| discount.amount);
        let goods = subtotal.checked_sub(off)?;
        let shipping = shipping.charge(&ShippingRequest { shop_country, country, goods, now })?;
        let total = goods.checked_add(shipping.price)?;
        let tax = tax.tax(shop_country, country, total)?;
        Ok(Self { currency, country, lines, subtotal, discount, shipping, tax, total })
    }

    /// Freezes the content under an id.
    #[must_use]
    pub fn freeze(self, id: QuoteId) -> Quote {
        // serde writes the fields in the order of declaration and maps nowhere, so the text is canonical.
        let text = serde_json::to_vec(&(id, &self)).expect("a quote has string keys only");
        let digest = Sha256::digest(&text);
        let hash = digest.iter().fold(String::with_capacity(64), |mut hex, byte| {
            use std::fmt::Write as _;
            write!(hex, "{byte:02x}").expect("writing to a string");
            hex
        });
        Quote { id, hash, content: self }
    }

    /// Pieces per variant, to be held.
    #[must_use]
    pub fn pieces(&self) -> Vec<(VariantId, u32)> {
        self.lines.iter().map(|line| (line.variant_id, line.quantity.get())).collect()
    }

    /// Pieces per flash sale with its cap, to be counted.
    #[must_use]
    pub fn flash_pieces(&self) -> Vec<(CueId, u32, u32)> {
        let mut sums: Vec<(CueId, u32, u32)> = Vec::new();
        for line in &self.lines {
            if let PriceSource::Flash { cue_id, cap } = line.source {
                match sums.iter_mut().find(|(known, ..)| *known == cue_id) {
                    Some((_, sum, _)) => *sum += line.quantity.get(),
                    None => sums.push((cue_id, line.quantity.get(), cap)),
                }
            }
        }
        sums.sort_by_key(|(cue_id, ..)| *cue_id);
        sums
    }
}
