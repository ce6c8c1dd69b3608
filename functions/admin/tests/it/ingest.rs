//! Stream keys and the events of broadcasts.

use serde_json::{Value, json};
use showfloor_domain::event::ShowState;
use showfloor_domain::{BroadcastId, EventId, Role, ShopId, ShowId};
use showfloor_http::testing::START;
use showfloor_storage::Shows;

use crate::harness::{Harness, empty};

fn broadcast(n: u8, kind: &str, shop_id: ShopId, show_id: ShowId) -> Value {
    json!({
        "specversion": "1.0", "id": EventId::generate(START, [n; 10]), "source": "/origin",
        "subject": BroadcastId::generate(START, [1; 10]), "time": "2026-11-20T19:30:00Z", "shopid": shop_id,
        "type": format!("com.showfloor.broadcast.{kind}.v1"),
        "data": { "show_id": show_id, "broadcast_id": BroadcastId::generate(START, [1; 10]), "at": START },
    })
}

async fn authorize(harness: &Harness, key: &str) -> u16 {
    let answer =
        harness.service("origin", "/v1/internal/ingest/authorize", json!({ "stream_key": key })).await;
    if answer.status != 200 {
        assert_eq!(answer.problem(), "stream-key-refused");
        assert!(!answer.json.to_string().contains(&key[key.len().saturating_sub(8)..]) || key.len() < 8);
    }
    answer.status.as_u16()
}

#[tokio::test]
async fn m2_a_stream_key_is_shown_once_and_proves_one_show() {
    let harness = empty();
    let shop_id = harness.shop(1).await;
    let show_id = harness.show(1, shop_id, ShowState::Live).await;
    let session = harness.session(1, shop_id, Role::Owner).await;
    let keys = format!("/v1/admin/shows/{show_id}/stream-keys");
    let made = harness.post(&keys, &session, json!({})).await;
    assert_eq!(made.status, 201);
    assert_eq!(made.json["rtmp_url"], "rtmp://showfloor.test/live");
    let key = made.json["key"].as_str().unwrap();
    let id = made.json["id"].as_str().unwrap();
    let secret = key.strip_prefix(id).unwrap().strip_prefix('_').unwrap();
    assert!(secret.len() * 6 >= 160 && !key.contains(&show_id.to_string()));
    assert!(key.ends_with(made.json["hint"].as_str().unwrap()));

    assert_eq!(authorize(&harness, key).await, 200);
    for wrong in
        [id, "", "live", &format!("{id}_{}", "A".repeat(43)), &key[..key.len() - 1], &format!("{key}A")]
    {
        assert_eq!(authorize(&harness, wrong).await, 403, "{wrong}");
    }
    for path in [keys.clone(), format!("/v1/admin/shows/{show_id}"), "/v1/admin/shows".into()] {
        assert!(!harness.get(&path, &session).await.json.to_string().contains(secret), "{path}");
    }
    let gone = harness.write("DELETE", &format!("{keys}/{id}"), &session, json!({})).await;
    assert_eq!(gone.status, 204);
    assert_eq!(authorize(&harness, key).await, 403, "revoked");
}

#[tokio::test]
async fn a_key_of_a_show_that_is_over_is_refused() {
    let harness = empty();
    let shop_id = harness.shop(1).await;
    let show_id = harness.show(1, shop_id, ShowState::Live).await;
    let session = harness.session(1, shop_id, Role::Owner).await;
    let made = harness.post(&format!("/v1/admin/shows/{show_id}/stream-keys"), &session, json!({})).await;
    let key = made.json["key"].as_str().unwrap().to_owned();
    let end =
        harness.post(&format!("/v1/admin/shows/{show_id}/end"), &session, json!({ "confirm": true })).await;
    assert_eq!(end.status, 200);
    assert_eq!(authorize(&harness, &key).await, 403);
}

#[tokio::test]
async fn a_broadcast_makes_a_scheduled_show_live_and_its_loss_pauses_it() {
    let harness = empty();
    let shop_id = harness.shop(1).await;
    let show_id = harness.show(1, shop_id, ShowState::Scheduled).await;
    let state = async || harness.store.find_any(show_id).await.unwrap().unwrap().state;
    let tell = async |n, kind: &str| {
        let event = broadcast(n, kind, shop_id, show_id);
        harness.service("origin", "/v1/internal/events", event).await.status.as_u16()
    };
    assert_eq!(tell(1, "started").await, 204);
    assert_eq!(state().await, ShowState::Live);
    assert_eq!(tell(2, "interrupted").await, 204);
    assert_eq!(state().await, ShowState::Paused);
    assert_eq!(tell(1, "started").await, 204, "a repeat");
    assert_eq!(state().await, ShowState::Paused);
    assert_eq!(tell(3, "resumed").await, 204);
    assert_eq!(state().await, ShowState::Live);
}

#[tokio::test]
async fn only_the_origin_tells_of_broadcasts() {
    let harness = empty();
    let shop_id = harness.shop(1).await;
    let show_id = harness.show(1, shop_id, ShowState::Scheduled).await;
    let event = broadcast(1, "started", shop_id, show_id);
    assert_eq!(harness.service("edge", "/v1/internal/events", event.clone()).await.status, 403);
    let session = harness.session(1, shop_id, Role::Owner).await;
    assert_eq!(harness.post("/v1/internal/events", &session, event).await.status, 401);
    assert_eq!(harness.store.find_any(show_id).await.unwrap().unwrap().state, ShowState::Scheduled);
}

#[tokio::test]
async fn presence_shows_in_the_figures_while_it_is_fresh() {
    let harness = empty();
    let shop_id = harness.shop(1).await;
    let show_id = harness.show(1, shop_id, ShowState::Live).await;
    let session = harness.session(1, shop_id, Role::Analyst).await;
    let report = json!({ "items": [{ "show_id": show_id, "at": "2026-11-20T19:30:00Z", "viewers": 42 }] });
    assert_eq!(harness.service("edge", "/v1/internal/presence", report).await.status, 204);
    let figures = async || harness.get(&format!("/v1/admin/shows/{show_id}/figures"), &session).await.json;
    let now = figures().await;
    assert_eq!((&now["viewers"], &now["viewers_peak"]), (&json!(42), &json!(42)));
    assert_eq!(now["revenue"], json!({ "minor": 0, "currency": "EUR" }));
    assert_eq!(now["series"][0]["viewers"], 42);
    harness.clock.advance_ms(30_000);
    let later = figures().await;
    assert_eq!((&later["viewers"], &later["viewers_peak"]), (&json!(0), &json!(42)));
}

#[tokio::test]
async fn what_moderators_did_is_read_back() {
    let harness = empty();
    let shop_id = harness.shop(1).await;
    let show_id = harness.show(1, shop_id, ShowState::Live).await;
    let session = harness.session(1, shop_id, Role::Moderator).await;
    let moderator = showfloor_storage_testkit::fixtures::user(1, shop_id, Role::Moderator).id;
    let report = json!({ "items": [
        { "show_id": show_id, "at": "2026-11-20T19:30:00Z", "action": "mute", "by": moderator, "role": "moderator",
          "viewer_id": null, "reason": "spam", "seconds": 60 },
    ] });
    assert_eq!(harness.service("edge", "/v1/internal/moderation-log", report).await.status, 204);
    let log = harness.get(&format!("/v1/admin/shows/{show_id}/moderation-log"), &session).await.json;
    assert_eq!((&log["items"][0]["action"], &log["items"][0]["by_name"]), (&json!("mute"), &json!("User 1")));
    assert_eq!(log["next_cursor"], Value::Null);
}
