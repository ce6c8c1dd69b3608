//! Stock, codes and flash sales are taken together and come back together.

use futures_util::future::join_all;
use showfloor_domain::checkout::{CheckoutState, HOLD_MS};
use showfloor_domain::payment::PaymentState;
use showfloor_domain::promotion::PriceSource;
use showfloor_domain::stock::{LedgerKind, StockError, StockLevel};
use showfloor_domain::{CueId, UtcMs};
use showfloor_storage::{AdjustError, EditError, HoldError, PageRequest, Shortage, StockAdjustment};

use super::Commerce;
use super::buyers::{
    address, begin, begin_lines, discount, hold, pay, requote, shop_id, show_id, stock, told,
};
use crate::fixtures::{NOW, product, variant_id};

const END: UtcMs = NOW.plus_ms(HOLD_MS);

async fn level(store: &impl Commerce, variant: u8) -> StockLevel {
    let levels = store.levels(shop_id(), &[variant_id(variant)]).await.unwrap();
    levels[0].1
}

/// Stock comes and goes by adjustment, each with an entry; more than is there cannot be taken out.
pub async fn an_adjustment_takes_only_what_is_there(store: &impl Commerce) {
    stock(store, 1, 3).await;
    hold(store, 1, 2).await.unwrap();
    let adjustment = |delta| StockAdjustment {
        shop_id: shop_id(),
        variant_id: variant_id(1),
        delta,
        note: "count".into(),
        by: None,
    };
    let refused = store.adjust(adjustment(-2), NOW).await;
    assert_eq!(refused, Err(AdjustError::Stock(StockError::NotEnough { available: 1 })));
    assert_eq!(store.adjust(adjustment(-1), NOW).await.unwrap().available(), 0);
    let page = PageRequest { limit: 2, cursor: None };
    let first = store.ledger(shop_id(), product(1, shop_id()).id, page).await.unwrap();
    let kinds: Vec<_> = first.items.iter().map(|entry| (entry.kind, entry.quantity)).collect();
    assert_eq!(kinds, [(LedgerKind::Adjusted, -1), (LedgerKind::Reserved, 2)]);
    let page = PageRequest { limit: 2, cursor: first.next };
    let second = store.ledger(shop_id(), product(1, shop_id()).id, page).await.unwrap();
    assert_eq!((second.items[0].kind, second.items.len(), second.next), (LedgerKind::Stocked, 1, None));
}

/// Abuse case C1: of five hundred who want the last piece at once, one gets it.
pub async fn five_hundred_buyers_of_the_last_piece_are_one(store: &impl Commerce) {
    stock(store, 1, 1).await;
    let tries = (0..500).map(|n| store.begin(begin(n, 1, PriceSource::Regular, None)));
    let answers = join_all(tries).await;
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
    let short = HoldError::NotEnough(vec![Shortage { variant_id: variant_id(1), available: 0 }]);
    assert!(answers.iter().filter_map(|answer| answer.as_ref().err()).all(|error| *error == short));
    let level = level(store, 1).await;
    assert_eq!((level.reserved, level.available(), level.balances()), (1, 0, true));
}

/// All that is short is named, lines of one variant are summed, and nothing is held.
pub async fn a_hold_is_whole_or_not_at_all(store: &impl Commerce) {
    stock(store, 1, 5).await;
    stock(store, 2, 1).await;
    let lines = [(1, 3), (2, 1), (1, 3)];
    let refused = store.begin(begin_lines(1, &lines, PriceSource::Regular, None)).await;
    let short = vec![Shortage { variant_id: variant_id(1), available: 5 }];
    assert_eq!(refused, Err(HoldError::NotEnough(short)));
    assert_eq!((level(store, 1).await.reserved, level(store, 2).await.reserved), (0, 0));
}

/// Abuse case C2: of a hundred who use a code for one at once, one does; lapsed, it can be used again.
pub async fn a_code_for_one_is_used_once_and_comes_back(store: &impl Commerce) {
    stock(store, 1, 500).await;
    let code = discount(Some(1), None);
    store.add(shop_id(), code.clone()).await.unwrap();
    let tries = (0..100).map(|n| store.begin(begin(n, 1, PriceSource::Regular, Some(&code))));
    let answers = join_all(tries).await;
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
    assert_eq!(level(store, 1).await.reserved, 1, "who may not use the code holds nothing");
    store.expire_due(END, 100).await.unwrap();
    assert!(store.begin(begin(200, 1, PriceSource::Regular, Some(&code))).await.is_ok());
    let again = store.begin(begin(201, 1, PriceSource::Regular, Some(&code))).await;
    assert_eq!(again, Err(HoldError::DiscountGone));
}

/// Abuse case C2: a limit per customer counts devices, and then addresses.
pub async fn a_customer_uses_a_code_as_often_as_they_may(store: &impl Commerce) {
    stock(store, 1, 50).await;
    let code = discount(None, Some(1));
    store.add(shop_id(), code.clone()).await.unwrap();
    let first = store.begin(begin(1, 1, PriceSource::Regular, Some(&code))).await.unwrap();
    let mut same_device = begin(2, 1, PriceSource::Regular, Some(&code));
    same_device.buyer.device.clone_from(&first.buyer.device);
    assert_eq!(store.begin(same_device).await, Err(HoldError::DiscountGone));
    address(store, &first, "ada@example.com").await;
    let other = store.begin(begin(3, 1, PriceSource::Regular, Some(&code))).await.unwrap();
    assert_eq!(store.requote(requote(&other, "Ada+2@example.com")).await, Err(EditError::DiscountGone));
    assert!(store.requote(requote(&other, "bob@example.com")).await.is_ok());
}

/// A flash sale never sells more than its cap; what lapses can be bought again.
pub async fn a_flash_sale_keeps_its_cap(store: &impl Commerce) {
    stock(store, 1, 100).await;
    let cue_id = CueId::generate(NOW, [7; 10]);
    let source = PriceSource::Flash { cue_id, cap: 10 };
    let answers = join_all((0..30).map(|n| store.begin(begin(n, 2, source, None)))).await;
    let held: Vec<_> = answers.iter().filter_map(|answer| answer.as_ref().ok()).collect();
    assert_eq!(held.len(), 5);
    assert!(answers.iter().filter_map(|a| a.as_ref().err()).all(|e| *e == HoldError::FlashGone(cue_id)));
    store.cancel(held[0].id, NOW).await.unwrap();
    assert_eq!(store.flash_counts(&[cue_id]).await.unwrap()[0].taken, 8);
    let last = store.begin(begin(99, 2, source, None)).await.unwrap();
    for (n, checkout) in held[1..].iter().copied().chain([&last]).enumerate() {
        let n = u32::try_from(n).unwrap();
        let checkout = address(store, checkout, &format!("b{n}@example.com")).await;
        let terms = pay(store, &checkout, n).await;
        store.observe(told(n, &terms, PaymentState::Succeeded, NOW)).await.unwrap();
    }
    assert_eq!(store.flash_sold_out().await.unwrap(), [cue_id]);
    assert!(store.flash_sold_out().await.unwrap().is_empty(), "it is told once");
}

/// A hold lapses at its end, not before, and gives everything back.
pub async fn a_hold_lapses_at_its_end(store: &impl Commerce) {
    stock(store, 1, 3).await;
    let checkout = hold(store, 1, 3).await.unwrap();
    assert!(store.expire_due(END.plus_ms(-1), 10).await.unwrap().checkouts.is_empty());
    let swept = store.expire_due(END, 10).await.unwrap();
    assert_eq!((swept.checkouts, swept.more), (vec![checkout.id], false));
    let expired = Checkouts::find(store, checkout.id).await;
    assert_eq!(expired, CheckoutState::Expired);
    assert_eq!(level(store, 1).await.available(), 3);
    let late = showfloor_storage::Requote { now: END, ..requote(&checkout, "ada@example.com") };
    assert_eq!(store.requote(late).await, Err(EditError::HoldEnded));
}

/// Abuse case C12, in part: editing or beginning anew never moves the end.
pub async fn edits_never_move_the_end(store: &impl Commerce) {
    stock(store, 1, 3).await;
    let first = hold(store, 1, 2).await.unwrap();
    assert_eq!(address(store, &first, "eve@example.com").await.held_until, END);
    let later = NOW.plus_ms(60_000);
    let mut again = begin(2, 3, PriceSource::Regular, None);
    again.cart_id = first.cart_id;
    (again.now, again.held_until) = (later, later.plus_ms(HOLD_MS));
    let second = store.begin(again).await.expect("the first hold of the cart gave way");
    assert_eq!(second.held_until, END);
    assert_eq!(Checkouts::find(store, first.id).await, CheckoutState::Cancelled);
}

/// Whatever buyers do, in whatever order, every ledger balances after every command.
pub async fn the_ledger_balances_whatever_happens(store: &impl Commerce) {
    stock(store, 1, 12).await;
    stock(store, 2, 7).await;
    let mut seed = 0x5EED_u64;
    let mut random = |below: u64| {
        // A linear congruential generator (Knuth's MMIX constants): the same run every time.
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % below
    };
    let mut open: Vec<(u32, showfloor_storage::CheckoutRecord)> = Vec::new();
    let mut sold = [0, 0];
    for n in 0..300_u32 {
        let pick = usize::try_from(random(u64::try_from(open.len().max(1)).unwrap())).unwrap();
        match random(6) {
            0..=2 => {
                let quantity = u32::try_from(1 + random(3)).unwrap();
                let variant = if random(2) == 0 { 1 } else { 2 };
                let lines = [(variant, quantity), (1, 1)];
                if let Ok(checkout) = store.begin(begin_lines(n, &lines, PriceSource::Regular, None)).await {
                    open.push((n, checkout));
                }
            }
            3 if !open.is_empty() => {
                let (_, checkout) = open.swap_remove(pick);
                store.cancel(checkout.id, NOW).await.unwrap();
            }
            4 if !open.is_empty() && sold[0] + sold[1] < 10 => {
                let (n, checkout) = open.swap_remove(pick);
                let checkout = address(store, &checkout, "x@example.com").await;
                let terms = pay(store, &checkout, n).await;
                store.observe(told(n, &terms, PaymentState::Succeeded, NOW)).await.unwrap();
                for (variant, quantity) in checkout.quote.content.pieces() {
                    sold[usize::from(variant == variant_id(2))] += quantity;
                }
            }
            5 if n % 50 == 5 => {
                store.expire_due(END, 100).await.unwrap();
                open.clear();
            }
            _ => {}
        }
        let mut held = [0, 0];
        for (variant, quantity) in open.iter().flat_map(|(_, checkout)| checkout.quote.content.pieces()) {
            held[usize::from(variant == variant_id(2))] += quantity;
        }
        for (index, variant) in [1, 2].into_iter().enumerate() {
            let level = level(store, variant).await;
            assert!(level.balances(), "after {n}: {level:?}");
            assert_eq!(
                (level.reserved, level.sold),
                (held[index], sold[index]),
                "after {n}, variant {variant}"
            );
        }
    }
    let sales = store.show_sales(shop_id(), show_id(), showfloor_domain::Currency::EUR, NOW).await.unwrap();
    assert_eq!(sales.products.iter().map(|product| product.pieces).sum::<u32>(), sold[0] + sold[1]);
}

struct Checkouts;

impl Checkouts {
    async fn find(store: &impl Commerce, id: showfloor_domain::CheckoutId) -> CheckoutState {
        showfloor_storage::Checkouts::find(store, shop_id(), id).await.unwrap().unwrap().state
    }
}
