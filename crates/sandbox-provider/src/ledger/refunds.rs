//! Money that goes back, never more than came.

use super::deliveries::doubled;
use super::{Delivery, Ledger, Moment, Refusal, paid_with};
use crate::card::Behaviour;
use crate::event::refund_body;
use crate::refund::{NewRefund, REFUNDS_PER_INTENT_MAX, Refund, RefundState};

impl Ledger {
    /// Sends money back, or finds the refund that this key made.
    pub fn create_refund(&mut self, moment: &Moment<'_>, asked: NewRefund) -> Result<Refund, Refusal> {
        if let Some(refund) = self.refunds.by_idempotency_key(&asked.idempotency_key) {
            return if refund.asked == asked { Ok(refund.clone()) } else { Err(Refusal::KeyReused) };
        }
        let mut intent = self.intent(&asked.intent)?.clone();
        let Some(card) = paid_with(&intent) else {
            return Err(Refusal::WrongState(intent.state.status()));
        };
        let captured = &intent.asked.amount;
        if asked.amount.currency != captured.currency {
            return Err(Refusal::OtherCurrency);
        }
        let left_minor = captured.minor - intent.refunded_minor;
        if asked.amount.minor > left_minor {
            return Err(Refusal::MoreThanCaptured { left_minor });
        }
        if intent.refunds >= REFUNDS_PER_INTENT_MAX {
            return Err(Refusal::TooManyRefunds);
        }
        let settles_at_ms = moment.now_ms + self.late_delay_ms;
        let state = match card.behaviour {
            Behaviour::Late => RefundState::Pending { settles_at_ms, succeeds: true },
            Behaviour::RefundFails => RefundState::Pending { settles_at_ms, succeeds: false },
            Behaviour::Pays
            | Behaviour::Declines
            | Behaviour::LacksFunds
            | Behaviour::Challenges
            | Behaviour::Twice
            | Behaviour::OutOfOrder => RefundState::Succeeded,
        };
        let refund = Refund {
            id: (moment.new_id)("re_"),
            account: intent.asked.account.clone(),
            reference: intent.asked.reference.clone(),
            state,
            twice: card.behaviour == Behaviour::Twice,
            created_ms: moment.now_ms,
            asked,
        };
        self.enqueue(told_of_refund(moment, &refund))?;
        intent.refunded_minor += refund.asked.amount.minor;
        intent.refunds += 1;
        self.intents.put(intent);
        self.refunds.put(refund.clone());
        Ok(refund)
    }
}

/// The webhooks that tell of a refund as it is.
pub(super) fn told_of_refund(moment: &Moment<'_>, refund: &Refund) -> Vec<Delivery> {
    let event_id = (moment.new_id)("evt_");
    let told = Delivery {
        id: (moment.new_id)("dlv_"),
        account: refund.account.clone(),
        body: refund_body(&event_id, moment.now_ms, refund),
        event_id,
        due_ms: moment.now_ms,
        attempts: 0,
    };
    if refund.twice { doubled(moment, told, false) } else { vec![told] }
}
