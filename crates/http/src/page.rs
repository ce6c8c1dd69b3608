//! Pages of a list. A cursor is opaque, signed, and good for one list of one shop only (abuse case A1).

use axum::extract::{FromRequestParts, Query};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::request::Parts;
use serde::Deserialize;
use showfloor_domain::ShopId;
use subtle::ConstantTimeEq;
use utoipa::IntoParams;

use crate::problem::{Problem, Result};
use crate::secret::{Pepper, Purpose};

/// The most items of a page.
pub const PAGE_ITEMS_MAX: u32 = 100;

/// How many items a page has when nobody says.
pub const PAGE_ITEMS_DEFAULT: u32 = 25;

/// The longest cursor that is looked at.
pub const CURSOR_CHARS_MAX: usize = 512;

const SIGNATURE_BYTES: usize = 16;

/// Which page of a list is asked for. Unknown query fields are left to the route's own parameters.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Page {
    /// How many items, at most 100; 25 when not given.
    #[serde(default)]
    #[param(minimum = 1, maximum = 100, default = 25)]
    pub limit: Option<u32>,
    /// `next_cursor` of the page before; none for the first page.
    #[serde(default)]
    pub cursor: Option<String>,
}

impl Page {
    /// How many items, within bounds.
    ///
    /// # Errors
    /// 422 for none, or more than [`PAGE_ITEMS_MAX`].
    pub fn items(&self) -> Result<u32> {
        match self.limit.unwrap_or(PAGE_ITEMS_DEFAULT) {
            limit @ 1..=PAGE_ITEMS_MAX => Ok(limit),
            _ => Err(Problem::invalid_at("/limit", "must be 1 to 100")),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Page {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let Query(page) = Query::<Self>::from_request_parts(parts, state)
            .await
            .map_err(|_| Problem::bad_request("The query is malformed."))?;
        Ok(page)
    }
}

/// Writes and reads cursors.
#[derive(Clone, Copy, Debug)]
pub struct Cursors<'p> {
    pepper: &'p Pepper,
}

impl<'p> Cursors<'p> {
    /// Signs with this pepper.
    #[must_use]
    pub const fn new(pepper: &'p Pepper) -> Self {
        Self { pepper }
    }

    /// A cursor of `list` (a constant name) in `shop_id` that goes on after `position`.
    #[must_use]
    pub fn write(&self, shop_id: ShopId, list: &str, position: &str) -> String {
        let mut bytes = self.signature(shop_id, list, position).to_vec();
        bytes.extend_from_slice(position.as_bytes());
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// The position that a cursor of this list and shop goes on after.
    ///
    /// # Errors
    /// 422 for anything that [`Cursors::write`] did not make for this list and shop.
    pub fn read(&self, shop_id: ShopId, list: &str, page: &Page) -> Result<Option<String>> {
        let Some(cursor) = page.cursor.as_deref() else { return Ok(None) };
        let refused = || Problem::invalid_at("/cursor", "is not a cursor of this list");
        if cursor.len() > CURSOR_CHARS_MAX {
            return Err(refused());
        }
        let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| refused())?;
        let (signature, position) = bytes.split_at_checked(SIGNATURE_BYTES).ok_or_else(refused)?;
        let position = std::str::from_utf8(position).map_err(|_| refused())?;
        let genuine: bool = self.signature(shop_id, list, position).ct_eq(signature).into();
        if genuine { Ok(Some(position.to_owned())) } else { Err(refused()) }
    }

    fn signature(&self, shop_id: ShopId, list: &str, position: &str) -> [u8; SIGNATURE_BYTES] {
        let text = format!("{shop_id}\0{list}\0{position}");
        let hash = self.pepper.hash(Purpose::Cursor, text.as_bytes()).0;
        let mut short = [0; SIGNATURE_BYTES];
        short.copy_from_slice(&hash[..SIGNATURE_BYTES]);
        short
    }
}

#[cfg(test)]
mod tests {
    use showfloor_domain::UtcMs;

    use super::*;

    fn page(cursor: String) -> Page {
        Page { limit: None, cursor: Some(cursor) }
    }

    #[test]
    fn a1_a_cursor_is_good_for_one_list_of_one_shop() {
        let pepper = Pepper::new([3; 32]);
        let cursors = Cursors::new(&pepper);
        let ours = ShopId::generate(UtcMs::new(1), [1; 10]);
        let theirs = ShopId::generate(UtcMs::new(1), [2; 10]);
        let cursor = cursors.write(ours, "orders", "1795/ord_x");
        assert_eq!(
            cursors.read(ours, "orders", &page(cursor.clone())).unwrap().as_deref(),
            Some("1795/ord_x")
        );
        assert!(cursors.read(theirs, "orders", &page(cursor.clone())).is_err());
        assert!(cursors.read(ours, "products", &page(cursor.clone())).is_err());
        assert!(cursors.read(ours, "orders", &page(format!("{cursor}A"))).is_err());
        assert!(cursors.read(ours, "orders", &page("A".repeat(CURSOR_CHARS_MAX + 1))).is_err());
    }

    #[test]
    fn a_page_has_one_to_a_hundred_items() {
        for (limit, accepted) in [(0, false), (1, true), (100, true), (101, false)] {
            assert_eq!(Page { limit: Some(limit), cursor: None }.items().is_ok(), accepted, "{limit}");
        }
        assert_eq!(Page::default().items().unwrap(), PAGE_ITEMS_DEFAULT);
    }
}
