//! Webhooks arrive, whatever the receiver does.

use std::time::Duration;

use showfloor_sandbox_provider::{
    DELIVERIES_AT_ONCE, DELIVERY_ATTEMPTS_MAX, Endpoint, NoAnswer, SHUTDOWN_GRACE, WEBHOOKS_PENDING_MAX,
    verify,
};
use tokio::time::Instant;

use crate::stack::{START_MS, Stack, WEBHOOK_SECRET, asked, card, pass};

#[tokio::test(start_paused = true)]
async fn a_webhook_is_retried_with_growing_waits_until_it_is_taken() {
    let stack = Stack::start();
    stack.inbox.answer(|number, _| match number {
        1 => Err(NoAnswer("refused".into())),
        2 => Ok(500),
        3 => Ok(302),
        4 => Ok(404),
        _ => Ok(204),
    });
    stack.intent("k").await;
    pass(Duration::from_secs(3_600)).await;
    let at_s: Vec<_> = stack.inbox.all().iter().map(|arrival| arrival.at_ms / 1000 - 30).collect();
    assert_eq!(at_s, [0, 1, 3, 7, 15]);
}

#[tokio::test(start_paused = true)]
async fn each_try_is_signed_with_its_own_time() {
    let stack = Stack::start();
    stack.inbox.answer(|number, _| if number < 3 { Ok(503) } else { Ok(200) });
    stack.intent("k").await;
    for arrival in stack.inbox.wait_for(3).await {
        let webhook = &arrival.webhook;
        let signed_s = verify(WEBHOOK_SECRET, &webhook.signature, webhook.body.as_bytes()).unwrap();
        assert_eq!(signed_s, START_MS / 1000 + i64::try_from(arrival.at_ms / 1000).unwrap());
    }
    let bodies: std::collections::HashSet<_> =
        stack.inbox.all().into_iter().map(|arrival| arrival.webhook.body).collect();
    assert_eq!(bodies.len(), 1, "a repeated event is the same event");
}

#[tokio::test(start_paused = true)]
async fn each_account_has_its_address_and_may_have_its_secret() {
    let stack = Stack::start();
    let own = Endpoint::new("http://two.test/hook").with_secret("whsec_of_shop_two");
    stack.provider.set_endpoint("shop_2", own);
    stack.intent("one").await;
    let mut two = asked("two");
    two["account"] = "shop_2".into();
    stack.post("/v1/payment_intents", two).await;
    for arrival in stack.inbox.wait_for(2).await {
        let webhook = arrival.webhook.clone();
        let (url, secret) = match arrival.event()["account"].as_str() {
            Some("shop_1") => ("http://merchant.test/shop_1", WEBHOOK_SECRET),
            _ => ("http://two.test/hook", "whsec_of_shop_two"),
        };
        assert_eq!(webhook.url, url);
        assert!(verify(secret, &webhook.signature, webhook.body.as_bytes()).is_some());
    }
}

#[tokio::test(start_paused = true)]
async fn a_webhook_that_nobody_takes_is_given_up() {
    let stack = Stack::start();
    stack.inbox.answer(|_, _| Ok(500));
    stack.intent("k").await;
    pass(Duration::from_secs(24 * 3_600)).await;
    assert_eq!(stack.inbox.all().len(), usize::try_from(DELIVERY_ATTEMPTS_MAX).unwrap());
}

#[tokio::test(start_paused = true)]
async fn so_many_webhooks_travel_at_once_and_the_others_wait() {
    let stack = Stack::start();
    stack.inbox.take(Duration::from_secs(4));
    for number in 0..=DELIVERIES_AT_ONCE {
        stack.intent(&format!("k{number}")).await;
    }
    let arrivals = stack.inbox.wait_for(DELIVERIES_AT_ONCE + 1).await;
    assert_eq!(arrivals[DELIVERIES_AT_ONCE - 1].at_ms, 30_000);
    assert_eq!(arrivals[DELIVERIES_AT_ONCE].at_ms, 34_000);
}

#[tokio::test(start_paused = true)]
async fn past_the_queues_limit_nothing_new_is_begun() {
    let stack = Stack::start();
    let first = stack.intent("k0").await;
    for number in 1..WEBHOOKS_PENDING_MAX {
        stack.intent(&format!("k{number}")).await;
    }
    let (status, problem) = stack.post("/v1/payment_intents", asked("one-more")).await;
    assert_eq!((status, problem["retry_after_s"].as_u64()), (503, Some(2)));
    assert_eq!(stack.confirm(&first, card("succeeds")).await.0, 503);
    assert_eq!(stack.intent("k0").await["status"], "requires_payment_method", "nothing was taken");
    stack.inbox.wait_for(WEBHOOKS_PENDING_MAX).await;
    pass(Duration::from_secs(1)).await;
    assert_eq!(stack.confirm(&first, card("succeeds")).await.1["status"], "succeeded");
}

#[tokio::test(start_paused = true)]
async fn it_stops_in_time_though_a_receiver_never_answers() {
    let stack = Stack::start();
    stack.inbox.take(Duration::from_secs(3_600));
    stack.intent("k").await;
    stack.inbox.wait_for(1).await;
    let asked = Instant::now();
    stack.stop().await;
    assert_eq!(asked.elapsed(), SHUTDOWN_GRACE);
}

#[tokio::test(start_paused = true)]
async fn a_new_address_gets_at_once_what_the_old_one_did_not_take() {
    let stack = Stack::start();
    stack.inbox.answer(|_, webhook| Ok(if webhook.url == "http://new.test/hook" { 200 } else { 500 }));
    stack.intent("k").await;
    let missed = stack.inbox.wait_for(6).await;
    pass(Duration::from_secs(5)).await;
    stack.provider.set_endpoint("shop_1", Endpoint::new("http://new.test/hook"));
    let arrivals = stack.inbox.wait_for(7).await;
    assert_eq!(arrivals[6].at_ms - missed[5].at_ms, 5_000, "not after the 32 s that it would have waited");
    assert_eq!(arrivals[6].webhook.body, missed[5].webhook.body);
}
