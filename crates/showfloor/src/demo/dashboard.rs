//! A merchant at the dashboard, as a program: the public API with a signed-in owner, and nothing else.

use std::time::Duration;

use anyhow::{Context, Result, bail};
use reqwest::{Method, StatusCode, header};
use serde::Serialize;
use serde_json::Value;

/// The longest wait that is accepted when a limit is reached.
const RETRY_AFTER_S_MAX: u64 = 5;

/// Somebody signed in to a shop's dashboard.
pub struct Dashboard {
    http: reqwest::Client,
    origin: String,
    cookie: String,
}

impl Dashboard {
    /// Makes the first owner with the code that the first start printed.
    ///
    /// # Errors
    /// When the code is wrong or used, or the password is refused.
    pub async fn set_up(http: reqwest::Client, origin: &str, setup: &impl Serialize) -> Result<Self> {
        Self::enter(http, origin, "/v1/setup", &serde_json::to_value(setup)?).await
    }

    /// Signs in.
    ///
    /// # Errors
    /// When the e-mail or the password is wrong.
    pub async fn sign_in(http: reqwest::Client, origin: &str, email: &str, password: &str) -> Result<Self> {
        let credentials = serde_json::json!({ "email": email, "password": password });
        Self::enter(http, origin, "/v1/auth/sign-in", &credentials).await
    }

    async fn enter(http: reqwest::Client, origin: &str, path: &str, body: &Value) -> Result<Self> {
        let request = http.post(format!("{origin}{path}")).header(header::ORIGIN, origin).json(body);
        let response = request.send().await?;
        let cookie = response
            .headers()
            .get(header::SET_COOKIE)
            .and_then(|cookie| cookie.to_str().ok()?.split(';').next().map(str::to_owned));
        if !response.status().is_success() {
            bail!("{path}: {}", response.text().await?);
        }
        let cookie = cookie.with_context(|| format!("{path} gave no session cookie"))?;
        Ok(Self { http, origin: origin.to_owned(), cookie })
    }

    /// The address it talks to, which is also the origin it speaks from.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// `POST` of a JSON body.
    ///
    /// # Errors
    /// When the answer is a problem.
    pub async fn post(&self, path: &str, body: &Value) -> Result<Value> {
        self.send(self.request(Method::POST, path).json(body)).await
    }

    /// `DELETE`.
    ///
    /// # Errors
    /// When the answer is a problem.
    pub async fn delete(&self, path: &str) -> Result<Value> {
        self.send(self.request(Method::DELETE, path)).await
    }

    /// `POST` of a picture's bytes.
    ///
    /// # Errors
    /// When the answer is a problem.
    pub async fn post_picture(&self, path: &str, media_type: &'static str, bytes: Vec<u8>) -> Result<Value> {
        self.send(self.request(Method::POST, path).header(header::CONTENT_TYPE, media_type).body(bytes)).await
    }

    /// `PATCH` of the version last read.
    ///
    /// # Errors
    /// When the answer is a problem.
    pub async fn patch(&self, path: &str, body: &Value) -> Result<Value> {
        let current = self.request(Method::GET, path).send().await?.error_for_status()?;
        let etag = current.headers().get(header::ETAG).cloned().context("what can be edited has an ETag")?;
        self.send(self.request(Method::PATCH, path).header(header::IF_MATCH, etag).json(body)).await
    }

    fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let key = uuid::Uuid::from_bytes(rand::random()).to_string();
        self.http
            .request(method, format!("{}{path}", self.origin))
            .header(header::ORIGIN, &self.origin)
            .header(header::COOKIE, &self.cookie)
            .header("idempotency-key", key)
    }

    /// Sends, and waits where the API asks a program to be slower.
    async fn send(&self, request: reqwest::RequestBuilder) -> Result<Value> {
        let response = loop {
            let again = request.try_clone().context("bodies are held in memory")?;
            let response = again.send().await?;
            let wait =
                response.headers().get(header::RETRY_AFTER).and_then(|wait| wait.to_str().ok()?.parse().ok());
            match wait {
                Some(seconds @ 0..=RETRY_AFTER_S_MAX)
                    if response.status() == StatusCode::TOO_MANY_REQUESTS =>
                {
                    tokio::time::sleep(Duration::from_secs(seconds)).await;
                }
                _ => break response,
            }
        };
        let (status, path) = (response.status(), response.url().path().to_owned());
        let text = response.text().await?;
        if !status.is_success() {
            bail!("{path} answered {status}: {text}");
        }
        if status == StatusCode::NO_CONTENT || text.is_empty() {
            return Ok(Value::Null);
        }
        serde_json::from_str(&text).with_context(|| format!("{path} answered what is no JSON"))
    }
}
