//! Uploading pictures.

use std::io::Cursor;

use image::{ImageFormat, Rgb, RgbImage};
use serde_json::json;
use showfloor_domain::Role;
use showfloor_functions_catalog::PICTURE_BYTES_MAX;

use crate::harness::empty;

fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    let picture = RgbImage::from_pixel(width, height, Rgb([200, 90, 40]));
    picture.write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png).unwrap();
    bytes
}

#[tokio::test]
async fn an_uploaded_picture_is_stored_in_every_width_and_can_be_used() {
    let harness = empty();
    let shop_id = harness.shop(1).await;
    let session = harness.session(shop_id, Role::Manager);
    let made = harness.upload(&session, "image/png", png(1_600, 900)).await;
    assert_eq!(made.status, 201, "{:?}", made.json);
    let id = made.json["id"].as_str().unwrap();
    assert_eq!(made.json["alt"], "A vase");
    assert_eq!((&made.json["width"], &made.json["height"]), (&json!(1_600), &json!(900)));
    let objects = harness.objects.0.lock().unwrap().clone();
    let keys: Vec<_> = objects.keys().cloned().collect();
    let expected: Vec<_> = ["1200", "160", "320", "640"].map(|w| format!("images/{id}/{w}.jpg")).to_vec();
    assert_eq!(keys, expected);
    assert!(objects.values().all(|(_, content_type)| *content_type == "image/jpeg"));

    let edited = harness
        .write("PATCH", &format!("/v1/admin/images/{id}"), &session, 0, json!({ "alt": "A jug" }))
        .await;
    assert_eq!(edited.json["alt"], "A jug");
    let product = json!({ "title": "Jug", "images": [id],
        "variants": [{ "sku": "J", "prices": [{ "minor": 100, "currency": "EUR" }] }] });
    let product = harness.write("POST", "/v1/admin/products", &session, 0, product).await;
    assert_eq!(product.json["images"][0]["src"], format!("/images/{id}/640.jpg"));
}

#[tokio::test]
async fn a9_what_is_no_picture_is_refused_and_nothing_is_stored() {
    let harness = empty();
    let shop_id = harness.shop(1).await;
    let session = harness.session(shop_id, Role::Owner);
    let svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>".to_vec();
    assert_eq!(harness.upload(&session, "image/svg+xml", svg.clone()).await.status, 415);
    assert_eq!(harness.upload(&session, "image/png", svg).await.status, 415, "it says PNG, it is none");
    assert_eq!(harness.upload(&session, "image/jpeg", b"<!doctype html>".to_vec()).await.status, 415);
    assert_eq!(
        harness.upload(&session, "text/html", png(1, 1)).await.status,
        403,
        "no upload of a foreign form"
    );
    assert_eq!(harness.upload(&session, "image/png", png(64, 64)[..60].to_vec()).await.status, 422);
    assert!(harness.objects.0.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a9_a_picture_at_the_byte_limit_is_read_and_one_byte_more_is_refused() {
    let harness = empty();
    let shop_id = harness.shop(1).await;
    let session = harness.session(shop_id, Role::Owner);
    let mut bytes = png(4, 4);
    bytes.resize(PICTURE_BYTES_MAX, 0);
    assert_eq!(harness.upload(&session, "image/png", bytes.clone()).await.status, 201);
    bytes.push(0);
    assert_eq!(harness.upload(&session, "image/png", bytes).await.status, 413);
}

#[tokio::test]
async fn a1_another_shops_picture_cannot_be_used() {
    let harness = empty();
    let (ours, theirs) = (harness.shop(1).await, harness.shop(2).await);
    let made = harness.upload(&harness.session(ours, Role::Owner), "image/png", png(8, 8)).await;
    let product = json!({ "title": "Jug", "images": [made.json["id"]],
        "variants": [{ "sku": "J", "prices": [{ "minor": 100, "currency": "EUR" }] }] });
    let stranger = harness.session(theirs, Role::Owner);
    assert_eq!(harness.write("POST", "/v1/admin/products", &stranger, 0, product).await.status, 422);
}
