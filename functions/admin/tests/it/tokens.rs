//! Viewers' tokens, staff's tokens.

use axum::body::Body;
use http::Request;
use serde_json::{Value, json};
use showfloor_domain::event::ShowState;
use showfloor_domain::{Role, ShowId};
use showfloor_http::testing::walk::{Answer, send};

use crate::harness::{Harness, empty};

const DEVICE: &str = "AAECAwQFBgcICQoLDA0ODxAREhM";

async fn viewer(harness: &Harness, show_id: ShowId, body: Value, more: &[(&str, &str)]) -> Answer {
    let mut request = Request::post(format!("/v1/shows/{show_id}/viewer-tokens"));
    request = request.header("content-type", "application/json");
    for (name, value) in more {
        request = request.header(*name, *value);
    }
    send(&harness.router, request.body(Body::from(body.to_string())).unwrap()).await
}

#[tokio::test]
async fn a_device_renews_its_token_for_twelve_hours_and_stays_the_same_viewer() {
    let harness = empty();
    let shop_id = harness.shop(1).await;
    let show_id = harness.show(1, shop_id, ShowState::Live).await;
    let first = viewer(&harness, show_id, json!({ "device_secret": DEVICE, "name": "Mia" }), &[]).await;
    assert_eq!(first.status, 201, "{:?}", first.json);
    assert_eq!(first.json["expires_at"], "2026-11-20T19:45:00.000Z");
    assert_eq!(first.json["renew_until"], "2026-11-21T07:30:00.000Z");
    let token = format!("Bearer {}", first.json["token"].as_str().unwrap());
    let renew = async |device: &str| {
        viewer(&harness, show_id, json!({ "device_secret": device }), &[("authorization", &token)]).await
    };
    harness.clock.advance_ms(12 * 60 * 60 * 1_000 - 1);
    let renewed = renew(DEVICE).await;
    assert_eq!(renewed.json["viewer_id"], first.json["viewer_id"]);
    assert_eq!(renew("BBECAwQFBgcICQoLDA0ODxAREhM").await.status, 401, "another device");
    harness.clock.advance_ms(1);
    assert_eq!(renew(DEVICE).await.status, 401, "after twelve hours");
}

#[tokio::test]
async fn a_token_of_one_show_renews_none_of_another() {
    let harness = empty();
    let shop_id = harness.shop(1).await;
    let (one, other) =
        (harness.show(1, shop_id, ShowState::Live).await, harness.show(2, shop_id, ShowState::Live).await);
    let first = viewer(&harness, one, json!({ "device_secret": DEVICE }), &[]).await;
    let token = format!("Bearer {}", first.json["token"].as_str().unwrap());
    let crossed =
        viewer(&harness, other, json!({ "device_secret": DEVICE }), &[("authorization", &token)]).await;
    assert_eq!(crossed.status, 401);
}

#[tokio::test]
async fn a_draft_is_nobodys_to_watch() {
    let harness = empty();
    let shop_id = harness.shop(1).await;
    let show_id = harness.show(1, shop_id, ShowState::Draft).await;
    assert_eq!(viewer(&harness, show_id, json!({ "device_secret": DEVICE }), &[]).await.status, 404);
}

#[tokio::test]
async fn a_devices_secret_has_twenty_bytes_at_least() {
    let harness = empty();
    let shop_id = harness.shop(1).await;
    let show_id = harness.show(1, shop_id, ShowState::Live).await;
    for (secret, status) in
        [("AAECAwQFBgcICQoLDA0ODxAREhM", 201), ("AAECAwQFBgcICQoLDA0ODxAREg", 422), ("", 422), ("!!", 422)]
    {
        let answer = viewer(&harness, show_id, json!({ "device_secret": secret }), &[]).await;
        assert_eq!(answer.status, status, "{secret}");
    }
}

#[tokio::test]
async fn p2_only_the_shops_own_sites_get_a_token() {
    let harness = empty();
    let (ours, theirs) = (harness.shop(1).await, harness.shop(2).await);
    let show_id = harness.show(1, ours, ShowState::Live).await;
    harness.show(2, theirs, ShowState::Live).await;
    let from = async |origin: &str| {
        viewer(&harness, show_id, json!({ "device_secret": DEVICE }), &[("origin", origin)]).await
    };
    let listed = from("https://shop1.example").await;
    assert_eq!(listed.status, 201);
    assert_eq!(listed.headers["access-control-allow-origin"], "https://shop1.example");
    assert_eq!(listed.headers["vary"], "origin");
    assert!(!listed.headers.contains_key("access-control-allow-credentials"));
    assert_eq!(from("https://shop2.example").await.status, 403, "listed by another shop");
    for origin in ["https://evil.example", "null", "https://shop1.example.evil.example"] {
        let refused = from(origin).await;
        assert_eq!(refused.status, 403, "{origin}");
        assert!(!refused.headers.contains_key("access-control-allow-origin"), "{origin}");
    }
    assert_eq!(from("https://showfloor.test").await.status, 201, "our own watch page");
}

#[tokio::test]
async fn p2_a_preflight_is_answered_for_listed_sites_only() {
    let harness = empty();
    let shop_id = harness.shop(1).await;
    let show_id = harness.show(1, shop_id, ShowState::Live).await;
    for (origin, status) in [("https://shop1.example", 204), ("https://evil.example", 403)] {
        let request = Request::options(format!("/v1/shows/{show_id}/viewer-tokens"))
            .header("origin", origin)
            .header("access-control-request-method", "POST")
            .body(Body::empty())
            .unwrap();
        assert_eq!(send(&harness.router, request).await.status, status, "{origin}");
    }
}

#[tokio::test]
async fn staff_get_a_token_for_a_room_of_their_shop() {
    let harness = empty();
    let shop_id = harness.shop(1).await;
    let show_id = harness.show(1, shop_id, ShowState::Live).await;
    let session = harness.session(1, shop_id, Role::Moderator).await;
    let answer = harness.post(&format!("/v1/admin/shows/{show_id}/staff-token"), &session, json!({})).await;
    assert_eq!(answer.status, 201);
    assert_eq!(answer.json["expires_at"], "2026-11-20T19:35:00.000Z");
}
