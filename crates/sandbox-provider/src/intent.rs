//! An intent: money that a merchant wants from a buyer, once.

use serde::{Deserialize, Serialize};

use crate::card::Card;
use crate::problem::FieldError;

/// The most minor units of an amount: the largest whole number that every client can read.
pub const AMOUNT_MINOR_MAX: i64 = (1 << 53) - 1;

/// The most bytes of an account, a reference, a reason or an idempotency key.
pub const TEXT_BYTES_MAX: usize = 128;

/// How many cards one intent takes, the ones that were declined included.
pub const CARDS_PER_INTENT_MAX: u32 = 5;

/// An amount of money.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Amount {
    /// Cents, or whatever the currency's smallest unit is.
    pub minor: i64,
    /// Three capital letters of ISO 4217.
    pub currency: String,
}

/// The merchant's own names for what is paid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Reference {
    pub payment_id: String,
    pub quote_id: String,
}

/// Whether money is real; here it never is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Mode {
    /// Play money.
    Test,
}

/// What a merchant asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewIntent {
    pub amount: Amount,
    pub account: String,
    pub reference: Reference,
    pub mode: Mode,
    pub idempotency_key: String,
}

/// Why no money came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Failure {
    CardDeclined,
    InsufficientFunds,
    ChallengeFailed,
}

impl Failure {
    /// A sentence for people.
    pub const fn message(self) -> &'static str {
        match self {
            Self::CardDeclined => "The bank declined this card. Nothing was charged.",
            Self::InsufficientFunds => "There is not enough money on this card. Nothing was charged.",
            Self::ChallengeFailed => "The bank's question was not passed. Nothing was charged.",
        }
    }
}

/// Where an intent stands, and what is known there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "snake_case")]
pub(crate) enum State {
    /// A card is awaited; the last one may have failed.
    RequiresPaymentMethod {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        failure: Option<Failure>,
    },
    /// The bank awaits the buyer's answer.
    RequiresAction { card: Card },
    /// The bank's answer is awaited.
    Processing { card: Card, settles_at_ms: i64 },
    /// The money was taken.
    Succeeded { card: Card },
    /// The merchant called it off.
    Canceled,
}

impl State {
    /// The state before any card.
    pub const FRESH: Self = Self::RequiresPaymentMethod { failure: None };

    /// Its name on the wire.
    pub const fn status(&self) -> &'static str {
        match self {
            Self::RequiresPaymentMethod { .. } => "requires_payment_method",
            Self::RequiresAction { .. } => "requires_action",
            Self::Processing { .. } => "processing",
            Self::Succeeded { .. } => "succeeded",
            Self::Canceled => "canceled",
        }
    }

    pub const fn card(&self) -> Option<&Card> {
        match self {
            Self::RequiresAction { card } | Self::Processing { card, .. } | Self::Succeeded { card } => {
                Some(card)
            }
            Self::RequiresPaymentMethod { .. } | Self::Canceled => None,
        }
    }

    pub const fn failure(&self) -> Option<Failure> {
        match self {
            Self::RequiresPaymentMethod { failure } => *failure,
            Self::RequiresAction { .. }
            | Self::Processing { .. }
            | Self::Succeeded { .. }
            | Self::Canceled => None,
        }
    }
}

/// An intent, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Intent {
    pub id: String,
    pub asked: NewIntent,
    pub state: State,
    /// How many cards were tried.
    pub attempts: u32,
    /// What was sent back or is on its way.
    pub refunded_minor: i64,
    pub refunds: u32,
    pub created_ms: i64,
    /// The event that tells of its creation.
    pub created_event_id: String,
}

impl NewIntent {
    /// Checks what types cannot.
    pub fn check(&self) -> Result<(), Vec<FieldError>> {
        let mut errors = check_amount(&self.amount);
        check_text(&mut errors, "/account", &self.account);
        check_text(&mut errors, "/reference/payment_id", &self.reference.payment_id);
        check_text(&mut errors, "/reference/quote_id", &self.reference.quote_id);
        check_text(&mut errors, "/idempotency_key", &self.idempotency_key);
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }
}

/// What is wrong with an amount.
pub(crate) fn check_amount(amount: &Amount) -> Vec<FieldError> {
    let mut errors = Vec::new();
    if !(1..=AMOUNT_MINOR_MAX).contains(&amount.minor) {
        let detail = "An amount is 1 to 2^53 - 1 minor units.";
        errors.push(FieldError { pointer: "/amount/minor", detail });
    }
    if amount.currency.len() != 3 || !amount.currency.bytes().all(|byte| byte.is_ascii_uppercase()) {
        let detail = "A currency is three capital letters of ISO 4217, like EUR.";
        errors.push(FieldError { pointer: "/amount/currency", detail });
    }
    errors
}

/// Adds what is wrong with a text that names something.
pub(crate) fn check_text(errors: &mut Vec<FieldError>, pointer: &'static str, text: &str) {
    if text.is_empty() || text.len() > TEXT_BYTES_MAX || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        let detail = "This is 1 to 128 visible ASCII characters.";
        errors.push(FieldError { pointer, detail });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(minor: i64, currency: &str, account: &str) -> Result<(), Vec<&'static str>> {
        let reference = Reference { payment_id: "pay_1".into(), quote_id: "quo_1".into() };
        let amount = Amount { minor, currency: currency.into() };
        let asked = NewIntent {
            amount,
            account: account.into(),
            reference,
            mode: Mode::Test,
            idempotency_key: "k".into(),
        };
        asked.check().map_err(|errors| errors.into_iter().map(|error| error.pointer).collect())
    }

    #[test]
    fn amounts_and_texts_are_taken_up_to_their_limits() {
        assert_eq!(asked(AMOUNT_MINOR_MAX, "EUR", &"a".repeat(TEXT_BYTES_MAX)), Ok(()));
        assert_eq!(asked(AMOUNT_MINOR_MAX + 1, "EUR", "a"), Err(vec!["/amount/minor"]));
        assert_eq!(asked(0, "eur", ""), Err(vec!["/amount/minor", "/amount/currency", "/account"]));
        assert_eq!(
            asked(1, "EURO", &"a".repeat(TEXT_BYTES_MAX + 1)),
            Err(vec!["/amount/currency", "/account"])
        );
    }
}
