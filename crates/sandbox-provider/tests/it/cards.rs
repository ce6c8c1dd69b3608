//! Each card's story.

use std::time::Duration;

use serde_json::json;
use showfloor_sandbox_provider::{CARDS_PER_INTENT_MAX, CREATED_HELD_MS_MAX, LATE_DELAY};

use crate::stack::{Stack, card, pass, path};

#[tokio::test(start_paused = true)]
async fn each_card_answers_as_it_is_listed() {
    let stack = Stack::start();
    for (name, status, code) in [
        ("succeeds", "succeeded", None),
        ("succeeds_mastercard", "succeeded", None),
        ("declined", "requires_payment_method", Some("card_declined")),
        ("insufficient_funds", "requires_payment_method", Some("insufficient_funds")),
        ("challenge", "requires_action", None),
        ("late", "processing", None),
        ("twice", "succeeded", None),
        ("out_of_order", "succeeded", None),
    ] {
        let intent = stack.intent(name).await;
        let (http, paid) = stack.confirm(&intent, card(name)).await;
        assert_eq!((http, paid["status"].as_str()), (200, Some(status)), "{name}");
        assert_eq!(paid["error"]["code"].as_str(), code, "{name}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_paid_intent_is_told_with_its_card_and_its_reference() {
    let stack = Stack::start();
    let intent = stack.intent("k").await;
    stack.confirm(&intent, card("succeeds_mastercard")).await;
    let arrivals = stack.inbox.wait_for(2).await;
    let mut kinds = stack.inbox.kinds();
    kinds.sort();
    assert_eq!(kinds, ["payment_intent.created", "payment_intent.succeeded"]);
    let event = arrivals.iter().find(|arrival| arrival.kind() == "payment_intent.succeeded").unwrap().event();
    let told = &event["data"]["intent"];
    assert_eq!((&event["account"], &event["mode"]), (&json!("shop_1"), &json!("test")));
    assert_eq!(told["amount"], json!({"minor": 4_900, "currency": "EUR"}));
    assert_eq!(told["reference"], json!({"payment_id": "pay_1", "quote_id": "quo_1"}));
    assert_eq!((&told["id"], &told["status"]), (&intent["id"], &json!("succeeded")));
    assert_eq!((&told["card"]["brand"], &told["card"]["last4"]), (&json!("mastercard"), &json!("4444")));
    assert!(event["data"]["intent"].get("client_secret").is_none());
}

#[tokio::test(start_paused = true)]
async fn a_declined_card_leaves_room_for_another() {
    let stack = Stack::start();
    let intent = stack.intent("k").await;
    stack.confirm(&intent, card("declined")).await;
    let (_, paid) = stack.confirm(&intent, card("succeeds")).await;
    assert_eq!(paid["status"], "succeeded");
    stack.inbox.wait_for(3).await;
    let failed = stack.inbox.all().into_iter().find(|a| a.kind() == "payment_intent.payment_failed").unwrap();
    assert_eq!(failed.event()["data"]["intent"]["failure"]["code"], "card_declined");
}

#[tokio::test(start_paused = true)]
async fn a_passed_challenge_pays_and_a_failed_one_may_be_tried_again() {
    let stack = Stack::start();
    let intent = stack.intent("k").await;
    let (_, asked) = stack.confirm(&intent, card("challenge")).await;
    assert_eq!(asked["next_action"]["type"], "challenge");
    assert!(asked["next_action"]["url"].as_str().unwrap().starts_with("http://bank.test/challenge/pi_"));
    let (_, failed) = stack.answer(&intent, "fail").await;
    assert_eq!(failed["status"], "requires_payment_method");
    assert_eq!(failed["error"]["code"], "challenge_failed");
    assert_eq!(stack.answer(&intent, "pass").await.0, 409, "nothing is asked any more");
    stack.confirm(&intent, card("challenge")).await;
    assert_eq!(stack.answer(&intent, "pass").await.1["status"], "succeeded");
    stack.inbox.wait_for(5).await;
    let mut kinds = stack.inbox.kinds();
    kinds.sort();
    assert_eq!(
        kinds,
        [
            "payment_intent.created",
            "payment_intent.payment_failed",
            "payment_intent.requires_action",
            "payment_intent.requires_action",
            "payment_intent.succeeded"
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn the_late_card_is_told_after_its_delay() {
    let stack = Stack::start();
    let intent = stack.intent("k").await;
    stack.confirm(&intent, card("late")).await;
    assert_eq!(stack.get(&path(&intent, "")).await.1["status"], "processing");
    assert_eq!(stack.post(&path(&intent, "/cancel"), json!({})).await.0, 409, "the bank has it already");
    let arrivals = stack.inbox.wait_for(3).await;
    assert_eq!(arrivals[2].kind(), "payment_intent.succeeded");
    assert_eq!(arrivals[2].at_ms, LATE_DELAY.as_millis());
    assert_eq!(stack.get(&path(&intent, "")).await.1["status"], "succeeded");
}

#[tokio::test(start_paused = true)]
async fn every_webhook_of_the_twice_card_comes_twice_and_the_last_one_at_once() {
    let stack = Stack::start();
    stack.inbox.take(Duration::from_millis(10));
    let intent = stack.intent("k").await;
    stack.confirm(&intent, card("twice")).await;
    stack.refund(&intent, 100, "r").await;
    pass(Duration::from_secs(120)).await;
    let told = |kind: &str| {
        let of = stack.inbox.all().into_iter().filter(|arrival| arrival.kind() == kind).collect::<Vec<_>>();
        assert_eq!(of.len(), 2, "{kind}");
        assert_eq!(of[0].webhook.body, of[1].webhook.body, "{kind}");
        of[1].at_ms - of[0].at_ms
    };
    assert_eq!(told("payment_intent.created"), 1_000);
    assert_eq!(told("payment_intent.succeeded"), 0, "the second came while the first was not answered");
    assert_eq!(told("refund.updated"), 1_000);
}

#[tokio::test(start_paused = true)]
async fn the_out_of_order_card_tells_the_end_before_the_beginning() {
    let stack = Stack::start();
    let intent = stack.intent("k").await;
    stack.confirm(&intent, card("out_of_order")).await;
    let arrivals = stack.inbox.wait_for(3).await;
    assert_eq!(
        stack.inbox.kinds(),
        ["payment_intent.succeeded", "payment_intent.processing", "payment_intent.created"]
    );
    let statuses: Vec<_> =
        arrivals.iter().map(|a| a.event()["data"]["intent"]["status"].as_str().unwrap().to_owned()).collect();
    assert_eq!(statuses, ["succeeded", "processing", "requires_payment_method"]);
}

#[tokio::test(start_paused = true)]
async fn a_creation_that_was_told_before_is_told_again_after_the_end() {
    let stack = Stack::start();
    let intent = stack.intent("k").await;
    let first = stack.inbox.wait_for(1).await;
    assert_eq!(first[0].at_ms, u128::try_from(CREATED_HELD_MS_MAX).unwrap());
    stack.confirm(&intent, card("out_of_order")).await;
    let arrivals = stack.inbox.wait_for(4).await;
    assert_eq!(arrivals[3].webhook.body, arrivals[0].webhook.body);
    assert_eq!(arrivals[1].kind(), "payment_intent.succeeded");
}

#[tokio::test(start_paused = true)]
async fn a_paid_intent_takes_no_second_payment() {
    let stack = Stack::start();
    let intent = stack.intent("k").await;
    stack.confirm(&intent, card("succeeds")).await;
    let (status, again) = stack.confirm(&intent, card("declined")).await;
    assert_eq!((status, again["status"].as_str()), (200, Some("succeeded")));
    pass(Duration::from_secs(60)).await;
    assert_eq!(stack.inbox.all().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn an_intent_takes_so_many_cards_and_not_one_more() {
    let stack = Stack::start();
    let intent = stack.intent("k").await;
    for tried in 1..=CARDS_PER_INTENT_MAX {
        let (status, answer) = stack.confirm(&intent, card("declined")).await;
        assert_eq!(
            (status, answer["attempts_left"].as_u64()),
            (200, Some(u64::from(CARDS_PER_INTENT_MAX - tried)))
        );
    }
    let (status, problem) = stack.confirm(&intent, card("succeeds")).await;
    assert_eq!(status, 409);
    assert!(problem["type"].as_str().unwrap().ends_with("/no-attempts-left"));
    assert_eq!(stack.get(&path(&intent, "")).await.1["status"], "requires_payment_method");
}

#[tokio::test(start_paused = true)]
async fn an_invalid_card_is_refused_and_not_counted() {
    let stack = Stack::start();
    let intent = stack.intent("k").await;
    let (status, problem) = stack.confirm(&intent, "4242424242424241").await;
    assert_eq!((status, &problem["errors"][0]["pointer"]), (422, &json!("/card/number")));
    assert!(!problem.to_string().contains("424242"));
    assert_eq!(stack.get(&path(&intent, "")).await.1["attempts_left"], CARDS_PER_INTENT_MAX);
}

#[tokio::test(start_paused = true)]
async fn a_canceled_intent_takes_no_card_and_is_told_once() {
    let stack = Stack::start();
    let intent = stack.intent("k").await;
    for _ in 0..2 {
        let (status, canceled) = stack.post(&path(&intent, "/cancel"), json!({})).await;
        assert_eq!((status, canceled["status"].as_str()), (200, Some("canceled")));
    }
    assert_eq!(stack.confirm(&intent, card("succeeds")).await.0, 409);
    pass(Duration::from_secs(60)).await;
    let mut kinds = stack.inbox.kinds();
    kinds.sort();
    assert_eq!(kinds, ["payment_intent.canceled", "payment_intent.created"]);
}
