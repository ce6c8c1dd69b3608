//! An order after it is paid: fulfilment and refunds.

use serde::{Deserialize, Serialize};

use crate::{Money, MoneyError};

/// How far the parcel is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Fulfilment {
    /// Paid, nothing done yet.
    Paid,
    /// Packed.
    Packed,
    /// Handed to the carrier.
    Sent,
    /// With the buyer.
    Delivered,
}

impl Fulfilment {
    /// Whether `next` may follow: only forwards; steps may be left out.
    #[must_use]
    pub fn may_become(self, next: Self) -> bool {
        next > self
    }
}

/// Where an order stands, in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum OrderState {
    /// Paid, to be packed.
    Paid,
    /// Packed.
    Packed,
    /// Sent.
    Sent,
    /// Delivered.
    Delivered,
    /// Some of the money went back.
    PartlyRefunded,
    /// All of the money went back.
    Refunded,
}

impl OrderState {
    /// The word for an order of which `refunded` of `captured` went back.
    #[must_use]
    pub fn of(fulfilment: Fulfilment, captured: Money, refunded: Money) -> Self {
        if refunded.minor() > 0 {
            return if refunded.minor() >= captured.minor() { Self::Refunded } else { Self::PartlyRefunded };
        }
        match fulfilment {
            Fulfilment::Paid => Self::Paid,
            Fulfilment::Packed => Self::Packed,
            Fulfilment::Sent => Self::Sent,
            Fulfilment::Delivered => Self::Delivered,
        }
    }
}

/// Where a refund stands. Its amount is taken from the order when it is written down, before the provider knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum RefundState {
    /// Written down; the provider is to be asked, with the refund's id as key.
    Requested,
    /// The money went back.
    Succeeded,
    /// The provider refused; the amount counts as not refunded again.
    Failed,
}

/// A refund that cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RefundError {
    /// Nothing, or less than nothing.
    #[error("a refund is at least one minor unit")]
    NotPositive,
    /// More than is left.
    #[error("only {0:?} can still be refunded")]
    MoreThanLeft(Money),
    /// The currencies differ.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

/// What counts as refunded after `amount` more of `captured`.
///
/// # Errors
/// When more would go back than came in.
pub fn refund(captured: Money, refunded: Money, amount: Money) -> Result<Money, RefundError> {
    let left = captured.checked_sub(refunded)?;
    let after = refunded.checked_add(amount)?;
    if amount.minor() <= 0 {
        Err(RefundError::NotPositive)
    } else if after.minor() > captured.minor() {
        Err(RefundError::MoreThanLeft(left))
    } else {
        Ok(after)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::Currency;

    const fn eur(minor: i64) -> Money {
        Money::new(minor, Currency::EUR)
    }

    #[test]
    fn everything_can_go_back_and_not_a_cent_more() {
        assert_eq!(refund(eur(100), eur(40), eur(60)), Ok(eur(100)));
        assert_eq!(refund(eur(100), eur(40), eur(61)), Err(RefundError::MoreThanLeft(eur(60))));
        assert_eq!(refund(eur(100), eur(0), eur(0)), Err(RefundError::NotPositive));
        assert_eq!(refund(eur(100), eur(0), eur(-1)), Err(RefundError::NotPositive));
    }

    #[test]
    fn a_parcel_only_goes_forwards() {
        assert!(Fulfilment::Paid.may_become(Fulfilment::Sent));
        assert!(!Fulfilment::Sent.may_become(Fulfilment::Packed));
        assert!(!Fulfilment::Sent.may_become(Fulfilment::Sent));
    }

    proptest! {
        #[test]
        fn captured_less_refunded_is_never_negative(captured in 0..100_000_i64, asked in prop::collection::vec(-10..50_000_i64, 0..20)) {
            let mut refunded = eur(0);
            for amount in asked {
                refunded = refund(eur(captured), refunded, eur(amount)).unwrap_or(refunded);
                prop_assert!(refunded.minor() <= captured);
            }
        }
    }
}
