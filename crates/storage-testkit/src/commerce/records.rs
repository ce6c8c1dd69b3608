//! Carts, requests that must have their effect once, and the outbox.

use showfloor_domain::cart::{CartFull, CartLine, LINES_MAX};
use showfloor_domain::event::Event;
use showfloor_domain::{CartId, Currency, Money, ViewerId};
use showfloor_storage::{
    Buyer, CartRecord, Carts, Claim, IN_FLIGHT_MS, IdempotencyScope, PutLineError, RECORD_MS, RecordedAnswer,
};

use super::Commerce;
use super::buyers::{shop_id, show_id, stock};
use crate::fixtures::{NOW, shop, variant_id};

/// A cart reads back as written, in its shop only, and takes fifty lines.
pub async fn a_cart_takes_fifty_lines(store: &impl Commerce) {
    let cart = CartRecord {
        id: CartId::generate(NOW, [1; 10]),
        shop_id: shop_id(),
        show_id: show_id(),
        buyer: Buyer { viewer_id: ViewerId::generate(NOW, [1; 10]), name: None, device: "d".into() },
        currency: Currency::EUR,
        secret_hash: [3; 32],
        lines: Vec::new(),
        discount_code: None,
        created_at: NOW,
    };
    Carts::create(store, cart.clone()).await.unwrap();
    let line = |n: usize| CartLine {
        variant_id: variant_id(u8::try_from(n).unwrap()),
        quantity: 2.try_into().unwrap(),
        seen_price: Money::new(5_800, Currency::EUR),
    };
    for n in 0..LINES_MAX {
        store.put_line(cart.id, line(n), NOW).await.unwrap();
    }
    assert_eq!(store.put_line(cart.id, line(LINES_MAX), NOW).await, Err(PutLineError::Full(CartFull)));
    store.put_line(cart.id, line(7), NOW).await.unwrap();
    store.remove_line(cart.id, variant_id(0), NOW).await.unwrap();
    store.set_discount(cart.id, Some("AUTUMN".into()), NOW).await.unwrap();
    let lines = (1..LINES_MAX).map(line).collect();
    let wanted = CartRecord { lines, discount_code: Some("AUTUMN".into()), ..cart.clone() };
    assert_eq!(Carts::find(store, shop_id(), cart.id).await.unwrap(), Some(wanted));
    assert_eq!(Carts::find(store, shop(2).id, cart.id).await.unwrap(), None);
}

/// Abuse case C11: a key belongs to its principal, to its body, and has one effect.
pub async fn a_request_has_its_effect_once(store: &impl Commerce) {
    let scope = |principal: &str| IdempotencyScope {
        shop_id: shop_id(),
        principal: principal.into(),
        method: "POST".into(),
        route: "/v1/carts/crt_1/checkouts".into(),
        key: "key".into(),
    };
    let (ada, eve) = (scope("vwr_ada"), scope("vwr_eve"));
    let answer =
        RecordedAnswer { status: 201, content_type: "application/json".into(), body: b"{}".to_vec() };
    let begin = |seed| Claim::Begin { seed: [seed; 16] };
    assert_eq!(store.claim(&ada, [1; 32], [1; 16], NOW).await.unwrap(), begin(1));
    assert_eq!(store.claim(&ada, [1; 32], [2; 16], NOW).await.unwrap(), Claim::InFlight);
    assert_eq!(store.claim(&eve, [1; 32], [3; 16], NOW).await.unwrap(), begin(3), "another principal");
    assert_eq!(store.claim(&ada, [9; 32], [4; 16], NOW).await.unwrap(), Claim::OtherBody);
    let crashed = NOW.plus_ms(IN_FLIGHT_MS);
    assert_eq!(store.claim(&ada, [1; 32], [5; 16], crashed).await.unwrap(), begin(1), "the same seed again");
    store.release(&ada).await.unwrap();
    assert_eq!(store.claim(&ada, [1; 32], [6; 16], crashed).await.unwrap(), begin(1));
    store.record(&ada, answer.clone()).await.unwrap();
    assert_eq!(store.claim(&ada, [1; 32], [7; 16], crashed).await.unwrap(), Claim::Replay(answer));
    assert_eq!(store.claim(&ada, [9; 32], [8; 16], crashed).await.unwrap(), Claim::OtherBody);
    let old = crashed.plus_ms(RECORD_MS + 1);
    assert_eq!(
        store.claim(&ada, [9; 32], [9; 16], old).await.unwrap(),
        begin(9),
        "a day later it is forgotten"
    );
}

/// The outbox gives events in order, remembers how far each sink is, and drops what all have.
pub async fn the_outbox_keeps_what_a_sink_has_not(store: &impl Commerce) {
    stock(store, 1, 1).await;
    stock(store, 2, 1).await;
    let all = store.after(0, 10).await.unwrap();
    assert_eq!(all.len(), 2);
    assert!(matches!(&all[0].event.event, Event::StockChanged(stock) if stock.variant_id == variant_id(1)));
    assert_eq!(store.after(all[0].sequence, 10).await.unwrap(), all[1..]);
    store.advance("rooms", all[1].sequence).await.unwrap();
    store.advance("rooms", all[0].sequence).await.unwrap();
    assert_eq!(store.position("rooms").await.unwrap(), all[1].sequence, "it never goes back");
    let sinks = ["rooms".to_owned(), "mails".to_owned()];
    store.prune(&sinks).await.unwrap();
    assert_eq!(store.after(0, 10).await.unwrap().len(), 2, "mails has nothing yet");
    store.advance("mails", all[0].sequence).await.unwrap();
    store.prune(&sinks).await.unwrap();
    assert_eq!(store.after(0, 10).await.unwrap(), all[1..]);
    store.dead_letter("mails", &all[1].event, "410", NOW).await.unwrap();
    assert_eq!(store.dead_letters("mails").await.unwrap(), [all[1].event.id]);
}
