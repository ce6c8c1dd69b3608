//! Limits and invariants that only the ledger itself can be brought to.

use std::cell::Cell;

use proptest::prelude::*;

use super::*;
use crate::card::Behaviour;
use crate::intent::{Amount, Mode, Reference};
use crate::refund::{NewRefund, RefundState};

fn at<T>(now_ms: i64, does: impl FnOnce(&Moment<'_>) -> T) -> T {
    thread_local!(static NEXT: Cell<u64> = const { Cell::new(0) });
    let new_id = |prefix: &'static str| {
        NEXT.set(NEXT.get() + 1);
        format!("{prefix}{}", NEXT.get())
    };
    does(&Moment { now_ms, new_id: &new_id, challenge_url: &|id, attempt| format!("{id}.{attempt}") })
}

fn asked(key: &str) -> NewIntent {
    NewIntent {
        amount: Amount { minor: 1_000, currency: "EUR".into() },
        account: "shop_1".into(),
        reference: Reference { payment_id: "pay_1".into(), quote_id: "quo_1".into() },
        mode: Mode::Test,
        idempotency_key: key.into(),
    }
}

fn card(behaviour: Behaviour) -> Card {
    Card { brand: "visa".into(), last4: "4242".into(), fingerprint: "f".into(), behaviour }
}

fn kept(number: usize, state: State) -> Intent {
    Intent {
        id: format!("pi_kept_{number}"),
        asked: asked(&format!("kept-{number}")),
        state,
        attempts: 0,
        refunded_minor: 0,
        refunds: 0,
        created_ms: 0,
        created_event_id: format!("evt_kept_{number}"),
    }
}

#[test]
fn one_intent_past_the_limit_drops_the_oldest_that_is_over() {
    let mut rows: Vec<Intent> = (0..INTENTS_MAX - 1).map(|number| kept(number, State::FRESH)).collect();
    rows[7].state = State::Canceled;
    let mut ledger = Ledger::new(rows, vec![], vec![], 3_000);
    at(1, |moment| ledger.create(moment, asked("fits"))).unwrap();
    assert!(ledger.intent("pi_kept_7").is_ok());
    at(1, |moment| ledger.create(moment, asked("one past"))).unwrap();
    assert_eq!(ledger.intent("pi_kept_7"), Err(Refusal::NotFound));
    assert_eq!(ledger.intents.len(), INTENTS_MAX);
    let refused = at(1, |moment| ledger.create(moment, asked("none is over")));
    assert_eq!(refused, Err(Refusal::TooManyIntents));
    at(INTENT_OPEN_MS_MAX, |moment| ledger.create(moment, asked("a day later"))).unwrap();
    assert_eq!(ledger.intent("pi_kept_0"), Err(Refusal::NotFound));
}

#[test]
fn a_late_payment_waits_for_room_in_the_queue_and_wakes_nobody_meanwhile() {
    let mut ledger = Ledger::new(vec![], vec![], vec![], 3_000);
    let id = at(0, |moment| ledger.create(moment, asked("late"))).unwrap().id;
    at(0, |moment| ledger.confirm(moment, &id, card(Behaviour::Late))).unwrap();
    for number in 2..WEBHOOKS_PENDING_MAX {
        at(0, |moment| ledger.create(moment, asked(&number.to_string()))).unwrap();
    }
    let in_flight = ledger.take_due(0, usize::MAX);
    at(3_000, |moment| ledger.settle(moment));
    assert_eq!(ledger.intent(&id).unwrap().state.status(), "processing");
    assert_eq!(ledger.next_due_ms(), Some(CREATED_HELD_MS_MAX));
    for delivery in in_flight {
        ledger.delivered(&delivery.id, true, 3_000);
    }
    assert_eq!(ledger.next_due_ms(), Some(3_000));
    at(3_000, |moment| ledger.settle(moment));
    assert_eq!(ledger.intent(&id).unwrap().state.status(), "succeeded");
}

#[test]
fn a_refused_command_changes_nothing() {
    let mut ledger = Ledger::new(vec![], vec![], vec![], 3_000);
    let id = at(0, |moment| ledger.create(moment, asked("0"))).unwrap().id;
    for number in 1..WEBHOOKS_PENDING_MAX {
        at(0, |moment| ledger.create(moment, asked(&number.to_string()))).unwrap();
    }
    let before = ledger.revision();
    for behaviour in [Behaviour::Pays, Behaviour::Twice, Behaviour::OutOfOrder] {
        let refused = at(0, |moment| ledger.confirm(moment, &id, card(behaviour)));
        assert_eq!(refused, Err(Refusal::TooManyWebhooks));
    }
    assert_eq!(at(0, |moment| ledger.cancel(moment, &id)), Err(Refusal::TooManyWebhooks));
    assert_eq!(at(0, |moment| ledger.create(moment, asked("more"))), Err(Refusal::TooManyWebhooks));
    assert_eq!(ledger.revision(), before);
}

proptest! {
    /// Whatever is asked in whatever order, what went back or is on its way is what was taken, or less.
    #[test]
    fn refunds_never_exceed_what_was_paid(
        behaviour in prop::sample::select(vec![Behaviour::Pays, Behaviour::Late, Behaviour::RefundFails]),
        steps in prop::collection::vec((0_u8..12, 1_i64..700, 0_i64..2_000), 1..40),
    ) {
        let mut ledger = Ledger::new(vec![], vec![], vec![], 3_000);
        let id = at(0, |moment| ledger.create(moment, asked("k"))).unwrap().id;
        at(0, |moment| ledger.confirm(moment, &id, card(behaviour))).unwrap();
        let mut now_ms = 3_000;
        for (key, minor, wait_ms) in steps {
            now_ms += wait_ms;
            let asked = NewRefund {
                intent: id.clone(),
                amount: Amount { minor, currency: "EUR".into() },
                idempotency_key: key.to_string(),
                reason: String::new(),
            };
            at(now_ms, |moment| {
                ledger.settle(moment);
                let _ = ledger.create_refund(moment, asked);
            });
            let counted: i64 = ledger
                .refunds
                .iter()
                .filter(|refund| refund.state != RefundState::Failed)
                .map(|refund| refund.asked.amount.minor)
                .sum();
            let intent = ledger.intent(&id).unwrap();
            prop_assert_eq!(intent.refunded_minor, counted);
            prop_assert!(counted <= intent.asked.amount.minor);
        }
    }
}
