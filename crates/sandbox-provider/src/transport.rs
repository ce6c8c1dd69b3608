//! How a webhook travels.

use std::time::Duration;

use async_trait::async_trait;

use crate::signature::SIGNATURE_HEADER;

/// How long a receiver may take to answer.
pub const WEBHOOK_TIMEOUT: Duration = Duration::from_secs(5);

/// One try at one webhook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Webhook {
    /// Where it goes.
    pub url: String,
    /// The `Sandbox-Signature` header, made for this try.
    pub signature: String,
    /// The signed bytes: JSON.
    pub body: String,
}

/// The receiver did not answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the receiver did not answer: {0}")]
pub struct NoAnswer(pub String);

/// How a webhook travels: over HTTP, or in a test's memory.
#[async_trait]
pub trait Transport: Send + Sync {
    /// Sends it, and gives the status of the answer. Only 2xx counts as taken.
    ///
    /// # Errors
    /// When there is no answer.
    async fn post(&self, webhook: Webhook) -> Result<u16, NoAnswer>;
}

/// Over HTTP, without proxies and redirects.
pub(crate) struct HttpTransport {
    client: reqwest::Client,
}

impl HttpTransport {
    pub fn new() -> Self {
        let client = reqwest::Client::builder()
            .timeout(WEBHOOK_TIMEOUT)
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .expect("a client without TLS settings can always be made");
        Self { client }
    }
}

#[async_trait]
impl Transport for HttpTransport {
    async fn post(&self, webhook: Webhook) -> Result<u16, NoAnswer> {
        let request = self
            .client
            .post(&webhook.url)
            .header(reqwest::header::CONTENT_TYPE, "application/json")
            .header(SIGNATURE_HEADER, webhook.signature)
            .body(webhook.body);
        match request.send().await {
            Ok(response) => Ok(response.status().as_u16()),
            Err(error) => Err(NoAnswer(error.without_url().to_string())),
        }
    }
}
