//! What happens by itself when its time comes.

use super::refunds::told_of_refund;
use super::{Ledger, Moment, delivery};
use crate::event::EventKind;
use crate::intent::{Intent, State};
use crate::refund::{Refund, RefundState};

impl Ledger {
    /// Lets happen what is due. What finds no room for its webhooks waits until there is some.
    pub fn settle(&mut self, moment: &Moment<'_>) {
        let due: Vec<Intent> = self
            .intents
            .iter()
            .filter(|intent| settles_at_ms(intent).is_some_and(|at_ms| at_ms <= moment.now_ms))
            .cloned()
            .collect();
        for mut intent in due {
            if let State::Processing { card, .. } = intent.state {
                intent.state = State::Succeeded { card };
                let told = delivery(moment, &intent, EventKind::Succeeded, 0);
                if self.enqueue(vec![told]).is_ok() {
                    self.intents.put(intent);
                }
            }
        }
        let due: Vec<Refund> = self
            .refunds
            .iter()
            .filter(|refund| refund_settles_at_ms(refund).is_some_and(|at_ms| at_ms <= moment.now_ms))
            .cloned()
            .collect();
        for refund in due {
            self.settle_refund(moment, refund);
        }
    }

    fn settle_refund(&mut self, moment: &Moment<'_>, mut refund: Refund) {
        let RefundState::Pending { succeeds, .. } = refund.state else { return };
        refund.state = if succeeds { RefundState::Succeeded } else { RefundState::Failed };
        if self.enqueue(told_of_refund(moment, &refund)).is_err() {
            return;
        }
        if !succeeds && let Some(mut intent) = self.intents.get(&refund.asked.intent).cloned() {
            intent.refunded_minor -= refund.asked.amount.minor;
            self.intents.put(intent);
        }
        self.refunds.put(refund);
    }

    /// When something is to happen by itself next: a webhook, a late payment, a pending refund.
    pub fn next_due_ms(&self) -> Option<i64> {
        let settling = self
            .intents
            .iter()
            .filter_map(settles_at_ms)
            .chain(self.refunds.iter().filter_map(refund_settles_at_ms))
            .min();
        // Without room nothing settles; a delivery that ends makes some, and then this is asked again.
        let settling = if self.has_room() { settling } else { None };
        [settling, self.next_delivery_ms()].into_iter().flatten().min()
    }
}

const fn settles_at_ms(intent: &Intent) -> Option<i64> {
    match &intent.state {
        State::Processing { settles_at_ms, .. } => Some(*settles_at_ms),
        State::RequiresPaymentMethod { .. }
        | State::RequiresAction { .. }
        | State::Succeeded { .. }
        | State::Canceled => None,
    }
}

const fn refund_settles_at_ms(refund: &Refund) -> Option<i64> {
    match refund.state {
        RefundState::Pending { settles_at_ms, .. } => Some(settles_at_ms),
        RefundState::Succeeded | RefundState::Failed => None,
    }
}
