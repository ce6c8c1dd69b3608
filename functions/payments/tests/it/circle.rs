//! The full circle with the real sandbox provider: intent over HTTP, card, signed webhooks, order.

use std::sync::{Arc, OnceLock};
use std::time::Instant;

use async_trait::async_trait;
use axum::Router;
use axum::body::Body;
use http::Request;
use serde_json::{Value, json};
use showfloor_domain::checkout::CheckoutState;
use showfloor_domain::payment::PaymentFailure;
use showfloor_functions_payments::{Deps, FixedAccounts, SandboxAccount, SandboxProvider, router};
use showfloor_http::testing::START;
use showfloor_http::testing::walk::send;
use showfloor_sandbox_provider::{Config, Endpoint, NoAnswer, Running, Transport, Webhook};
use showfloor_storage::{CheckoutRecord, OrderFilter, Orders as _};
use tokio::sync::watch;

use crate::harness::{SECRET, Stand, Till, pay_request};

const API_KEY: &str = "sk_test_0123456789abcdef";

/// Carries webhooks straight to the router, and counts them.
struct Courier {
    router: OnceLock<Router>,
    carried: watch::Sender<u64>,
}

#[async_trait]
impl Transport for Courier {
    async fn post(&self, webhook: Webhook) -> Result<u16, NoAnswer> {
        let request = Request::post(&webhook.url)
            .header("content-type", "application/json")
            .header("sandbox-signature", &webhook.signature)
            .body(Body::from(webhook.body))
            .unwrap();
        let status = send(self.router.get().unwrap(), request).await.status.as_u16();
        self.carried.send_modify(|count| *count += 1);
        Ok(status)
    }
}

struct Circle {
    stand: Stand,
    sandbox: Running,
    router: Router,
    courier: Arc<Courier>,
}

impl Circle {
    async fn new() -> Self {
        let stand = Stand::new().await;
        let courier = Arc::new(Courier { router: OnceLock::new(), carried: watch::Sender::new(0) });
        let begun = Instant::now();
        let config = Config {
            // The shop's clock stands still; the provider's goes on from there.
            clock: Arc::new(move || START.get() + i64::try_from(begun.elapsed().as_millis()).unwrap()),
            transport: Some(courier.clone()),
            late_delay: std::time::Duration::from_millis(50),
            ..Config::new(API_KEY, "whsec_of_nobody_in_particular")
        };
        let sandbox = showfloor_sandbox_provider::SandboxProvider::start_on_loopback(config).await.unwrap();
        let shop_id = stand.ours.id;
        let endpoint = Endpoint::new(format!("/v1/webhooks/sandbox/{shop_id}")).with_secret(SECRET);
        sandbox.provider.set_endpoint(shop_id.to_string(), endpoint);
        let account = SandboxAccount {
            shop_id,
            api_url: sandbox.url.clone(),
            browser_url: sandbox.url.clone(),
            api_key: API_KEY.to_owned().into(),
            webhook_secret: Some(SECRET.to_owned().into()),
        };
        let provider = Arc::new(SandboxProvider::new(account).unwrap());
        let accounts = Arc::new(FixedAccounts::default().with_test(shop_id, provider));
        let deps = Deps { accounts, ..stand.deps.clone() };
        let router = showfloor_http::api(router(deps.clone()), &deps.http);
        courier.router.set(router.clone()).unwrap();
        Self { stand, sandbox, router, courier }
    }

    /// Starts a payment and types a card, as the player does.
    async fn type_card(&self, till: &Till, number: &str) -> (Value, Value) {
        let body = json!({ "quote_hash": till.quote.hash, "method": "card" });
        let started = send(&self.router, pay_request(till, "one", &body)).await;
        assert_eq!(started.status, 201, "{:?}", started.json);
        let card = json!({ "number": number, "exp_month": 12, "exp_year": 2999, "cvc": "123" });
        let secret = &started.json["client_secret"];
        let answer =
            self.browser(&started.json, "confirm", json!({ "client_secret": secret, "card": card })).await;
        (started.json, answer)
    }

    async fn browser(&self, started: &Value, step: &str, body: Value) -> Value {
        let base = started["provider_url"].as_str().unwrap();
        let url = format!("{base}/v1/payment_intents/{}/{step}", started["intent_id"].as_str().unwrap());
        reqwest::Client::new().post(url).json(&body).send().await.unwrap().json().await.unwrap()
    }

    async fn until(&self, till: &Till, reached: impl Fn(&CheckoutRecord) -> bool) -> CheckoutRecord {
        let mut changes = self.stand.changes.clone();
        loop {
            let checkout = self.stand.checkout(till.checkout_id).await;
            if reached(&checkout) {
                return checkout;
            }
            changes.changed().await.unwrap();
        }
    }
}

#[tokio::test]
async fn cards_that_pay_early_late_twice_or_out_of_order_make_one_order_each() {
    let circle = Circle::new().await;
    let cards = ["4242424242424242", "4000000000000077", "4000000000000036", "4000000000000044"];
    let paid = cards.map(|number| {
        let circle = &circle;
        async move {
            let till = circle.stand.till(1).await;
            circle.type_card(&till, number).await;
            let checkout = circle.until(&till, |checkout| checkout.state == CheckoutState::Paid).await;
            checkout.order.unwrap().0
        }
    });
    let mut orders = futures_util::future::join_all(paid).await;
    orders.sort();
    orders.dedup();
    assert_eq!(orders.len(), cards.len());
    // Repeats and stragglers arrive and change nothing: created and succeeded of four, one of them twice.
    let mut carried = circle.courier.carried.subscribe();
    carried.wait_for(|carried| *carried >= 10).await.unwrap();
    let totals = circle.stand.store.totals(circle.stand.ours.id, OrderFilter::default()).await.unwrap();
    assert_eq!(totals.count, 4);
    circle.sandbox.stop().await.unwrap();
}

#[tokio::test]
async fn a_declined_card_leaves_the_pieces_held_and_says_why() {
    let circle = Circle::new().await;
    for (number, failure) in [
        ("4000000000000002", PaymentFailure::CardDeclined),
        ("4000000000009995", PaymentFailure::InsufficientFunds),
    ] {
        let till = circle.stand.till(1).await;
        let (_, answer) = circle.type_card(&till, number).await;
        assert_eq!(answer["status"], "requires_payment_method");
        let failed =
            |checkout: &CheckoutRecord| checkout.payment.as_ref().is_some_and(|p| p.failure.is_some());
        let checkout = circle.until(&till, failed).await;
        assert_eq!(checkout.state, CheckoutState::Open);
        assert_eq!(checkout.payment.unwrap().failure, Some(failure));
    }
    circle.sandbox.stop().await.unwrap();
}

#[tokio::test]
async fn a_card_whose_bank_asks_pays_once_it_is_answered() {
    let circle = Circle::new().await;
    let till = circle.stand.till(1).await;
    let (started, answer) = circle.type_card(&till, "4000000000003220").await;
    assert_eq!(answer["status"], "requires_action");
    let asked = circle.until(&till, |checkout| checkout.state == CheckoutState::ActionRequired).await;
    assert!(asked.payment.unwrap().action_url.is_some());
    let body = json!({ "client_secret": started["client_secret"], "answer": "pass" });
    circle.browser(&started, "challenge", body).await;
    circle.until(&till, |checkout| checkout.state == CheckoutState::Paid).await;
    circle.sandbox.stop().await.unwrap();
}
