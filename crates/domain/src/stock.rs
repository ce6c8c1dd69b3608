//! One variant's stock as a ledger: every movement is an entry, and the level is what the entries add up to.
//!
//! `stocked = available + reserved + leased + sold` holds after every movement. A movement that would take what
//! is not there is refused and changes nothing. Stores do the same in one conditional statement; this is the
//! model they are checked against.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::VariantId;

/// How much of one variant there is, and for whom.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StockLevel {
    /// Pieces that ever came in, less those taken out by adjustment.
    pub stocked: u32,
    /// Pieces sold and not returned.
    pub sold: u32,
    /// Pieces held in checkouts.
    pub reserved: u32,
    /// Pieces lent to another seller of the same stock.
    pub leased: u32,
    /// Counts movements.
    pub version: u64,
}

/// Something that happens to a variant's stock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Movement {
    /// Pieces come in, or (negative) are found missing. Takes only what is available.
    Adjust(i32),
    /// Pieces are held for a checkout.
    Reserve(u32),
    /// Held pieces are sold.
    Commit(u32),
    /// Held pieces are given back by the buyer.
    Release(u32),
    /// Held pieces are given back because the time is over.
    Expire(u32),
    /// Sold pieces came back and can be sold again.
    Return(u32),
}

/// What an entry of the ledger records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum LedgerKind {
    /// Pieces came in.
    Stocked,
    /// Pieces were found missing.
    Adjusted,
    /// Pieces were held for a checkout.
    Reserved,
    /// Held pieces were given back by the buyer.
    Released,
    /// Held pieces were given back because the time was over.
    Expired,
    /// Held pieces were sold.
    Sold,
    /// Sold pieces came back.
    Returned,
}

/// A movement that cannot happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StockError {
    /// More pieces were asked for than are there; says how many are.
    #[error("only {available} available")]
    NotEnough {
        /// Pieces that can be reserved.
        available: u32,
    },
    /// More pieces than are held, or sold, were to be given back.
    #[error("there are not that many pieces to give back")]
    NotTaken,
    /// The level does not fit into a count of pieces.
    #[error("that is more than {} pieces", StockLevel::PIECES_MAX)]
    TooMany,
}

impl StockLevel {
    /// How many pieces one variant may have ever had.
    pub const PIECES_MAX: u32 = 100_000_000;

    /// Pieces that can be reserved now.
    #[must_use]
    pub const fn available(&self) -> u32 {
        self.stocked.saturating_sub(self.sold).saturating_sub(self.reserved).saturating_sub(self.leased)
    }

    /// Whether nothing was made up and nothing was lost.
    #[must_use]
    pub fn balances(&self) -> bool {
        let taken = u64::from(self.sold) + u64::from(self.reserved) + u64::from(self.leased);
        taken + u64::from(self.available()) == u64::from(self.stocked)
    }

    /// The level after `movement`.
    ///
    /// # Errors
    /// When the movement takes what is not there; the level stays as it is then.
    pub fn after(self, movement: Movement) -> Result<Self, StockError> {
        let available = self.available();
        let mut level = Self { version: self.version + 1, ..self };
        match movement {
            Movement::Adjust(delta) if delta >= 0 => {
                level.stocked = self.stocked.saturating_add(delta.unsigned_abs());
                if level.stocked > Self::PIECES_MAX {
                    return Err(StockError::TooMany);
                }
            }
            Movement::Adjust(delta) => {
                let missing = delta.unsigned_abs();
                if missing > available {
                    return Err(StockError::NotEnough { available });
                }
                level.stocked = self.stocked - missing;
            }
            Movement::Reserve(pieces) => {
                if pieces > available {
                    return Err(StockError::NotEnough { available });
                }
                level.reserved = self.reserved + pieces;
            }
            Movement::Commit(pieces) => {
                level.reserved = self.reserved.checked_sub(pieces).ok_or(StockError::NotTaken)?;
                level.sold = self.sold + pieces;
            }
            Movement::Release(pieces) | Movement::Expire(pieces) => {
                level.reserved = self.reserved.checked_sub(pieces).ok_or(StockError::NotTaken)?;
            }
            Movement::Return(pieces) => {
                level.sold = self.sold.checked_sub(pieces).ok_or(StockError::NotTaken)?;
            }
        }
        Ok(level)
    }
}

/// Sums lines of one variant, and puts variants in the one order in which they are taken.
pub fn sum_lines(lines: impl IntoIterator<Item = (VariantId, u32)>) -> BTreeMap<VariantId, u32> {
    let mut sums = BTreeMap::new();
    for (variant_id, quantity) in lines {
        let sum: &mut u32 = sums.entry(variant_id).or_default();
        *sum = sum.saturating_add(quantity);
    }
    sums
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn movements() -> impl Strategy<Value = Movement> {
        let pieces = 0..30_u32;
        prop_oneof![
            (-30..30_i32).prop_map(Movement::Adjust),
            pieces.clone().prop_map(Movement::Reserve),
            pieces.clone().prop_map(Movement::Commit),
            pieces.clone().prop_map(Movement::Release),
            pieces.clone().prop_map(Movement::Expire),
            pieces.prop_map(Movement::Return),
        ]
    }

    proptest! {
        #[test]
        fn the_ledger_balances_after_every_movement(moves in prop::collection::vec(movements(), 0..200)) {
            let mut level = StockLevel::default();
            for movement in moves {
                if let Ok(after) = level.after(movement) {
                    level = after;
                }
                prop_assert!(level.balances());
            }
        }
    }

    #[test]
    fn what_is_held_cannot_be_taken_out_by_an_adjustment() {
        let level =
            StockLevel::default().after(Movement::Adjust(5)).and_then(|l| l.after(Movement::Reserve(4)));
        let level = level.expect("there are five");
        assert_eq!(level.after(Movement::Adjust(-2)), Err(StockError::NotEnough { available: 1 }));
    }

    #[test]
    fn stock_fills_to_its_limit_and_not_beyond() {
        let full = StockLevel { stocked: StockLevel::PIECES_MAX - 1, ..StockLevel::default() };
        let full = full.after(Movement::Adjust(1)).expect("the limit itself is allowed");
        assert_eq!(full.after(Movement::Adjust(1)), Err(StockError::TooMany));
    }

    #[test]
    fn lines_of_one_variant_are_summed() {
        let variant = VariantId::from_uuid(uuid::Uuid::from_u128(1));
        assert_eq!(sum_lines([(variant, 2), (variant, 3)]), BTreeMap::from([(variant, 5)]));
    }
}
