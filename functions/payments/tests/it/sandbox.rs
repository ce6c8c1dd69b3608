//! The client against the real sandbox provider over loopback, and against answers it must not trust.

use serde_json::{Value, json};
use showfloor_domain::payment::{Mode, PaymentFailure, PaymentState, PaymentTerms};
use showfloor_domain::{Currency, Money, PaymentId, QuoteId, RefundId, ShopId, UtcMs};
use showfloor_functions_payments::{
    ANSWER_BYTES_MAX, PaymentProvider as _, ProviderError, RefundProgress, SandboxAccount, SandboxProvider,
};
use showfloor_sandbox_provider::{Config, Endpoint, Running};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

const API_KEY: &str = "sk_test_0123456789abcdef";
const WEBHOOK_SECRET: &str = "whsec_0123456789abcdef";

fn terms() -> PaymentTerms {
    let now = UtcMs::new(1_795_203_000_000);
    PaymentTerms {
        payment_id: PaymentId::generate(now, [1; 10]),
        quote_id: QuoteId::generate(now, [2; 10]),
        amount: Money::new(4_900, Currency::EUR),
        account: ShopId::generate(now, [3; 10]),
        mode: Mode::Test,
    }
}

fn client(url: &str, api_key: &str) -> SandboxProvider {
    SandboxProvider::new(SandboxAccount {
        shop_id: terms().account,
        api_url: url.into(),
        browser_url: url.into(),
        api_key: api_key.to_owned().into(),
        webhook_secret: Some(WEBHOOK_SECRET.to_owned().into()),
    })
    .unwrap()
}

async fn sandbox() -> Running {
    let config = Config::new(API_KEY, WEBHOOK_SECRET);
    let running = showfloor_sandbox_provider::SandboxProvider::start_on_loopback(config).await.unwrap();
    running.provider.set_endpoint(terms().account.to_string(), Endpoint::new("http://127.0.0.1:9/"));
    running
}

async fn confirm(url: &str, intent_id: &str, client_secret: &str, number: &str) {
    let card = json!({ "number": number, "exp_month": 12, "exp_year": 2999, "cvc": "123" });
    let body = json!({ "client_secret": client_secret, "card": card });
    let path = format!("{url}/v1/payment_intents/{intent_id}/confirm");
    let _: Value = reqwest::Client::new().post(path).json(&body).send().await.unwrap().json().await.unwrap();
}

#[tokio::test]
async fn a_payment_is_made_once_per_key_paid_and_refunded() {
    let sandbox = sandbox().await;
    let provider = client(&sandbox.url, API_KEY);
    let created = provider.create_intent(&terms()).await.unwrap();
    assert_eq!(provider.create_intent(&terms()).await.unwrap(), created);
    let report = provider.retrieve(&created.intent_id).await.unwrap();
    assert_eq!((report.told, report.state), (terms(), PaymentState::RequiresPayment));

    confirm(&sandbox.url, &created.intent_id, &created.client_secret, "4242424242424242").await;
    let report = provider.retrieve(&created.intent_id).await.unwrap();
    assert_eq!(report.state, PaymentState::Succeeded);
    assert_eq!(report.card.unwrap().last4, "4242");

    let refund_id = RefundId::generate(UtcMs::new(1), [4; 10]);
    for _ in 0..2 {
        let progress = provider.refund(refund_id, &created.intent_id, terms().amount).await;
        assert_eq!(progress, Ok(RefundProgress::Succeeded), "the same key again is the same refund");
    }
    let more = RefundId::generate(UtcMs::new(2), [5; 10]);
    let refused = provider.refund(more, &created.intent_id, terms().amount).await;
    assert!(matches!(refused, Err(ProviderError::Refused(_))), "{refused:?}");
    sandbox.stop().await.unwrap();
}

#[tokio::test]
async fn c14_a_declined_payment_takes_no_other_card_once_it_is_cancelled() {
    let sandbox = sandbox().await;
    let provider = client(&sandbox.url, API_KEY);
    let created = provider.create_intent(&terms()).await.unwrap();
    confirm(&sandbox.url, &created.intent_id, &created.client_secret, "4000000000000002").await;
    let report = provider.retrieve(&created.intent_id).await.unwrap();
    assert_eq!((report.state, report.failure), (PaymentState::Failed, Some(PaymentFailure::CardDeclined)));
    provider.cancel(&created.intent_id).await.unwrap();
    confirm(&sandbox.url, &created.intent_id, &created.client_secret, "4242424242424242").await;
    let report = provider.retrieve(&created.intent_id).await.unwrap();
    assert_eq!((report.state, report.failure), (PaymentState::Failed, Some(PaymentFailure::Cancelled)));
    sandbox.stop().await.unwrap();
}

#[tokio::test]
async fn a_wrong_key_is_a_failure_of_ours_not_a_refusal() {
    let sandbox = sandbox().await;
    let refused = client(&sandbox.url, "sk_test_wrong_wrong_wrong").create_intent(&terms()).await;
    assert!(matches!(refused, Err(ProviderError::Unavailable(_))), "{refused:?}");
    sandbox.stop().await.unwrap();
}

#[tokio::test]
async fn d6_the_sandbox_is_not_asked_for_real_money_or_another_shop() {
    // Nothing listens there: a request would be unavailable, not refused.
    let provider = client("http://127.0.0.1:9", API_KEY);
    let live = PaymentTerms { mode: Mode::Live, ..terms() };
    let other = PaymentTerms { account: ShopId::generate(UtcMs::new(9), [9; 10]), ..terms() };
    for terms in [live, other] {
        let refused = provider.create_intent(&terms).await;
        assert!(matches!(refused, Err(ProviderError::Refused(_))), "{refused:?}");
    }
    let nobody = provider.create_intent(&terms()).await;
    assert!(matches!(nobody, Err(ProviderError::Unavailable(_))), "{nobody:?}");
}

#[tokio::test]
async fn an_answer_is_read_up_to_its_limit() {
    for (size, read) in [(ANSWER_BYTES_MAX, true), (ANSWER_BYTES_MAX + 1, false)] {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let server = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = [0; 4096];
            let _ = stream.read(&mut request).await.unwrap();
            let intent = r#"{"id":"pi_1","client_secret":"s"}"#;
            let body = format!("{intent}{}", " ".repeat(size - intent.len()));
            let head = format!("HTTP/1.1 201 Created\r\ncontent-length: {size}\r\nconnection: close\r\n\r\n");
            let _ = stream.write_all(head.as_bytes()).await;
            let _ = stream.write_all(body.as_bytes()).await;
        });
        let created = client(&url, API_KEY).create_intent(&terms()).await;
        assert_eq!(created.is_ok(), read, "{size}: {created:?}");
        server.await.unwrap();
    }
}

#[tokio::test]
async fn ids_that_are_no_ids_do_not_reach_into_the_providers_paths() {
    let provider = client("http://127.0.0.1:9", API_KEY);
    for id in ["", "..", "pi/../refunds", "pi_1?x=1", "pi_1#x", "pi 1"] {
        let refused = provider.retrieve(id).await;
        assert!(matches!(refused, Err(ProviderError::Refused(_))), "{id}: {refused:?}");
    }
}
