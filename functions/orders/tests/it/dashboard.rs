//! The merchant's list and an order's page.

use serde_json::json;
use showfloor_domain::run::RunCommand;
use showfloor_storage::Runs as _;

use crate::harness::Stand;

#[tokio::test]
async fn orders_come_in_pages_newest_first_with_the_sums_of_all() {
    let stand = Stand::new().await;
    let mut numbers = Vec::new();
    for i in 0..30 {
        stand.clock.advance_ms(1_000);
        let name = if i == 3 { "Grace Hopper" } else { "Ada Sample" };
        numbers.insert(0, stand.order_of(&stand.ours, 1, name).await.number);
    }
    stand.order_of(&stand.theirs, 5, "Bo").await;
    let first = stand.get("our-owner", "/v1/admin/orders").await;
    assert_eq!(first.status, 200, "{:?}", first.json);
    assert_eq!(first.json["items"].as_array().unwrap().len(), 25);
    assert_eq!(first.json["totals"]["count"], 30);
    let cursor = first.json["next_cursor"].as_str().unwrap();
    let rest = stand.get("our-owner", &format!("/v1/admin/orders?cursor={cursor}")).await;
    let all: Vec<u64> = [&first, &rest]
        .iter()
        .flat_map(|page| page.json["items"].as_array().unwrap())
        .map(|row| row["number"].as_u64().unwrap())
        .collect();
    assert_eq!(all, numbers);
    assert_eq!(rest.json["next_cursor"], serde_json::Value::Null);
    assert_eq!(rest.json["totals"]["count"], 30, "the sums are of the filter, not of the page");

    let row = &first.json["items"][0];
    assert_eq!(row["customer"], json!({ "name": "Ada Sample", "city": "Berlin", "country": "DE" }));
    assert_eq!(row["payment"], json!({ "brand": "visa", "last4": "4242" }));
    assert_eq!(row["show"]["title"], "Autumn glazes");
    assert_eq!(row["lines"][0]["variant_title"], "Oat");

    let grace = stand.get("our-owner", "/v1/admin/orders?q=hopper").await;
    assert_eq!(grace.json["totals"]["count"], 1);
    assert_eq!(grace.json["items"][0]["customer"]["name"], "Grace Hopper");
    let none = stand.get("our-owner", &format!("/v1/admin/orders?show={}", stand.theirs.show_id)).await;
    assert_eq!(
        (none.json["totals"]["count"].as_u64(), none.json["items"].as_array().unwrap().len()),
        (Some(0), 0)
    );
    for bad in ["limit=0", "limit=101", "cursor=x", "state=lost"] {
        assert_eq!(stand.get("our-owner", &format!("/v1/admin/orders?{bad}")).await.status, 422, "{bad}");
    }
}

#[tokio::test]
async fn an_order_knows_its_moment_in_the_show() {
    let stand = Stand::new().await;
    stand.clock.advance_ms(60_000);
    let shop = stand.ours;
    stand.store.apply(shop.id, shop.show_id, RunCommand::Pin(shop.product_id), stand.now()).await.unwrap();
    stand.clock.advance_ms(1_500);
    let order = stand.order(1).await;
    let answer = stand.get("our-owner", &format!("/v1/admin/orders/{}", order.id)).await;
    assert_eq!(answer.json["show"]["offset_ms"], 61_500, "{:?}", answer.json["show"]);
    assert_eq!(answer.json["show"]["product_on_screen"]["title"], "Bowl");
}

#[tokio::test]
async fn a_parcel_goes_forwards_only() {
    let stand = Stand::new().await;
    let order = stand.order(1).await;
    let path = format!("/v1/admin/orders/{}/fulfilment", order.id);
    let sent = json!({ "state": "sent", "tracking": "00340434" });
    let answer = stand.post("our-manager", &path, None, &sent).await;
    assert_eq!(answer.status, 200, "{:?}", answer.json);
    assert_eq!(
        (answer.json["state"].as_str(), answer.json["tracking"].as_str()),
        (Some("sent"), Some("00340434"))
    );
    assert!(answer.json["sent_at"].is_string());
    for state in ["sent", "packed"] {
        let back = stand.post("our-manager", &path, None, &json!({ "state": state })).await;
        assert_eq!((back.status.as_u16(), back.problem()), (409, "conflict"), "{state}");
    }
    assert_eq!(stand.post("our-manager", &path, None, &json!({ "state": "paid" })).await.status, 422);
    let delivered = stand.post("our-manager", &path, None, &json!({ "state": "delivered" })).await;
    assert_eq!(delivered.json["state"], "delivered");
    let buyer = stand.buyer_get(order.id, Some(&stand.order_secret(order.id))).await;
    assert_eq!(buyer.json["state"], "delivered");
}
