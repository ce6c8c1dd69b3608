//! The buyer's view of an order.

use showfloor_domain::OrderId;
use showfloor_http::Entropy as _;
use showfloor_http::testing::walk::send;

use crate::harness::Stand;

#[tokio::test]
async fn a_buyer_with_the_secret_sees_the_order() {
    let stand = Stand::new().await;
    let order = stand.order(2).await;
    let answer = stand.buyer_get(order.id, Some(&stand.order_secret(order.id))).await;
    assert_eq!(answer.status, 200, "{:?}", answer.json);
    assert_eq!(answer.json["number"], order.number);
    assert_eq!(answer.json["state"], "paid");
    assert_eq!(answer.json["shop_name"], "Kiln & Co");
    assert_eq!(answer.json["lines"][0]["quantity"], 2);
    assert_eq!(answer.json["total"]["minor"], order.quote.total.minor());
    assert_eq!(answer.headers["cache-control"], "no-store");
}

#[tokio::test]
async fn c10_every_miss_is_the_same_404() {
    let stand = Stand::new().await;
    let (order, other) = (stand.order(1).await, stand.order(1).await);
    let foreign = stand.order_of(&stand.theirs, 1, "Bo").await;
    let unknown = OrderId::generate(stand.now(), stand.entropy.id_bytes());
    let misses = [
        (order.id.to_string(), None),
        (order.id.to_string(), Some(String::new())),
        (order.id.to_string(), Some("guess".to_owned())),
        (order.id.to_string(), Some(stand.order_secret(other.id))),
        (order.id.to_string(), Some(stand.order_secret(foreign.id))),
        (order.id.to_string(), Some(order.id.to_string())),
        (unknown.to_string(), Some(stand.order_secret(order.id))),
        (unknown.to_string(), Some(stand.order_secret(unknown))),
        ("ord_1".to_owned(), Some(stand.order_secret(order.id))),
        (order.id.to_string().to_uppercase(), Some(stand.order_secret(order.id))),
    ];
    let mut bodies = Vec::new();
    for (index, (id, secret)) in misses.iter().enumerate() {
        let answer = stand.buyer_get(id, secret.as_deref()).await;
        assert_eq!(answer.status, 404, "{index}");
        bodies.push(answer.json);
    }
    assert!(bodies.windows(2).all(|pair| pair[0] == pair[1]), "{bodies:?}");
}

#[tokio::test]
async fn a_page_reads_an_order_only_if_the_orders_shop_lists_it() {
    let stand = Stand::new().await;
    let order = stand.order(1).await;
    stand.origins.put("https://ours.example", stand.ours.id);
    stand.origins.put("https://theirs.example", stand.theirs.id);
    for (origin, status) in
        [("https://ours.example", 200), ("https://theirs.example", 403), ("https://nobody.example", 403)]
    {
        let request = http::Request::get(format!("/v1/orders/{}", order.id))
            .header("origin", origin)
            .header("showfloor-order", stand.order_secret(order.id))
            .body("".into())
            .unwrap();
        assert_eq!(send(&stand.router, request).await.status, status, "{origin}");
    }
}
