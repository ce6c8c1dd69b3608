//! What makes up for lost webhooks and lost answers: refunds are sent until the provider says what became of
//! them, payments that went quiet are asked about.

use std::collections::HashSet;
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use showfloor_domain::{ShopId, UtcMs};
use showfloor_storage::StoreError;
use tokio::time::MissedTickBehavior;

use crate::deps::Deps;
use crate::observe::observe;
use crate::provider::{PaymentProvider, ProviderError, RefundProgress};

/// After how long without news a payment is asked about.
pub const QUIET_MS: i64 = 20_000;
/// After how long a refund that the provider has not settled is sent again, under the same key.
pub const REFUND_RETRY_MS: i64 = 20_000;
/// How many refunds, and how many payments, one turn takes.
pub const TURN_MAX: u32 = 20;
/// How long [`run`] waits between two turns.
pub const TURN_EVERY_MS: u64 = 1_000;
/// How long [`run`] waits at most when providers or the store do not answer.
pub const TURN_EVERY_MAX_MS: u64 = 60_000;

/// What one turn did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Turn {
    /// Questions that were answered.
    pub answered: u32,
    /// Questions that were not: the provider is unavailable, or the shop has no account.
    pub unanswered: u32,
}

/// Sends refunds that no provider was asked for yet, or that no provider settled since [`REFUND_RETRY_MS`]. A
/// refund was written down before, and its id is the key, so a crash at any point repeats nothing (abuse case C8).
///
/// # Errors
/// When the store fails.
pub async fn send_refunds(deps: &Deps, now: UtcMs) -> Result<Turn, StoreError> {
    send_refunds_tried_before(deps, now.plus_ms(-REFUND_RETRY_MS), now).await
}

async fn send_refunds_tried_before(deps: &Deps, before: UtcMs, now: UtcMs) -> Result<Turn, StoreError> {
    let mut turn = Turn::default();
    let mut providers = Providers::new(deps);
    for refund in deps.payments.refunds_to_send(before, now, TURN_MAX).await? {
        let Some(provider) = providers.of(refund.shop_id).await? else {
            turn.unanswered += 1;
            continue;
        };
        match provider.refund(refund.refund_id, &refund.intent_id, refund.amount).await {
            Ok(RefundProgress::Pending) => turn.answered += 1,
            Ok(RefundProgress::Succeeded) => {
                deps.payments.refund_settled(refund.refund_id, true, now).await?;
                turn.answered += 1;
            }
            Ok(RefundProgress::Failed) => {
                tracing::warn!(refund_id = %refund.refund_id, "the provider did not send money back");
                deps.payments.refund_settled(refund.refund_id, false, now).await?;
                turn.answered += 1;
            }
            Err(ProviderError::Refused(why)) => {
                tracing::warn!(refund_id = %refund.refund_id, why, "the provider refused to send money back");
                deps.payments.refund_settled(refund.refund_id, false, now).await?;
                turn.answered += 1;
            }
            Err(ProviderError::Unavailable(why)) => {
                tracing::warn!(refund_id = %refund.refund_id, why, "the provider did not answer");
                providers.silent.insert(refund.shop_id);
                turn.unanswered += 1;
            }
        }
    }
    Ok(turn)
}

/// Asks about payments of which nothing was heard for [`QUIET_MS`].
///
/// # Errors
/// When the store fails.
pub async fn ask_payments(deps: &Deps, now: UtcMs) -> Result<Turn, StoreError> {
    let mut turn = Turn::default();
    let mut providers = Providers::new(deps);
    for payment in deps.payments.payments_to_ask(now.plus_ms(-QUIET_MS), now, TURN_MAX).await? {
        let Some(provider) = providers.of(payment.shop_id).await? else {
            turn.unanswered += 1;
            continue;
        };
        match provider.retrieve(&payment.intent_id).await {
            Ok(report) if report.intent_id == payment.intent_id => {
                observe(deps, provider.as_ref(), report, None, now).await?;
                turn.answered += 1;
            }
            Ok(_) => {
                tracing::error!(payment_id = %payment.payment_id, "the provider answered about another payment");
                turn.answered += 1;
            }
            Err(ProviderError::Refused(why)) => {
                tracing::warn!(payment_id = %payment.payment_id, why, "the provider does not know a payment");
                turn.answered += 1;
            }
            Err(ProviderError::Unavailable(why)) => {
                tracing::warn!(payment_id = %payment.payment_id, why, "the provider did not answer");
                providers.silent.insert(payment.shop_id);
                turn.unanswered += 1;
            }
        }
    }
    Ok(turn)
}

/// Does both once a second until `stop`, and at once when a refund is waiting; more slowly while nobody answers.
pub async fn run(deps: Deps, stop: impl Future<Output = ()>) {
    let mut stop = pin!(stop);
    let mut ticks = tokio::time::interval(Duration::from_millis(TURN_EVERY_MS));
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut pause_ms = TURN_EVERY_MS;
    loop {
        let hinted = tokio::select! {
            () = &mut stop => return,
            () = deps.refunds.notified() => true,
            _ = ticks.tick() => false,
        };
        let now = deps.http.now();
        let turn = async {
            // A hint says that a provider knows more now, so the usual wait between two questions is left out.
            let before = if hinted { now } else { now.plus_ms(-REFUND_RETRY_MS) };
            let refunds = send_refunds_tried_before(&deps, before, now).await?;
            let payments = ask_payments(&deps, now).await?;
            Ok::<_, StoreError>(refunds.unanswered + payments.unanswered)
        };
        let done = tokio::select! {
            () = &mut stop => return,
            done = turn => done,
        };
        pause_ms = match done {
            Ok(0) => TURN_EVERY_MS,
            Ok(_) => (pause_ms * 2).min(TURN_EVERY_MAX_MS),
            Err(error) => {
                tracing::error!(%error, "payments cannot be reconciled");
                (pause_ms * 2).min(TURN_EVERY_MAX_MS)
            }
        };
        if pause_ms > TURN_EVERY_MS {
            ticks.reset_after(Duration::from_millis(pause_ms));
        }
    }
}

/// The accounts of the shops in one turn. One that was silent is not asked again in the same turn.
struct Providers<'d> {
    deps: &'d Deps,
    silent: HashSet<ShopId>,
}

impl<'d> Providers<'d> {
    fn new(deps: &'d Deps) -> Self {
        Self { deps, silent: HashSet::new() }
    }

    async fn of(&self, shop_id: ShopId) -> Result<Option<Arc<dyn PaymentProvider>>, StoreError> {
        if self.silent.contains(&shop_id) {
            return Ok(None);
        }
        let Some(shop) = self.deps.price_book.shop_terms(shop_id).await? else { return Ok(None) };
        let provider = self.deps.accounts.of(shop_id, shop.mode);
        if provider.is_none() {
            tracing::error!(%shop_id, "money waits, but the shop has no account at a provider");
        }
        Ok(provider)
    }
}
