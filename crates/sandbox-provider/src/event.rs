//! The bodies of webhooks.

use serde::Serialize;

use crate::intent::{Amount, Intent, Mode, Reference, State};
use crate::refund::Refund;

/// What a webhook tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EventKind {
    Created,
    RequiresAction,
    Processing,
    Succeeded,
    PaymentFailed,
    Canceled,
    RefundUpdated,
}

impl EventKind {
    /// Its name on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Created => "payment_intent.created",
            Self::RequiresAction => "payment_intent.requires_action",
            Self::Processing => "payment_intent.processing",
            Self::Succeeded => "payment_intent.succeeded",
            Self::PaymentFailed => "payment_intent.payment_failed",
            Self::Canceled => "payment_intent.canceled",
            Self::RefundUpdated => "refund.updated",
        }
    }
}

#[derive(Serialize)]
struct Body<'a> {
    id: &'a str,
    #[serde(rename = "type")]
    kind: &'static str,
    /// Unix seconds.
    created: i64,
    account: &'a str,
    mode: Mode,
    data: Object<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Object<'a> {
    Intent(IntentObject<'a>),
    Refund(RefundObject<'a>),
}

/// An intent as its merchant sees it, in a webhook and when asked for.
#[derive(Serialize)]
pub(crate) struct IntentObject<'a> {
    id: &'a str,
    amount: &'a Amount,
    account: &'a str,
    mode: Mode,
    reference: &'a Reference,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    failure: Option<FailureObject>,
    #[serde(skip_serializing_if = "Option::is_none")]
    card: Option<CardObject<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_action: Option<NextAction>,
    attempts_left: u32,
    refunded: Amount,
    /// Unix seconds.
    created: i64,
}

#[derive(Serialize)]
pub(crate) struct FailureObject {
    code: crate::intent::Failure,
    message: &'static str,
}

#[derive(Serialize)]
pub(crate) struct CardObject<'a> {
    brand: &'a str,
    last4: &'a str,
    fingerprint: &'a str,
}

/// What the buyer has to do.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct NextAction {
    #[serde(rename = "type")]
    kind: &'static str,
    url: String,
}

impl NextAction {
    /// Answer the bank's question on this page.
    pub const fn challenge(url: String) -> Self {
        Self { kind: "challenge", url }
    }
}

/// A refund as its merchant sees it.
#[derive(Serialize)]
pub(crate) struct RefundObject<'a> {
    id: &'a str,
    intent: &'a str,
    amount: &'a Amount,
    account: &'a str,
    mode: Mode,
    reference: &'a Reference,
    status: &'static str,
    reason: &'a str,
    idempotency_key: &'a str,
    /// Unix seconds.
    created: i64,
}

impl<'a> IntentObject<'a> {
    pub fn new(intent: &'a Intent, next_action: Option<NextAction>) -> Self {
        let asked = &intent.asked;
        Self {
            id: &intent.id,
            amount: &asked.amount,
            account: &asked.account,
            mode: asked.mode,
            reference: &asked.reference,
            status: intent.state.status(),
            failure: failure_of(&intent.state),
            card: intent.state.card().map(|card| CardObject {
                brand: &card.brand,
                last4: &card.last4,
                fingerprint: &card.fingerprint,
            }),
            next_action,
            attempts_left: crate::intent::CARDS_PER_INTENT_MAX - intent.attempts,
            refunded: Amount { minor: intent.refunded_minor, currency: asked.amount.currency.clone() },
            created: intent.created_ms.div_euclid(1000),
        }
    }
}

/// Why the last card did not pay.
pub(crate) fn failure_of(state: &State) -> Option<FailureObject> {
    state.failure().map(|code| FailureObject { code, message: code.message() })
}

impl<'a> RefundObject<'a> {
    pub fn new(refund: &'a Refund) -> Self {
        Self {
            id: &refund.id,
            intent: &refund.asked.intent,
            amount: &refund.asked.amount,
            account: &refund.account,
            mode: Mode::Test,
            reference: &refund.reference,
            status: refund.state.status(),
            reason: &refund.asked.reason,
            idempotency_key: &refund.asked.idempotency_key,
            created: refund.created_ms.div_euclid(1000),
        }
    }
}

/// The body that tells of an intent.
pub(crate) fn intent_body(
    event_id: &str,
    kind: EventKind,
    at_ms: i64,
    intent: &Intent,
    next_action: Option<NextAction>,
) -> String {
    body(event_id, kind, at_ms, &intent.asked.account, Object::Intent(IntentObject::new(intent, next_action)))
}

/// The body that tells of a refund.
pub(crate) fn refund_body(event_id: &str, at_ms: i64, refund: &Refund) -> String {
    body(
        event_id,
        EventKind::RefundUpdated,
        at_ms,
        &refund.account,
        Object::Refund(RefundObject::new(refund)),
    )
}

fn body(event_id: &str, kind: EventKind, at_ms: i64, account: &str, data: Object<'_>) -> String {
    let created = at_ms.div_euclid(1000);
    let body = Body { id: event_id, kind: kind.name(), created, account, mode: Mode::Test, data };
    serde_json::to_string(&body).expect("its fields are text and numbers")
}
