//! What makes up for lost webhooks and lost answers.

use showfloor_domain::checkout::CheckoutState;
use showfloor_domain::order::RefundState;
use showfloor_domain::payment::PaymentState;
use showfloor_domain::{Money, OrderId, RefundId};
use showfloor_functions_payments::{
    QUIET_MS, REFUND_RETRY_MS, RefundProgress, Turn, ask_payments, run, send_refunds,
};
use showfloor_http::Entropy as _;
use showfloor_storage::{Orders as _, RequestRefund};

use crate::harness::{SECRET, Stand, event};
use crate::provider::intent_of;

async fn order(stand: &Stand) -> (OrderId, Money) {
    let till = stand.till(1).await;
    let terms = stand.started(&till, "one").await;
    let body = event(&terms.payment_id.to_string(), &intent_of(terms.payment_id), &terms, "succeeded", None);
    assert_eq!(stand.post(&stand.ours, SECRET, &body).await.status, 204);
    let (order_id, _) = stand.checkout(till.checkout_id).await.order.unwrap();
    (order_id, terms.amount)
}

async fn request_refund(stand: &Stand, order_id: OrderId, amount: Money) -> RefundId {
    let refund_id = RefundId::generate(stand.now(), stand.entropy.id_bytes());
    let command = RequestRefund {
        refund_id,
        shop_id: stand.ours.id,
        order_id,
        amount,
        restock: Vec::new(),
        reason: "a chip".into(),
        by: Some("Ida".into()),
        now: stand.now(),
    };
    stand.store.request_refund(command).await.unwrap();
    refund_id
}

async fn refund_states(stand: &Stand, order_id: OrderId) -> Vec<RefundState> {
    let order = stand.store.find(stand.ours.id, order_id).await.unwrap().unwrap();
    order.refunds.iter().map(|refund| refund.state).collect()
}

#[tokio::test]
async fn c8_a_crash_between_write_and_call_is_made_up_for_once() {
    let stand = Stand::new().await;
    let (order_id, total) = order(&stand).await;
    let refund_id = request_refund(&stand, order_id, total).await;
    // Written down; whoever would have called the provider is gone. The next turn calls it.
    send_refunds(&stand.deps, stand.now()).await.unwrap();
    assert_eq!(refund_states(&stand, order_id).await, [RefundState::Succeeded]);
    // Settled is settled.
    stand.clock.advance_ms(10 * REFUND_RETRY_MS);
    send_refunds(&stand.deps, stand.now()).await.unwrap();
    assert_eq!(stand.ours.provider.book.lock().unwrap().refund_calls, [refund_id]);
}

#[tokio::test]
async fn c8_a_refund_whose_answer_got_lost_is_sent_again_under_the_same_key() {
    let stand = Stand::new().await;
    let (order_id, total) = order(&stand).await;
    let refund_id = request_refund(&stand, order_id, total).await;
    stand.ours.provider.book.lock().unwrap().answers_lost = true;
    let turn = send_refunds(&stand.deps, stand.now()).await.unwrap();
    assert_eq!(turn, Turn { answered: 0, unanswered: 1 });
    assert_eq!(refund_states(&stand, order_id).await, [RefundState::Requested]);
    stand.ours.provider.book.lock().unwrap().answers_lost = false;

    send_refunds(&stand.deps, stand.now()).await.unwrap();
    assert_eq!(refund_states(&stand, order_id).await, [RefundState::Requested], "not before its time");
    stand.clock.advance_ms(REFUND_RETRY_MS + 1);
    send_refunds(&stand.deps, stand.now()).await.unwrap();
    assert_eq!(refund_states(&stand, order_id).await, [RefundState::Succeeded]);
    let book = stand.ours.provider.book.lock().unwrap();
    assert_eq!(book.refund_calls, [refund_id, refund_id]);
    assert_eq!(book.refunds.len(), 1, "the provider knows one refund");
}

#[tokio::test]
async fn c8_a_refund_that_the_provider_does_not_make_frees_its_amount() {
    let stand = Stand::new().await;
    let (order_id, total) = order(&stand).await;
    request_refund(&stand, order_id, total).await;
    stand.ours.provider.book.lock().unwrap().refund_progress = Some(RefundProgress::Pending);
    send_refunds(&stand.deps, stand.now()).await.unwrap();
    assert_eq!(refund_states(&stand, order_id).await, [RefundState::Requested]);
    stand.ours.provider.book.lock().unwrap().refund_progress = Some(RefundProgress::Failed);
    stand.clock.advance_ms(REFUND_RETRY_MS + 1);
    send_refunds(&stand.deps, stand.now()).await.unwrap();
    assert_eq!(refund_states(&stand, order_id).await, [RefundState::Failed]);
    let order = stand.store.find(stand.ours.id, order_id).await.unwrap().unwrap();
    assert_eq!(order.payment.refunded.minor(), 0);
}

#[tokio::test]
async fn a_payment_whose_webhook_got_lost_is_asked_about() {
    let stand = Stand::new().await;
    let till = stand.till(1).await;
    let terms = stand.started(&till, "one").await;
    {
        let mut book = stand.ours.provider.book.lock().unwrap();
        book.reports.get_mut(&intent_of(terms.payment_id)).unwrap().state = PaymentState::Succeeded;
    }
    stand.clock.advance_ms(QUIET_MS - 1);
    assert_eq!(ask_payments(&stand.deps, stand.now()).await.unwrap(), Turn::default());
    stand.clock.advance_ms(2);
    assert_eq!(ask_payments(&stand.deps, stand.now()).await.unwrap(), Turn { answered: 1, unanswered: 0 });
    assert_eq!(stand.checkout(till.checkout_id).await.state, CheckoutState::Paid);
    assert!(stand.changed.lock().unwrap().contains(&till.checkout_id));
}

#[tokio::test]
async fn the_loop_sends_a_waiting_refund_and_stops_when_told() {
    let stand = Stand::new().await;
    let (order_id, total) = order(&stand).await;
    request_refund(&stand, order_id, total).await;
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let deps = stand.deps.clone();
    let looping = tokio::spawn(run(deps, async move {
        let _ = stopped.await;
    }));
    stand.deps.refunds.notify_one();
    while refund_states(&stand, order_id).await != [RefundState::Succeeded] {
        tokio::task::yield_now().await;
    }
    stop.send(()).unwrap();
    looping.await.unwrap();
}
