//! Planning a show and running it.

use serde_json::{Value, json};
use showfloor_domain::event::ShowState;
use showfloor_domain::{Role, ShopId, ShowId};
use showfloor_http::testing::walk::Answer;
use showfloor_storage_testkit::fixtures;

use crate::harness::{Harness, empty};

struct Running {
    harness: Harness,
    shop_id: ShopId,
    show_id: ShowId,
    session: String,
}

async fn live_show() -> Running {
    let harness = empty();
    let shop_id = harness.shop(1).await;
    let show_id = harness.show(1, shop_id, ShowState::Live).await;
    harness.product(1, shop_id).await;
    harness.product(2, shop_id).await;
    let session = harness.session(1, shop_id, Role::Owner).await;
    Running { harness, shop_id, show_id, session }
}

impl Running {
    async fn post(&self, path: &str, body: Value) -> Answer {
        self.harness.post(&format!("/v1/admin/shows/{}/{path}", self.show_id), &self.session, body).await
    }

    async fn product_cue(&self, n: u8, live_minor: i64) -> String {
        let body = json!({
            "kind": "product", "product_id": fixtures::product(n, self.shop_id).id,
            "live_prices": [{ "variant_id": fixtures::variant_id(n), "price": { "minor": live_minor, "currency": "EUR" } }],
        });
        let made = self.post("cues", body).await;
        assert_eq!(made.status, 201, "{:?}", made.json);
        made.json["id"].as_str().unwrap().to_owned()
    }

    async fn flash_cue(&self, n: u8, minor: i64) -> Answer {
        let body = json!({
            "kind": "flash_sale", "product_id": fixtures::product(n, self.shop_id).id,
            "flash": { "duration_s": 60, "cap": 10,
                "prices": [{ "variant_id": fixtures::variant_id(n), "price": { "minor": minor, "currency": "EUR" } }] },
        });
        self.post("cues", body).await
    }

    async fn run(&self) -> Value {
        self.harness.get(&format!("/v1/admin/shows/{}/cues", self.show_id), &self.session).await.json
    }

    async fn seed(&self) -> Value {
        use axum::body::Body;
        use showfloor_http::testing::{OpenTokens, START};
        let token = OpenTokens.service("edge", "functions", START.plus_ms(1_000_000));
        let request = http::Request::get(format!("/v1/internal/shows/{}/room-seed", self.show_id))
            .header("authorization", format!("Bearer {token}"))
            .body(Body::empty())
            .unwrap();
        showfloor_http::testing::walk::send(&self.harness.router, request).await.json
    }
}

#[tokio::test]
async fn a_show_is_planned_published_run_and_ended() {
    let harness = empty();
    let shop_id = harness.shop(1).await;
    let session = harness.session(1, shop_id, Role::Owner).await;
    let body = json!({ "title": " Autumn\u{202E} glazes ", "host_name": "Ida", "starts_at": "2026-11-20T21:30:00+01:00" });
    let made = harness.post("/v1/admin/shows", &session, body).await;
    assert_eq!(made.status, 201, "{:?}", made.json);
    assert_eq!(made.json["title"], "Autumn glazes");
    assert_eq!(
        (&made.json["state"], &made.json["starts_at"]),
        (&json!("draft"), &json!("2026-11-20T20:30:00.000Z"))
    );
    let path = format!("/v1/admin/shows/{}", made.json["id"].as_str().unwrap());
    let step = async |what: &str, body| {
        harness.clock.advance_ms(1_000);
        let answer = harness.post(&format!("{path}/{what}"), &session, body).await;
        (answer.status.as_u16(), answer.json["state"].as_str().unwrap_or("-").to_owned())
    };
    assert_eq!(step("go-live", json!({})).await.0, 409, "a draft");
    assert_eq!(step("publish", json!({})).await, (200, "scheduled".into()));
    assert_eq!(step("publish", json!({})).await.0, 409);
    assert_eq!(step("go-live", json!({})).await, (200, "live".into()));
    assert_eq!(step("end", json!({ "confirm": false })).await.0, 422, "not by a slip");
    assert_eq!(step("end", json!({ "confirm": true })).await, (200, "ended".into()));
    assert_eq!(step("go-live", json!({})).await.0, 409);
    assert_eq!(harness.write("DELETE", &path, &session, json!({})).await.status, 409);
}

#[tokio::test]
async fn an_edit_names_its_version_and_fields_are_checked_together() {
    let running = live_show().await;
    let path = format!("/v1/admin/shows/{}", running.show_id);
    let edit = async |if_match: Option<&str>, body: Value| {
        use axum::body::Body;
        let mut request = http::Request::patch(&path)
            .header("cookie", format!("__Host-showfloor={}", running.session))
            .header("origin", showfloor_http::testing::OWN_ORIGIN)
            .header("content-type", "application/json");
        if let Some(tag) = if_match {
            request = request.header("if-match", tag);
        }
        let request = request.body(Body::from(body.to_string())).unwrap();
        showfloor_http::testing::walk::send(&running.harness.router, request).await
    };
    assert_eq!(edit(None, json!({ "title": "New" })).await.status, 428);
    let edited = edit(Some("\"1\""), json!({ "title": "New", "settings": { "slow_mode_s": 300 } })).await;
    assert_eq!((edited.status.as_u16(), edited.headers["etag"].to_str().unwrap()), (200, "\"2\""));
    assert_eq!(edited.json["settings"]["slow_mode_s"], 300);
    assert_eq!(edit(Some("\"1\""), json!({ "title": "Newer" })).await.status, 412);
    let bad = json!({ "title": "", "settings": { "slow_mode_s": 301, "part_target_ms": 199 } });
    let refused = edit(Some("\"2\""), bad).await;
    let pointers: Vec<_> =
        refused.json["errors"].as_array().unwrap().iter().map(|e| e["pointer"].as_str()).collect();
    assert_eq!(pointers, [Some("/title"), Some("/settings/part_target_ms"), Some("/settings/slow_mode_s")]);
}

#[tokio::test]
async fn next_pins_the_next_product_at_the_servers_time() {
    let running = live_show().await;
    let (first, second) = (running.product_cue(1, 3_900).await, running.product_cue(2, 4_900).await);
    running.harness.clock.advance_ms(42);
    let effect = running.post("next", json!({})).await;
    assert_eq!((effect.status.as_u16(), &effect.json["at"]), (200, &json!("2026-11-20T19:30:00.042Z")));
    assert_eq!(effect.json["cue_id"], first.as_str());
    running.post("next", json!({})).await;
    let run = running.run().await;
    assert_eq!(run["on_screen"], second.as_str());
    assert_eq!((&run["items"][0]["state"], &run["items"][1]["state"]), (&json!("done"), &json!("on_screen")));
    assert_eq!(run["items"][1]["product"]["live_price_from"]["minor"], 4_900);
    assert_eq!(running.post("next", json!({})).await.status, 409);
    let seed = running.seed().await;
    assert_eq!(seed["pinned"]["product_id"], run["items"][1]["product"]["id"]);
    assert_eq!(seed["products"][0]["variants"][0]["live_prices"][0]["minor"], 3_900);
    assert_eq!(seed["allowed_origins"][0], "https://shop1.example");
    running.post("unpin", json!({})).await;
    assert_eq!(running.seed().await["pinned"], Value::Null);
}

#[tokio::test]
async fn a_live_price_does_not_rise_while_it_is_on_screen() {
    let running = live_show().await;
    let cue = running.product_cue(1, 3_900).await;
    running.post(&format!("cues/{cue}/start"), json!({})).await;
    let path = format!("/v1/admin/shows/{}/cues/{cue}", running.show_id);
    let price = |minor: i64| json!({ "live_prices": [{ "variant_id": fixtures::variant_id(1), "price": { "minor": minor, "currency": "EUR" } }] });
    let edit = async |minor| running.harness.write("PATCH", &path, &running.session, price(minor)).await;
    assert_eq!(edit(3_901).await.problem(), "price-on-screen");
    assert_eq!(edit(3_800).await.status, 200);
}

#[tokio::test]
async fn a_flash_sale_runs_once_until_its_deadline() {
    let running = live_show().await;
    let made = running.flash_cue(1, 2_900).await;
    assert_eq!(made.status, 201, "{:?}", made.json);
    let cue = made.json["id"].as_str().unwrap();
    running.post(&format!("cues/{cue}/start"), json!({})).await;
    let seed = running.seed().await;
    assert_eq!(seed["flash"][0]["ends_at"], 1_795_203_060_000_i64);
    assert_eq!(seed["flash"][0]["cap"], 10);
    running.harness.clock.advance_ms(60_000);
    let store = running.harness.store.as_ref();
    let ended = showfloor_functions_admin::end_due_flash_sales(store, running.harness.deps.http.now()).await;
    assert_eq!(ended.unwrap().len(), 1);
    assert_eq!(running.seed().await["flash"], json!([]));
    assert_eq!(running.run().await["items"][0]["state"], "done");
    assert_eq!(running.post(&format!("cues/{cue}/start"), json!({})).await.status, 409, "it never restarts");
}

#[tokio::test]
async fn c15_a_cues_prices_are_of_its_product_and_below_what_it_costs() {
    let running = live_show().await;
    assert_eq!(running.flash_cue(1, 5_801).await.status, 422, "above the regular price");
    assert_eq!(running.flash_cue(1, 0).await.status, 422, "for nothing");
    let foreign = json!({
        "kind": "product", "product_id": fixtures::product(1, running.shop_id).id,
        "live_prices": [{ "variant_id": fixtures::variant_id(2), "price": { "minor": 1, "currency": "EUR" } }],
    });
    assert_eq!(running.post("cues", foreign).await.status, 422);
    for kind in ["product", "flash_sale", "banner"] {
        assert_eq!(
            running.post("cues", json!({ "kind": kind })).await.status,
            422,
            "{kind} without its parts"
        );
    }
}

#[tokio::test]
async fn a_banner_is_one_bounded_line() {
    let running = live_show().await;
    let set = async |text: Value| running.post("banner", json!({ "text": text })).await.status.as_u16();
    assert_eq!(set(json!("x".repeat(120))).await, 200);
    assert_eq!(set(json!("x".repeat(121))).await, 422);
    assert_eq!(set(json!("Free\nshipping \u{0}today")).await, 200);
    assert_eq!(running.seed().await["banner"]["text"], "Free shipping today");
    assert_eq!(set(Value::Null).await, 200);
    assert_eq!(running.seed().await["banner"], Value::Null);
}

#[tokio::test]
async fn r3_markup_in_titles_and_banners_stays_text() {
    let running = live_show().await;
    let payload = "<img src=x onerror=alert(1)>";
    running.post("banner", json!({ "text": payload })).await;
    let seed = running.seed().await;
    assert_eq!(seed["banner"]["text"], payload);
    let answer =
        running.harness.get(&format!("/v1/admin/shows/{}/cues", running.show_id), &running.session).await;
    assert_eq!(answer.headers["content-type"], "application/json");
    assert_eq!(answer.headers["x-content-type-options"], "nosniff");
    assert_eq!(answer.headers["content-security-policy"], "default-src 'none'; frame-ancestors 'none'");
}
