//! Everything the provider knows, and what its commands do to it: no clock, no entropy, no I/O.

mod cards;
mod deliveries;
mod refunds;
mod settling;
#[cfg(test)]
mod tests;

use crate::card::Card;
use crate::event::{EventKind, NextAction, intent_body};
use crate::intent::{Intent, NewIntent, State};
use crate::refund::Refund;
use crate::table::{Row, Table};

pub(crate) use cards::Answer;
pub use deliveries::{BACKOFF_FIRST_MS, BACKOFF_MAX_MS, DELIVERY_ATTEMPTS_MAX, WEBHOOKS_PENDING_MAX};
pub(crate) use deliveries::{Delivery, Outcome};

/// How many intents are kept. One more, and the oldest that is over goes.
pub const INTENTS_MAX: usize = 10_000;

/// After this long without success, an intent that nobody paid counts as over.
pub const INTENT_OPEN_MS_MAX: i64 = 24 * 60 * 60 * 1000;

/// `payment_intent.created` is told when a card was typed or the intent was canceled, or after this long: so that
/// the card decides when it comes.
pub const CREATED_HELD_MS_MAX: i64 = 30_000;

/// How far apart webhooks are sent that are meant to come out of order.
pub const OUT_OF_ORDER_GAP_MS: i64 = 1_000;

/// When a webhook is repeated that is not repeated at once.
pub const REPEAT_DELAY_MS: i64 = 1_000;

/// When a command comes, and how it makes ids and links.
pub(crate) struct Moment<'a> {
    pub now_ms: i64,
    /// A new id with this prefix.
    pub new_id: &'a dyn Fn(&'static str) -> String,
    /// Where the bank's question of this attempt at this intent is answered.
    pub challenge_url: &'a dyn Fn(&str, u32) -> String,
}

/// Why a command was refused. Nothing changed then.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refusal {
    #[error("there is no such thing")]
    NotFound,
    #[error("The key was used for another request.")]
    KeyReused,
    #[error("The intent is {0}.")]
    WrongState(&'static str),
    #[error("This intent has taken as many cards as it may.")]
    NoAttemptsLeft,
    #[error("The payment was made in another currency.")]
    OtherCurrency,
    #[error("{left_minor} minor units can be refunded.")]
    MoreThanCaptured { left_minor: i64 },
    #[error("The intent has as many refunds as it may.")]
    TooManyRefunds,
    #[error("There are too many open intents.")]
    TooManyIntents,
    #[error("Too many webhooks wait for their receiver.")]
    TooManyWebhooks,
}

/// Everything the provider knows.
pub(crate) struct Ledger {
    intents: Table<Intent>,
    refunds: Table<Refund>,
    deliveries: Table<Delivery>,
    /// Deliveries that are being tried now.
    in_flight: std::collections::HashSet<String>,
    late_delay_ms: i64,
}

impl Row for Intent {
    fn id(&self) -> &str {
        &self.id
    }

    fn idempotency_key(&self) -> Option<&str> {
        Some(&self.asked.idempotency_key)
    }
}

impl Row for Refund {
    fn id(&self) -> &str {
        &self.id
    }

    fn idempotency_key(&self) -> Option<&str> {
        Some(&self.asked.idempotency_key)
    }
}

impl Ledger {
    pub fn new(
        intents: Vec<Intent>,
        refunds: Vec<Refund>,
        deliveries: Vec<Delivery>,
        late_delay_ms: i64,
    ) -> Self {
        Self {
            intents: Table::new(intents),
            refunds: Table::new(refunds),
            deliveries: Table::new(deliveries),
            in_flight: std::collections::HashSet::new(),
            late_delay_ms,
        }
    }

    /// How often it changed since it was opened.
    pub const fn revision(&self) -> u64 {
        self.intents.revision() + self.refunds.revision() + self.deliveries.revision()
    }

    /// Intents, refunds and deliveries as JSON.
    pub fn json(&self) -> [Vec<std::sync::Arc<str>>; 3] {
        [self.intents.json(), self.refunds.json(), self.deliveries.json()]
    }

    pub fn intent(&self, id: &str) -> Result<&Intent, Refusal> {
        self.intents.get(id).ok_or(Refusal::NotFound)
    }

    pub fn refund(&self, id: &str) -> Result<&Refund, Refusal> {
        self.refunds.get(id).ok_or(Refusal::NotFound)
    }

    /// Makes an intent, or finds the one that this key made.
    pub fn create(&mut self, moment: &Moment<'_>, asked: NewIntent) -> Result<Intent, Refusal> {
        if let Some(intent) = self.intents.by_idempotency_key(&asked.idempotency_key) {
            return if intent.asked == asked { Ok(intent.clone()) } else { Err(Refusal::KeyReused) };
        }
        let dropped = self.intent_to_drop(moment.now_ms)?;
        let intent = Intent {
            id: (moment.new_id)("pi_"),
            asked,
            state: State::FRESH,
            attempts: 0,
            refunded_minor: 0,
            refunds: 0,
            created_ms: moment.now_ms,
            created_event_id: (moment.new_id)("evt_"),
        };
        let due_ms = moment.now_ms + CREATED_HELD_MS_MAX;
        let created = created_delivery(moment, &intent, due_ms);
        self.enqueue(vec![created])?;
        if let Some(id) = dropped {
            self.drop_intent(&id);
        }
        self.intents.put(intent.clone());
        Ok(intent)
    }

    /// Calls an intent off. One that is called off stays so.
    pub fn cancel(&mut self, moment: &Moment<'_>, id: &str) -> Result<Intent, Refusal> {
        let mut intent = self.intent(id)?.clone();
        match intent.state {
            State::Canceled => return Ok(intent),
            State::Processing { .. } | State::Succeeded { .. } => {
                return Err(Refusal::WrongState(intent.state.status()));
            }
            State::RequiresPaymentMethod { .. } | State::RequiresAction { .. } => {}
        }
        intent.state = State::Canceled;
        let told = delivery(moment, &intent, EventKind::Canceled, 0);
        self.enqueue(vec![told])?;
        self.release_created(&intent, moment.now_ms);
        self.intents.put(intent.clone());
        Ok(intent)
    }

    /// The oldest intent that is over, when there are as many as may be.
    fn intent_to_drop(&self, now_ms: i64) -> Result<Option<String>, Refusal> {
        if self.intents.len() < INTENTS_MAX {
            return Ok(None);
        }
        let over = |intent: &&Intent| match intent.state {
            State::Succeeded { .. } | State::Canceled => true,
            State::RequiresPaymentMethod { .. } | State::RequiresAction { .. } => {
                intent.created_ms + INTENT_OPEN_MS_MAX <= now_ms
            }
            State::Processing { .. } => false,
        };
        self.intents.iter().find(over).map(|intent| Some(intent.id.clone())).ok_or(Refusal::TooManyIntents)
    }

    fn drop_intent(&mut self, id: &str) {
        let refunds: Vec<String> = self
            .refunds
            .iter()
            .filter(|refund| refund.asked.intent == id)
            .map(|refund| refund.id.clone())
            .collect();
        for refund in refunds {
            self.refunds.remove(&refund);
        }
        self.intents.remove(id);
    }

    /// Lets the news of an intent's creation go out at `due_ms`, if it still waits.
    fn release_created(&mut self, intent: &Intent, due_ms: i64) -> bool {
        let waiting = self.deliveries.iter().find(|delivery| {
            delivery.event_id == intent.created_event_id && !self.in_flight.contains(&delivery.id)
        });
        let Some(mut delivery) = waiting.cloned() else { return false };
        delivery.due_ms = due_ms;
        self.deliveries.put(delivery);
        true
    }
}

/// The news that an intent was made, the same however often it is told.
fn created_delivery(moment: &Moment<'_>, intent: &Intent, due_ms: i64) -> Delivery {
    let fresh = Intent { state: State::FRESH, attempts: 0, refunded_minor: 0, refunds: 0, ..intent.clone() };
    let body = intent_body(&intent.created_event_id, EventKind::Created, intent.created_ms, &fresh, None);
    Delivery {
        id: (moment.new_id)("dlv_"),
        event_id: intent.created_event_id.clone(),
        account: intent.asked.account.clone(),
        body,
        due_ms,
        attempts: 0,
    }
}

/// News of an intent as it is, to be told after `delay_ms`.
fn delivery(moment: &Moment<'_>, intent: &Intent, kind: EventKind, delay_ms: i64) -> Delivery {
    let event_id = (moment.new_id)("evt_");
    let next_action = next_action(moment, intent);
    Delivery {
        id: (moment.new_id)("dlv_"),
        account: intent.asked.account.clone(),
        body: intent_body(&event_id, kind, moment.now_ms, intent, next_action),
        event_id,
        due_ms: moment.now_ms + delay_ms,
        attempts: 0,
    }
}

/// What the buyer has to do, if anything.
pub(crate) fn next_action(moment: &Moment<'_>, intent: &Intent) -> Option<NextAction> {
    matches!(intent.state, State::RequiresAction { .. })
        .then(|| NextAction::challenge((moment.challenge_url)(&intent.id, intent.attempts)))
}

/// The card that paid.
fn paid_with(intent: &Intent) -> Option<&Card> {
    match &intent.state {
        State::Succeeded { card } => Some(card),
        State::RequiresPaymentMethod { .. }
        | State::RequiresAction { .. }
        | State::Processing { .. }
        | State::Canceled => None,
    }
}
