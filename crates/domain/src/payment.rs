//! A payment: what we asked the provider for, what the provider says, and whether the two agree.

use serde::{Deserialize, Serialize};

use crate::{Money, PaymentId, QuoteId, ShopId};

/// Whether money is real.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Play money.
    Test,
    /// Real money.
    Live,
}

/// Where a payment stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PaymentState {
    /// Written down, not yet known to the provider, or waiting for the buyer's card.
    RequiresPayment,
    /// The buyer's bank asks something.
    RequiresAction,
    /// The provider is working on it.
    Processing,
    /// The money was taken.
    Succeeded,
    /// The money was not taken.
    Failed,
}

impl PaymentState {
    /// The state after the provider says `told`; none when that is old news. Money taken is final. A provider's
    /// events come in any order, so a failure may be followed by a success, but only progress counts.
    #[must_use]
    pub const fn after(self, told: Self) -> Option<Self> {
        use PaymentState as S;
        match (self, told) {
            (S::Succeeded, _) => None,
            (_, S::Succeeded) => Some(S::Succeeded),
            (S::Failed, _) => None,
            (_, S::Failed) => Some(S::Failed),
            (S::Processing, _) => None,
            (_, S::Processing) => Some(S::Processing),
            (S::RequiresAction, _) => None,
            (_, S::RequiresAction) => Some(S::RequiresAction),
            (S::RequiresPayment, S::RequiresPayment) => None,
        }
    }
}

/// Why a payment failed, as far as the buyer may know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PaymentFailure {
    /// The bank said no, without a reason.
    CardDeclined,
    /// There is not enough money.
    InsufficientFunds,
    /// The buyer did not pass the bank's question.
    ChallengeFailed,
    /// The payment was called off.
    Cancelled,
    /// The provider failed.
    ProviderError,
}

/// What must be the same on both sides before money becomes an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentTerms {
    /// Our payment.
    pub payment_id: PaymentId,
    /// The quote it pays.
    pub quote_id: QuoteId,
    /// The amount and its currency.
    pub amount: Money,
    /// The shop whose account is paid.
    pub account: ShopId,
    /// Whether the money is real.
    pub mode: Mode,
}

/// In what the two sides differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Mismatch {
    /// Another payment is meant.
    #[error("the payment differs")]
    Payment,
    /// Another quote is meant.
    #[error("the quote differs")]
    Quote,
    /// Another amount was taken.
    #[error("the amount differs")]
    Amount,
    /// Another currency was taken.
    #[error("the currency differs")]
    Currency,
    /// Another account was paid.
    #[error("the account differs")]
    Account,
    /// Play money met a real shop, or the reverse.
    #[error("the mode differs")]
    Mode,
}

impl PaymentTerms {
    /// Compares what we stored with what the provider `told`.
    ///
    /// # Errors
    /// The first thing that differs.
    pub fn agree(&self, told: &Self) -> Result<(), Mismatch> {
        if self.payment_id != told.payment_id {
            Err(Mismatch::Payment)
        } else if self.quote_id != told.quote_id {
            Err(Mismatch::Quote)
        } else if self.amount.currency() != told.amount.currency() {
            Err(Mismatch::Currency)
        } else if self.amount.minor() != told.amount.minor() {
            Err(Mismatch::Amount)
        } else if self.account != told.account {
            Err(Mismatch::Account)
        } else if self.mode != told.mode {
            Err(Mismatch::Mode)
        } else {
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use PaymentState as S;

    const ALL: [S; 5] = [S::RequiresPayment, S::RequiresAction, S::Processing, S::Succeeded, S::Failed];

    #[test]
    fn taken_money_is_final_and_always_noticed() {
        for state in ALL {
            assert_eq!(S::Succeeded.after(state), None);
            if state != S::Succeeded {
                assert_eq!(state.after(S::Succeeded), Some(S::Succeeded));
            }
        }
    }

    #[test]
    fn the_same_news_in_any_order_ends_in_the_same_state() {
        for a in ALL {
            for b in ALL {
                for c in ALL {
                    let run = |news: [S; 3]| {
                        news.into_iter()
                            .fold(S::RequiresPayment, |state, told| state.after(told).unwrap_or(state))
                    };
                    assert_eq!(run([a, b, c]), run([c, b, a]));
                    assert_eq!(run([a, b, c]), run([b, a, c]));
                }
            }
        }
    }
}
