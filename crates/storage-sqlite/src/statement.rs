//! Statements in one line: prepared once, errors by meaning.

use rusqlite::{Connection, Params, Row};
use showfloor_storage::StoreError;

use crate::{Stored, StoredOption};

/// Runs a statement; says how many rows it changed.
pub(crate) fn execute(
    connection: &Connection,
    sql: &str,
    parameters: impl Params,
) -> Result<usize, StoreError> {
    connection.prepare_cached(sql).stored()?.execute(parameters).stored()
}

/// The first row, if there is one.
pub(crate) fn first<T>(
    connection: &Connection,
    sql: &str,
    parameters: impl Params,
    read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<Option<T>, StoreError> {
    connection.prepare_cached(sql).stored()?.query_row(parameters, read).stored_option()
}

/// All rows.
pub(crate) fn all<T>(
    connection: &Connection,
    sql: &str,
    parameters: impl Params,
    read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<Vec<T>, StoreError> {
    let mut statement = connection.prepare_cached(sql).stored()?;
    let rows = statement.query_map(parameters, read).stored()?;
    rows.collect::<rusqlite::Result<Vec<T>>>().stored()
}
