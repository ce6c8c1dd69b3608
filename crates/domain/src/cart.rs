//! A cart: wishes, not promises. Prices and stock are looked up each time it is read.

use serde::{Deserialize, Serialize};

use crate::{Money, Quantity, VariantId};

/// One wish.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CartLine {
    /// What.
    pub variant_id: VariantId,
    /// How many.
    pub quantity: Quantity,
    /// What one piece cost when it was put in, to tell the buyer of a change.
    pub seen_price: Money,
}

/// What a buyer should know about a line before going on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum LineNotice {
    /// A piece costs something else than when it was put in.
    PriceChanged,
    /// Nothing is left.
    SoldOut,
    /// Fewer are left than are wanted.
    FewerLeft,
}

/// A line that a cart does not take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a cart holds at most {LINES_MAX} different things")]
pub struct CartFull;

/// How many lines a cart has, at most.
pub const LINES_MAX: usize = 50;

impl CartLine {
    /// What to tell about this line, when a piece costs `price` and `available` pieces are left.
    #[must_use]
    pub fn notice(&self, price: Money, available: u32) -> Option<LineNotice> {
        if available == 0 {
            Some(LineNotice::SoldOut)
        } else if available < self.quantity.get() {
            Some(LineNotice::FewerLeft)
        } else if price != self.seen_price {
            Some(LineNotice::PriceChanged)
        } else {
            None
        }
    }
}

/// Puts a line in, or changes the one of the same variant.
///
/// # Errors
/// When it would be the fifty-first.
pub fn put_line(lines: &mut Vec<CartLine>, line: CartLine) -> Result<(), CartFull> {
    if let Some(known) = lines.iter_mut().find(|known| known.variant_id == line.variant_id) {
        *known = line;
    } else if lines.len() < LINES_MAX {
        lines.push(line);
    } else {
        return Err(CartFull);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Currency;

    fn line(n: u128, quantity: u32) -> CartLine {
        CartLine {
            variant_id: VariantId::from_uuid(uuid::Uuid::from_u128(n)),
            quantity: quantity.try_into().unwrap(),
            seen_price: Money::new(100, Currency::EUR),
        }
    }

    #[test]
    fn a_cart_takes_fifty_lines_and_no_more_but_still_changes_one() {
        let mut lines = Vec::new();
        for n in 0..50 {
            put_line(&mut lines, line(n, 1)).unwrap();
        }
        assert_eq!(put_line(&mut lines, line(50, 1)), Err(CartFull));
        put_line(&mut lines, line(49, 7)).unwrap();
        assert_eq!((lines.len(), lines[49].quantity.get()), (50, 7));
    }

    #[test]
    fn the_gravest_notice_wins() {
        let price = Money::new(100, Currency::EUR);
        let dearer = Money::new(200, Currency::EUR);
        assert_eq!(line(1, 2).notice(dearer, 0), Some(LineNotice::SoldOut));
        assert_eq!(line(1, 2).notice(dearer, 1), Some(LineNotice::FewerLeft));
        assert_eq!(line(1, 2).notice(dearer, 2), Some(LineNotice::PriceChanged));
        assert_eq!(line(1, 2).notice(price, 2), None);
    }
}
