//! What a merchant's server may rely on.

use std::time::Duration;

use axum::http::Method;
use serde_json::{Value, json};
use showfloor_sandbox_provider::{CARD_REFUND_FAILS, REFUNDS_PER_INTENT_MAX};

use crate::stack::{API_KEY, Arrival, Stack, asked, card, pass, path};

#[tokio::test(start_paused = true)]
async fn a_key_makes_one_intent_and_no_other() {
    let stack = Stack::start();
    let first = stack.intent("k").await;
    assert_eq!(stack.intent("k").await, first);
    let mut dearer = asked("k");
    dearer["amount"]["minor"] = json!(4_901);
    let (status, problem) = stack.post("/v1/payment_intents", dearer).await;
    assert_eq!(status, 409);
    assert!(problem["type"].as_str().unwrap().ends_with("/key-reused"));
    assert_ne!(stack.intent("other").await["id"], first["id"]);
}

#[tokio::test(start_paused = true)]
async fn nobody_without_the_key_is_served() {
    let stack = Stack::start();
    let intent = stack.intent("k").await;
    let own = path(&intent, "");
    let cancel = path(&intent, "/cancel");
    for key in [None, Some(""), Some("sk_test_0123456789abcdeF"), Some(&API_KEY[..23])] {
        for (method, path) in [
            (Method::POST, "/v1/payment_intents"),
            (Method::POST, cancel.as_str()),
            (Method::GET, own.as_str()),
            (Method::POST, "/v1/refunds"),
            (Method::GET, "/v1/refunds/re_1"),
        ] {
            let (status, _) = stack.call(method, path, key, Some(asked("x"))).await;
            assert_eq!(status, 401, "{path}");
        }
    }
    assert_eq!(stack.get(&own).await.1["status"], "requires_payment_method");
}

#[tokio::test(start_paused = true)]
async fn what_is_not_asked_for_properly_is_refused() {
    let stack = Stack::start();
    let change = |pointer: &str, value: Value| {
        let mut body = asked("k");
        *body.pointer_mut(pointer).unwrap() = value;
        body
    };
    let mut unknown = asked("k");
    unknown["tip"] = json!(1);
    for body in [
        change("/mode", json!("live")),
        change("/amount/minor", json!(0)),
        change("/amount/minor", json!(1.5)),
        change("/amount/currency", json!("eur")),
        change("/account", json!("")),
        change("/idempotency_key", json!("a b")),
        unknown,
    ] {
        assert_eq!(stack.post("/v1/payment_intents", body).await.0, 422);
    }
}

#[tokio::test(start_paused = true)]
async fn refunds_stop_at_what_was_paid() {
    let stack = Stack::start();
    let intent = stack.intent("k").await;
    assert_eq!(stack.refund(&intent, 1, "early").await.0, 409, "nothing was paid yet");
    stack.confirm(&intent, card("succeeds")).await;
    let (status, first) = stack.refund(&intent, 3_000, "r1").await;
    assert_eq!((status, first["status"].as_str()), (201, Some("succeeded")));
    let (status, problem) = stack.refund(&intent, 1_901, "r2").await;
    assert_eq!(status, 409);
    assert!(problem["type"].as_str().unwrap().ends_with("/more-than-captured"));
    assert_eq!(stack.refund(&intent, 3_000, "r1").await.1, first, "the same key is the same refund");
    assert_eq!(stack.refund(&intent, 2_999, "r1").await.0, 409, "another body is not");
    assert_eq!(stack.refund(&intent, 1_900, "r3").await.0, 201);
    assert_eq!(stack.get(&path(&intent, "")).await.1["refunded"]["minor"], 4_900);
    let id = first["id"].as_str().unwrap();
    assert_eq!(stack.get(&format!("/v1/refunds/{id}")).await, (200, first.clone()));
    let mut dollars =
        json!({"intent": intent["id"], "amount": {"minor": 1, "currency": "USD"}, "idempotency_key": "r4"});
    assert_eq!(stack.post("/v1/refunds", dollars.clone()).await.0, 409);
    dollars["intent"] = json!("pi_0");
    assert_eq!(stack.post("/v1/refunds", dollars).await.0, 404);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_refunds_of_sixty_per_cent_at_once_one_is_made() {
    let stack = Stack::start();
    for round in 0..100 {
        let intent = stack.intent(&format!("k{round}")).await;
        stack.confirm(&intent, card("succeeds")).await;
        let keys = [format!("a{round}"), format!("b{round}")];
        let (a, b) =
            tokio::join!(stack.refund(&intent, 2_940, &keys[0]), stack.refund(&intent, 2_940, &keys[1]));
        let mut statuses = [a.0, b.0];
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 409]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_refund_of_the_late_card_is_pending_first() {
    let stack = Stack::start();
    let intent = stack.intent("k").await;
    stack.confirm(&intent, card("late")).await;
    pass(Duration::from_secs(3)).await;
    let (_, refund) = stack.refund(&intent, 4_900, "r").await;
    assert_eq!(refund["status"], "pending");
    assert_eq!(stack.refund(&intent, 1, "more").await.0, 409, "what is on its way is taken");
    pass(Duration::from_secs(4)).await;
    let told: Vec<Value> =
        stack.inbox.all().iter().filter(|a| a.kind() == "refund.updated").map(Arrival::event).collect();
    let statuses: Vec<_> = told.iter().map(|event| &event["data"]["refund"]["status"]).collect();
    assert_eq!(statuses, ["pending", "succeeded"]);
    assert_eq!(told[1]["data"]["refund"]["idempotency_key"], "r");
}

#[tokio::test(start_paused = true)]
async fn a_refund_that_fails_frees_its_amount() {
    let stack = Stack::start();
    let intent = stack.intent("k").await;
    stack.confirm(&intent, CARD_REFUND_FAILS).await;
    let (_, refund) = stack.refund(&intent, 4_900, "r").await;
    assert_eq!(refund["status"], "pending");
    pass(Duration::from_secs(4)).await;
    let id = refund["id"].as_str().unwrap();
    assert_eq!(stack.get(&format!("/v1/refunds/{id}")).await.1["status"], "failed");
    assert_eq!(stack.get(&path(&intent, "")).await.1["refunded"]["minor"], 0);
    assert_eq!(stack.refund(&intent, 4_900, "again").await.0, 201);
}

#[tokio::test(start_paused = true)]
async fn an_intent_takes_so_many_refunds_and_not_one_more() {
    let stack = Stack::start();
    let intent = stack.intent("k").await;
    stack.confirm(&intent, card("succeeds")).await;
    for number in 0..REFUNDS_PER_INTENT_MAX {
        assert_eq!(stack.refund(&intent, 1, &format!("r{number}")).await.0, 201);
    }
    let (status, problem) = stack.refund(&intent, 1, "one-more").await;
    assert_eq!(status, 409);
    assert!(problem["type"].as_str().unwrap().ends_with("/too-many-refunds"));
}

#[tokio::test(start_paused = true)]
async fn an_unknown_address_or_method_is_a_problem_too() {
    let stack = Stack::start();
    for (method, path, expected) in [
        (Method::GET, "/v1/nothing", 404),
        (Method::DELETE, "/v1/payment_intents/pi_1", 405),
        (Method::GET, "/v1/refunds", 405),
    ] {
        let (status, problem) = stack.call(method, path, Some(API_KEY), None).await;
        assert_eq!((status, problem["status"].as_u64()), (expected, Some(u64::from(expected))), "{path}");
    }
}
