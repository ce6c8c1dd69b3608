//! What a card does to an intent, and in which order its webhooks go out.

use super::deliveries::doubled;
use super::{Delivery, Ledger, Moment, OUT_OF_ORDER_GAP_MS, REPEAT_DELAY_MS, Refusal};
use super::{created_delivery, delivery};
use crate::card::{Behaviour, Card};
use crate::event::EventKind;
use crate::intent::{CARDS_PER_INTENT_MAX, Failure, Intent, State};

/// What the buyer told the bank.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Answer {
    /// It is me.
    Pass,
    /// It is not.
    Fail,
}

impl Ledger {
    /// Pays an intent with a card. One that is paid, or being paid, is left as it is: nobody pays twice.
    pub fn confirm(&mut self, moment: &Moment<'_>, id: &str, card: Card) -> Result<Intent, Refusal> {
        let mut intent = self.intent(id)?.clone();
        match intent.state {
            State::Succeeded { .. } | State::Processing { .. } => return Ok(intent),
            State::Canceled => return Err(Refusal::WrongState(intent.state.status())),
            State::RequiresPaymentMethod { .. } | State::RequiresAction { .. } => {}
        }
        if intent.attempts >= CARDS_PER_INTENT_MAX {
            return Err(Refusal::NoAttemptsLeft);
        }
        intent.attempts += 1;
        let behaviour = card.behaviour;
        intent.state = self.state_after(moment.now_ms, card);
        let mut told = told_of(moment, &intent, behaviour);
        let created_waits = self.created_waits(&intent);
        match behaviour {
            Behaviour::OutOfOrder if !created_waits => {
                told.push(created_delivery(moment, &intent, moment.now_ms + 2 * OUT_OF_ORDER_GAP_MS));
            }
            Behaviour::Twice => {
                told.push(created_delivery(moment, &intent, moment.now_ms + REPEAT_DELAY_MS));
            }
            Behaviour::OutOfOrder
            | Behaviour::Pays
            | Behaviour::Declines
            | Behaviour::LacksFunds
            | Behaviour::Challenges
            | Behaviour::Late
            | Behaviour::RefundFails => {}
        }
        self.enqueue(told)?;
        if created_waits {
            let wait_ms = if behaviour == Behaviour::OutOfOrder { 2 * OUT_OF_ORDER_GAP_MS } else { 0 };
            self.release_created(&intent, moment.now_ms + wait_ms);
        }
        self.intents.put(intent.clone());
        Ok(intent)
    }

    /// Takes the buyer's answer to the bank's question.
    pub fn answer(&mut self, moment: &Moment<'_>, id: &str, answer: Answer) -> Result<Intent, Refusal> {
        let mut intent = self.intent(id)?.clone();
        let State::RequiresAction { card } = intent.state else {
            return Err(Refusal::WrongState(intent.state.status()));
        };
        let kind = match answer {
            Answer::Pass => {
                intent.state = State::Succeeded { card };
                EventKind::Succeeded
            }
            Answer::Fail => {
                intent.state = State::RequiresPaymentMethod { failure: Some(Failure::ChallengeFailed) };
                EventKind::PaymentFailed
            }
        };
        let told = delivery(moment, &intent, kind, 0);
        self.enqueue(vec![told])?;
        self.intents.put(intent.clone());
        Ok(intent)
    }

    fn state_after(&self, now_ms: i64, card: Card) -> State {
        match card.behaviour {
            Behaviour::Pays | Behaviour::Twice | Behaviour::OutOfOrder | Behaviour::RefundFails => {
                State::Succeeded { card }
            }
            Behaviour::Declines => State::RequiresPaymentMethod { failure: Some(Failure::CardDeclined) },
            Behaviour::LacksFunds => {
                State::RequiresPaymentMethod { failure: Some(Failure::InsufficientFunds) }
            }
            Behaviour::Challenges => State::RequiresAction { card },
            Behaviour::Late => State::Processing { card, settles_at_ms: now_ms + self.late_delay_ms },
        }
    }

    /// Whether the news of its creation has not gone out.
    fn created_waits(&self, intent: &Intent) -> bool {
        self.deliveries.iter().any(|delivery| {
            delivery.event_id == intent.created_event_id && !self.in_flight.contains(&delivery.id)
        })
    }
}

/// The webhooks of a confirmation.
fn told_of(moment: &Moment<'_>, intent: &Intent, behaviour: Behaviour) -> Vec<Delivery> {
    let one = |kind| vec![delivery(moment, intent, kind, 0)];
    match behaviour {
        Behaviour::Pays | Behaviour::RefundFails => one(EventKind::Succeeded),
        Behaviour::Declines | Behaviour::LacksFunds => one(EventKind::PaymentFailed),
        Behaviour::Challenges => one(EventKind::RequiresAction),
        Behaviour::Late => one(EventKind::Processing),
        Behaviour::Twice => doubled(moment, delivery(moment, intent, EventKind::Succeeded, 0), true),
        Behaviour::OutOfOrder => {
            let mut before = intent.clone();
            if let State::Succeeded { card } = &intent.state {
                before.state = State::Processing { card: card.clone(), settles_at_ms: moment.now_ms };
            }
            vec![
                delivery(moment, intent, EventKind::Succeeded, 0),
                delivery(moment, &before, EventKind::Processing, OUT_OF_ORDER_GAP_MS),
            ]
        }
    }
}
