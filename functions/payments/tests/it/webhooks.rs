//! Webhooks: verified before they are read, once each, in any order.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures_util::StreamExt as _;
use futures_util::stream::iter;
use serde_json::{Value, json};
use showfloor_domain::ShopId;
use showfloor_domain::checkout::CheckoutState;
use showfloor_domain::payment::{Mode, PaymentState, PaymentTerms};
use showfloor_functions_payments::{
    PaymentProvider as _, WEBHOOK_BYTES_MAX, ask_payments, openapi, send_refunds,
};
use showfloor_http::Entropy as _;
use showfloor_http::testing::walk::{cases, send};
use showfloor_storage::OrderFilter;
use showfloor_storage::Orders as _;

use crate::harness::{SECRET, Stand, THEIR_SECRET, Till, event, sign};
use crate::provider::{CountingProvider, intent_of};

/// A paid event that is about to be told, and the checkout it would pay.
async fn paid(stand: &Stand) -> (Till, PaymentTerms, String) {
    let till = stand.till(1).await;
    let terms = stand.started(&till, "one").await;
    let body = event("evt_1", &intent_of(terms.payment_id), &terms, "succeeded", None);
    (till, terms, body)
}

#[tokio::test]
async fn c5_whatever_is_not_signed_by_the_provider_changes_nothing() {
    let stand = Stand::new().await;
    let (till, _, body) = paid(&stand).await;
    let now = stand.now();
    let good = sign(SECRET, now, body.as_bytes());
    let rewritten = serde_json::to_string_pretty(&serde_json::from_str::<Value>(&body).unwrap()).unwrap();
    let old = sign(SECRET, now.plus_ms(-6 * 60_000), body.as_bytes());
    let early = sign(SECRET, now.plus_ms(6 * 60_000), body.as_bytes());
    let forged = [
        ("no header", None, body.clone()),
        ("an empty header", Some(String::new()), body.clone()),
        ("another secret", Some(sign("whsec_of_somebody_else", now, body.as_bytes())), body.clone()),
        ("an empty secret", Some(sign("", now, body.as_bytes())), body.clone()),
        ("written anew", Some(good.clone()), rewritten),
        ("six minutes old", Some(old), body.clone()),
        ("six minutes early", Some(early), body.clone()),
        ("another version", Some(good.replace("v1=", "v0=")), body.clone()),
        ("the base64 of another body", Some(good.clone()), STANDARD.encode("{}")),
    ];
    let before = stand.checkout(till.checkout_id).await;
    for (name, signature, body) in forged {
        let answer = stand.post_raw(&stand.ours, signature.as_deref(), body.into_bytes()).await;
        assert_eq!((answer.status.as_u16(), answer.problem()), (401, "bad-signature"), "{name}");
        assert_eq!(stand.checkout(till.checkout_id).await, before, "{name}");
    }
    // The inbox is empty: the very event still has its effect.
    assert_eq!(stand.post_raw(&stand.ours, Some(&good), body.into_bytes()).await.status, 204);
    assert_eq!(stand.checkout(till.checkout_id).await.state, CheckoutState::Paid);
}

#[tokio::test]
async fn c5_a_body_that_a_gateway_wrapped_in_base64_is_taken() {
    let stand = Stand::new().await;
    let (till, _, body) = paid(&stand).await;
    let signature = sign(SECRET, stand.now(), body.as_bytes());
    let wrapped = STANDARD.encode(&body).into_bytes();
    assert_eq!(stand.post_raw(&stand.ours, Some(&signature), wrapped).await.status, 204);
    assert_eq!(stand.checkout(till.checkout_id).await.state, CheckoutState::Paid);
}

#[tokio::test]
async fn c5_every_webhook_route_refuses_what_is_not_signed() {
    let stand = Stand::new().await;
    let ids = BTreeMap::from([
        ("shop", stand.ours.id.to_string()),
        ("checkout", stand.till(1).await.checkout_id.to_string()),
    ]);
    let routes: Vec<_> =
        cases(openapi(), &ids).into_iter().filter(|case| case.path.starts_with("/v1/webhooks/")).collect();
    assert!(!routes.is_empty());
    for case in routes {
        let request = http::Request::builder().method(case.method.as_str()).uri(&case.path);
        let request = request.header("content-type", "application/json").body("{}".into()).unwrap();
        assert_eq!(send(&stand.router, request).await.status, 401, "{}", case.path);
    }
}

#[tokio::test]
async fn c5_a_shop_without_a_secret_takes_no_webhook() {
    let stand = Stand::new().await;
    let provider = CountingProvider::new(stand.ours.id, None);
    for secret in ["", SECRET] {
        let signature = sign(secret, stand.now(), b"{}");
        assert!(provider.verify_webhook(b"{}", Some(&signature), stand.now()).is_err());
    }
}

#[tokio::test]
async fn c5_a_shop_that_is_not_here_looks_like_a_bad_signature() {
    let stand = Stand::new().await;
    let unknown = ShopId::generate(stand.now(), stand.entropy.id_bytes()).to_string();
    for shop in [unknown.as_str(), "shp_1", "x"] {
        let request = http::Request::post(format!("/v1/webhooks/sandbox/{shop}"))
            .header("sandbox-signature", sign(SECRET, stand.now(), b"{}"))
            .body("{}".into())
            .unwrap();
        let answer = send(&stand.router, request).await;
        assert_eq!((answer.status.as_u16(), answer.problem()), (401, "bad-signature"), "{shop}");
    }
}

#[tokio::test]
async fn c6_events_of_another_shop_or_mode_change_nothing() {
    let stand = Stand::new().await;
    let (till, terms, _) = paid(&stand).await;
    let intent_id = intent_of(terms.payment_id);
    let theirs = PaymentTerms { account: stand.theirs.id, ..terms.clone() };
    let live = PaymentTerms { mode: Mode::Live, ..terms.clone() };
    let about_theirs = event("evt_1", &intent_id, &theirs, "succeeded", None);
    let about_ours = event("evt_1", &intent_id, &terms, "succeeded", None);
    // Inside and outside of one event may differ too.
    let mut mixed: Value = serde_json::from_str(&about_ours).unwrap();
    mixed["data"]["intent"]["account"] = json!(stand.theirs.id);
    let attempts = [
        ("their event, their secret, our address", THEIR_SECRET, about_theirs.clone(), 401),
        ("their event, our secret, our address", SECRET, about_theirs, 403),
        ("our event, their secret, our address", THEIR_SECRET, about_ours, 401),
        ("real money, our secret", SECRET, event("evt_1", &intent_id, &live, "succeeded", None), 403),
        ("our envelope around their payment", SECRET, mixed.to_string(), 403),
    ];
    let before = stand.checkout(till.checkout_id).await;
    for (name, secret, body, status) in attempts {
        assert_eq!(stand.post(&stand.ours, secret, &body).await.status, status, "{name}");
        assert_eq!(stand.checkout(till.checkout_id).await, before, "{name}");
    }
    // Their own true event, at their own address, about a payment that is ours.
    let body = event("evt_2", &intent_id, &theirs, "succeeded", None);
    stand.post(&stand.theirs, THEIR_SECRET, &body).await;
    let after = stand.checkout(till.checkout_id).await;
    assert_eq!((after.state, after.order), (before.state, None));
}

#[tokio::test]
async fn bad_signatures_are_counted_and_good_ones_are_not() {
    let stand = Stand::new().await;
    let (_, terms, body) = paid(&stand).await;
    for i in 0..30 {
        let body = event(&format!("evt_{i}"), &intent_of(terms.payment_id), &terms, "processing", None);
        assert_eq!(stand.post(&stand.ours, SECRET, &body).await.status, 204);
    }
    for _ in 0..20 {
        assert_eq!(stand.post(&stand.ours, "wrong", &body).await.status, 401);
    }
    let limited = stand.post(&stand.ours, "wrong", &body).await;
    assert_eq!(limited.status, 429);
    assert!(limited.headers.contains_key("retry-after"));
    stand.clock.advance_ms(60_000);
    assert_eq!(stand.post(&stand.ours, SECRET, &body).await.status, 204);
}

#[tokio::test]
async fn a_webhook_is_taken_up_to_its_limit() {
    let stand = Stand::new().await;
    let (till, _, body) = paid(&stand).await;
    let pad = |size: usize| format!("{body}{}", " ".repeat(size - body.len()));
    assert_eq!(stand.post(&stand.ours, SECRET, &pad(WEBHOOK_BYTES_MAX + 1)).await.status, 413);
    assert_eq!(stand.post(&stand.ours, SECRET, &pad(WEBHOOK_BYTES_MAX)).await.status, 204);
    assert_eq!(stand.checkout(till.checkout_id).await.state, CheckoutState::Paid);
}

#[tokio::test]
async fn an_event_of_a_kind_that_is_not_known_yet_is_taken_and_ignored() {
    let stand = Stand::new().await;
    let body = json!({ "id": "evt_9", "type": "dispute.opened", "account": stand.ours.id, "mode": "test",
        "created": 1, "data": { "dispute": { "id": "dp_1" } } });
    assert_eq!(stand.post(&stand.ours, SECRET, &body.to_string()).await.status, 204);
}

/// The six things that a provider may tell of one payment.
fn six_events(terms: &PaymentTerms) -> [String; 6] {
    let intent_id = intent_of(terms.payment_id);
    let write = |n: u32, status: &str, failure: Option<&str>| {
        event(&format!("evt_{n}_{}", terms.payment_id), &intent_id, terms, status, failure)
    };
    [
        write(1, "requires_payment_method", None),
        write(2, "requires_action", None),
        write(3, "processing", None),
        write(4, "requires_payment_method", Some("card_declined")),
        write(5, "succeeded", None),
        write(6, "canceled", None),
    ]
}

fn permutations(of: usize) -> Vec<Vec<usize>> {
    if of == 0 {
        return vec![Vec::new()];
    }
    let mut all = Vec::new();
    for shorter in permutations(of - 1) {
        for at in 0..=shorter.len() {
            let mut longer = shorter.clone();
            longer.insert(at, of - 1);
            all.push(longer);
        }
    }
    all
}

#[tokio::test]
async fn c7_all_orders_of_six_events_with_repeats_end_in_one_order() {
    let stand = Stand::new().await;
    let paid = iter(permutations(6)).map(|order| {
        let stand = &stand;
        async move {
            let till = stand.till(1).await;
            let terms = stand.started_elsewhere(&till).await;
            let events = six_events(&terms);
            for (place, &index) in order.iter().enumerate() {
                // Each second one comes twice at once, as impatient providers send them.
                let repeats = 1 + place % 2;
                for _ in 0..repeats {
                    assert_eq!(stand.post(&stand.ours, SECRET, &events[index]).await.status, 204);
                }
            }
            assert_eq!(stand.post(&stand.ours, SECRET, &events[order[0]]).await.status, 204);
            let checkout = stand.checkout(till.checkout_id).await;
            assert_eq!(checkout.state, CheckoutState::Paid, "{order:?}");
            assert_eq!(checkout.payment.unwrap().state, PaymentState::Succeeded, "{order:?}");
            checkout.order.unwrap().0
        }
    });
    let mut orders: Vec<_> = paid.buffer_unordered(200).collect().await;
    orders.sort();
    orders.dedup();
    assert_eq!(orders.len(), 720);
    let totals = stand.store.totals(stand.ours.id, OrderFilter::default()).await.unwrap();
    assert_eq!(totals.count, 720);
    send_refunds(&stand.deps, stand.now()).await.unwrap();
    assert!(stand.ours.provider.book.lock().unwrap().refunds.is_empty(), "nothing went back");
}

#[tokio::test]
async fn c7_webhooks_and_questions_in_parallel_end_in_one_order() {
    let stand = Stand::new().await;
    for _ in 0..20 {
        let till = stand.till(1).await;
        let terms = stand.started(&till, "one").await;
        let intent_id = intent_of(terms.payment_id);
        {
            let mut book = stand.ours.provider.book.lock().unwrap();
            book.reports.get_mut(&intent_id).unwrap().state = PaymentState::Succeeded;
        }
        let later = stand.now().plus_ms(30_000);
        let body = event(&format!("evt_{intent_id}"), &intent_id, &terms, "succeeded", None);
        let (posted, again, asked, asked_again) = tokio::join!(
            stand.post(&stand.ours, SECRET, &body),
            stand.post(&stand.ours, SECRET, &body),
            ask_payments(&stand.deps, later),
            ask_payments(&stand.deps, later),
        );
        assert_eq!((posted.status.as_u16(), again.status.as_u16()), (204, 204));
        asked.unwrap();
        asked_again.unwrap();
        assert_eq!(stand.checkout(till.checkout_id).await.state, CheckoutState::Paid);
    }
    let totals = stand.store.totals(stand.ours.id, OrderFilter::default()).await.unwrap();
    assert_eq!(totals.count, 20);
}
