//! Who buys, and where it is sent: parsed at the border, trusted inside.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The text is not what a buyer's contact or address can be; says why, for the buyer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ContactError(pub &'static str);

/// ISO 3166-1 alpha-2: two capital letters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Country([u8; 2]);

impl Country {
    /// The two letters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).expect("a country is built from two ASCII letters")
    }

    /// The country with these letters, for tables in code.
    #[must_use]
    pub const fn literal(letters: &[u8; 2]) -> Self {
        Self(*letters)
    }
}

impl FromStr for Country {
    type Err = ContactError;

    fn from_str(text: &str) -> Result<Self, ContactError> {
        let letters: Option<[u8; 2]> = text.as_bytes().try_into().ok();
        letters
            .filter(|letters| letters.iter().all(u8::is_ascii_uppercase))
            .map(Self)
            .ok_or(ContactError("a country is two capital letters of ISO 3166-1, like DE"))
    }
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Country {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Country {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(feature = "openapi")]
impl utoipa::PartialSchema for Country {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .pattern(Some("^[A-Z]{2}$"))
            .into()
    }
}

#[cfg(feature = "openapi")]
impl utoipa::ToSchema for Country {}

/// How a buyer is reached. Never logged: `Debug` shows nothing.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Contact {
    /// Where the confirmation goes.
    pub email: String,
    /// Whom the parcel is for.
    pub name: String,
    /// For the carrier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
}

/// Where the parcel goes. Never logged: `Debug` shows the country only.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Address {
    /// Street and number.
    pub line1: String,
    /// Flat, floor, company.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line2: Option<String>,
    /// Postal code, as the country writes it.
    pub postal_code: String,
    /// City.
    pub city: String,
    /// State or province, where the country uses one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// Country.
    pub country: Country,
}

impl fmt::Debug for Contact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Contact(…)")
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Address({}, …)", self.country)
    }
}

impl Contact {
    /// The contact with surrounding blanks gone, if each part can be what it says.
    ///
    /// # Errors
    /// The first field that cannot, as a JSON name, with the reason.
    pub fn parse(self) -> Result<Self, (&'static str, ContactError)> {
        Ok(Self {
            email: email(&self.email).map_err(|error| ("email", error))?,
            name: line(&self.name, 1, 100).map_err(|error| ("name", error))?,
            phone: optional(self.phone, 32).map_err(|error| ("phone", error))?,
        })
    }
}

impl Address {
    /// The address with surrounding blanks gone, if each part can be what it says.
    ///
    /// # Errors
    /// The first field that cannot, as a JSON name, with the reason.
    pub fn parse(self) -> Result<Self, (&'static str, ContactError)> {
        Ok(Self {
            line1: line(&self.line1, 1, 200).map_err(|error| ("line1", error))?,
            line2: optional(self.line2, 200).map_err(|error| ("line2", error))?,
            postal_code: line(&self.postal_code, 1, 16).map_err(|error| ("postal_code", error))?,
            city: line(&self.city, 1, 100).map_err(|error| ("city", error))?,
            region: optional(self.region, 100).map_err(|error| ("region", error))?,
            country: self.country,
        })
    }
}

fn line(text: &str, least: usize, most: usize) -> Result<String, ContactError> {
    let text = text.trim();
    let length = text.chars().count();
    if length < least {
        return Err(ContactError("fill this in"));
    }
    if length > most {
        return Err(ContactError("this is too long"));
    }
    // Line breaks would let a name write headers into a mail.
    if text.chars().any(char::is_control) {
        return Err(ContactError("this holds a character that cannot be printed"));
    }
    Ok(text.to_owned())
}

fn optional(text: Option<String>, most: usize) -> Result<Option<String>, ContactError> {
    let text = text.map(|text| line(&text, 0, most)).transpose()?;
    Ok(text.filter(|text| !text.is_empty()))
}

fn email(text: &str) -> Result<String, ContactError> {
    let text = line(text, 3, 254)?;
    let wrong = ContactError("an e-mail address looks like name@example.com");
    let (local, domain) = text.rsplit_once('@').ok_or(wrong)?;
    let plain = |part: &str| !part.chars().any(|c| c.is_whitespace() || "<>()[],;:\\\"@".contains(c));
    let domain_fits =
        domain.contains('.') && domain.split('.').all(|label| !label.is_empty()) && plain(domain);
    if local.is_empty() || local.len() > 64 || !plain(local) || !domain_fits {
        return Err(wrong);
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_for_mail_is_told_from_what_is_none() {
        for good in ["ada@example.com", "a.b+c@sub.example.co", "ünal@exämple.de"] {
            assert!(email(good).is_ok(), "{good}");
        }
        for bad in ["", "ada", "@example.com", "ada@", "ada@example", "a b@example.com", "a@b@c.d", "a@.com"]
        {
            assert!(email(bad).is_err(), "{bad}");
        }
        assert!(email("ada@example.com\r\nBcc: all@example.com").is_err());
    }

    #[test]
    fn a_field_may_be_as_long_as_its_limit() {
        assert!(line(&"x".repeat(100), 1, 100).is_ok());
        assert!(line(&"x".repeat(101), 1, 100).is_err());
    }

    #[test]
    fn people_are_not_printed_by_debug() {
        let contact = Contact { email: "ada@example.com".into(), name: "Ada".into(), phone: None };
        assert!(!format!("{contact:?}").contains("Ada"));
    }
}
