//! No more goes back than came in.

use futures_util::future::join_all;
use showfloor_domain::event::Event;
use showfloor_domain::order::{Fulfilment, OrderState, RefundError, RefundState};
use showfloor_domain::{Currency, Money, RefundId, VariantId};
use showfloor_storage::{
    Fulfil, OrderFilter, OrderRecord, PageRequest, RequestRefund, RequestRefundError, StoreError,
};

use super::Commerce;
use super::buyers::{buy, shop_id, show_id, stock};
use crate::fixtures::{NOW, variant_id};

fn request(order: &OrderRecord, n: u8, minor: i64, restock: Vec<(VariantId, u32)>) -> RequestRefund {
    let mut entropy = [n; 10];
    entropy[5..].copy_from_slice(&order.id.uuid().into_bytes()[11..]);
    entropy[..5].copy_from_slice(&order.number.to_be_bytes()[3..]);
    entropy[0] = n;
    RequestRefund {
        refund_id: RefundId::generate(NOW, entropy),
        shop_id: shop_id(),
        order_id: order.id,
        amount: Money::new(minor, Currency::EUR),
        restock,
        reason: "cracked glaze".into(),
        by: Some("Ida".into()),
        now: NOW,
    }
}

/// Abuse case C8: of each of a thousand pairs of 60 % refunds, one is written down.
pub async fn of_two_refunds_of_sixty_percent_one_is_taken(store: &impl Commerce) {
    stock(store, 1, 1_000).await;
    let orders = join_all((0..1_000).map(|n| buy(store, n, 1))).await;
    let pairs = orders.iter().map(|order| async move {
        let amount = order.payment.captured.minor() * 6 / 10;
        let (a, b) = futures_util::join!(
            store.request_refund(request(order, 1, amount, Vec::new())),
            store.request_refund(request(order, 2, amount, Vec::new())),
        );
        assert_eq!([&a, &b].into_iter().filter(|answer| answer.is_ok()).count(), 1);
        let refused = a.err().or(b.err());
        assert!(
            matches!(refused, Some(RequestRefundError::Refund(RefundError::MoreThanLeft(_)))),
            "{refused:?}"
        );
    });
    join_all(pairs.collect::<Vec<_>>()).await;
}

/// Abuse case C8: a refund that was written down is sent until it is settled, under one id, and settled once.
pub async fn a_crash_between_write_and_call_repeats_nothing(store: &impl Commerce) {
    stock(store, 1, 5).await;
    let order = buy(store, 1, 1).await;
    let all = order.payment.captured.minor();
    let wanted = request(&order, 1, all, Vec::new());
    store.request_refund(wanted.clone()).await.unwrap();
    let again = store.request_refund(wanted.clone()).await.unwrap();
    assert_eq!(again.refunds.len(), 1, "the same request is one refund");
    let first = store.refunds_to_send(NOW, NOW, 10).await.unwrap();
    assert_eq!(first[0].refund_id, wanted.refund_id);
    assert!(store.refunds_to_send(NOW, NOW, 10).await.unwrap().is_empty(), "it was just sent");
    let later = NOW.plus_ms(20_000);
    assert_eq!(store.refunds_to_send(later, later, 10).await.unwrap(), first, "no answer: sent again");
    for _ in 0..2 {
        store.refund_settled(wanted.refund_id, true, later).await.unwrap();
    }
    let settled = store.find_any(order.id).await.unwrap().unwrap();
    assert_eq!(settled.refunds[0].state, RefundState::Succeeded);
    let told = store.after(0, 100).await.unwrap();
    let refunded = told.iter().filter(|entry| matches!(entry.event.event, Event::OrderRefunded(_)));
    assert_eq!(refunded.count(), 1);
}

/// What the provider will not send back can be refunded again.
pub async fn a_refused_refund_frees_its_amount(store: &impl Commerce) {
    stock(store, 1, 5).await;
    let order = buy(store, 1, 1).await;
    let all = order.payment.captured.minor();
    let wanted = request(&order, 1, all, Vec::new());
    store.request_refund(wanted.clone()).await.unwrap();
    for _ in 0..2 {
        store.refund_settled(wanted.refund_id, false, NOW).await.unwrap();
    }
    let freed = store.find_any(order.id).await.unwrap().unwrap();
    assert_eq!((freed.payment.refunded.minor(), freed.refunds[0].state), (0, RefundState::Failed));
    assert!(store.request_refund(request(&order, 2, all, Vec::new())).await.is_ok());
}

/// Pieces go back on the shelf once.
pub async fn pieces_are_restocked_once(store: &impl Commerce) {
    stock(store, 1, 5).await;
    let order = buy(store, 1, 2).await;
    let restock = |pieces| vec![(variant_id(1), pieces)];
    let refused = store.request_refund(request(&order, 1, 100, restock(3))).await;
    assert_eq!(refused, Err(RequestRefundError::NothingToRestock));
    store.request_refund(request(&order, 2, 100, restock(2))).await.unwrap();
    let level = store.levels(shop_id(), &[variant_id(1)]).await.unwrap()[0].1;
    assert_eq!((level.available(), level.sold), (5, 0));
    let refused = store.request_refund(request(&order, 3, 100, restock(1))).await;
    assert_eq!(refused, Err(RequestRefundError::NothingToRestock));
    let order = store.find_any(order.id).await.unwrap().unwrap();
    assert_eq!(order.payment.refunded.minor(), 100, "a refused request takes nothing");
}

/// Orders are found by state, number, name and show, and add up.
pub async fn orders_are_found_and_add_up(store: &impl Commerce) {
    stock(store, 1, 10).await;
    let first = buy(store, 1, 1).await;
    let second = buy(store, 2, 1).await;
    store.request_refund(request(&first, 1, 100, Vec::new())).await.unwrap();
    let find = |filter: OrderFilter| async move {
        let page = store.list(shop_id(), filter.clone(), PageRequest::default()).await.unwrap();
        let totals = store.totals(shop_id(), filter).await.unwrap();
        assert_eq!(totals.count, u64::try_from(page.items.len()).unwrap());
        page.items.into_iter().map(|order| order.id).collect::<Vec<_>>()
    };
    assert_eq!(find(OrderFilter::default()).await, [second.id, first.id], "newest first");
    let state = Some(OrderState::PartlyRefunded);
    assert_eq!(find(OrderFilter { state, ..OrderFilter::default() }).await, [first.id]);
    let state = Some(OrderState::Paid);
    assert_eq!(find(OrderFilter { state, ..OrderFilter::default() }).await, [second.id]);
    let text = Some(format!("#{}", second.number));
    assert_eq!(find(OrderFilter { text, ..OrderFilter::default() }).await, [second.id]);
    let text = Some("BUYER1@".into());
    assert_eq!(find(OrderFilter { text, ..OrderFilter::default() }).await, [first.id]);
    let one = PageRequest { limit: 1, cursor: None };
    let page =
        store.list(shop_id(), OrderFilter { show_id: Some(show_id()), ..OrderFilter::default() }, one).await;
    let page = page.unwrap();
    let rest = PageRequest { limit: 1, cursor: page.next };
    let rest = store.list(shop_id(), OrderFilter::default(), rest).await.unwrap();
    assert_eq!((rest.items[0].id, rest.next), (first.id, None));
    let revenue = store.totals(shop_id(), OrderFilter::default()).await.unwrap().revenue;
    let sum = first.quote.total.minor() + second.quote.total.minor() - 100;
    assert_eq!(revenue, [Money::new(sum, Currency::EUR)]);
    let sales = store.show_sales(shop_id(), show_id(), Currency::EUR, NOW.plus_ms(1)).await.unwrap();
    assert_eq!((sales.orders, sales.revenue.minor(), sales.orders_since), (2, sum, 0));
    assert_eq!((sales.minutes.len(), sales.minutes[0].orders, sales.minutes[0].revenue_minor), (1, 2, sum));
}

/// A parcel goes forwards only.
pub async fn a_parcel_goes_forwards_only(store: &impl Commerce) {
    stock(store, 1, 5).await;
    let order = buy(store, 1, 1).await;
    let fulfil = |state| Fulfil {
        shop_id: shop_id(),
        order_id: order.id,
        state,
        tracking: Some("DHL 1".into()),
        now: NOW,
    };
    let sent = store.fulfil(fulfil(Fulfilment::Sent)).await.unwrap();
    assert_eq!((sent.fulfilment, sent.tracking.as_deref()), (Fulfilment::Sent, Some("DHL 1")));
    assert_eq!(store.fulfil(fulfil(Fulfilment::Packed)).await, Err(StoreError::Stale));
}
