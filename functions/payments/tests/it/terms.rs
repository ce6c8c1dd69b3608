//! What was taken must be what was asked for, or it goes back (abuse case C3).

use showfloor_domain::checkout::CheckoutState;
use showfloor_domain::payment::PaymentTerms;
use showfloor_domain::{Currency, Money, PaymentId, QuoteId};
use showfloor_functions_payments::send_refunds;
use uuid::Uuid;

use crate::harness::{SECRET, Stand, event};
use crate::provider::intent_of;

/// Changes what is told, given the terms of another payment.
type Distort = fn(&mut PaymentTerms, &PaymentTerms);

fn refunded(stand: &Stand) -> Vec<Money> {
    stand.ours.provider.book.lock().unwrap().refunds.values().copied().collect()
}

#[tokio::test]
async fn a_payment_as_asked_becomes_one_order() {
    let stand = Stand::new().await;
    let till = stand.till(1).await;
    let terms = stand.started(&till, "one").await;
    let body = event("evt_1", &intent_of(terms.payment_id), &terms, "succeeded", None);
    assert_eq!(stand.post(&stand.ours, SECRET, &body).await.status, 204);
    let checkout = stand.checkout(till.checkout_id).await;
    assert_eq!(checkout.state, CheckoutState::Paid);
    assert!(checkout.order.is_some());
    send_refunds(&stand.deps, stand.now()).await.unwrap();
    assert_eq!(refunded(&stand), []);
}

#[tokio::test]
async fn c3_a_checkout_edited_after_the_payment_was_started_sells_nothing_at_the_old_price() {
    let stand = Stand::new().await;
    let till = stand.till(2).await;
    let terms = stand.started(&till, "one").await;
    stand.clock.advance_ms(1);
    stand.requote(&stand.ours, till.checkout_id, 2).await;
    let body = event("evt_1", &intent_of(terms.payment_id), &terms, "succeeded", None);
    assert_eq!(stand.post(&stand.ours, SECRET, &body).await.status, 204);
    assert_eq!(stand.checkout(till.checkout_id).await.order, None);
    send_refunds(&stand.deps, stand.now()).await.unwrap();
    assert_eq!(refunded(&stand), [terms.amount]);
}

#[tokio::test]
async fn c3_what_differs_in_any_term_is_no_order_and_goes_back() {
    let eur = Currency::EUR;
    let distortions: [(&str, Distort); 7] = [
        ("the payment of another", |told, other| told.payment_id = other.payment_id),
        ("the quote of another", |told, other| told.quote_id = other.quote_id),
        ("no payment of ours", |told, _| told.payment_id = PaymentId::from_uuid(Uuid::nil())),
        ("no quote of ours", |told, _| told.quote_id = QuoteId::from_uuid(Uuid::nil())),
        ("a cent less", |told, _| told.amount = Money::new(told.amount.minor() - 1, told.amount.currency())),
        ("a cent more", |told, _| told.amount = Money::new(told.amount.minor() + 1, told.amount.currency())),
        ("another currency", |told, _| told.amount = Money::new(told.amount.minor(), Currency::USD)),
    ];
    for (name, distort) in distortions {
        let stand = Stand::new().await;
        let (cheap, dear) = (stand.till(1).await, stand.till(9).await);
        let paid = stand.started(&dear, "dear").await;
        let other = stand.started(&cheap, "cheap").await;
        assert_eq!(paid.amount.currency(), eur);
        let mut told = paid.clone();
        distort(&mut told, &other);
        let body = event("evt_1", &intent_of(paid.payment_id), &told, "succeeded", None);
        assert_eq!(stand.post(&stand.ours, SECRET, &body).await.status, 204, "{name}");
        for till in [&cheap, &dear] {
            let checkout = stand.checkout(till.checkout_id).await;
            assert_eq!(checkout.order, None, "{name}");
            assert_ne!(checkout.state, CheckoutState::Paid, "{name}");
        }
        send_refunds(&stand.deps, stand.now()).await.unwrap();
        assert_eq!(refunded(&stand), [told.amount], "{name}: what was taken goes back");
    }
}

#[tokio::test]
async fn c3_a_cheap_payment_does_not_pay_a_dear_order() {
    let stand = Stand::new().await;
    let (cheap, dear) = (stand.till(1).await, stand.till(9).await);
    let cheap_terms = stand.started(&cheap, "cheap").await;
    let dear_terms = stand.started(&dear, "dear").await;
    // The cheap intent was paid, but names the dear order.
    let told = PaymentTerms { amount: cheap_terms.amount, ..dear_terms.clone() };
    let body = event("evt_1", &intent_of(cheap_terms.payment_id), &told, "succeeded", None);
    assert_eq!(stand.post(&stand.ours, SECRET, &body).await.status, 204);
    assert_eq!(stand.checkout(dear.checkout_id).await.order, None);
    assert_eq!(stand.checkout(cheap.checkout_id).await.order, None);
    send_refunds(&stand.deps, stand.now()).await.unwrap();
    assert_eq!(refunded(&stand), [cheap_terms.amount]);
}
