//! Money: integer minor units with an ISO 4217 currency. No floats anywhere.
//!
//! Rounding is stated once: a share in basis points rounds half up, to whole minor units
//! ([`Money::share`]). Everything else is exact or an error.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Arithmetic on money that has no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// Amounts of two currencies were mixed.
    #[error("amounts in {0} and {1} cannot be combined")]
    CurrencyMismatch(Currency, Currency),
    /// The amount does not fit into 2⁵³ − 1 minor units, the largest whole number every client can read.
    #[error("the amount is too large")]
    Overflow,
    /// The text is not three capital letters.
    #[error("a currency is three capital letters of ISO 4217, like EUR")]
    UnknownCurrency,
}

/// An ISO 4217 alphabetic code: three capital letters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Currency(#[cfg_attr(feature = "ts", ts(type = "string"))] [u8; 3]);

impl Currency {
    /// Euro.
    pub const EUR: Self = Self(*b"EUR");
    /// United States dollar.
    pub const USD: Self = Self(*b"USD");
    /// Pound sterling.
    pub const GBP: Self = Self(*b"GBP");
    /// Japanese yen, which has no minor unit.
    pub const JPY: Self = Self(*b"JPY");

    /// The three letters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).expect("a currency is built from three ASCII letters")
    }

    /// How many decimal digits the minor unit has (ISO 4217, list one).
    #[must_use]
    pub fn minor_digits(self) -> u32 {
        match &self.0 {
            b"BIF" | b"CLP" | b"DJF" | b"GNF" | b"ISK" | b"JPY" | b"KMF" | b"KRW" | b"PYG" | b"RWF"
            | b"UGX" | b"VND" | b"VUV" | b"XAF" | b"XOF" | b"XPF" => 0,
            b"BHD" | b"IQD" | b"JOD" | b"KWD" | b"LYD" | b"OMR" | b"TND" => 3,
            _ => 2,
        }
    }
}

impl FromStr for Currency {
    type Err = MoneyError;

    fn from_str(text: &str) -> Result<Self, MoneyError> {
        let letters: [u8; 3] = text.as_bytes().try_into().map_err(|_| MoneyError::UnknownCurrency)?;
        if letters.iter().all(u8::is_ascii_uppercase) {
            Ok(Self(letters))
        } else {
            Err(MoneyError::UnknownCurrency)
        }
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(feature = "openapi")]
impl utoipa::PartialSchema for Currency {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .pattern(Some("^[A-Z]{3}$"))
            .into()
    }
}

#[cfg(feature = "openapi")]
impl utoipa::ToSchema for Currency {}

/// An amount: whole minor units (cents, pence, yen) of one currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Money {
    /// Minor units; negative for what is owed.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    minor: i64,
    /// The currency.
    currency: Currency,
}

/// The largest whole number that a JSON client reads exactly: 2⁵³ − 1.
pub const MINOR_MAX: i64 = (1 << 53) - 1;

impl Money {
    /// An amount of `minor` units of `currency`.
    #[must_use]
    pub const fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// Nothing, in `currency`.
    #[must_use]
    pub const fn zero(currency: Currency) -> Self {
        Self::new(0, currency)
    }

    /// Minor units.
    #[must_use]
    pub const fn minor(self) -> i64 {
        self.minor
    }

    /// The currency.
    #[must_use]
    pub const fn currency(self) -> Currency {
        self.currency
    }

    /// The sum.
    ///
    /// # Errors
    /// When the currencies differ, or the sum is beyond [`MINOR_MAX`].
    pub fn checked_add(self, other: Self) -> Result<Self, MoneyError> {
        self.same_currency(other)?;
        self.bounded(self.minor.checked_add(other.minor))
    }

    /// The difference.
    ///
    /// # Errors
    /// When the currencies differ, or the difference is beyond [`MINOR_MAX`].
    pub fn checked_sub(self, other: Self) -> Result<Self, MoneyError> {
        self.same_currency(other)?;
        self.bounded(self.minor.checked_sub(other.minor))
    }

    /// This amount `times` over.
    ///
    /// # Errors
    /// When the product is beyond [`MINOR_MAX`].
    pub fn checked_mul(self, times: u32) -> Result<Self, MoneyError> {
        self.bounded(self.minor.checked_mul(i64::from(times)))
    }

    /// `rate` of this amount, rounded half up (away from zero) to whole minor units.
    ///
    /// # Errors
    /// When the share is beyond [`MINOR_MAX`].
    pub fn share(self, rate: BasisPoints) -> Result<Self, MoneyError> {
        self.bounded(round_half_up(i128::from(self.minor) * i128::from(rate.0), 10_000))
    }

    /// The part of this amount that is a tax already in it: `amount × rate ⁄ (1 + rate)`, rounded half up.
    ///
    /// # Errors
    /// When the part is beyond [`MINOR_MAX`].
    pub fn included_tax(self, rate: BasisPoints) -> Result<Self, MoneyError> {
        let divisor = 10_000 + i128::from(rate.0);
        self.bounded(round_half_up(i128::from(self.minor) * i128::from(rate.0), divisor))
    }

    fn same_currency(self, other: Self) -> Result<(), MoneyError> {
        if self.currency == other.currency {
            Ok(())
        } else {
            Err(MoneyError::CurrencyMismatch(self.currency, other.currency))
        }
    }

    fn bounded(self, minor: Option<i64>) -> Result<Self, MoneyError> {
        match minor {
            Some(minor) if (-MINOR_MAX..=MINOR_MAX).contains(&minor) => Ok(Self { minor, ..self }),
            _ => Err(MoneyError::Overflow),
        }
    }
}

fn round_half_up(numerator: i128, divisor: i128) -> Option<i64> {
    let sign = numerator.signum();
    i64::try_from(sign * ((2 * numerator.abs() + divisor) / (2 * divisor))).ok()
}

/// A rate in hundredths of a percent: 2,100 is 21 %.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(transparent)]
pub struct BasisPoints(pub u32);

/// The number was not a quantity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a quantity is a whole number from 1 to 99")]
pub struct QuantityError;

/// How many pieces: 1 to 99, by construction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(try_from = "u32", into = "u32")]
pub struct Quantity(#[cfg_attr(feature = "ts", ts(type = "number"))] u8);

impl Quantity {
    /// The most pieces of one variant in a cart.
    pub const MAX: u32 = 99;

    /// As a plain number.
    #[must_use]
    pub fn get(self) -> u32 {
        u32::from(self.0)
    }
}

impl TryFrom<u32> for Quantity {
    type Error = QuantityError;

    fn try_from(value: u32) -> Result<Self, QuantityError> {
        match u8::try_from(value) {
            Ok(pieces @ 1..=99) => Ok(Self(pieces)),
            _ => Err(QuantityError),
        }
    }
}

impl From<Quantity> for u32 {
    fn from(quantity: Quantity) -> Self {
        quantity.get()
    }
}

#[cfg(feature = "openapi")]
impl utoipa::PartialSchema for Quantity {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::Integer)
            .minimum(Some(1))
            .maximum(Some(99))
            .into()
    }
}

#[cfg(feature = "openapi")]
impl utoipa::ToSchema for Quantity {}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const fn eur(minor: i64) -> Money {
        Money::new(minor, Currency::EUR)
    }

    #[test]
    fn currencies_do_not_mix() {
        let error = eur(1).checked_add(Money::new(1, Currency::USD));
        assert_eq!(error, Err(MoneyError::CurrencyMismatch(Currency::EUR, Currency::USD)));
    }

    #[test]
    fn the_largest_amount_is_accepted_and_one_more_is_refused() {
        assert_eq!(eur(MINOR_MAX - 1).checked_add(eur(1)), Ok(eur(MINOR_MAX)));
        assert_eq!(eur(MINOR_MAX).checked_add(eur(1)), Err(MoneyError::Overflow));
        assert_eq!(eur(i64::MAX).checked_mul(2), Err(MoneyError::Overflow));
    }

    #[test]
    fn a_share_rounds_half_up() {
        assert_eq!(eur(5).share(BasisPoints(1_000)), Ok(eur(1)));
        assert_eq!(eur(4).share(BasisPoints(1_000)), Ok(eur(0)));
        assert_eq!(eur(-5).share(BasisPoints(1_000)), Ok(eur(-1)));
    }

    #[test]
    fn tax_in_a_price_is_what_a_receipt_shows() {
        assert_eq!(eur(6_990).included_tax(BasisPoints(1_900)), Ok(eur(1_116)));
        assert_eq!(eur(10_595).included_tax(BasisPoints(2_100)), Ok(eur(1_839)));
    }

    #[test]
    fn a_quantity_is_one_to_ninety_nine() {
        for (json, accepted) in [("1", true), ("99", true), ("0", false), ("100", false), ("-5", false)] {
            assert_eq!(serde_json::from_str::<Quantity>(json).is_ok(), accepted, "{json}");
        }
        for json in ["1.5", "\"1\"", "9223372036854775808", "null", "1e1"] {
            assert!(serde_json::from_str::<Quantity>(json).is_err(), "{json}");
        }
    }

    proptest! {
        #[test]
        fn no_share_of_up_to_everything_exceeds_the_whole(minor in 0..MINOR_MAX, rate in 0..=10_000_u32) {
            let share = eur(minor).share(BasisPoints(rate)).unwrap().minor();
            prop_assert!((0..=minor).contains(&share));
        }

        #[test]
        fn what_is_added_can_be_taken_away(a in -MINOR_MAX/2..MINOR_MAX/2, b in -MINOR_MAX/2..MINOR_MAX/2) {
            prop_assert_eq!(eur(a).checked_add(eur(b)).unwrap().checked_sub(eur(b)), Ok(eur(a)));
        }
    }
}
