//! A provider on virtual time, with an inbox in memory in place of a merchant's server.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode};
use serde_json::{Value, json};
use showfloor_sandbox_provider::{Config, NoAnswer, SandboxProvider, Transport, Webhook};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

pub const API_KEY: &str = "sk_test_0123456789abcdef";
pub const WEBHOOK_SECRET: &str = "whsec_0123456789abcdef";
/// 2026-11-20T12:00:00Z.
pub const START_MS: i64 = 1_795_176_000_000;

/// A webhook that arrived, and when, in milliseconds since the start.
#[derive(Clone, Debug)]
pub struct Arrival {
    pub at_ms: u128,
    pub webhook: Webhook,
}

impl Arrival {
    pub fn event(&self) -> Value {
        serde_json::from_str(&self.webhook.body).unwrap()
    }

    pub fn kind(&self) -> String {
        self.event()["type"].as_str().unwrap().to_owned()
    }

    pub fn event_id(&self) -> String {
        self.event()["id"].as_str().unwrap().to_owned()
    }
}

type Answers = Box<dyn Fn(usize, &Webhook) -> Result<u16, NoAnswer> + Send + Sync>;

/// A merchant's server.
pub struct Inbox {
    started: Instant,
    arrivals: Mutex<Vec<Arrival>>,
    count: watch::Sender<usize>,
    answers: Mutex<Answers>,
    takes: Mutex<Duration>,
}

#[async_trait]
impl Transport for Inbox {
    async fn post(&self, webhook: Webhook) -> Result<u16, NoAnswer> {
        let arrival = Arrival { at_ms: self.started.elapsed().as_millis(), webhook: webhook.clone() };
        let number = {
            let mut arrivals = self.arrivals.lock().unwrap();
            arrivals.push(arrival);
            arrivals.len()
        };
        self.count.send_replace(number);
        let takes = *self.takes.lock().unwrap();
        tokio::time::sleep(takes).await;
        (self.answers.lock().unwrap())(number, &webhook)
    }
}

impl Inbox {
    pub fn new() -> Arc<Self> {
        Arc::new(Self {
            started: Instant::now(),
            arrivals: Mutex::default(),
            count: watch::Sender::new(0),
            answers: Mutex::new(Box::new(|_, _| Ok(200))),
            takes: Mutex::new(Duration::ZERO),
        })
    }

    /// Decides each answer by the number of the arrival, from 1.
    pub fn answer(&self, answers: impl Fn(usize, &Webhook) -> Result<u16, NoAnswer> + Send + Sync + 'static) {
        *self.answers.lock().unwrap() = Box::new(answers);
    }

    /// Takes this long to answer.
    pub fn take(&self, takes: Duration) {
        *self.takes.lock().unwrap() = takes;
    }

    pub async fn wait_for(&self, count: usize) -> Vec<Arrival> {
        self.count.subscribe().wait_for(|arrived| *arrived >= count).await.unwrap();
        self.all()
    }

    pub fn all(&self) -> Vec<Arrival> {
        self.arrivals.lock().unwrap().clone()
    }

    pub fn kinds(&self) -> Vec<String> {
        self.all().iter().map(Arrival::kind).collect()
    }
}

/// A provider that runs.
pub struct Stack {
    pub provider: SandboxProvider,
    pub inbox: Arc<Inbox>,
    stop: CancellationToken,
    task: JoinHandle<()>,
}

pub fn config(inbox: &Arc<Inbox>, state_path: Option<PathBuf>) -> Config {
    let started = inbox.started;
    let mut config = Config::new(API_KEY, WEBHOOK_SECRET);
    config.webhook_url = Some("http://merchant.test/{account}".into());
    config.public_url = "http://bank.test".into();
    config.state_path = state_path;
    config.clock = Arc::new(move || START_MS + i64::try_from(started.elapsed().as_millis()).unwrap());
    config.transport = Some(Arc::clone(inbox) as Arc<dyn Transport>);
    config
}

impl Stack {
    pub fn start() -> Self {
        Self::start_with(Inbox::new(), None)
    }

    pub fn start_with(inbox: Arc<Inbox>, state_path: Option<PathBuf>) -> Self {
        let provider = SandboxProvider::open(config(&inbox, state_path)).unwrap();
        let stop = CancellationToken::new();
        let task = tokio::spawn({
            let (provider, stop) = (provider.clone(), stop.clone());
            async move { provider.run(stop).await }
        });
        Self { provider, inbox, stop, task }
    }

    pub async fn stop(self) {
        self.stop.cancel();
        self.task.await.unwrap();
    }

    pub async fn send(&self, request: Request<Body>) -> (StatusCode, HeaderMap, String) {
        let response = self.provider.router().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap();
        (parts.status, parts.headers, String::from_utf8(bytes.to_vec()).unwrap())
    }

    pub async fn call(
        &self,
        method: Method,
        path: &str,
        key: Option<&str>,
        body: Option<Value>,
    ) -> (u16, Value) {
        let mut request = Request::builder().method(method).uri(path);
        if let Some(key) = key {
            request = request.header("authorization", format!("Bearer {key}"));
        }
        let body = match body {
            Some(body) => {
                request = request.header("content-type", "application/json");
                Body::from(body.to_string())
            }
            None => Body::empty(),
        };
        let (status, _, text) = self.send(request.body(body).unwrap()).await;
        (status.as_u16(), serde_json::from_str(&text).unwrap_or(Value::Null))
    }

    /// Asks as the merchant.
    pub async fn post(&self, path: &str, body: Value) -> (u16, Value) {
        self.call(Method::POST, path, Some(API_KEY), Some(body)).await
    }

    /// Asks as the merchant.
    pub async fn get(&self, path: &str) -> (u16, Value) {
        self.call(Method::GET, path, Some(API_KEY), None).await
    }

    /// Makes an intent over 49 € under this key.
    pub async fn intent(&self, key: &str) -> Value {
        let (status, intent) = self.post("/v1/payment_intents", asked(key)).await;
        assert_eq!(status, 201, "{intent}");
        intent
    }

    /// Pays as the buyer.
    pub async fn confirm(&self, intent: &Value, number: &str) -> (u16, Value) {
        let card = json!({"number": number, "exp_month": 12, "exp_year": 2030, "cvc": "123"});
        let body = json!({"client_secret": intent["client_secret"], "card": card});
        self.call(Method::POST, &path(intent, "/confirm"), None, Some(body)).await
    }

    /// Answers the bank's question as the buyer.
    pub async fn answer(&self, intent: &Value, answer: &str) -> (u16, Value) {
        let body = json!({"client_secret": intent["client_secret"], "answer": answer});
        self.call(Method::POST, &path(intent, "/challenge"), None, Some(body)).await
    }

    pub async fn refund(&self, intent: &Value, minor: i64, key: &str) -> (u16, Value) {
        let amount = json!({"minor": minor, "currency": "EUR"});
        let body =
            json!({"intent": intent["id"], "amount": amount, "idempotency_key": key, "reason": "broken"});
        self.post("/v1/refunds", body).await
    }
}

pub fn asked(key: &str) -> Value {
    json!({
        "amount": {"minor": 4_900, "currency": "EUR"}, "account": "shop_1", "mode": "test",
        "reference": {"payment_id": "pay_1", "quote_id": "quo_1"}, "idempotency_key": key,
    })
}

pub fn path(intent: &Value, rest: &str) -> String {
    format!("/v1/payment_intents/{}{rest}", intent["id"].as_str().unwrap())
}

pub fn card(name: &str) -> &'static str {
    showfloor_sandbox_provider::CARDS.iter().find(|(listed, _)| *listed == name).unwrap().1
}

/// Lets virtual time pass.
pub async fn pass(duration: Duration) {
    tokio::time::sleep(duration).await;
}
