//! Ids: a three-letter prefix that says what it names, `_`, and a UUIDv7 (RFC 9562 §5.7) as 32 hex digits.
//!
//! An id is a name, never a credential.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

use crate::UtcMs;

/// The text was not an id of the expected kind.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected an id that starts with `{prefix}_` and goes on with 32 hexadecimal digits")]
pub struct ParseIdError {
    /// The prefix that was expected.
    pub prefix: &'static str,
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[cfg_attr(feature = "ts", derive(ts_rs::TS))]
        pub struct $name(#[cfg_attr(feature = "ts", ts(type = "string"))] Uuid);

        impl $name {
            /// What the text of such an id starts with, before the `_`.
            pub const PREFIX: &'static str = $prefix;

            /// A new id for something made at `now`; ten bytes of entropy keep it unique within a
            /// millisecond.
            #[must_use]
            pub fn generate(now: UtcMs, entropy: [u8; 10]) -> Self {
                let ms = u64::try_from(now.get()).unwrap_or(0);
                Self(uuid::Builder::from_unix_timestamp_millis(ms, &entropy).into_uuid())
            }

            /// The same id as a bare UUID.
            #[must_use]
            pub const fn uuid(self) -> Uuid {
                self.0
            }

            /// The id with this bare UUID.
            #[must_use]
            pub const fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($prefix, "_{}"), self.0.simple())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl FromStr for $name {
            type Err = ParseIdError;

            fn from_str(text: &str) -> Result<Self, ParseIdError> {
                parse(text, $prefix).map(Self)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }

        #[cfg(feature = "openapi")]
        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                utoipa::openapi::ObjectBuilder::new()
                    .schema_type(utoipa::openapi::schema::Type::String)
                    .pattern(Some(concat!("^", $prefix, "_[0-9a-f]{32}$")))
                    .into()
            }
        }

        #[cfg(feature = "openapi")]
        impl utoipa::ToSchema for $name {}
    )*};
}

ids! {
    /// A merchant's shop.
    ShopId = "shp";
    /// A person who signs in to the dashboard.
    UserId = "usr";
    /// A show: one live programme, planned, on air or ended.
    ShowId = "shw";
    /// One stretch of published media; a show has one for each time it went on air.
    BroadcastId = "brd";
    /// A stream key's public half.
    StreamKeyId = "stk";
    /// One entry of a run of show.
    CueId = "cue";
    /// A product.
    ProductId = "prd";
    /// What is really bought: a product in one choice of its options.
    VariantId = "var";
    /// An uploaded picture.
    ImageId = "img";
    /// A discount.
    DiscountId = "dsc";
    /// A cart.
    CartId = "crt";
    /// A checkout: a frozen quote, the pieces held for it, and the payments tried.
    CheckoutId = "chk";
    /// A frozen quote.
    QuoteId = "quo";
    /// Pieces held for a checkout.
    ReservationId = "rsv";
    /// A payment.
    PaymentId = "pay";
    /// An order.
    OrderId = "ord";
    /// A refund.
    RefundId = "rfd";
    /// A CloudEvent.
    EventId = "evt";
    /// A viewer, for as long as their token is renewed.
    ViewerId = "vwr";
    /// A message in a room.
    MessageId = "msg";
    /// A mail that was written.
    MailId = "mal";
}

fn parse(text: &str, prefix: &'static str) -> Result<Uuid, ParseIdError> {
    let error = ParseIdError { prefix };
    let hex = text.strip_prefix(prefix).and_then(|rest| rest.strip_prefix('_')).ok_or(error.clone())?;
    // One id has one text: no dashes, no capitals, so that ids compare as strings everywhere.
    let canonical = hex.len() == 32 && hex.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    if !canonical {
        return Err(error);
    }
    Uuid::try_parse(hex).map_err(|_| error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_as_written() {
        let id = OrderId::generate(UtcMs::new(1_795_000_000_123), [9; 10]);
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!(serde_json::from_str::<OrderId>(&serde_json::to_string(&id).unwrap()).unwrap(), id);
    }

    #[test]
    fn an_id_of_another_kind_is_refused() {
        let id = OrderId::generate(UtcMs::new(1), [0; 10]).to_string();
        assert_eq!(id.parse::<CartId>(), Err(ParseIdError { prefix: "crt" }));
    }

    #[test]
    fn an_id_has_one_text_only() {
        let text = OrderId::generate(UtcMs::new(1), [0xAB; 10]).to_string();
        for other in
            [text.to_uppercase(), text.replace("ord_", "ord-"), format!("{text}0"), text[..20].into()]
        {
            assert!(other.parse::<OrderId>().is_err(), "{other}");
        }
    }

    #[test]
    fn later_ids_sort_later() {
        let early = CartId::generate(UtcMs::new(1_000), [0xFF; 10]);
        let late = CartId::generate(UtcMs::new(1_001), [0; 10]);
        assert!(early < late && early.to_string() < late.to_string());
    }
}
