//! Refunds: never more than came in, once per key, only by somebody who just proved who they are.

use futures_util::future::join_all;
use serde_json::{Value, json};
use showfloor_domain::Role;
use showfloor_http::principal::PASSWORD_FRESH_MS;
use showfloor_storage::{Orders as _, StockLedger as _};

use crate::harness::Stand;

fn body(minor: i64, restock: bool) -> Value {
    json!({ "amount": { "minor": minor, "currency": "EUR" }, "restock": restock, "reason": "a chip" })
}

#[tokio::test]
async fn a_refund_is_taken_from_the_order_before_any_provider_knows() {
    let stand = Stand::new().await;
    let order = stand.order(2).await;
    let path = format!("/v1/admin/orders/{}/refunds", order.id);
    let answer = stand.post("our-manager", &path, Some("one"), &body(1_000, false)).await;
    assert_eq!(answer.status, 201, "{:?}", answer.json);
    assert_eq!(answer.json["state"], "partly_refunded");
    assert_eq!(answer.json["refunded"]["minor"], 1_000);
    assert_eq!(answer.json["refundable"]["minor"], order.quote.total.minor() - 1_000);
    let refund = &answer.json["refunds"][0];
    assert_eq!((refund["state"].as_str(), refund["by"].as_str()), (Some("requested"), Some("The manager")));
    let log = showfloor_storage::AuditLog::verified(stand.store.as_ref(), stand.ours.id).await.unwrap();
    assert!(
        log.iter().any(|entry| entry.action == "order.refunded" && entry.subject == order.id.to_string())
    );
}

#[tokio::test]
async fn c8_of_two_refunds_of_sixty_percent_at_once_one_is_made() {
    let stand = Stand::new().await;
    for round in 0..25 {
        let order = stand.order(1).await;
        let path = format!("/v1/admin/orders/{}/refunds", order.id);
        let sixty = body(order.quote.total.minor() * 6 / 10, false);
        // Two people, so that no limit of one session decides this.
        for (name, role) in [("ada", Role::Owner), ("bo", Role::Manager)] {
            stand.session(&format!("{name}-{round}"), stand.ours.id, role, stand.now());
        }
        let (ada, bo) = (format!("ada-{round}"), format!("bo-{round}"));
        let (one, two) = tokio::join!(
            stand.post(&ada, &path, Some("one"), &sixty),
            stand.post(&bo, &path, Some("two"), &sixty),
        );
        let mut statuses = [one.status.as_u16(), two.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 409], "{:?} {:?}", one.json, two.json);
        let refused = if one.status == 409 { one } else { two };
        assert_eq!(refused.problem(), "more-than-left");
        let order = stand.store.find_any(order.id).await.unwrap().unwrap();
        assert!(order.payment.refunded.minor() <= order.payment.captured.minor());
        assert_eq!(order.refunds.len(), 1);
    }
}

#[tokio::test]
async fn c11_a_refund_sent_again_is_made_once() {
    let stand = Stand::new().await;
    let order = stand.order(1).await;
    let path = format!("/v1/admin/orders/{}/refunds", order.id);
    let first = stand.post("our-owner", &path, Some("one"), &body(500, false)).await;
    let again = stand.post("our-owner", &path, Some("one"), &body(500, false)).await;
    assert_eq!((first.status, &first.json), (again.status, &again.json));
    let other = stand.post("our-owner", &path, Some("one"), &body(501, false)).await;
    assert_eq!((other.status.as_u16(), other.problem()), (422, "idempotency-key-reused"));
    let colleague = stand.post("our-manager", &path, Some("one"), &body(500, false)).await;
    assert_eq!(colleague.status, 201, "another person's key is another key");
    let hundred = body(100, false);
    let many = (0..5).map(|_| stand.post("our-owner", &path, Some("many"), &hundred));
    let answers = join_all(many).await;
    assert!(answers.iter().all(|answer| matches!(answer.status.as_u16(), 201 | 409)));
    let order = stand.store.find_any(order.id).await.unwrap().unwrap();
    assert_eq!(order.payment.refunded.minor(), 500 + 500 + 100);
    let missing = stand.post("our-owner", &path, None, &body(1, false)).await;
    assert_eq!((missing.status.as_u16(), missing.problem()), (400, "idempotency-key-missing"));
}

#[tokio::test]
async fn a_refund_needs_a_password_typed_within_ten_minutes() {
    let stand = Stand::new().await;
    let order = stand.order(1).await;
    let path = format!("/v1/admin/orders/{}/refunds", order.id);
    stand.clock.advance_ms(PASSWORD_FRESH_MS);
    let stale = stand.post("our-owner", &path, Some("one"), &body(1, false)).await;
    assert_eq!((stale.status.as_u16(), stale.problem()), (403, "confirm-password"));
    stand.session("fresh", stand.ours.id, Role::Owner, stand.now());
    assert_eq!(stand.post("fresh", &path, Some("one"), &body(1, false)).await.status, 201);
}

#[tokio::test]
async fn what_cannot_be_refunded_is_named() {
    let stand = Stand::new().await;
    let order = stand.order(2).await;
    let total = order.quote.total.minor();
    let path = format!("/v1/admin/orders/{}/refunds", order.id);
    let usd = json!({ "amount": { "minor": 1, "currency": "USD" }, "restock": false, "reason": "x" });
    let mut line = body(1, true);
    line["lines"] = json!([{ "line": 1, "quantity": 1 }]);
    let mut pieces = body(1, true);
    pieces["lines"] = json!([{ "line": 0, "quantity": 2 }, { "line": 0, "quantity": 1 }]);
    let mut nothing = body(1, true);
    nothing["lines"] = json!([{ "line": 0, "quantity": 0 }]);
    let mut silent = body(1, false);
    silent["reason"] = json!(" ");
    let refusals = [
        (body(0, false), 422, "/amount/minor"),
        (body(-5, false), 422, "/amount/minor"),
        (usd, 422, "/amount/currency"),
        (body(total + 1, false), 409, "/amount/minor"),
        (line, 422, "/lines/0/line"),
        (pieces, 422, "/lines/1/quantity"),
        (nothing, 422, "/lines/0/quantity"),
        (silent, 422, "/reason"),
    ];
    for (index, (body, status, pointer)) in refusals.iter().enumerate() {
        let answer = stand.post("our-owner", &path, Some(&format!("k{index}")), body).await;
        assert_eq!(answer.status, *status, "{body}: {:?}", answer.json);
        assert_eq!(answer.json["errors"][0]["pointer"], *pointer, "{body}");
    }
    for text in ["1.5", "9223372036854775808", "\"5\""] {
        let raw = format!(r#"{{"amount":{{"minor":{text},"currency":"EUR"}},"restock":false,"reason":"x"}}"#);
        let body: Value = serde_json::from_str(&raw).unwrap();
        assert_eq!(stand.post("our-owner", &path, Some("n"), &body).await.status, 422, "{text}");
    }
    assert_eq!(stand.store.find_any(order.id).await.unwrap().unwrap().payment.refunded.minor(), 0);
    assert_eq!(
        stand.post("our-owner", &path, Some("all"), &body(total, false)).await.json["state"],
        "refunded"
    );
}

#[tokio::test]
async fn pieces_that_come_back_can_be_sold_again_once() {
    let stand = Stand::new().await;
    let order = stand.order(2).await;
    let path = format!("/v1/admin/orders/{}/refunds", order.id);
    let available = async || {
        let levels = stand.store.levels(stand.ours.id, &[stand.ours.variant_id]).await.unwrap();
        levels[0].1.available()
    };
    let before = available().await;
    let mut one = body(100, true);
    one["lines"] = json!([{ "line": 0, "quantity": 1 }]);
    assert_eq!(stand.post("our-owner", &path, Some("one"), &one).await.status, 201);
    assert_eq!(available().await, before + 1);
    let all = stand.post("our-owner", &path, Some("all"), &body(100, true)).await;
    assert_eq!((all.status.as_u16(), all.problem()), (409, "nothing-to-restock"));
    assert_eq!(stand.post("our-owner", &path, Some("two"), &one).await.status, 201);
    assert_eq!(available().await, before + 2);
}
