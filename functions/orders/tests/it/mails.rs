//! Mails: once per occasion, in the shop's language, every value escaped.

use serde_json::json;
use showfloor_domain::event::{CloudEvent, Event, OrderPaid, OrderRefunded, SpecVersion};
use showfloor_domain::{Currency, EventId, Money, RefundId};
use showfloor_functions_orders::mails::handle;
use showfloor_http::Entropy as _;
use showfloor_storage::OrderRecord;

use crate::harness::Stand;

fn event(stand: &Stand, order: &OrderRecord, event: Event) -> CloudEvent {
    CloudEvent {
        specversion: SpecVersion::V1,
        id: EventId::generate(stand.now(), stand.entropy.id_bytes()),
        source: "/functions/orders".into(),
        subject: order.id.to_string(),
        time: stand.now().into(),
        shopid: order.shop_id,
        event,
    }
}

fn paid(stand: &Stand, order: &OrderRecord) -> CloudEvent {
    let paid = OrderPaid {
        order_id: order.id,
        number: order.number,
        show_id: Some(order.show_id),
        viewer_id: Some(order.viewer_id),
        shown_name: None,
        lines: Vec::new(),
        total: order.quote.total,
        at: order.paid_at,
    };
    event(stand, order, Event::OrderPaid(paid))
}

#[tokio::test]
async fn a_paid_order_is_confirmed_by_one_mail_however_often_it_is_told() {
    let stand = Stand::new().await;
    let order = stand.order_of(&stand.ours, 2, "Ada <script>alert(1)</script>").await;
    for _ in 0..3 {
        handle(&paid(&stand, &order), &stand.deps).await.unwrap();
    }
    let mails = stand.mails.all();
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].to, "ada@example.com");
    assert_eq!(mails[0].subject, format!("Your order {} from Kiln & Co", order.number));
    assert!(mails[0].text.contains("116.00 EUR"), "{}", mails[0].text);
    assert!(mails[0].text.contains("2 × Bowl <b>bold</b> · Oat"), "{}", mails[0].text);
    assert!(!mails[0].html.contains("<script>") && !mails[0].html.contains("<b>bold"), "{}", mails[0].html);
    assert!(mails[0].html.contains("Kiln &amp; Co"));

    let order = stand.get("our-owner", &format!("/v1/admin/orders/{}", order.id)).await;
    let id = order.json["mails"][0]["id"].as_str().unwrap().to_owned();
    let mail = stand.get("our-owner", &format!("/v1/admin/mails/{id}")).await;
    assert_eq!(
        (mail.json["html"].as_str(), mail.json["to"].as_str()),
        (Some(&*mails[0].html), Some(&*mails[0].to))
    );
    assert_eq!(stand.get("their-owner", &format!("/v1/admin/mails/{id}")).await.status, 404);
}

#[tokio::test]
async fn each_refund_is_told_once_in_the_shops_language() {
    let stand = Stand::with_locale("de-DE").await;
    let order = stand.order(1).await;
    for minor in [500, 1_250] {
        let refunded = OrderRefunded {
            order_id: order.id,
            refund_id: RefundId::generate(stand.now(), stand.entropy.id_bytes()),
            show_id: None,
            amount: Money::new(minor, Currency::EUR),
            at: stand.now(),
        };
        let event = event(&stand, &order, Event::OrderRefunded(refunded));
        handle(&event, &stand.deps).await.unwrap();
        handle(&event, &stand.deps).await.unwrap();
    }
    let mails = stand.mails.all();
    assert_eq!(mails.len(), 2);
    assert!(mails[0].subject.starts_with("Erstattung zu Ihrer Bestellung"), "{}", mails[0].subject);
    assert!(mails[1].text.contains("12,50 EUR gehen auf die Karte zurück"), "{}", mails[1].text);
}

#[tokio::test]
async fn an_event_that_names_another_shop_writes_nothing() {
    let stand = Stand::new().await;
    let order = stand.order(1).await;
    let event = CloudEvent { shopid: stand.theirs.id, ..paid(&stand, &order) };
    handle(&event, &stand.deps).await.unwrap();
    assert_eq!(stand.mails.all().len(), 0);
    assert_eq!(json!(event)["type"], "com.showfloor.order.paid.v1");
}
