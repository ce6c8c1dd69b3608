//! What a provider says takes effect in one place, however we came to hear it.

use showfloor_domain::payment::{PaymentFailure, PaymentState};
use showfloor_domain::{OrderId, RefundId, UtcMs};
use showfloor_storage::{InboxKey, Observation, Observed, StoreError};

use crate::deps::Deps;
use crate::provider::{IntentReport, PaymentProvider};

/// Takes in a report, once, and tells whoever waits.
///
/// Webhooks and questions both come here, so that they race each other harmlessly: the store decides in one
/// transaction, and only progress counts (abuse case C7).
pub(crate) async fn observe(
    deps: &Deps,
    provider: &dyn PaymentProvider,
    report: IntentReport,
    inbox: Option<InboxKey>,
    now: UtcMs,
) -> Result<Observed, StoreError> {
    let intent_id = report.intent_id.clone();
    let declined = report.state == PaymentState::Failed && report.failure != Some(PaymentFailure::Cancelled);
    let payment_id = report.told.payment_id;
    let observation = Observation {
        inbox,
        provider: provider.name().into(),
        intent_id: report.intent_id,
        told: report.told,
        state: report.state,
        failure: report.failure,
        action_url: report.action_url,
        card: report.card,
        order_id: OrderId::generate(now, deps.http.entropy.id_bytes()),
        refund_id: RefundId::generate(now, deps.http.entropy.id_bytes()),
        now,
    };
    let observed = deps.payments.observe(observation).await?;
    match observed {
        Observed::Duplicate | Observed::OldNews => {}
        Observed::Progress(checkout_id) => deps.changed.changed(checkout_id),
        Observed::Sold(checkout_id, order_id) => {
            tracing::info!(%checkout_id, %payment_id, %order_id, "a payment became an order");
            deps.changed.changed(checkout_id);
        }
        Observed::SentBack(checkout_id, refund_id, why) => {
            tracing::warn!(%payment_id, %refund_id, ?why, "money came that can be no order; it goes back");
            deps.refunds.notify_one();
            if let Some(checkout_id) = checkout_id {
                deps.changed.changed(checkout_id);
            }
        }
        Observed::Refused(mismatch) => {
            tracing::warn!(%payment_id, %mismatch, "a provider tells of a payment that is not as it was asked for");
        }
    }
    if declined && matches!(observed, Observed::Progress(_)) {
        // One card for each payment: the next try is counted here before the provider hears of it (abuse case
        // C14). If this fails, the provider's own limit of cards still holds.
        if let Err(error) = provider.cancel(&intent_id).await {
            tracing::info!(%payment_id, %error, "a declined payment was not ended at the provider");
        }
    }
    Ok(observed)
}
