//! What sending a parcel costs and how long it takes. The rule is behind a trait; flat rates are the default.

use serde::{Deserialize, Serialize};

use crate::contact::Country;
use crate::{Currency, Money, Rfc3339, UtcMs};

/// What sending costs, as it is quoted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShippingCharge {
    /// What the buyer reads: `Standard, 2–3 working days`.
    pub label: String,
    /// The price, tax included.
    pub price: Money,
    /// The first day it may arrive, `YYYY-MM-DD`.
    pub earliest: Option<String>,
    /// The last day it should arrive, `YYYY-MM-DD`.
    pub latest: Option<String>,
}

/// What a rate may depend on.
#[derive(Clone, Copy, Debug)]
pub struct ShippingRequest {
    /// Where the shop sends from.
    pub shop_country: Country,
    /// Where it is sent.
    pub country: Country,
    /// What the goods cost, discount taken off.
    pub goods: Money,
    /// When it is ordered.
    pub now: UtcMs,
}

/// A parcel that cannot be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ShippingError {
    /// The shop does not send to this country.
    #[error("this shop does not send to {0}")]
    CountryNotServed(Country),
    /// There is no rate in this currency.
    #[error("this shop has no shipping rate in {0}")]
    CurrencyNotServed(Currency),
}

/// What sending costs.
pub trait ShippingRates: Send + Sync + std::fmt::Debug {
    /// The charge for one order.
    ///
    /// # Errors
    /// When it is not sent there, or not for that currency.
    fn charge(&self, request: &ShippingRequest) -> Result<ShippingCharge, ShippingError>;

    /// The countries that are served, in alphabetical order.
    fn countries(&self, shop_country: Country) -> Vec<Country>;
}

/// Flat rates by zone: at home, within the European Union, the rest of Western Europe, the United States.
#[derive(Clone, Copy, Debug, Default)]
pub struct FlatRates;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Zone {
    Home,
    EuropeanUnion,
    WesternEurope,
    Overseas,
}

const EUROPEAN_UNION: [&[u8; 2]; 27] = [
    b"AT", b"BE", b"BG", b"CY", b"CZ", b"DE", b"DK", b"EE", b"ES", b"FI", b"FR", b"GR", b"HR", b"HU", b"IE",
    b"IT", b"LT", b"LU", b"LV", b"MT", b"NL", b"PL", b"PT", b"RO", b"SE", b"SI", b"SK",
];
const WESTERN_EUROPE: [&[u8; 2]; 3] = [b"CH", b"GB", b"NO"];
const OVERSEAS: [&[u8; 2]; 1] = [b"US"];

fn zone(shop_country: Country, country: Country) -> Option<Zone> {
    let is_in = |zone: &[&[u8; 2]]| zone.iter().any(|letters| Country::literal(letters) == country);
    if country == shop_country {
        Some(Zone::Home)
    } else if is_in(&EUROPEAN_UNION) {
        Some(Zone::EuropeanUnion)
    } else if is_in(&WESTERN_EUROPE) {
        Some(Zone::WesternEurope)
    } else if is_in(&OVERSEAS) {
        Some(Zone::Overseas)
    } else {
        None
    }
}

/// Minor units for home, European Union, Western Europe, overseas, and from which value of goods home is free.
fn rates(currency: Currency) -> Option<([i64; 4], i64)> {
    Some(match currency.as_str() {
        "EUR" | "USD" | "CHF" => ([490, 790, 1_290, 1_990], 10_000),
        "GBP" => ([390, 690, 1_090, 1_690], 9_000),
        "SEK" | "NOK" | "DKK" => ([4_900, 8_900, 13_900, 21_900], 100_000),
        "PLN" => ([1_990, 3_490, 5_490, 8_490], 40_000),
        "CZK" => ([11_900, 19_900, 31_900, 49_900], 250_000),
        "JPY" => ([800, 1_300, 2_100, 3_300], 16_000),
        _ => return None,
    })
}

impl ShippingRates for FlatRates {
    fn charge(&self, request: &ShippingRequest) -> Result<ShippingCharge, ShippingError> {
        let ShippingRequest { shop_country, country, goods, now } = *request;
        let zone = zone(shop_country, country).ok_or(ShippingError::CountryNotServed(country))?;
        let currency = goods.currency();
        let ([home, union, europe, overseas], free_from) =
            rates(currency).ok_or(ShippingError::CurrencyNotServed(currency))?;
        let (minor, first, last) = match zone {
            Zone::Home if goods.minor() >= free_from => (0, 2, 3),
            Zone::Home => (home, 2, 3),
            Zone::EuropeanUnion => (union, 3, 6),
            Zone::WesternEurope => (europe, 4, 8),
            Zone::Overseas => (overseas, 6, 12),
        };
        Ok(ShippingCharge {
            label: format!("Standard, {first}–{last} working days"),
            price: Money::new(minor, currency),
            earliest: Some(working_day(now, first)),
            latest: Some(working_day(now, last)),
        })
    }

    fn countries(&self, shop_country: Country) -> Vec<Country> {
        let all = EUROPEAN_UNION.iter().chain(&WESTERN_EUROPE).chain(&OVERSEAS);
        let mut countries: Vec<_> = all.map(|letters| Country::literal(letters)).collect();
        countries.push(shop_country);
        countries.sort();
        countries.dedup();
        countries
    }
}

/// The `n`th working day (Monday to Friday) after `now`, as `YYYY-MM-DD` in UTC.
fn working_day(now: UtcMs, n: u32) -> String {
    const DAY_MS: i64 = 86_400_000;
    let mut day = now.get().div_euclid(DAY_MS);
    let mut left = n;
    while left > 0 {
        day += 1;
        // Day 0 of the epoch was a Thursday; Saturday and Sunday are days 2 and 3 after one.
        if !matches!(day.rem_euclid(7), 2 | 3) {
            left -= 1;
        }
    }
    let mut text = Rfc3339(UtcMs::new(day * DAY_MS)).to_string();
    text.truncate("YYYY-MM-DD".len());
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const DE: Country = Country::literal(b"DE");

    fn charge(country: &[u8; 2], goods: i64) -> Result<ShippingCharge, ShippingError> {
        // Friday, 20 November 2026.
        let now = UtcMs::new(1_795_203_000_000);
        let goods = Money::new(goods, Currency::EUR);
        FlatRates.charge(&ShippingRequest {
            shop_country: DE,
            country: Country::literal(country),
            goods,
            now,
        })
    }

    #[test]
    fn a_weekend_is_no_delivery_time() {
        let charge = charge(b"DE", 5_800).unwrap();
        assert_eq!(charge.price.minor(), 490);
        assert_eq!(
            (charge.earliest.as_deref(), charge.latest.as_deref()),
            (Some("2026-11-24"), Some("2026-11-25"))
        );
    }

    #[test]
    fn home_is_free_from_its_limit() {
        assert_eq!(charge(b"DE", 9_999).unwrap().price.minor(), 490);
        assert_eq!(charge(b"DE", 10_000).unwrap().price.minor(), 0);
        assert_eq!(charge(b"FR", 10_000).unwrap().price.minor(), 790);
    }

    #[test]
    fn a_country_that_is_not_served_is_named() {
        assert_eq!(charge(b"AQ", 5_800), Err(ShippingError::CountryNotServed(Country::literal(b"AQ"))));
    }

    #[test]
    fn every_listed_country_is_served() {
        for country in FlatRates.countries(DE) {
            assert!(zone(DE, country).is_some(), "{country}");
        }
    }
}
