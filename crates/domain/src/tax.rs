//! Tax by country of destination. The rule is behind a trait; value added tax included in the price is the
//! default.
//!
//! Prices are what people pay. In the European Union, Great Britain, Switzerland and Norway the standard rate of
//! the destination is inside the price and is stated. In the United States no sales tax is charged, and the
//! total stays the same: the line says so.

use serde::{Deserialize, Serialize};

use crate::contact::Country;
use crate::shipping::ShippingError;
use crate::{BasisPoints, Money, quote::QuoteError};

/// The tax of an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaxLine {
    /// What the buyer reads: `VAT 19 %`.
    pub label: String,
    /// The rate.
    pub rate: BasisPoints,
    /// How much of the total it is.
    pub amount: Money,
    /// Whether the total includes it. So far it always does.
    pub included: bool,
}

/// What tax is in a total.
pub trait TaxRules: Send + Sync + std::fmt::Debug {
    /// The tax in `total` (goods and shipping) sent from `shop_country` to `country`.
    ///
    /// # Errors
    /// When there is no rule for the country, or the arithmetic has no answer.
    fn tax(&self, shop_country: Country, country: Country, total: Money) -> Result<TaxLine, QuoteError>;
}

/// The standard rate of the destination, inside the price. Rates of 2026.
#[derive(Clone, Copy, Debug, Default)]
pub struct DestinationVat;

fn rate_bps(country: Country) -> Option<u32> {
    Some(match country.as_str() {
        "LU" => 1_700,
        "MT" => 1_800,
        "CY" | "DE" => 1_900,
        "AT" | "BG" | "FR" | "GB" => 2_000,
        "BE" | "CZ" | "ES" | "LT" | "LV" | "NL" | "RO" => 2_100,
        "IT" | "SI" => 2_200,
        "IE" | "PL" | "PT" | "SK" => 2_300,
        "EE" | "GR" => 2_400,
        "DK" | "HR" | "NO" | "SE" => 2_500,
        "FI" => 2_550,
        "HU" => 2_700,
        "CH" => 810,
        "US" => 0,
        _ => return None,
    })
}

impl TaxRules for DestinationVat {
    fn tax(&self, _shop_country: Country, country: Country, total: Money) -> Result<TaxLine, QuoteError> {
        let bps = rate_bps(country).ok_or(ShippingError::CountryNotServed(country))?;
        let rate = BasisPoints(bps);
        let label = match bps {
            0 => "No sales tax charged".to_owned(),
            _ if bps % 100 == 0 => format!("VAT {} %", bps / 100),
            _ => format!("VAT {}.{} %", bps / 100, bps % 100 / 10),
        };
        Ok(TaxLine { label, rate, amount: total.included_tax(rate)?, included: true })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Currency;
    use crate::shipping::{FlatRates, ShippingRates};

    fn tax(country: &[u8; 2]) -> TaxLine {
        let total = Money::new(6_290, Currency::EUR);
        DestinationVat.tax(Country::literal(b"DE"), Country::literal(country), total).unwrap()
    }

    #[test]
    fn the_rate_is_the_destinations() {
        assert_eq!((tax(b"DE").label.as_str(), tax(b"DE").amount.minor()), ("VAT 19 %", 1_004));
        assert_eq!((tax(b"FI").label.as_str(), tax(b"FI").amount.minor()), ("VAT 25.5 %", 1_278));
        assert_eq!((tax(b"US").label.as_str(), tax(b"US").amount.minor()), ("No sales tax charged", 0));
    }

    #[test]
    fn there_is_a_rule_for_every_country_we_send_to() {
        for country in FlatRates.countries(Country::literal(b"DE")) {
            assert!(rate_bps(country).is_some(), "{country}");
        }
    }
}
