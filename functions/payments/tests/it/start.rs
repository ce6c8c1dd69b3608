//! Starting payments: once per key, few per buyer, only with the cart's secret.

use futures_util::future::join_all;
use serde_json::json;
use showfloor_domain::checkout::{ATTEMPTS_MAX, DEVICE_FAILURES_MAX, HOLD_MS};
use showfloor_domain::{CheckoutId, ViewerId};
use showfloor_http::Entropy as _;
use showfloor_http::testing::walk::send;

use crate::harness::{SECRET, Stand, Till, event, pay_request};
use crate::provider::{CALLS_AT_ONCE, intent_of};

#[tokio::test]
async fn a_payment_is_started_under_the_frozen_quote() {
    let stand = Stand::new().await;
    let till = stand.till(2).await;
    let answer = stand.pay(&till, "one").await;
    assert_eq!(answer.status, 201, "{:?}", answer.json);
    assert_eq!(answer.json["provider"], "sandbox");
    assert_eq!(answer.json["provider_url"], "http://pay.test");
    assert_eq!(answer.json["attempts_left"], ATTEMPTS_MAX - 1);
    assert_eq!(answer.headers["cache-control"], "no-store");
    let book = stand.ours.provider.book.lock().unwrap();
    assert_eq!(book.creates.len(), 1);
    assert_eq!(book.creates[0].amount, till.quote.content.total);
    assert_eq!(book.creates[0].quote_id, till.quote.id);
    assert!(stand.changed.lock().unwrap().contains(&till.checkout_id));
}

#[tokio::test]
async fn c11_a_request_sent_again_gets_the_same_payment() {
    let stand = Stand::new().await;
    let till = stand.till(1).await;
    let first = stand.pay(&till, "one").await;
    let again = stand.pay(&till, "one").await;
    assert_eq!((first.status, &first.json), (again.status, &again.json));
    assert_eq!(stand.ours.provider.creates(), 1);

    let other = json!({ "quote_hash": "0".repeat(64), "method": "card" });
    let refused = stand.pay_with(&till, "one", other).await;
    assert_eq!((refused.status.as_u16(), refused.problem()), (422, "idempotency-key-reused"));
    assert_eq!(stand.ours.provider.creates(), 1);
}

#[tokio::test]
async fn c11_two_buyers_with_one_key_have_two_payments() {
    let stand = Stand::new().await;
    let (ada, bo) = (stand.till(1).await, stand.till(1).await);
    let (one, two) = (stand.pay(&ada, "same").await, stand.pay(&bo, "same").await);
    assert_eq!((one.status.as_u16(), two.status.as_u16()), (201, 201));
    assert_ne!(one.json["id"], two.json["id"]);
}

#[tokio::test]
async fn c11_while_a_request_is_worked_on_its_repeat_waits() {
    let stand = Stand::new().await;
    let till = stand.till(1).await;
    let gate = stand.ours.provider.gate.acquire_many(CALLS_AT_ONCE).await.unwrap();
    let body = json!({ "quote_hash": till.quote.hash, "method": "card" });
    let (router, request) = (stand.router.clone(), pay_request(&till, "one", &body));
    let first = tokio::spawn(async move { send(&router, request).await });
    // The first one is at the provider once its payment is written down.
    while stand.checkout(till.checkout_id).await.attempts == 0 {
        tokio::task::yield_now().await;
    }
    let repeat = stand.pay(&till, "one").await;
    assert_eq!((repeat.status.as_u16(), repeat.problem()), (409, "request-in-flight"));
    drop(gate);
    assert_eq!(first.await.unwrap().status, 201);
    assert_eq!(stand.ours.provider.creates(), 1);
}

#[tokio::test]
async fn an_answer_that_got_lost_leads_to_the_same_payment() {
    let stand = Stand::new().await;
    let till = stand.till(1).await;
    stand.ours.provider.book.lock().unwrap().answers_lost = true;
    let lost = stand.pay(&till, "one").await;
    assert_eq!((lost.status.as_u16(), lost.problem()), (503, "unavailable"));
    stand.ours.provider.book.lock().unwrap().answers_lost = false;
    let found = stand.pay(&till, "one").await;
    assert_eq!(found.status, 201);
    let book = stand.ours.provider.book.lock().unwrap();
    assert_eq!(book.creates[0], book.creates[1], "the provider sees one key twice");
}

#[tokio::test]
async fn a_request_without_a_key_is_refused() {
    let stand = Stand::new().await;
    let till = stand.till(1).await;
    let body = json!({ "quote_hash": till.quote.hash, "method": "card" });
    for key in [None, Some(""), Some("two words")] {
        let mut request = pay_request(&till, "x", &body);
        request.headers_mut().remove("idempotency-key");
        if let Some(key) = key {
            request.headers_mut().insert("idempotency-key", key.parse().unwrap());
        }
        let answer = send(&stand.router, request).await;
        assert_eq!((answer.status.as_u16(), answer.problem()), (400, "idempotency-key-missing"));
    }
    let long = "k".repeat(256);
    assert_eq!(stand.pay(&till, &long).await.status, 400);
    assert_eq!(stand.pay(&till, &long[1..]).await.status, 201);
}

#[tokio::test]
async fn a_changed_quote_and_an_ended_hold_are_said_before_a_cent_moves() {
    let stand = Stand::new().await;
    let till = stand.till(1).await;
    let stale = json!({ "quote_hash": "0".repeat(64), "method": "card" });
    let changed = stand.pay_with(&till, "one", stale).await;
    assert_eq!((changed.status.as_u16(), changed.problem()), (409, "quote-changed"));

    stand.clock.advance_ms(HOLD_MS);
    let ended = stand.pay(&till, "two").await;
    assert_eq!((ended.status.as_u16(), ended.problem()), (410, "hold-ended"));
    assert_eq!(stand.ours.provider.creates(), 0);
}

#[tokio::test]
async fn c3_nobody_sends_an_amount() {
    let stand = Stand::new().await;
    let till = stand.till(1).await;
    for extra in ["amount", "price", "currency", "total"] {
        let mut body = json!({ "quote_hash": till.quote.hash, "method": "card" });
        body[extra] = json!(1);
        let answer = stand.pay_with(&till, extra, body).await;
        assert_eq!(answer.status, 422, "{extra}");
    }
    assert_eq!(stand.ours.provider.creates(), 0);
}

#[tokio::test]
async fn c10_every_miss_is_the_same_404() {
    let stand = Stand::new().await;
    let (till, other) = (stand.till(1).await, stand.till(1).await);
    let foreign = stand.till_of(&stand.theirs, 1, "elsewhere").await;
    let unknown = CheckoutId::generate(stand.now(), stand.entropy.id_bytes());
    let visitor = stand.token(&stand.theirs, ViewerId::generate(stand.now(), stand.entropy.id_bytes()));
    let misses = [
        Till { cart_secret: String::new(), ..till.clone() },
        Till { cart_secret: other.cart_secret.clone(), ..till.clone() },
        Till { checkout_id: unknown, ..till.clone() },
        Till { checkout_id: foreign.checkout_id, ..till.clone() },
        Till { checkout_id: foreign.checkout_id, cart_secret: foreign.cart_secret.clone(), ..till.clone() },
        Till { token: visitor, ..till.clone() },
    ];
    let mut bodies = Vec::new();
    for (index, miss) in misses.iter().enumerate() {
        let answer = stand.pay(miss, "key").await;
        assert_eq!(answer.status, 404, "{index}: {:?}", answer.json);
        bodies.push(answer.json);
    }
    assert!(bodies.windows(2).all(|pair| pair[0] == pair[1]), "{bodies:?}");
    assert_eq!(stand.ours.provider.creates() + stand.theirs.provider.creates(), 0);
    assert_eq!(stand.pay(&till, "key").await.status, 201, "the right secret still opens it");
}

#[tokio::test]
async fn c14_a_hundred_declines_reach_the_provider_at_most_five_times() {
    let stand = Stand::new().await;
    let mut refusals = 0;
    for i in 0..100 {
        // A new reservation, viewer and key each time, on one device.
        let till = stand.till_of(&stand.ours, 1, "one device").await;
        let answer = stand.pay(&till, &format!("try {i}").replace(' ', "-")).await;
        if answer.status != 201 {
            assert_eq!((answer.status.as_u16(), answer.problem()), (429, "too-many-failures"));
            assert!(answer.headers.contains_key("retry-after"));
            refusals += 1;
            continue;
        }
        let terms = stand.ours.provider.book.lock().unwrap().creates.last().unwrap().clone();
        let intent_id = intent_of(terms.payment_id);
        let body =
            event(&format!("evt_{i}"), &intent_id, &terms, "requires_payment_method", Some("card_declined"));
        assert_eq!(stand.post(&stand.ours, SECRET, &body).await.status, 204);
        let cancelled = stand.ours.provider.book.lock().unwrap().cancels.contains(&intent_id);
        assert!(cancelled, "no second card is tried on a payment that was declined");
    }
    assert!(stand.ours.provider.creates() <= DEVICE_FAILURES_MAX as usize);
    assert_eq!(refusals, 100 - stand.ours.provider.creates());
}

#[tokio::test]
async fn c14_one_hold_tries_three_payments_however_they_are_sent() {
    let stand = Stand::new().await;
    let till = stand.till(1).await;
    let keys: Vec<String> = (0..10).map(|i| format!("key-{i}")).collect();
    let answers = join_all(keys.iter().map(|key| stand.pay(&till, key))).await;
    let started = answers.iter().filter(|answer| answer.status == 201).count();
    assert_eq!(started, ATTEMPTS_MAX as usize);
    assert_eq!(stand.ours.provider.creates(), started);
    for answer in answers.iter().filter(|answer| answer.status != 201) {
        assert_eq!((answer.status.as_u16(), answer.problem()), (409, "no-attempts-left"));
    }
}

#[test]
fn c14_only_one_place_asks_a_provider_to_make_a_payment() {
    fn callers(folder: &std::path::Path, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                callers(&path, found);
            } else if std::fs::read_to_string(&path).unwrap().contains(".create_intent(") {
                found.push(path.file_name().unwrap().to_string_lossy().into_owned());
            }
        }
    }
    let mut found = Vec::new();
    callers(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    assert_eq!(found, ["start.rs"]);
}
