//! A refund: captured money that goes back.

use serde::{Deserialize, Serialize};

use crate::intent::{Amount, Reference, check_amount, check_text};
use crate::problem::FieldError;

/// How many refunds one intent takes.
pub const REFUNDS_PER_INTENT_MAX: u32 = 100;

/// The most bytes of a refund's reason.
pub const REASON_BYTES_MAX: usize = 500;

/// What a merchant asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewRefund {
    pub intent: String,
    pub amount: Amount,
    pub idempotency_key: String,
    #[serde(default)]
    pub reason: String,
}

/// Where a refund stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "snake_case")]
pub(crate) enum RefundState {
    /// The bank is slow. It will say yes or no.
    Pending { settles_at_ms: i64, succeeds: bool },
    /// The money went back.
    Succeeded,
    /// The bank would not take it; the amount is free again.
    Failed,
}

impl RefundState {
    /// Its name on the wire.
    pub const fn status(self) -> &'static str {
        match self {
            Self::Pending { .. } => "pending",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
        }
    }
}

/// A refund, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Refund {
    pub id: String,
    pub asked: NewRefund,
    pub account: String,
    pub reference: Reference,
    pub state: RefundState,
    /// Whether its webhooks come twice, as those of its card do.
    pub twice: bool,
    pub created_ms: i64,
}

impl NewRefund {
    /// Checks what types cannot.
    pub fn check(&self) -> Result<(), Vec<FieldError>> {
        let mut errors = check_amount(&self.amount);
        check_text(&mut errors, "/intent", &self.intent);
        check_text(&mut errors, "/idempotency_key", &self.idempotency_key);
        if self.reason.len() > REASON_BYTES_MAX {
            errors.push(FieldError { pointer: "/reason", detail: "A reason has 500 bytes at most." });
        }
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }
}
