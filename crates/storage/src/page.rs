//! Lists come in pages, by cursor.

/// How many rows a page has, at most.
pub const PAGE_MAX: u32 = 100;

/// Which page is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageRequest {
    /// Rows, from 1 to [`PAGE_MAX`]; stores clamp it.
    pub limit: u32,
    /// The `next` of the page before; none for the first. A text that is no cursor begins at the first.
    pub cursor: Option<String>,
}

impl Default for PageRequest {
    fn default() -> Self {
        Self { limit: 50, cursor: None }
    }
}

/// One page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Where the next page begins; none at the end.
    pub next: Option<String>,
}
