//! Asking other planes over HTTP, as a service.

use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::header;

/// How long to wait for a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);

/// A bearer token for another plane, fresh each time.
pub type ServiceToken = Arc<dyn Fn() -> String + Send + Sync>;

/// Another plane: where it answers, and how we prove who we are.
#[derive(Clone)]
pub struct Peer {
    http: reqwest::Client,
    base: String,
    token: ServiceToken,
}

/// What another plane answered.
#[derive(Clone, Debug)]
pub struct PeerAnswer {
    /// The status.
    pub status: u16,
    /// Its `Age`, or 0.
    pub age_s: u32,
    /// The body.
    pub body: Bytes,
}

/// Another plane could not be asked.
#[derive(Debug, thiserror::Error)]
pub enum PeerError {
    /// It did not answer, or not in time.
    #[error(transparent)]
    Http(#[from] reqwest::Error),
    /// Its answer is larger than can be believed.
    #[error("the answer is larger than {0} bytes")]
    TooLarge(usize),
}

impl Peer {
    /// The plane that answers at `base`, such as `http://127.0.0.1:8080`.
    ///
    /// # Panics
    /// When the HTTP client can't be made, which its fixed settings exclude.
    #[must_use]
    pub fn new(base: impl Into<String>, token: ServiceToken) -> Self {
        let http = reqwest::Client::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .expect("a client without TLS settings can always be made");
        Self { http, base: base.into(), token }
    }

    /// `GET`, with a limit on time and on the answer's size.
    ///
    /// # Errors
    /// When it does not answer in time, or with too much.
    pub async fn get(
        &self,
        path: &str,
        timeout: Duration,
        bytes_max: usize,
    ) -> Result<PeerAnswer, PeerError> {
        let request =
            self.http.get(format!("{}{path}", self.base)).bearer_auth((self.token)()).timeout(timeout);
        read(request.send().await?, bytes_max).await
    }

    /// `POST` of JSON, with a limit on time and on the answer's size.
    ///
    /// # Errors
    /// When it does not answer in time, or with too much.
    pub async fn post(
        &self,
        path: &str,
        body: &serde_json::Value,
        timeout: Duration,
        bytes_max: usize,
    ) -> Result<PeerAnswer, PeerError> {
        let request = self.http.post(format!("{}{path}", self.base)).bearer_auth((self.token)());
        read(request.json(body).timeout(timeout).send().await?, bytes_max).await
    }
}

async fn read(mut response: reqwest::Response, bytes_max: usize) -> Result<PeerAnswer, PeerError> {
    let status = response.status().as_u16();
    let age = response.headers().get(header::AGE).and_then(|age| age.to_str().ok());
    let age_s = age.and_then(|age| age.parse().ok()).unwrap_or(0);
    let mut body = BytesMut::new();
    while let Some(chunk) = response.chunk().await? {
        if body.len() + chunk.len() > bytes_max {
            return Err(PeerError::TooLarge(bytes_max));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(PeerAnswer { status, age_s, body: body.freeze() })
}
