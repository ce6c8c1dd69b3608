//! Money becomes an order once, or goes back once.

use futures_util::future::join_all;
use showfloor_domain::checkout::{CheckoutState, FAILURE_WINDOW_MS, HOLD_MS};
use showfloor_domain::payment::{Mismatch, Mode, PaymentFailure, PaymentState, PaymentTerms};
use showfloor_domain::promotion::PriceSource;
use showfloor_domain::{Currency, Money, OrderId, QuoteId, ShopId, UtcMs};
use showfloor_storage::{
    Checkouts, InboxKey, Observation, Observed, OrderFilter, SentBack, StartPaymentError,
};

use super::Commerce;
use super::buyers::{address, begin, hold, pay, payment_id, requote, shop_id, start, stock, told};
use crate::fixtures::{NOW, shop};

const END: UtcMs = NOW.plus_ms(HOLD_MS);

async fn state(store: &impl Commerce, id: showfloor_domain::CheckoutId) -> CheckoutState {
    Checkouts::find(store, shop_id(), id).await.unwrap().unwrap().state
}

async fn orders(store: &impl Commerce) -> u64 {
    store.totals(shop_id(), OrderFilter::default()).await.unwrap().count
}

/// Numbers of orders go up by one; the order is what was quoted.
pub async fn a_payment_becomes_an_order(store: &impl Commerce) {
    stock(store, 1, 5).await;
    let first = super::buyers::buy(store, 1, 2).await;
    let second = super::buyers::buy(store, 2, 1).await;
    assert_eq!(second.number, first.number + 1);
    assert_eq!(first.payment.captured, first.quote.total);
    assert_eq!(first.quote.total, Money::new(11_600, Currency::EUR), "from 100 € sending is free");
    let checkout = Checkouts::find(store, shop_id(), first.checkout_id).await.unwrap().unwrap();
    assert_eq!((checkout.state, checkout.order), (CheckoutState::Paid, Some((first.id, first.number))));
    assert!(showfloor_storage::Orders::find(store, shop(2).id, first.id).await.unwrap().is_none());
}

/// Abuse case C7: six events in every order, each twice, webhook and question at once: one order each time.
pub async fn events_in_any_order_make_one_order(store: &impl Commerce) {
    use PaymentState as S;
    const EVENTS: [S; 6] =
        [S::RequiresPayment, S::RequiresAction, S::Processing, S::Failed, S::Succeeded, S::Succeeded];
    stock(store, 1, 1_000).await;
    let orderings = permutations(6);
    let runs = orderings.iter().zip(0_u32..).map(|(ordering, n)| async move {
        let checkout = hold(store, n, 1).await.unwrap();
        let terms = pay(store, &checkout, n).await;
        for (place, event) in ordering.iter().enumerate() {
            let key = |event: usize| InboxKey {
                provider: "sandbox".into(),
                account: shop_id().to_string(),
                event_id: format!("evt_{n}_{event}"),
            };
            let webhook = |event: usize| Observation {
                inbox: Some(key(event)),
                order_id: OrderId::generate(
                    NOW,
                    [
                        u8::try_from(place).unwrap(),
                        n.to_be_bytes()[3],
                        n.to_be_bytes()[2],
                        1,
                        0,
                        0,
                        0,
                        0,
                        0,
                        0,
                    ],
                ),
                ..told(n, &terms, EVENTS[event], NOW)
            };
            let asked = told(n, &terms, EVENTS[*event], NOW);
            let (first, asked, again) = futures_util::join!(
                store.observe(webhook(*event)),
                store.observe(asked),
                store.observe(webhook(*event))
            );
            let answers = [first.unwrap(), asked.unwrap(), again.unwrap()];
            assert!(answers.contains(&Observed::Duplicate), "{answers:?}");
        }
        assert_eq!(state(store, checkout.id).await, CheckoutState::Paid, "{ordering:?}");
    });
    let runs: Vec<_> = runs.collect();
    let count = runs.len();
    join_all(runs).await;
    assert_eq!(orders(store).await, u64::try_from(count).unwrap());
    assert!(store.refunds_to_send(NOW.plus_ms(1), NOW, 100).await.unwrap().is_empty());
}

fn permutations(n: usize) -> Vec<Vec<usize>> {
    if n == 0 {
        return vec![Vec::new()];
    }
    let mut all = Vec::new();
    for shorter in permutations(n - 1) {
        for place in 0..n {
            let mut longer = shorter.clone();
            longer.insert(place, n - 1);
            all.push(longer);
        }
    }
    all
}

/// Abuse case C3: what was taken must be what was asked for; else there is no order and the money goes back once.
pub async fn what_differs_is_sent_back(store: &impl Commerce) {
    type Forge = fn(&mut PaymentTerms);
    let forgeries: [(Mismatch, Forge); 6] = [
        (Mismatch::Amount, |terms| terms.amount = Money::new(terms.amount.minor() - 1, Currency::EUR)),
        (Mismatch::Amount, |terms| terms.amount = Money::new(terms.amount.minor() + 1, Currency::EUR)),
        (Mismatch::Currency, |terms| terms.amount = Money::new(terms.amount.minor(), Currency::USD)),
        (Mismatch::Quote, |terms| terms.quote_id = QuoteId::generate(NOW, [9; 10])),
        (Mismatch::Account, |terms| terms.account = ShopId::generate(NOW, [9; 10])),
        (Mismatch::Mode, |terms| terms.mode = Mode::Live),
    ];
    stock(store, 1, 10).await;
    for ((mismatch, forge), n) in forgeries.into_iter().zip(0..) {
        let checkout = hold(store, n, 1).await.unwrap();
        let mut terms = pay(store, &checkout, n).await;
        forge(&mut terms);
        let forged = || told(n, &terms, PaymentState::Succeeded, NOW);
        let observed = store.observe(forged()).await.unwrap();
        let refund_id = forged().refund_id;
        assert_eq!(observed, Observed::SentBack(Some(checkout.id), refund_id, SentBack::Mismatch(mismatch)));
        assert_eq!(store.observe(forged()).await.unwrap(), Observed::OldNews);
        // What another account or play money tells ends nothing of ours (abuse case C6); anything else frees the buyer
        // to try again.
        let expected = match mismatch {
            Mismatch::Account | Mismatch::Mode => CheckoutState::Paying,
            Mismatch::Payment | Mismatch::Quote | Mismatch::Amount | Mismatch::Currency => {
                CheckoutState::Open
            }
        };
        assert_eq!(state(store, checkout.id).await, expected, "{mismatch:?}");
    }
    assert_eq!(orders(store).await, 0);
    assert_eq!(store.refunds_to_send(NOW.plus_ms(1), NOW, 100).await.unwrap().len(), 6);
}

/// Abuse case C3: a cheap intent that names a dear payment makes no order and spoils nothing.
pub async fn a_swapped_intent_is_sent_back(store: &impl Commerce) {
    stock(store, 1, 10).await;
    let checkout = hold(store, 1, 1).await.unwrap();
    let terms = pay(store, &checkout, 1).await;
    let swapped =
        Observation { intent_id: "pi_cheap".into(), ..told(2, &terms, PaymentState::Succeeded, NOW) };
    let observed = store.observe(swapped).await.unwrap();
    assert!(
        matches!(observed, Observed::SentBack(_, _, SentBack::Mismatch(Mismatch::Payment))),
        "{observed:?}"
    );
    let honest = store.observe(told(1, &terms, PaymentState::Succeeded, NOW)).await.unwrap();
    assert!(matches!(honest, Observed::Sold(..)), "{honest:?}");
}

/// Abuse case C3: editing after the intent was made leaves the old intent without an order.
pub async fn an_edit_after_the_intent_sends_its_money_back(store: &impl Commerce) {
    stock(store, 1, 10).await;
    let checkout = hold(store, 1, 1).await.unwrap();
    let terms = pay(store, &checkout, 1).await;
    let mut edit = requote(&checkout, "ada@example.com");
    edit.quote = checkout.quote.content.clone().freeze(QuoteId::generate(NOW, [8; 10]));
    store.requote(edit).await.unwrap();
    let observed = store.observe(told(1, &terms, PaymentState::Succeeded, NOW)).await.unwrap();
    assert!(matches!(observed, Observed::SentBack(_, _, SentBack::Superseded)), "{observed:?}");
    assert_eq!(orders(store).await, 0);
}

/// A late payment becomes an order while stock remains; else its money goes back.
pub async fn a_late_payment_is_an_order_or_a_refund(store: &impl Commerce) {
    stock(store, 1, 3).await;
    let early = hold(store, 1, 1).await.unwrap();
    let late = hold(store, 2, 2).await.unwrap();
    let (early_terms, late_terms) = (pay(store, &early, 1).await, pay(store, &late, 2).await);
    store.expire_due(END, 10).await.unwrap();
    let observed = store.observe(told(1, &early_terms, PaymentState::Succeeded, END)).await.unwrap();
    assert!(matches!(observed, Observed::Sold(..)), "{observed:?}");
    let mut third = begin(3, 2, PriceSource::Regular, None);
    (third.now, third.held_until) = (END, END.plus_ms(HOLD_MS));
    store.begin(third).await.unwrap();
    let observed = store.observe(told(2, &late_terms, PaymentState::Succeeded, END)).await.unwrap();
    assert!(matches!(observed, Observed::SentBack(_, _, SentBack::SoldOut)), "{observed:?}");
    assert_eq!(state(store, late.id).await, CheckoutState::Refunded);
    let refunds = store.refunds_to_send(END, END, 10).await.unwrap();
    assert_eq!((refunds.len(), refunds[0].amount), (1, late_terms.amount));
}

/// A payment needs the quote that was seen, a contact, a live hold.
pub async fn a_payment_needs_a_live_hold(store: &impl Commerce) {
    stock(store, 1, 10).await;
    let bare = store.begin(begin(1, 1, PriceSource::Regular, None)).await.unwrap();
    assert_eq!(start(store, &bare, 1).await, Err(StartPaymentError::ContactMissing));
    let mut seen = address(store, &bare, "ada@example.com").await;
    seen.quote.hash = "0".repeat(64);
    assert_eq!(start(store, &seen, 1).await, Err(StartPaymentError::QuoteChanged));
    store.cancel(bare.id, NOW).await.unwrap();
    assert_eq!(start(store, &bare, 1).await, Err(StartPaymentError::HoldEnded));
}

/// Abuse case C14: three tries a reservation; a device that failed five times waits; the same request counts once.
pub async fn attempts_are_counted(store: &impl Commerce) {
    stock(store, 1, 100).await;
    let mut calls = 0;
    for n in 0..100_u32 {
        let mut command = begin(n, 1, PriceSource::Regular, None);
        command.buyer.device = "one-device".into();
        let checkout = store.begin(command).await.unwrap();
        let checkout = address(store, &checkout, "eve@example.com").await;
        for attempt in 0..4 {
            let id = n * 10 + attempt;
            match start(store, &checkout, id).await {
                Ok(started) => {
                    calls += 1;
                    assert_eq!(start(store, &checkout, id).await.as_ref(), Ok(&started), "sent again");
                    let failure = Some(PaymentFailure::CardDeclined);
                    let told = told(id, &started.terms, PaymentState::Failed, NOW);
                    store.observe(Observation { failure, ..told }).await.unwrap();
                }
                Err(StartPaymentError::NoAttemptsLeft) => assert_eq!(attempt, 3),
                Err(StartPaymentError::TooManyFailures { retry_at }) => {
                    assert_eq!(retry_at, NOW.plus_ms(FAILURE_WINDOW_MS));
                }
                Err(error) => panic!("{error}"),
            }
        }
    }
    assert_eq!(calls, 5, "one hundred declines are five calls");
}

/// Payments that went quiet are asked about, ever more seldom; settled ones are not.
pub async fn quiet_payments_are_asked_about(store: &impl Commerce) {
    stock(store, 1, 10).await;
    let checkout = hold(store, 1, 1).await.unwrap();
    let terms = pay(store, &checkout, 1).await;
    let after = |ms| NOW.plus_ms(ms);
    assert!(store.payments_to_ask(after(0), after(0), 10).await.unwrap().is_empty());
    let asked = store.payments_to_ask(after(1), after(20_000), 10).await.unwrap();
    assert_eq!((asked.len(), asked[0].payment_id, asked[0].intent_id.as_str()), (1, payment_id(1), "pi_1"));
    assert!(store.payments_to_ask(after(20_001), after(21_000), 10).await.unwrap().is_empty());
    store.observe(told(1, &terms, PaymentState::Succeeded, after(21_000))).await.unwrap();
    assert!(store.payments_to_ask(after(90_000), after(90_000), 10).await.unwrap().is_empty());
}
