//! What viewers see.

use serde_json::{Value, json};
use showfloor_domain::event::ShowState;
use showfloor_domain::run::{Cue, RunCommand};
use showfloor_domain::show::ShowInput;
use showfloor_domain::{ShopId, ShowId};
use showfloor_http::testing::START;
use showfloor_storage::{Runs, Shows};
use showfloor_storage_testkit::fixtures;

use crate::harness::{Harness, empty};

async fn plan(harness: &Harness, shop_id: ShopId, show_id: ShowId, cue: Cue) {
    let add = RunCommand::Add { cue, position: None };
    Runs::apply(harness.store.as_ref(), shop_id, show_id, add, START).await.unwrap();
}

#[tokio::test]
async fn a_show_is_public_once_it_is_published() {
    let harness = empty();
    let shop_id = harness.shop(1).await;
    let draft = harness.show(1, shop_id, ShowState::Draft).await;
    let live = harness.show(2, shop_id, ShowState::Live).await;
    assert_eq!(harness.get(&format!("/v1/shows/{draft}")).await.status, 404);
    assert_eq!(harness.get(&format!("/v1/shows/{draft}/products")).await.status, 404);
    assert_eq!(harness.get("/v1/shows/nonsense").await.status, 404);
    let show = harness.get(&format!("/v1/shows/{live}")).await;
    assert_eq!(show.status, 200);
    assert_eq!(show.json["state"], "live");
    assert_eq!(show.json["playlist_url"], format!("/live/{live}/index.m3u8"));
    assert_eq!(show.json["shop"]["currencies"], json!(["EUR", "USD"]));
    assert_eq!(show.json["ships_to"], json!(["DE", "NL"]));
    assert_eq!(show.headers["access-control-allow-origin"], "*");
    assert_eq!(show.headers["cache-control"], "public, max-age=1");
}

#[tokio::test]
async fn prices_are_the_shows_while_it_is_on_air() {
    let harness = empty();
    let shop_id = harness.shop(1).await;
    let show_id = harness.show(1, shop_id, ShowState::Scheduled).await;
    harness.product(1, shop_id, 5).await;
    let flash = fixtures::flash_cue(9, 1, shop_id, 2_900);
    let start = RunCommand::Start(flash.id);
    plan(&harness, shop_id, show_id, fixtures::product_cue(1, shop_id, 3_900)).await;
    plan(&harness, shop_id, show_id, flash).await;
    let variant = async |query: &str| {
        harness.clock.advance_ms(100);
        let answer = harness.get(&format!("/v1/shows/{show_id}/products{query}")).await;
        assert_eq!(answer.status, 200, "{:?}", answer.json);
        answer.json["items"][0].clone()
    };
    let before = variant("").await;
    assert_eq!(before["variants"][0]["available"], 5);
    assert_eq!(before["variants"][0]["price"], json!({ "minor": 5_800, "currency": "EUR" }));
    assert_eq!(before["variants"][0].get("live_price"), None);

    Shows::advance(harness.store.as_ref(), shop_id, show_id, ShowInput::GoLive, START).await.unwrap();
    assert_eq!(variant("").await["variants"][0]["live_price"]["minor"], 3_900);
    let dollars = variant("?currency=USD&locale=de").await;
    assert_eq!(dollars["variants"][0]["price"]["minor"], 6_400);
    assert_eq!(dollars["variants"][0].get("live_price"), None);

    Runs::apply(harness.store.as_ref(), shop_id, show_id, start, START).await.unwrap();
    let sale = variant("").await;
    assert_eq!(sale["variants"][0]["flash_price"]["minor"], 2_900);
    assert_eq!((&sale["flash"]["cap"], &sale["flash"]["remaining"]), (&json!(10), &json!(10)));
    harness.clock.advance_ms(60_000);
    let over = variant("").await;
    assert_eq!((over["variants"][0].get("flash_price"), over.get("flash")), (None, None));
}

#[tokio::test]
async fn c15_an_audience_is_a_currency_of_the_shop_and_nothing_else() {
    let harness = empty();
    let shop_id = harness.shop(1).await;
    let show_id = harness.show(1, shop_id, ShowState::Live).await;
    for query in ["currency=GBP", "currency=eur", "price=1", "tier=vip", "audience=staff"] {
        let answer = harness.get(&format!("/v1/shows/{show_id}/products?{query}")).await;
        assert_eq!(answer.status, 422, "{query}");
    }
}

#[tokio::test]
async fn the_catalogue_is_limited_per_address() {
    let harness = empty();
    let shop_id = harness.shop(1).await;
    let show_id = harness.show(1, shop_id, ShowState::Live).await;
    for n in 1..=151 {
        let answer = harness.get(&format!("/v1/shows/{show_id}")).await;
        assert_eq!(answer.status, if n <= 150 { 200 } else { 429 }, "request {n}");
    }
    assert_eq!(harness.get(&format!("/v1/shows/{show_id}")).await.json["retry_after_s"], Value::from(1));
}
