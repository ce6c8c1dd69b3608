//! A checkout from the first hold to the end: which step may follow which.

use serde::{Deserialize, Serialize};

use crate::UtcMs;

/// How long pieces are held for a checkout. Nothing makes it longer.
pub const HOLD_MS: i64 = 10 * 60 * 1_000;
/// How many payments one reservation may try.
pub const ATTEMPTS_MAX: u32 = 3;
/// How many failed payments one device may have within [`FAILURE_WINDOW_MS`].
pub const DEVICE_FAILURES_MAX: u32 = 5;
/// How many failed payments one client address may have within [`FAILURE_WINDOW_MS`].
pub const ADDRESS_FAILURES_MAX: u32 = 20;
/// The window in which failed payments are counted.
pub const FAILURE_WINDOW_MS: i64 = 60 * 60 * 1_000;

/// Where a checkout stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum CheckoutState {
    /// Pieces are held; the buyer fills in who and where.
    Open,
    /// A payment was started.
    Paying,
    /// The buyer's bank asks something.
    ActionRequired,
    /// Paid; there is an order.
    Paid,
    /// The time was over; nothing is held.
    Expired,
    /// The buyer gave up; nothing is held.
    Cancelled,
    /// A payment came that can be no order; its money went back.
    Refunded,
}

/// What happens to a checkout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckoutEvent {
    /// The buyer edits; open payments are void.
    Requoted,
    /// A payment was started or is being worked on.
    PaymentStarted,
    /// The bank asks something.
    ActionRequired,
    /// The payment failed; another may be tried.
    PaymentFailed,
    /// The payment succeeded and the pieces are the buyer's.
    Sold,
    /// A payment succeeded but there is nothing to sell for it.
    SentBack,
    /// The time is over.
    Expired,
    /// The buyer gave up.
    Cancelled,
}

impl CheckoutState {
    /// Whether pieces are still held.
    #[must_use]
    pub const fn is_holding(self) -> bool {
        matches!(self, Self::Open | Self::Paying | Self::ActionRequired)
    }

    /// Where it stands after `event`; none when that cannot follow, and nothing changes.
    #[must_use]
    pub const fn after(self, event: CheckoutEvent) -> Option<Self> {
        use CheckoutEvent as E;
        use CheckoutState as S;
        match (self, event) {
            (S::Open | S::Paying | S::ActionRequired, E::Requoted | E::PaymentFailed) => Some(S::Open),
            (S::Open | S::Paying | S::ActionRequired, E::PaymentStarted) => Some(S::Paying),
            (S::Open | S::Paying | S::ActionRequired, E::ActionRequired) => Some(S::ActionRequired),
            (S::Open | S::Paying | S::ActionRequired, E::Expired) => Some(S::Expired),
            (S::Open | S::Paying | S::ActionRequired, E::Cancelled) => Some(S::Cancelled),
            // A late payment becomes an order if stock remains.
            (S::Open | S::Paying | S::ActionRequired | S::Expired, E::Sold) => Some(S::Paid),
            (S::Expired | S::Cancelled, E::SentBack) => Some(S::Refunded),
            (S::Open | S::Paying | S::ActionRequired, E::SentBack)
            | (S::Expired | S::Cancelled, _)
            | (S::Paid | S::Refunded, _) => None,
        }
    }
}

/// Whether a hold that ends at `held_until` is over at `now`; at this very millisecond it is.
#[must_use]
pub const fn hold_ended(held_until: UtcMs, now: UtcMs) -> bool {
    now.get() >= held_until.get()
}

#[cfg(test)]
mod tests {
    use super::{CheckoutEvent as E, CheckoutState as S, *};

    const EVENTS: [E; 8] = [
        E::Requoted,
        E::PaymentStarted,
        E::ActionRequired,
        E::PaymentFailed,
        E::Sold,
        E::SentBack,
        E::Expired,
        E::Cancelled,
    ];

    #[test]
    fn what_is_paid_or_sent_back_stays_so() {
        for event in EVENTS {
            assert_eq!(S::Paid.after(event), None);
            assert_eq!(S::Refunded.after(event), None);
        }
    }

    #[test]
    fn nothing_brings_an_ended_hold_back() {
        for state in [S::Expired, S::Cancelled, S::Paid, S::Refunded] {
            for event in EVENTS {
                assert!(!state.after(event).is_some_and(S::is_holding), "{state:?} {event:?}");
            }
        }
    }

    #[test]
    fn a_late_payment_may_become_an_order_but_not_after_the_buyer_gave_up() {
        assert_eq!(S::Expired.after(E::Sold), Some(S::Paid));
        assert_eq!(S::Cancelled.after(E::Sold), None);
        assert_eq!(S::Cancelled.after(E::SentBack), Some(S::Refunded));
    }

    #[test]
    fn a_hold_is_over_at_its_end_and_not_a_millisecond_before() {
        assert!(!hold_ended(UtcMs::new(1_000), UtcMs::new(999)));
        assert!(hold_ended(UtcMs::new(1_000), UtcMs::new(1_000)));
    }
}
