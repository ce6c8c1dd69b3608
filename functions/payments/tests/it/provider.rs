//! A provider that counts what it is asked, and answers as a test says.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use showfloor_domain::payment::{PaymentState, PaymentTerms};
use showfloor_domain::{Money, PaymentId, RefundId, ShopId, UtcMs};
use showfloor_functions_payments::{
    CreatedIntent, IntentReport, PaymentProvider, ProviderError, RefundProgress, SandboxAccount,
    SandboxProvider, TestProvider, WebhookEvent, WebhookRejected,
};
use tokio::sync::Semaphore;

/// How many calls it works on at once.
pub const CALLS_AT_ONCE: u32 = 1_000;

/// What it was asked, and what it answers.
#[derive(Debug, Default)]
pub struct Book {
    pub creates: Vec<PaymentTerms>,
    pub cancels: Vec<String>,
    pub refund_calls: Vec<RefundId>,
    pub refunds: HashMap<RefundId, Money>,
    pub reports: HashMap<String, IntentReport>,
    /// Does what it is asked, but the answer is lost.
    pub answers_lost: bool,
    /// What it says of refunds.
    pub refund_progress: Option<RefundProgress>,
}

#[derive(Debug)]
pub struct CountingProvider {
    sandbox: SandboxProvider,
    pub book: Mutex<Book>,
    /// A call waits for a permit, so that a test can hold it.
    pub gate: Semaphore,
}

pub fn intent_of(payment_id: PaymentId) -> String {
    format!("pi_{}", payment_id.uuid().simple())
}

impl CountingProvider {
    /// The provider of a shop, whose webhooks are signed with `secret`.
    pub fn new(shop_id: ShopId, secret: Option<&str>) -> Arc<Self> {
        let account = SandboxAccount {
            shop_id,
            api_url: "http://127.0.0.1:9".into(),
            browser_url: "http://pay.test".into(),
            api_key: String::from("key").into(),
            webhook_secret: secret.map(|secret| secret.to_owned().into()),
        };
        let sandbox = SandboxProvider::new(account).unwrap();
        Arc::new(Self { sandbox, book: Mutex::default(), gate: Semaphore::new(CALLS_AT_ONCE as usize) })
    }

    pub fn creates(&self) -> usize {
        self.book.lock().unwrap().creates.len()
    }
}

impl TestProvider for CountingProvider {}

#[async_trait]
impl PaymentProvider for CountingProvider {
    fn name(&self) -> &'static str {
        "sandbox"
    }

    async fn create_intent(&self, terms: &PaymentTerms) -> Result<CreatedIntent, ProviderError> {
        let _permit = self.gate.acquire().await.unwrap();
        let mut book = self.book.lock().unwrap();
        book.creates.push(terms.clone());
        let intent_id = intent_of(terms.payment_id);
        let report = IntentReport {
            intent_id: intent_id.clone(),
            told: terms.clone(),
            state: PaymentState::RequiresPayment,
            failure: None,
            action_url: None,
            card: None,
        };
        book.reports.entry(intent_id.clone()).or_insert(report);
        if book.answers_lost {
            return Err(ProviderError::Unavailable("lost".into()));
        }
        Ok(CreatedIntent {
            client_secret: format!("{intent_id}_secret"),
            intent_id,
            provider_url: "http://pay.test".into(),
        })
    }

    async fn retrieve(&self, intent_id: &str) -> Result<IntentReport, ProviderError> {
        let report = self.book.lock().unwrap().reports.get(intent_id).cloned();
        report.ok_or_else(|| ProviderError::Refused("unknown".into()))
    }

    async fn cancel(&self, intent_id: &str) -> Result<(), ProviderError> {
        self.book.lock().unwrap().cancels.push(intent_id.into());
        Ok(())
    }

    async fn refund(
        &self,
        refund_id: RefundId,
        _: &str,
        amount: Money,
    ) -> Result<RefundProgress, ProviderError> {
        let mut book = self.book.lock().unwrap();
        book.refund_calls.push(refund_id);
        book.refunds.insert(refund_id, amount);
        if book.answers_lost {
            return Err(ProviderError::Unavailable("lost".into()));
        }
        Ok(book.refund_progress.unwrap_or(RefundProgress::Succeeded))
    }

    fn verify_webhook(
        &self,
        body: &[u8],
        signature: Option<&str>,
        now: UtcMs,
    ) -> Result<WebhookEvent, WebhookRejected> {
        self.sandbox.verify_webhook(body, signature, now)
    }

    fn signature_header(&self) -> &'static str {
        self.sandbox.signature_header()
    }
}
