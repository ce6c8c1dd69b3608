//! The sandbox provider's JSON. Fields that were added since are ignored.

use serde::{Deserialize, Serialize};
use showfloor_domain::payment::{Mode, PaymentFailure, PaymentState, PaymentTerms};
use showfloor_domain::{Currency, Money, PaymentId, QuoteId, ShopId};
use showfloor_storage::CardMark;
use uuid::Uuid;

use crate::provider::{IntentReport, RefundProgress};

#[derive(Serialize)]
pub(super) struct NewIntent<'a> {
    pub amount: Amount,
    pub account: ShopId,
    pub reference: NewReference,
    pub mode: Mode,
    pub idempotency_key: &'a str,
}

#[derive(Serialize)]
pub(super) struct NewReference {
    pub payment_id: PaymentId,
    pub quote_id: QuoteId,
}

#[derive(Serialize)]
pub(super) struct NewRefund<'a> {
    pub intent: &'a str,
    pub amount: Amount,
    pub idempotency_key: &'a str,
}

#[derive(Deserialize, Serialize)]
pub(super) struct Amount {
    minor: i64,
    currency: Currency,
}

impl From<Money> for Amount {
    fn from(money: Money) -> Self {
        Self { minor: money.minor(), currency: money.currency() }
    }
}

#[derive(Deserialize)]
pub(super) struct CreatedIntent {
    pub id: String,
    pub client_secret: String,
}

#[derive(Deserialize)]
pub(super) struct Intent {
    id: String,
    amount: Amount,
    account: String,
    mode: Mode,
    reference: Reference,
    status: Status,
    #[serde(default)]
    failure: Option<Failure>,
    #[serde(default)]
    card: Option<Card>,
    #[serde(default)]
    next_action: Option<NextAction>,
}

#[derive(Deserialize)]
struct Reference {
    payment_id: String,
    quote_id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Status {
    RequiresPaymentMethod,
    RequiresAction,
    Processing,
    Succeeded,
    Canceled,
}

#[derive(Deserialize)]
struct Failure {
    code: String,
}

#[derive(Deserialize)]
struct Card {
    brand: String,
    last4: String,
}

#[derive(Deserialize)]
struct NextAction {
    url: String,
}

#[derive(Deserialize)]
pub(super) struct Refund {
    status: RefundStatus,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum RefundStatus {
    Pending,
    Succeeded,
    Failed,
}

#[derive(Deserialize)]
pub(super) struct Event {
    pub id: String,
    pub account: String,
    pub mode: Mode,
    #[serde(default)]
    pub data: EventObject,
}

#[derive(Default, Deserialize)]
pub(super) struct EventObject {
    #[serde(default)]
    pub intent: Option<Intent>,
    #[serde(default)]
    pub refund: Option<serde::de::IgnoredAny>,
}

impl Intent {
    /// As these functions read it. An id that is none of ours becomes the id of nothing.
    pub fn report(self) -> IntentReport {
        let failed = self.failure.is_some();
        let state = match self.status {
            Status::RequiresPaymentMethod if failed => PaymentState::Failed,
            Status::RequiresPaymentMethod => PaymentState::RequiresPayment,
            Status::RequiresAction => PaymentState::RequiresAction,
            Status::Processing => PaymentState::Processing,
            Status::Succeeded => PaymentState::Succeeded,
            Status::Canceled => PaymentState::Failed,
        };
        let failure = (state == PaymentState::Failed).then(|| {
            self.failure.map_or(PaymentFailure::Cancelled, |failure| match failure.code.as_str() {
                "insufficient_funds" => PaymentFailure::InsufficientFunds,
                "challenge_failed" => PaymentFailure::ChallengeFailed,
                "card_declined" => PaymentFailure::CardDeclined,
                _ => PaymentFailure::ProviderError,
            })
        });
        let nothing = Uuid::nil();
        IntentReport {
            intent_id: self.id,
            told: PaymentTerms {
                payment_id: self.reference.payment_id.parse().unwrap_or(PaymentId::from_uuid(nothing)),
                quote_id: self.reference.quote_id.parse().unwrap_or(QuoteId::from_uuid(nothing)),
                amount: Money::new(self.amount.minor, self.amount.currency),
                account: self.account.parse().unwrap_or(ShopId::from_uuid(nothing)),
                mode: self.mode,
            },
            state,
            failure,
            action_url: self.next_action.map(|action| action.url),
            card: self.card.map(|card| CardMark { brand: card.brand, last4: card.last4 }),
        }
    }
}

impl Refund {
    pub fn progress(self) -> RefundProgress {
        match self.status {
            RefundStatus::Pending => RefundProgress::Pending,
            RefundStatus::Succeeded => RefundProgress::Succeeded,
            RefundStatus::Failed => RefundProgress::Failed,
        }
    }
}
