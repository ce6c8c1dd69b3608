//! Discount codes.

use serde_json::json;

use crate::harness::Stand;

#[tokio::test]
async fn a_code_is_kept_in_capitals_and_belongs_to_its_shop() {
    let stand = Stand::new().await;
    let body = json!({ "code": "kiln10", "percent_bps": 1000, "limit_per_customer": 1 });
    let made = stand.post("our-manager", "/v1/admin/discounts", None, &body).await;
    assert_eq!(made.status, 201, "{:?}", made.json);
    assert_eq!(
        (made.json["code"].as_str(), made.json["percent_bps"].as_u64()),
        (Some("KILN10"), Some(1_000))
    );
    let read = stand.get("our-analyst", "/v1/admin/discounts/Kiln10").await;
    assert_eq!(read.json, made.json);
    let again = stand.post("our-manager", "/v1/admin/discounts", None, &body).await;
    assert_eq!((again.status.as_u16(), again.problem()), (409, "conflict"));
    assert_eq!(stand.get("their-owner", "/v1/admin/discounts/KILN10").await.status, 404);
    assert_eq!(stand.post("their-owner", "/v1/admin/discounts", None, &body).await.status, 201);
    assert_eq!(stand.post("our-host", "/v1/admin/discounts", None, &body).await.problem(), "not-allowed");
}

#[tokio::test]
async fn what_is_no_code_is_named() {
    let stand = Stand::new().await;
    let eur = |minor: i64| json!({ "minor": minor, "currency": "EUR" });
    let refusals = [
        (json!({ "code": "two words", "percent_bps": 1 }), "/code"),
        (json!({ "code": "A".repeat(33), "percent_bps": 1 }), "/code"),
        (json!({ "code": "A", "percent_bps": 0 }), "/percent_bps"),
        (json!({ "code": "A", "percent_bps": 10_001 }), "/percent_bps"),
        (json!({ "code": "A" }), "/percent_bps"),
        (json!({ "code": "A", "percent_bps": 1, "amount": [eur(1)] }), "/percent_bps"),
        (json!({ "code": "A", "amount": [] }), "/amount"),
        (json!({ "code": "A", "amount": [eur(0)] }), "/amount"),
        (json!({ "code": "A", "amount": [eur(1), eur(2)] }), "/amount"),
        (json!({ "code": "A", "percent_bps": 1, "limit_total": 0 }), "/limit_total"),
        (
            json!({ "code": "A", "percent_bps": 1, "starts_at": "2026-11-20T10:00:00Z",
                "ends_at": "2026-11-20T10:00:00Z" }),
            "/ends_at",
        ),
    ];
    for (body, pointer) in refusals {
        let answer = stand.post("our-owner", "/v1/admin/discounts", None, &body).await;
        assert_eq!(answer.status, 422, "{body}");
        assert_eq!(answer.json["errors"][0]["pointer"], pointer, "{body}");
    }
    let fixed = json!({ "code": "a-5", "amount": [eur(500)] });
    assert_eq!(stand.post("our-owner", "/v1/admin/discounts", None, &fixed).await.status, 201);
    let most = json!({ "code": "A".repeat(32), "percent_bps": 10_000 });
    assert_eq!(stand.post("our-owner", "/v1/admin/discounts", None, &most).await.status, 201);
}
