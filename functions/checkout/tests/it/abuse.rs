//! What buyers who are up to no good try.

use futures_util::future::join_all;
use http::StatusCode;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use serde_json::{Value, json};
use showfloor_storage::StockLedger;
use showfloor_storage_testkit::fixtures::{shop, variant_id};

use crate::harness::{Buyer, Stand, details};

/// What is no quantity from 1 to 99.
fn no_quantity() -> impl Strategy<Value = Value> {
    prop_oneof![
        any::<i64>().prop_filter("in range", |n| !(1..=99).contains(n)).prop_map(|n| json!(n)),
        any::<u64>().prop_filter("in range", |n| !(1..=99).contains(n)).prop_map(|n| json!(n)),
        any::<f64>().prop_filter("whole", |n| n.fract() != 0.0).prop_map(|n| json!(n)),
        any::<u32>().prop_map(|n| json!(n.to_string())),
        Just(json!(null)),
        Just(json!([1])),
        Just(json!(true)),
    ]
}

#[tokio::test]
async fn c4_a_quantity_is_one_to_ninety_nine() {
    let stand = Stand::new().await;
    let buyer = stand.buyer().await;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    for round in 0..60 {
        let quantity = no_quantity().new_tree(&mut runner).unwrap().current();
        let refused = stand.put(&buyer, variant_id(1), json!({ "quantity": quantity })).await;
        assert_eq!(refused.status, 422, "{quantity}");
        if round % 10 == 9 {
            stand.clock.advance_ms(60_000);
        }
    }
    for quantity in [1, 99] {
        assert_eq!(stand.put(&buyer, variant_id(1), json!({ "quantity": quantity })).await.status, 200);
    }
    let path = format!("/v1/carts/{}", buyer.cart);
    let cart = stand.ask(&buyer, "GET", &path, None).await.json;
    assert_eq!(
        (cart["lines"].as_array().unwrap().len(), &cart["count"]),
        (1, &json!(99)),
        "a line is set, not added"
    );
}

#[tokio::test]
async fn c10_whoever_lacks_the_secret_gets_the_same_answer() {
    let stand = Stand::new().await;
    let (buyer, checkout) = stand.holder(1).await;
    let stranger = stand.buyer().await;
    let unknown = buyer.cart.replace(&buyer.cart[4..], &"0".repeat(32));
    let cart = format!("/v1/carts/{}", buyer.cart);
    let till = format!("/v1/checkouts/{}", checkout["id"].as_str().unwrap());
    let routes: Vec<(&str, String, Option<Value>)> = vec![
        ("GET", cart.clone(), None),
        ("PUT", format!("{cart}/lines/{}", variant_id(1)), Some(json!({ "quantity": 1 }))),
        ("DELETE", format!("{cart}/lines/{}", variant_id(1)), None),
        ("PUT", format!("{cart}/discount"), Some(json!({ "code": "X" }))),
        ("DELETE", format!("{cart}/discount"), None),
        ("POST", format!("{cart}/checkouts"), Some(json!({ "country": "DE" }))),
        ("GET", till.clone(), None),
        ("PUT", till.clone(), Some(details("DE"))),
        ("DELETE", till.clone(), None),
    ];
    let known =
        |token: &str, secret: &str| Buyer { token: token.into(), cart: String::new(), secret: secret.into() };
    let other_shop = stand.token_of(shop(2).id);
    for (method, path, body) in routes {
        let mut answers = Vec::new();
        for who in [
            known(&buyer.token, ""),
            known(&buyer.token, &stranger.secret),
            known(&stranger.token, &stranger.secret),
            known(&other_shop, &buyer.secret),
        ] {
            answers.push(stand.ask(&who, method, &path, body.clone()).await);
        }
        let nowhere = path
            .replace(&buyer.cart, &unknown)
            .replace(checkout["id"].as_str().unwrap(), &unknown.replace("crt_", "chk_"));
        answers.push(stand.ask(&buyer, method, &nowhere, body.clone()).await);
        for answer in &answers {
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{method} {path}");
            assert_eq!(answer.json, answers[0].json, "{method} {path}");
        }
        let nobody = stand.ask(&known("", &buyer.secret), method, &path, body).await;
        assert_eq!(nobody.status, StatusCode::UNAUTHORIZED, "{method} {path}");
    }
    assert_eq!(stand.ask(&buyer, "GET", &till, None).await.json["state"], "open", "nothing was changed");
}

#[tokio::test]
async fn c11_a_key_belongs_to_one_buyer_and_one_body() {
    let stand = Stand::new().await;
    let (ada, eve) = (stand.buyer().await, stand.buyer().await);
    for buyer in [&ada, &eve] {
        stand.put(buyer, variant_id(1), json!({ "quantity": 1 })).await;
    }
    let first = stand.check_out(&ada, "same").await;
    let other = stand.check_out(&eve, "same").await;
    assert_eq!((first.status.as_u16(), other.status.as_u16()), (201, 201));
    assert_ne!(first.json["id"], other.json["id"], "two principals, one key: two results");
    assert_eq!(stand.check_out(&ada, "same").await.json, first.json, "sent again: the same answer");
    let refused = stand.check_out_with(&ada, "same", json!({ "country": "NL" })).await;
    assert_eq!((refused.status.as_u16(), refused.problem()), (422, "idempotency-key-reused"));
    let missing = format!("/v1/carts/{}/checkouts", ada.cart);
    let missing = stand.ask(&ada, "POST", &missing, Some(json!({ "country": "DE" }))).await;
    assert_eq!(missing.problem(), "idempotency-key-missing");
}

#[tokio::test]
async fn c11_in_parallel_there_is_one_effect() {
    let stand = Stand::new().await;
    let buyer = stand.buyer().await;
    stand.put(&buyer, variant_id(1), json!({ "quantity": 2 })).await;
    let answers = join_all((0..10).map(|_| stand.check_out(&buyer, "same"))).await;
    let mut made: Vec<_> = Vec::new();
    for answer in &answers {
        match answer.status.as_u16() {
            201 => made.push(answer.json["id"].clone()),
            409 => assert_eq!(answer.problem(), "request-in-flight"),
            status => panic!("{status} {:?}", answer.json),
        }
    }
    made.dedup();
    assert_eq!(made.len(), 1);
    let level = stand.store.levels(stand.shop_id, &[variant_id(1)]).await.unwrap()[0].1;
    assert_eq!(level.reserved, 2);
}

#[tokio::test]
async fn c15_a_buyer_brings_no_price() {
    let stand = Stand::new().await;
    let buyer = stand.buyer().await;
    let free = json!({ "minor": 1, "currency": "EUR" });
    for field in
        ["price", "unit_price", "line_total", "live_price", "currency", "tier", "audience", "discount"]
    {
        let mut body = json!({ "quantity": 1 });
        body[field] = free.clone();
        let refused = stand.put(&buyer, variant_id(1), body).await;
        assert_eq!((refused.status.as_u16(), refused.problem()), (422, "invalid"), "{field}");
    }
    stand.put(&buyer, variant_id(1), json!({ "quantity": 1 })).await;
    for field in ["total", "amount", "currency", "quote", "held_until", "shipping", "tax"] {
        let mut body = json!({ "country": "DE" });
        body[field] = free.clone();
        assert_eq!(stand.check_out_with(&buyer, field, body).await.status, 422, "{field}");
    }
    let checkout = stand.check_out(&buyer, "honest").await.json;
    assert_eq!(checkout["quote"]["total"]["minor"], 6_290, "the true price");
    let path = format!("/v1/checkouts/{}", checkout["id"].as_str().unwrap());
    let mut forged = details("DE");
    forged["quote"] = checkout["quote"].clone();
    assert_eq!(stand.ask(&buyer, "PUT", &path, Some(forged)).await.status, 422);
}

#[tokio::test]
async fn c1_twenty_buyers_of_the_last_piece_are_one() {
    let stand = Stand::new().await;
    let (_, held) = stand.holder(9).await;
    assert_eq!(held["state"], "open");
    let mut buyers = Vec::new();
    for _ in 0..20 {
        let buyer = stand.buyer().await;
        stand.put(&buyer, variant_id(1), json!({ "quantity": 1 })).await;
        buyers.push(buyer);
    }
    let answers = join_all(buyers.iter().map(|buyer| stand.check_out(buyer, "key-1"))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 1);
    assert!(
        answers.iter().filter(|answer| answer.status != 201).all(|answer| answer.problem() == "sold-out")
    );
}

#[tokio::test]
async fn holds_are_bounded_per_viewer() {
    let stand = Stand::new().await;
    let buyer = stand.buyer().await;
    stand.put(&buyer, variant_id(1), json!({ "quantity": 1 })).await;
    for n in 0..6 {
        assert_eq!(stand.check_out(&buyer, &format!("key-{n}")).await.status, 201, "{n}");
    }
    assert_eq!(stand.check_out(&buyer, "key-7").await.status, 429);
    let level = stand.store.levels(stand.shop_id, &[variant_id(1)]).await.unwrap()[0].1;
    assert_eq!(level.reserved, 1, "a cart holds once");
}
