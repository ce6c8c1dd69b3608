//! Writing the catalogue.

use serde_json::{Value, json};
use showfloor_domain::Role;

use crate::harness::empty;

fn vase() -> Value {
    json!({
        "title": "Vase", "tags": ["clay", "clay"],
        "options": [{ "name": "Glaze", "values": ["Oat", "Moss"] }],
        "variants": [
            { "sku": "V-OAT", "options": { "Glaze": "Oat" }, "weight_g": 700,
              "prices": [{ "minor": 5_800, "currency": "EUR" }, { "minor": 6_400, "currency": "USD" }],
              "compare_at": [{ "minor": 7_000, "currency": "EUR" }] },
            { "sku": "V-MOSS", "options": { "Glaze": "Moss" }, "prices": [{ "minor": 5_900, "currency": "EUR" }] },
        ],
    })
}

#[tokio::test]
async fn a_product_is_written_read_edited_and_deleted() {
    let harness = empty();
    let shop_id = harness.shop(1).await;
    let session = harness.session(shop_id, Role::Manager);
    let made = harness.write("POST", "/v1/admin/products", &session, 0, vase()).await;
    assert_eq!(made.status, 201, "{:?}", made.json);
    assert_eq!(made.json["tags"], json!(["clay"]));
    let path = format!("/v1/admin/products/{}", made.json["id"].as_str().unwrap());
    let kept = made.json["variants"][1].clone();
    let mut edit = vase();
    edit["variants"] = json!([{ "id": kept["id"], "sku": "V-MOSS", "options": { "Glaze": "Moss" },
        "prices": [{ "minor": 6_100, "currency": "EUR" }] }]);
    let edited = harness.write("PATCH", &path, &session, 1, edit).await;
    assert_eq!(edited.status, 200, "{:?}", edited.json);
    assert_eq!(edited.json["variants"].as_array().unwrap().len(), 1);
    assert_eq!(edited.json["variants"][0]["id"], kept["id"]);
    assert_eq!(edited.headers["etag"], "\"2\"");
    assert_eq!(harness.write("PATCH", &path, &session, 1, json!({ "title": "Late" })).await.status, 412);
    assert_eq!(harness.write("DELETE", &path, &session, 0, json!({})).await.status, 204);
    assert_eq!(harness.read(&path, &session).await.status, 404);
}

#[tokio::test]
async fn all_that_is_wrong_is_named_at_once() {
    let harness = empty();
    let shop_id = harness.shop(1).await;
    let session = harness.session(shop_id, Role::Owner);
    let cases: [(&str, Value, &str); 14] = [
        ("/title", json!(" "), "/title"),
        ("/title", json!("x".repeat(81)), "/title"),
        ("/description", json!("x".repeat(4_001)), "/description"),
        ("/tags", json!(vec!["t"; 21]), "/tags"),
        ("/options/0/values", json!(["Oat", "Oat"]), "/options/0/values/1"),
        ("/variants", json!([]), "/variants"),
        ("/variants/0/prices/0/minor", json!(0), "/variants/0/prices/0/minor"),
        ("/variants/0/prices/0/minor", json!(-5), "/variants/0/prices/0/minor"),
        ("/variants/0/prices/0/currency", json!("GBP"), "/variants/0/prices"),
        ("/variants/0/compare_at/0/minor", json!(5_800), "/variants/0/compare_at/0"),
        ("/variants/0/options/Glaze", json!("Blue"), "/variants/0/options"),
        ("/variants/1/options/Glaze", json!("Oat"), "/variants/1/options"),
        ("/variants/1/sku", json!("V-OAT"), "/variants/1/sku"),
        ("/variants/0/weight_g", json!(1_000_001), "/variants/0/weight_g"),
    ];
    for (at, value, pointer) in cases {
        harness.clock.advance_ms(1_000);
        let mut body = vase();
        if at == "/description" {
            body["description"] = value;
        } else {
            *body.pointer_mut(at).unwrap() = value;
        }
        let refused = harness.write("POST", "/v1/admin/products", &session, 0, body).await;
        assert_eq!(refused.status, 422, "{at}");
        let errors = refused.json["errors"].as_array().unwrap();
        assert!(errors.iter().any(|error| error["pointer"] == pointer), "{at}: {errors:?}");
    }
}

#[tokio::test]
async fn c15_a_variant_of_another_product_cannot_be_taken_over() {
    let harness = empty();
    let (ours, theirs) = (harness.shop(1).await, harness.shop(2).await);
    let stranger = harness.session(theirs, Role::Owner);
    harness.product(1, ours, 5).await;
    let mut body = vase();
    body["variants"][0]["id"] = json!(showfloor_storage_testkit::fixtures::variant_id(1));
    assert_eq!(harness.write("POST", "/v1/admin/products", &stranger, 0, body).await.status, 422);
}

#[tokio::test]
async fn r3_markup_stays_text_and_controls_are_dropped() {
    let harness = empty();
    let shop_id = harness.shop(1).await;
    let session = harness.session(shop_id, Role::Owner);
    let mut body = vase();
    body["title"] = json!("<b>Va\u{202E}se\u{0}</b>");
    let made = harness.write("POST", "/v1/admin/products", &session, 0, body).await;
    assert_eq!(made.json["title"], "<b>Vase</b>");
}

#[tokio::test]
async fn products_are_listed_in_pages_whose_cursors_are_the_shops_own() {
    let harness = empty();
    let (ours, theirs) = (harness.shop(1).await, harness.shop(2).await);
    for n in 1..=3 {
        harness.product(n, ours, 1).await;
    }
    let session = harness.session(ours, Role::Analyst);
    let first = harness.read("/v1/admin/products?limit=2", &session).await;
    assert_eq!(first.json["items"].as_array().unwrap().len(), 2);
    let cursor = first.json["next_cursor"].as_str().unwrap();
    let second = harness.read(&format!("/v1/admin/products?limit=2&cursor={cursor}"), &session).await;
    assert_eq!(second.json["items"].as_array().unwrap().len(), 1);
    assert_eq!(second.json["next_cursor"], Value::Null);
    let stranger = harness.session(theirs, Role::Owner);
    let crossed = harness.read(&format!("/v1/admin/products?cursor={cursor}"), &stranger).await;
    assert_eq!(crossed.status, 422);
    assert_eq!(harness.read("/v1/admin/products?limit=101", &session).await.status, 422);
    assert_eq!(harness.read("/v1/admin/products?unknown=1", &session).await.status, 422);
}

#[tokio::test]
async fn c11_an_adjustment_with_one_key_counts_once() {
    let harness = empty();
    let shop_id = harness.shop(1).await;
    let session = harness.session(shop_id, Role::Manager);
    let product_id = harness.product(1, shop_id, 5).await;
    let variant_id = showfloor_storage_testkit::fixtures::variant_id(1);
    let path = format!("/v1/admin/products/{product_id}/variants/{variant_id}/stock-adjustments");
    let adjust = async |key: Option<&str>, delta: i64| {
        use axum::body::Body;
        let mut request = http::Request::post(&path)
            .header("cookie", format!("__Host-showfloor={session}"))
            .header("origin", showfloor_http::testing::OWN_ORIGIN)
            .header("content-type", "application/json");
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        let body = Body::from(json!({ "delta": delta, "reason": "Delivery" }).to_string());
        showfloor_http::testing::walk::send(&harness.router, request.body(body).unwrap()).await
    };
    assert_eq!(adjust(None, 3).await.status, 400);
    for _ in 0..3 {
        let answer = adjust(Some("a"), 3).await;
        assert_eq!((answer.status.as_u16(), &answer.json["available"]), (201, &json!(8)));
    }
    assert_eq!(adjust(Some("a"), 4).await.status, 422, "the same key for something else");
    assert_eq!(adjust(Some("b"), -9).await.problem(), "not-enough-left");
    assert_eq!(adjust(Some("c"), -8).await.json["stocked"], 0);
    for delta in [0, 1_000_001, -1_000_001] {
        assert_eq!(adjust(Some("d"), delta).await.status, 422, "{delta}");
    }
}
