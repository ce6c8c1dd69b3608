//! Asks the sandbox provider: every call has a deadline, every answer a size.

use std::time::Duration;

use async_trait::async_trait;
use reqwest::{Method, RequestBuilder, StatusCode, redirect};
use serde::Serialize;
use serde::de::DeserializeOwned;
use showfloor_domain::payment::{Mode, PaymentTerms};
use showfloor_domain::{Money, RefundId, ShopId, UtcMs};
use showfloor_http::Secret;

use super::signature::{SIGNATURE_HEADER, is_genuine};
use super::wire;
use crate::provider::{
    CreatedIntent, IntentReport, PaymentProvider, ProviderError, RefundProgress, TestProvider, WebhookEvent,
    WebhookNews, WebhookRejected,
};

/// How long connecting to the provider may take.
pub const CONNECT_TIMEOUT_MS: u64 = 2_000;
/// How long an answer may take in all.
pub const ANSWER_TIMEOUT_MS: u64 = 8_000;
/// The most bytes of an answer that are read.
pub const ANSWER_BYTES_MAX: usize = 64 * 1024;

/// One shop's account at the sandbox provider.
#[derive(Clone, Debug)]
pub struct SandboxAccount {
    /// The shop.
    pub shop_id: ShopId,
    /// Where these functions reach the provider, without a slash at the end.
    pub api_url: String,
    /// Where the buyer's browser reaches it; often the same.
    pub browser_url: String,
    /// The key of its API.
    pub api_key: Secret,
    /// The secret of its webhooks. Without one, every webhook is refused.
    pub webhook_secret: Option<Secret>,
}

/// The sandbox provider. It moves play money only, by type: it is a [`TestProvider`] and nothing else.
#[derive(Clone, Debug)]
pub struct SandboxProvider {
    account: SandboxAccount,
    client: reqwest::Client,
}

impl SandboxProvider {
    /// A client for this account.
    ///
    /// # Errors
    /// When the HTTP client cannot be made; the operator acts.
    pub fn new(account: SandboxAccount) -> Result<Self, ProviderError> {
        let client = reqwest::Client::builder()
            .connect_timeout(Duration::from_millis(CONNECT_TIMEOUT_MS))
            .timeout(Duration::from_millis(ANSWER_TIMEOUT_MS))
            .redirect(redirect::Policy::none())
            .no_proxy()
            .build()
            .map_err(|error| ProviderError::Unavailable(error.to_string()))?;
        Ok(Self { account, client })
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client
            .request(method, format!("{}{path}", self.account.api_url))
            .bearer_auth(self.account.api_key.reveal())
    }

    async fn post<B: Serialize + Sync, T: DeserializeOwned>(
        &self,
        path: &str,
        body: &B,
    ) -> Result<T, ProviderError> {
        answer(self.request(Method::POST, path).json(body)).await
    }
}

impl TestProvider for SandboxProvider {}

#[async_trait]
impl PaymentProvider for SandboxProvider {
    fn name(&self) -> &'static str {
        "sandbox"
    }

    async fn create_intent(&self, terms: &PaymentTerms) -> Result<CreatedIntent, ProviderError> {
        if terms.mode != Mode::Test || terms.account != self.account.shop_id {
            return Err(ProviderError::Refused("the sandbox serves this shop's play money only".into()));
        }
        let key = terms.payment_id.to_string();
        let intent = wire::NewIntent {
            amount: terms.amount.into(),
            account: terms.account,
            reference: wire::NewReference { payment_id: terms.payment_id, quote_id: terms.quote_id },
            mode: terms.mode,
            idempotency_key: &key,
        };
        let created: wire::CreatedIntent = self.post("/v1/payment_intents", &intent).await?;
        Ok(CreatedIntent {
            intent_id: created.id,
            client_secret: created.client_secret,
            provider_url: self.account.browser_url.clone(),
        })
    }

    async fn retrieve(&self, intent_id: &str) -> Result<IntentReport, ProviderError> {
        let path = format!("/v1/payment_intents/{}", segment(intent_id)?);
        let intent: wire::Intent = answer(self.request(Method::GET, &path)).await?;
        Ok(intent.report())
    }

    async fn cancel(&self, intent_id: &str) -> Result<(), ProviderError> {
        let path = format!("/v1/payment_intents/{}/cancel", segment(intent_id)?);
        let _: serde::de::IgnoredAny = answer(self.request(Method::POST, &path)).await?;
        Ok(())
    }

    async fn refund(
        &self,
        refund_id: RefundId,
        intent_id: &str,
        amount: Money,
    ) -> Result<RefundProgress, ProviderError> {
        let key = refund_id.to_string();
        let refund = wire::NewRefund { intent: intent_id, amount: amount.into(), idempotency_key: &key };
        let refund: wire::Refund = self.post("/v1/refunds", &refund).await?;
        Ok(refund.progress())
    }

    fn verify_webhook(
        &self,
        body: &[u8],
        signature: Option<&str>,
        now: UtcMs,
    ) -> Result<WebhookEvent, WebhookRejected> {
        let secret = self.account.webhook_secret.as_ref().ok_or(WebhookRejected::BadSignature)?;
        let signature = signature.ok_or(WebhookRejected::BadSignature)?;
        if !is_genuine(secret.reveal(), signature, body, now) {
            return Err(WebhookRejected::BadSignature);
        }
        let event: wire::Event = serde_json::from_slice(body).map_err(|_| WebhookRejected::Unreadable)?;
        let news = match (event.data.intent, event.data.refund) {
            (Some(intent), _) => WebhookNews::Payment(intent.report()),
            (None, Some(_)) => WebhookNews::Refund,
            (None, None) => WebhookNews::Other,
        };
        let account = event.account.parse().map_err(|_| WebhookRejected::Unreadable)?;
        Ok(WebhookEvent { id: event.id, account, mode: event.mode, news })
    }

    fn signature_header(&self) -> &'static str {
        SIGNATURE_HEADER
    }
}

/// An id of the provider as one segment of a path; ids have no other characters.
fn segment(id: &str) -> Result<&str, ProviderError> {
    let plain = !id.is_empty() && id.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'));
    if plain { Ok(id) } else { Err(ProviderError::Refused("that is no id of the provider".into())) }
}

async fn answer<T: DeserializeOwned>(request: RequestBuilder) -> Result<T, ProviderError> {
    let unavailable = |error: reqwest::Error| ProviderError::Unavailable(error.without_url().to_string());
    let mut response = request.send().await.map_err(unavailable)?;
    let status = response.status();
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(unavailable)? {
        if body.len() + chunk.len() > ANSWER_BYTES_MAX {
            return Err(ProviderError::Unavailable(format!(
                "it answered more than {ANSWER_BYTES_MAX} bytes"
            )));
        }
        body.extend_from_slice(&chunk);
    }
    if status.is_success() {
        return serde_json::from_slice(&body)
            .map_err(|error| ProviderError::Unavailable(format!("its answer cannot be read: {error}")));
    }
    let temporary = status.is_server_error()
        || matches!(
            status,
            StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS | StatusCode::UNAUTHORIZED
        );
    let why = format!("status {}", status.as_u16());
    Err(if temporary { ProviderError::Unavailable(why) } else { ProviderError::Refused(why) })
}
