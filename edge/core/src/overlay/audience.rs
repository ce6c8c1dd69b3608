//! Who an overlay is for.

use serde::{Deserialize, Serialize};
use showfloor_domain::Currency;

use super::RoomSeed;

/// The longest query of an overlay that is looked at; a longer one counts as none.
pub const OVERLAY_QUERY_BYTES_MAX: usize = 256;

/// How many audiences of one show are kept composed.
pub const AUDIENCES_MAX: usize = 32;

/// An audience key: everybody with the same one sees the same overlay.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Audience {
    /// The language, like `en` or `de-AT`.
    pub locale: String,
    /// The currency of every price.
    pub currency: Currency,
}

impl Audience {
    /// The audience that a query asks for, of those that the shop has.
    #[must_use]
    pub fn of_query(query: &str, seed: &RoomSeed) -> Self {
        let query = if query.len() > OVERLAY_QUERY_BYTES_MAX { "" } else { query };
        let value = |wanted: &str| {
            query.split('&').find_map(|parameter| {
                let (name, value) = parameter.split_once('=')?;
                (name == wanted).then_some(value)
            })
        };
        Self::of(value("locale"), value("currency"), seed)
    }

    /// The audience that a client asks for, of those that the shop has.
    #[must_use]
    pub fn of(locale: Option<&str>, currency: Option<&str>, seed: &RoomSeed) -> Self {
        let offered = |currency: &Currency| seed.currencies.contains(currency);
        let currency = currency.and_then(|text| text.parse().ok()).filter(offered);
        let locale = locale.and_then(language_tag).or_else(|| language_tag(&seed.locale));
        Self {
            locale: locale.unwrap_or_else(|| "en".into()),
            currency: currency.unwrap_or_else(|| seed.currency()),
        }
    }
}

/// A language, and perhaps a region (RFC 5646 §2.1), in the usual case: `de`, `pt-BR`.
fn language_tag(tag: &str) -> Option<String> {
    let mut subtags = tag.split('-');
    let language = subtags.next()?;
    let letters = |text: &str| text.bytes().all(|b| b.is_ascii_alphabetic());
    if !(2..=3).contains(&language.len()) || !letters(language) {
        return None;
    }
    let region = subtags.find(|subtag| subtag.len() == 2 && letters(subtag));
    Some(match region {
        Some(region) => format!("{}-{}", language.to_ascii_lowercase(), region.to_ascii_uppercase()),
        None => language.to_ascii_lowercase(),
    })
}
