//! Instants on the one timeline.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use time::OffsetDateTime;
use time::format_description::well_known;

/// An instant: milliseconds since 1970-01-01T00:00:00Z, leap seconds not counted.
///
/// A pure crate never asks what time it is; it is told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(transparent)]
pub struct UtcMs(#[cfg_attr(feature = "ts", ts(type = "number"))] i64);

impl UtcMs {
    /// The instant that many milliseconds after the epoch.
    #[must_use]
    pub const fn new(ms: i64) -> Self {
        Self(ms)
    }

    /// Milliseconds since the epoch.
    #[must_use]
    pub const fn get(self) -> i64 {
        self.0
    }

    /// The instant `ms` milliseconds later; stops at the end of representable time.
    #[must_use]
    pub const fn plus_ms(self, ms: i64) -> Self {
        Self(self.0.saturating_add(ms))
    }

    /// Milliseconds from `earlier` to this; negative when `earlier` is later.
    #[must_use]
    pub const fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
}

impl fmt::Display for UtcMs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// The text was not an instant in RFC 3339 form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected a time like 2026-11-20T19:30:00Z (RFC 3339)")]
pub struct ParseTimeError;

/// An instant that is written as RFC 3339 text, in UTC with milliseconds: `2026-11-20T19:30:00.000Z`.
///
/// Reads any offset and any precision.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Rfc3339(#[cfg_attr(feature = "ts", ts(type = "string"))] pub UtcMs);

impl FromStr for Rfc3339 {
    type Err = ParseTimeError;

    fn from_str(text: &str) -> Result<Self, ParseTimeError> {
        let time = OffsetDateTime::parse(text, &well_known::Rfc3339).map_err(|_| ParseTimeError)?;
        let ms = time.unix_timestamp_nanos().div_euclid(1_000_000);
        i64::try_from(ms).map(|ms| Self(UtcMs(ms))).map_err(|_| ParseTimeError)
    }
}

impl fmt::Display for Rfc3339 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Years 0 to 9999 are all that RFC 3339 can write; an instant outside is clamped into them.
        let ms = self.0.0.clamp(-62_167_219_200_000, 253_402_300_799_999);
        let time = OffsetDateTime::from_unix_timestamp_nanos(i128::from(ms) * 1_000_000)
            .expect("the instant was clamped into the years 0 to 9999");
        write!(
            f,
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z",
            time.year(),
            u8::from(time.month()),
            time.day(),
            time.hour(),
            time.minute(),
            time.second(),
            time.millisecond()
        )
    }
}

impl From<UtcMs> for Rfc3339 {
    fn from(at: UtcMs) -> Self {
        Self(at)
    }
}

impl Serialize for Rfc3339 {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Rfc3339 {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(feature = "openapi")]
impl utoipa::PartialSchema for Rfc3339 {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .format(Some(utoipa::openapi::SchemaFormat::KnownFormat(utoipa::openapi::KnownFormat::DateTime)))
            .into()
    }
}

#[cfg(feature = "openapi")]
impl utoipa::ToSchema for Rfc3339 {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_reads_back_as_written() {
        let at = Rfc3339(UtcMs::new(1_795_203_000_042));
        assert_eq!(at.to_string(), "2026-11-20T19:30:00.042Z");
        assert_eq!(at.to_string().parse(), Ok(at));
    }

    #[test]
    fn another_offset_names_the_same_instant() {
        assert_eq!("2026-11-20T20:30:00.042+01:00".parse(), Ok(Rfc3339(UtcMs::new(1_795_203_000_042))));
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in ["", "now", "2026-11-20", "2026-13-01T00:00:00Z", "1795203000"] {
            assert_eq!(text.parse::<Rfc3339>(), Err(ParseTimeError), "{text}");
        }
    }

    #[test]
    fn instants_beyond_all_calendars_are_still_written() {
        assert_eq!(Rfc3339(UtcMs::new(i64::MAX)).to_string(), "9999-12-31T23:59:59.999Z");
        assert_eq!(Rfc3339(UtcMs::new(i64::MIN)).to_string(), "0000-01-01T00:00:00.000Z");
    }
}
