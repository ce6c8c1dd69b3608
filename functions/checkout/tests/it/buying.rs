//! From an empty cart to a hold, and what a buyer sees on the way.

use serde_json::{Value, json};
use showfloor_domain::checkout::HOLD_MS;
use showfloor_storage::{Checkouts, Discounts};
use showfloor_storage_testkit::commerce::buyers::discount;
use showfloor_storage_testkit::fixtures::variant_id;

use crate::harness::{Stand, details};

#[tokio::test]
async fn a_cart_adds_up_and_says_what_changed() {
    let stand = Stand::new().await;
    let buyer = stand.buyer().await;
    stand.put(&buyer, variant_id(1), json!({ "quantity": 2 })).await;
    let cart = stand.put(&buyer, variant_id(2), json!({ "quantity": 11 })).await.json;
    assert_eq!(cart["count"], 13);
    assert_eq!(cart["lines"][0]["line_total"]["minor"], 11_600);
    assert_eq!(cart["lines"][1]["notice"], "fewer_left");
    assert_eq!(cart["subtotal"]["minor"], 13 * 5_800);
    let path = format!("/v1/carts/{}/lines/{}", buyer.cart, variant_id(2));
    let cart = stand.ask(&buyer, "DELETE", &path, None).await.json;
    assert_eq!((&cart["count"], cart.get("secret")), (&json!(2), None), "the secret is told once");
}

#[tokio::test]
async fn a_code_takes_off_and_can_be_forgotten() {
    let stand = Stand::new().await;
    stand.store.add(stand.shop_id, discount(None, None)).await.unwrap();
    let buyer = stand.buyer().await;
    stand.put(&buyer, variant_id(1), json!({ "quantity": 1 })).await;
    let path = format!("/v1/carts/{}/discount", buyer.cart);
    let cart = stand.ask(&buyer, "PUT", &path, Some(json!({ "code": "autumn" }))).await.json;
    assert_eq!((&cart["discount"]["amount"]["minor"], &cart["total"]["minor"]), (&json!(580), &json!(5_220)));
    let refused = stand.ask(&buyer, "PUT", &path, Some(json!({ "code": "WINTER" }))).await;
    assert_eq!(refused.json["errors"][0]["pointer"], "/code");
    let cart = stand.ask(&buyer, "DELETE", &path, None).await.json;
    assert_eq!(cart["total"]["minor"], 5_800);
}

#[tokio::test]
async fn a_checkout_freezes_a_quote_and_holds_for_ten_minutes() {
    let stand = Stand::new().await;
    let (buyer, checkout) = stand.holder(1).await;
    assert_eq!(checkout["state"], "open");
    assert_eq!(checkout["quote"]["shipping"]["price"]["minor"], 490);
    assert_eq!(checkout["quote"]["total"]["minor"], 6_290);
    assert_eq!(checkout["quote"]["tax"]["label"], "VAT 19 %");
    let held_until = showfloor_domain::Rfc3339(stand.now().plus_ms(HOLD_MS)).to_string();
    assert_eq!(checkout["held_until"], held_until);
    let path = format!("/v1/checkouts/{}", checkout["id"].as_str().unwrap());
    stand.clock.advance_ms(60_000);
    let edited = stand.ask(&buyer, "PUT", &path, Some(details("NL"))).await.json;
    assert_eq!(edited["quote"]["tax"]["label"], "VAT 21 %");
    assert_eq!(edited["quote"]["total"]["minor"], 6_590);
    assert_eq!(edited["held_until"], held_until, "edits never move the end");
    assert_ne!(edited["quote"]["hash"], checkout["quote"]["hash"]);
    let again = stand.ask(&buyer, "PUT", &path, Some(details("NL"))).await.json;
    assert_eq!(again["quote"]["id"], edited["quote"]["id"], "the same content is the same quote");
}

#[tokio::test]
async fn a_country_that_is_not_served_is_named() {
    let stand = Stand::new().await;
    let buyer = stand.buyer().await;
    stand.put(&buyer, variant_id(1), json!({ "quantity": 1 })).await;
    // There is a rate to France, but the shop lists Germany and the Netherlands.
    for (key, country) in [("key-1", "AQ"), ("key-2", "FR")] {
        let refused = stand.check_out_with(&buyer, key, json!({ "country": country })).await;
        assert_eq!((refused.status.as_u16(), refused.problem()), (422, "not-sent-there"));
        assert_eq!(refused.json["errors"][0]["pointer"], "/country");
    }
    assert_eq!(stand.check_out(&buyer, "key-1").await.status, 422, "the key was used with another body");
    assert_eq!(stand.check_out(&buyer, "key-3").await.status, 201);
}

#[tokio::test]
async fn an_ended_hold_says_so_and_gives_the_pieces_back() {
    let stand = Stand::new().await;
    let (buyer, checkout) = stand.holder(10).await;
    let sold_out = stand.buyer().await;
    stand.put(&sold_out, variant_id(1), json!({ "quantity": 1 })).await;
    let refused = stand.check_out(&sold_out, "key-1").await;
    assert_eq!((refused.status.as_u16(), refused.problem()), (409, "sold-out"));
    stand.clock.advance_ms(HOLD_MS);
    stand.store.expire_due(stand.now(), 10).await.unwrap();
    let path = format!("/v1/checkouts/{}", checkout["id"].as_str().unwrap());
    let late = stand.ask(&buyer, "PUT", &path, Some(details("DE"))).await;
    assert_eq!((late.status.as_u16(), late.problem()), (410, "hold-ended"));
    assert_eq!(stand.ask(&buyer, "GET", &path, None).await.json["state"], "expired");
    assert_eq!(stand.check_out(&sold_out, "key-1").await.status, 201, "a refusal used up no key");
}

#[tokio::test]
async fn giving_up_gives_the_pieces_back_at_once_and_wakes_who_waits() {
    let stand = Stand::new().await;
    let (buyer, checkout) = stand.holder(10).await;
    let path = format!("/v1/checkouts/{}", checkout["id"].as_str().unwrap());
    let waiting = format!("{path}?after={}&wait_ms=15000", checkout["version"]);
    let (news, cancelled) =
        tokio::join!(stand.ask(&buyer, "GET", &waiting, None), stand.ask(&buyer, "DELETE", &path, None));
    assert_eq!((cancelled.status.as_u16(), &cancelled.json["state"]), (200, &json!("cancelled")));
    assert_eq!(news.json["state"], "cancelled");
    let (_, next): (_, Value) = stand.holder(10).await;
    assert_eq!(next["state"], "open");
}
