//! Payments: written down before the provider is asked, decided when the provider tells.

use async_trait::async_trait;
use showfloor_domain::payment::{Mismatch, PaymentFailure, PaymentState, PaymentTerms};
use showfloor_domain::{CheckoutId, Money, OrderId, PaymentId, QuoteId, RefundId, ShopId, UtcMs};

use crate::StoreError;

/// A payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentRecord {
    /// Its id.
    pub id: PaymentId,
    /// The checkout.
    pub checkout_id: CheckoutId,
    /// The quote it pays.
    pub quote_id: QuoteId,
    /// What is to be taken.
    pub amount: Money,
    /// Where it stands.
    pub state: PaymentState,
    /// Why it failed.
    pub failure: Option<PaymentFailure>,
    /// Where the bank asks its question.
    pub action_url: Option<String>,
    /// The provider's name: `sandbox`.
    pub provider: String,
    /// The provider's id for it, once it gave one.
    pub intent_id: Option<String>,
}

/// Writes a payment down, counted, before the provider is asked.
#[derive(Clone, Debug)]
pub struct StartPayment {
    /// The new payment's id. One that is there already is given back unchanged, so that a request cut short can
    /// be sent again.
    pub payment_id: PaymentId,
    /// The shop.
    pub shop_id: ShopId,
    /// The checkout.
    pub checkout_id: CheckoutId,
    /// The hash of the quote that the buyer saw.
    pub quote_hash: String,
    /// The provider's name.
    pub provider: String,
    /// The block of the client's address, to count failures by.
    pub client_block: String,
    /// Now.
    pub now: UtcMs,
}

/// A payment that was written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StartedPayment {
    /// What the provider is to be asked for, and must later confirm.
    pub terms: PaymentTerms,
    /// How many more payments this reservation may try.
    pub attempts_left: u32,
}

/// No payment was started, and the provider must not be asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StartPaymentError {
    /// The quote is not the one the buyer saw.
    #[error("the quote changed")]
    QuoteChanged,
    /// Nothing is held any more.
    #[error("the pieces are no longer held")]
    HoldEnded,
    /// It is paid, or its money went back.
    #[error("the checkout is over")]
    Over,
    /// Nobody said where the confirmation and the parcel go.
    #[error("contact or address is missing")]
    ContactMissing,
    /// The reservation used all its tries.
    #[error("no attempts are left")]
    NoAttemptsLeft,
    /// The device or its network had too many failures lately.
    #[error("too many failed payments")]
    TooManyFailures {
        /// When the oldest of them no longer counts.
        retry_at: UtcMs,
    },
    /// The store failed, or there is no such checkout.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Names one event of a provider, for ever.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InboxKey {
    /// The provider's name.
    pub provider: String,
    /// The account at the provider.
    pub account: String,
    /// The provider's id of the event.
    pub event_id: String,
}

/// What can be shown of a card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CardMark {
    /// `visa`.
    pub brand: String,
    /// The last four digits.
    pub last4: String,
}

/// What a provider says about a payment, verified to come from it.
#[derive(Clone, Debug)]
pub struct Observation {
    /// The event it came in; none when it was asked for.
    pub inbox: Option<InboxKey>,
    /// The provider's name.
    pub provider: String,
    /// The provider's id for the payment.
    pub intent_id: String,
    /// What the provider took, or would take.
    pub told: PaymentTerms,
    /// How far it is.
    pub state: PaymentState,
    /// Why it failed.
    pub failure: Option<PaymentFailure>,
    /// Where the bank asks its question.
    pub action_url: Option<String>,
    /// The card.
    pub card: Option<CardMark>,
    /// The order's id, should this make one.
    pub order_id: OrderId,
    /// The refund's id, should this make one.
    pub refund_id: RefundId,
    /// Now.
    pub now: UtcMs,
}

/// Why money that came in goes straight back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SentBack {
    /// The hold had ended and the pieces are gone.
    SoldOut,
    /// The buyer had given up.
    Cancelled,
    /// The checkout was edited, or paid by another payment, after this one was started.
    Superseded,
    /// What was taken is not what was asked for.
    Mismatch(Mismatch),
    /// There is no such payment here.
    Unknown,
}

/// What an observation changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Observed {
    /// This very event was here before.
    Duplicate,
    /// It says nothing new.
    OldNews,
    /// The payment moved on.
    Progress(CheckoutId),
    /// There is an order now.
    Sold(CheckoutId, OrderId),
    /// The money goes back; a refund is written down. The checkout is known unless the payment is not.
    SentBack(Option<CheckoutId>, RefundId, SentBack),
    /// It differs from what was asked for, and no money was taken. Nothing changed.
    Refused(Mismatch),
}

/// A refund that the provider is to be asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefundToSend {
    /// The refund, and the key under which the provider does it once.
    pub refund_id: RefundId,
    /// The shop whose account pays.
    pub shop_id: ShopId,
    /// The provider's id for the payment.
    pub intent_id: String,
    /// The amount.
    pub amount: Money,
}

/// A payment of which nothing was heard for a while.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentToAsk {
    /// The payment.
    pub payment_id: PaymentId,
    /// The shop.
    pub shop_id: ShopId,
    /// The checkout.
    pub checkout_id: CheckoutId,
    /// The provider's id for it.
    pub intent_id: String,
}

/// Payments.
#[async_trait]
pub trait Payments: Send + Sync {
    /// Writes a payment down and counts it.
    ///
    /// # Errors
    /// See [`StartPaymentError`]; the provider must not be asked then.
    async fn start(&self, command: StartPayment) -> Result<StartedPayment, StartPaymentError>;

    /// Remembers the provider's id for a payment; the checkout is paying from now on.
    ///
    /// # Errors
    /// When the store fails.
    async fn intent_created(
        &self,
        payment_id: PaymentId,
        intent_id: &str,
        now: UtcMs,
    ) -> Result<CheckoutId, StoreError>;

    /// Takes in what the provider says, once: order, refund and events in the same transaction as the inbox.
    ///
    /// # Errors
    /// When the store fails; the inbox does not hold the event then.
    async fn observe(&self, observation: Observation) -> Result<Observed, StoreError>;

    /// Refunds the provider was not asked for yet, or did not answer, that were last tried before `before`.
    /// They count as tried at `now`.
    ///
    /// # Errors
    /// When the store fails.
    async fn refunds_to_send(
        &self,
        before: UtcMs,
        now: UtcMs,
        limit: u32,
    ) -> Result<Vec<RefundToSend>, StoreError>;

    /// Notes that money went back, or that the provider will not send it back: then the amount is free again.
    /// Noting the same again changes nothing.
    ///
    /// # Errors
    /// When the store fails.
    async fn refund_settled(
        &self,
        refund_id: RefundId,
        succeeded: bool,
        now: UtcMs,
    ) -> Result<(), StoreError>;

    /// Payments that are open and of which nothing was heard since `before`. They count as asked at `now`.
    ///
    /// # Errors
    /// When the store fails.
    async fn payments_to_ask(
        &self,
        before: UtcMs,
        now: UtcMs,
        limit: u32,
    ) -> Result<Vec<PaymentToAsk>, StoreError>;
}
