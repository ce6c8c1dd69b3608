//! Pages of lists.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct List<T> {
    /// The page's items.
    pub items: Vec<T>,
    /// The cursor of the next page; null when this is the last one.
    #[schema(required)]
    pub next_cursor: Option<String>,
}

/// A whole list that has no pages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Items<T> {
    /// All items.
    pub items: Vec<T>,
}
