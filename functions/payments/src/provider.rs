//! What these functions ask of a payment provider, and which provider serves which shop.

use std::collections::HashMap;
use std::sync::Arc;

use async_trait::async_trait;
use showfloor_domain::payment::{Mode, PaymentFailure, PaymentState, PaymentTerms};
use showfloor_domain::{Money, RefundId, ShopId, UtcMs};
use showfloor_storage::CardMark;

/// A payment as the provider made it.
#[derive(Clone, PartialEq, Eq)]
pub struct CreatedIntent {
    /// The provider's id for it.
    pub intent_id: String,
    /// What lets the buyer's browser confirm it. Never logged, never kept.
    pub client_secret: String,
    /// Where the browser reaches the provider.
    pub provider_url: String,
}

impl std::fmt::Debug for CreatedIntent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CreatedIntent").field("intent_id", &self.intent_id).finish_non_exhaustive()
    }
}

/// What the provider says about a payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IntentReport {
    /// The provider's id for it.
    pub intent_id: String,
    /// What the provider took, or would take. A reference that is none of ours is the id of nothing (all zeros),
    /// so that it agrees with no payment.
    pub told: PaymentTerms,
    /// How far it is.
    pub state: PaymentState,
    /// Why it failed.
    pub failure: Option<PaymentFailure>,
    /// Where the bank asks its question.
    pub action_url: Option<String>,
    /// The card.
    pub card: Option<CardMark>,
}

/// Where a refund stands at the provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefundProgress {
    /// The provider is working on it; ask again.
    Pending,
    /// The money went back.
    Succeeded,
    /// The money does not go back.
    Failed,
}

/// What a webhook tells, after its signature was verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WebhookNews {
    /// Something about a payment.
    Payment(IntentReport),
    /// Something about a refund. Only a hint: what became of it is asked of the provider.
    Refund,
    /// A type that was added since; nothing to do.
    Other,
}

/// A verified webhook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebhookEvent {
    /// The provider's id of the event, the same each time it is sent.
    pub id: String,
    /// The shop whose account it is about.
    pub account: ShopId,
    /// Whether the money is real.
    pub mode: Mode,
    /// What it tells.
    pub news: WebhookNews,
}

/// A webhook that is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WebhookRejected {
    /// The signature is missing, malformed, over another body, by another secret, or too old. Which of these is
    /// not said.
    #[error("the signature is not accepted")]
    BadSignature,
    /// The provider signed it, but it cannot be read: the operator acts.
    #[error("the body cannot be read")]
    Unreadable,
}

/// The provider did not do what it was asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProviderError {
    /// It did not answer, or answered that it cannot now. Whether it did anything is unknown; asking again with
    /// the same key is safe.
    #[error("the provider is unavailable: {0}")]
    Unavailable(String),
    /// It said no, and asking again will not help.
    #[error("the provider refused: {0}")]
    Refused(String),
}

/// A payment provider, as one account of one shop sees it.
#[async_trait]
pub trait PaymentProvider: Send + Sync + std::fmt::Debug + 'static {
    /// Its name, as it is stored: `sandbox`.
    fn name(&self) -> &'static str;

    /// Makes a payment under these terms, once: the payment's id is the idempotency key, so the same terms give
    /// the same intent.
    ///
    /// # Errors
    /// See [`ProviderError`].
    async fn create_intent(&self, terms: &PaymentTerms) -> Result<CreatedIntent, ProviderError>;

    /// What became of a payment.
    ///
    /// # Errors
    /// See [`ProviderError`].
    async fn retrieve(&self, intent_id: &str) -> Result<IntentReport, ProviderError>;

    /// Ends a payment that failed, so that no other card is tried on it behind our count.
    ///
    /// # Errors
    /// See [`ProviderError`].
    async fn cancel(&self, intent_id: &str) -> Result<(), ProviderError>;

    /// Sends money back, once: the refund's id is the idempotency key, so asking again tells where it stands.
    ///
    /// # Errors
    /// See [`ProviderError`].
    async fn refund(
        &self,
        refund_id: RefundId,
        intent_id: &str,
        amount: Money,
    ) -> Result<RefundProgress, ProviderError>;

    /// Verifies the signature over the raw bytes, then reads them. `signature` is the value of
    /// [`PaymentProvider::signature_header`], if there was one.
    ///
    /// # Errors
    /// See [`WebhookRejected`]; without a secret, nothing is accepted.
    fn verify_webhook(
        &self,
        body: &[u8],
        signature: Option<&str>,
        now: UtcMs,
    ) -> Result<WebhookEvent, WebhookRejected>;

    /// The header that carries a webhook's signature.
    fn signature_header(&self) -> &'static str;
}

/// A provider of play money.
pub trait TestProvider: PaymentProvider {}

/// A provider of real money. The sandbox is none (abuse case D6):
///
/// ```compile_fail
/// use showfloor_functions_payments::{LiveProvider, SandboxProvider};
/// fn takes_real_money<P: LiveProvider>() {}
/// takes_real_money::<SandboxProvider>();
/// ```
pub trait LiveProvider: PaymentProvider {}

/// Which account serves a shop. A live shop is never given a provider of play money: the types differ.
pub trait ProviderAccounts: Send + Sync + 'static {
    /// The shop's account for play money.
    fn test(&self, shop_id: ShopId) -> Option<Arc<dyn TestProvider>>;

    /// The shop's account for real money.
    fn live(&self, shop_id: ShopId) -> Option<Arc<dyn LiveProvider>>;

    /// The shop's account in this mode.
    fn of(&self, shop_id: ShopId, mode: Mode) -> Option<Arc<dyn PaymentProvider>> {
        match mode {
            Mode::Test => self.test(shop_id).map(|provider| provider as Arc<dyn PaymentProvider>),
            Mode::Live => self.live(shop_id).map(|provider| provider as Arc<dyn PaymentProvider>),
        }
    }
}

/// Accounts that are known from the start.
#[derive(Clone, Debug, Default)]
pub struct FixedAccounts {
    test: HashMap<ShopId, Arc<dyn TestProvider>>,
    live: HashMap<ShopId, Arc<dyn LiveProvider>>,
}

impl FixedAccounts {
    /// With the shop's account for play money.
    #[must_use]
    pub fn with_test(mut self, shop_id: ShopId, provider: Arc<dyn TestProvider>) -> Self {
        self.test.insert(shop_id, provider);
        self
    }

    /// With the shop's account for real money.
    #[must_use]
    pub fn with_live(mut self, shop_id: ShopId, provider: Arc<dyn LiveProvider>) -> Self {
        self.live.insert(shop_id, provider);
        self
    }
}

impl ProviderAccounts for FixedAccounts {
    fn test(&self, shop_id: ShopId) -> Option<Arc<dyn TestProvider>> {
        self.test.get(&shop_id).cloned()
    }

    fn live(&self, shop_id: ShopId) -> Option<Arc<dyn LiveProvider>> {
        self.live.get(&shop_id).cloned()
    }
}
