//! Rooms over real sockets: who gets in, what passes, what survives.

use serde_json::{Value, json};
use showfloor_domain::{EventId, ProductId, ShowId, UtcMs};
use showfloor_edge_core::token::Service;

use crate::support::{DASHBOARD, World, shop, show};

fn pin(number: u8, version: u64) -> Value {
    json!({
        "specversion": "1.0", "id": EventId::generate(UtcMs::new(1), [number; 10]), "source": "/functions/admin",
        "subject": show(), "time": "2026-11-20T19:30:00.000Z", "shopid": shop(),
        "type": "com.showfloor.show.product-pinned.v1",
        "data": {
            "show_id": show(), "product_id": ProductId::generate(UtcMs::new(1), [number; 10]), "cue_id": null,
            "at": 1_795_203_000_000_i64, "version": version,
        },
    })
}

#[tokio::test]
async fn nobody_gets_in_without_a_token_for_this_very_show() {
    let world = World::new().await;
    let other = ShowId::generate(UtcMs::new(1), [8; 10]);
    assert_eq!(world.join(show(), "", &[]).await.err(), Some(401));
    assert_eq!(world.join(show(), "forged", &[]).await.err(), Some(401));
    let cookie = [("cookie", "__Host-showfloor=a-valid-session"), ("origin", "https://evil.example")];
    assert_eq!(world.join(show(), "", &cookie).await.err(), Some(401));
    assert_eq!(world.join(show(), &world.viewer(other, 1), &[]).await.err(), Some(404));
    assert_eq!(
        world.join(other, &world.viewer(other, 1), &[]).await.err(),
        Some(404),
        "there is no such show"
    );
    assert_eq!(world.join(show(), &world.service(Service::Edge), &[]).await.err(), Some(401));
}

#[tokio::test]
async fn staff_come_from_the_dashboard_and_from_no_other_page() {
    let world = World::new().await;
    let evil = world.join(show(), &world.host(), &[("origin", "https://evil.example")]).await;
    assert_eq!(evil.err(), Some(403));
    assert!(world.join(show(), &world.host(), &[("origin", DASHBOARD)]).await.is_ok());
}

#[tokio::test]
async fn what_one_says_the_other_hears_with_the_same_offset() {
    let world = World::new().await;
    let (mut ines, mut noor) = (world.greeted(1).await, world.greeted(2).await);
    ines.send(json!([{ "t": "say", "ref": "a", "text": "Does it come in blue?" }])).await;
    let sent = ines.expect("sent").await;
    let heard = noor.expect("chat").await;
    assert_eq!(heard["message"]["text"], "Does it come in blue?");
    assert_eq!(heard["message"]["from"]["name"], "viewer1");
    assert_eq!((&heard["offset"], &heard["message"]["id"]), (&sent["offset"], &sent["message_id"]));
}

#[tokio::test]
async fn a_pin_reaches_everybody_once_however_often_it_is_delivered() {
    let world = World::new().await;
    let mut viewer = world.greeted(1).await;
    let token = world.service(Service::Edge);
    for _ in 0..3 {
        assert_eq!(world.deliver(&token, &pin(1, 1)).await, 202);
    }
    assert_eq!(world.deliver(&token, &pin(2, 2)).await, 202);
    let (first, second) = (viewer.expect("pin").await, viewer.expect("pin").await);
    assert_eq!((&first["version"], &second["version"]), (&json!(1), &json!(2)));
    assert_eq!(second["offset"].as_u64(), first["offset"].as_u64().map(|offset| offset + 1));
}

#[tokio::test]
async fn events_are_taken_from_functions_only() {
    let world = World::new().await;
    for token in ["", "forged", &world.viewer(show(), 1), &world.service(Service::Origin)] {
        assert_eq!(world.deliver(token, &pin(1, 1)).await, 401, "{token}");
    }
    assert_eq!(world.deliver(&world.service(Service::Edge), &json!({ "no": "event" })).await, 400);
}

#[tokio::test]
async fn who_comes_back_gets_exactly_what_they_missed_even_from_a_new_process() {
    let folder = tempfile::tempdir().unwrap();
    let world = World::in_folder(folder.path()).await;
    let mut viewer = world.join(show(), &world.viewer(show(), 1), &[]).await.unwrap();
    viewer.send(json!([{ "t": "hello" }])).await;
    let welcome = viewer.expect("welcome").await;
    let mut other = world.greeted(2).await;
    other.send(json!([{ "t": "say", "ref": "1", "text": "one" }])).await;
    let seen = viewer.expect("chat").await;
    drop(viewer);
    other.send(json!([{ "t": "say", "ref": "2", "text": "two" }])).await;
    other.expect("sent").await;
    other.send(json!([{ "t": "say", "ref": "3", "text": "three" }])).await;
    while other.expect("sent").await["ref"] != "3" {}
    world.edge.shutdown().await;
    drop(world);

    let world = World::in_folder(folder.path()).await;
    let mut viewer = world.join(show(), &world.viewer(show(), 1), &[]).await.unwrap();
    let resume = json!({ "epoch": welcome["epoch"], "offset": seen["offset"] });
    viewer.send(json!([{ "t": "hello", "resume": resume }])).await;
    assert_eq!(viewer.expect("welcome").await["recovered"], true);
    assert_eq!(viewer.expect("chat").await["message"]["text"], "two");
    assert_eq!(viewer.expect("chat").await["message"]["text"], "three");
}

#[tokio::test]
async fn a_frame_at_the_limit_is_read_and_one_byte_more_closes_the_socket() {
    let world = World::new().await;
    let pad = |bytes: usize| format!("[{}{{\"t\":\"ping\"}}]", " ".repeat(bytes - 14));
    let mut viewer = world.greeted(1).await;
    viewer.send_text(pad(4_096)).await;
    viewer.expect("pong").await;
    viewer.send_text(pad(4_097)).await;
    assert_eq!(viewer.closed().await.0, 4_400);
}

#[tokio::test]
async fn going_down_tells_everybody_to_come_back() {
    let world = World::new().await;
    let mut viewer = world.greeted(1).await;
    let edge = world.edge.clone();
    let down = tokio::spawn(async move { edge.shutdown().await });
    assert_eq!(viewer.closed().await.0, 1_012);
    drop(viewer);
    down.await.unwrap();
}

#[tokio::test]
async fn an_overlay_is_composed_for_who_asks() {
    let world = World::new().await;
    let overlay = world.get(&format!("/v1/overlays/{}?locale=de&currency=USD", show()), &[]).await;
    assert_eq!(overlay.status(), 200);
    let overlay: Value = overlay.json().await.unwrap();
    assert_eq!(overlay["audience"], json!({ "locale": "de", "currency": "USD" }));
    let unknown = ShowId::generate(UtcMs::new(1), [8; 10]);
    assert_eq!(world.get(&format!("/v1/overlays/{unknown}"), &[]).await.status(), 404);
}
