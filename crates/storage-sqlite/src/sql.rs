//! Ids, enums and documents as columns, and SQLite's errors by meaning.

use std::fmt::Display;
use std::str::FromStr;

use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, Value, ValueRef};
use rusqlite::{Error, ErrorCode, OptionalExtension};
use serde::Serialize;
use serde::de::DeserializeOwned;
use showfloor_storage::StoreError;

/// A column that holds the text of an id, a currency, a time: anything that reads back as it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text<T>(pub T);

impl<T: Display> ToSql for Text<T> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Owned(Value::Text(self.0.to_string())))
    }
}

impl<T> FromSql for Text<T>
where
    T: FromStr<Err: std::error::Error + Send + Sync + 'static>,
{
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        value.as_str()?.parse().map(Self).map_err(|error| FromSqlError::Other(Box::new(error)))
    }
}

/// A column that holds a value as JSON text. A plain enum becomes a quoted word: use [`Word`] for those.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Json<T>(pub T);

impl<T: Serialize> ToSql for Json<T> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let text =
            serde_json::to_string(&self.0).map_err(|error| Error::ToSqlConversionFailure(Box::new(error)))?;
        Ok(ToSqlOutput::Owned(Value::Text(text)))
    }
}

impl<T: DeserializeOwned> FromSql for Json<T> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        serde_json::from_str(value.as_str()?).map(Self).map_err(|error| FromSqlError::Other(Box::new(error)))
    }
}

/// A column that holds the one word that serde writes for an enum without payload, without quotes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word<T>(pub T);

impl<T: Serialize> ToSql for Word<T> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        match serde_json::to_value(&self.0) {
            Ok(serde_json::Value::String(word)) => Ok(ToSqlOutput::Owned(Value::Text(word))),
            Ok(_) => Err(Error::ToSqlConversionFailure("an enum without payload was expected".into())),
            Err(error) => Err(Error::ToSqlConversionFailure(Box::new(error))),
        }
    }
}

impl<T: DeserializeOwned> FromSql for Word<T> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        serde_json::from_value(serde_json::Value::String(value.as_str()?.to_owned()))
            .map(Self)
            .map_err(|error| FromSqlError::Other(Box::new(error)))
    }
}

/// Says what an SQLite error means.
pub trait Stored<T> {
    /// The same result with the error by meaning: no row is [`StoreError::NotFound`], a unique constraint is
    /// [`StoreError::Taken`] with the column's name.
    ///
    /// # Errors
    /// Whatever the statement failed with, translated.
    fn stored(self) -> Result<T, StoreError>;
}

impl<T> Stored<T> for rusqlite::Result<T> {
    fn stored(self) -> Result<T, StoreError> {
        self.map_err(meaning)
    }
}

/// Like [`Stored`], for a row that may be missing.
pub trait StoredOption<T> {
    /// None for no row.
    ///
    /// # Errors
    /// Whatever else the statement failed with, translated.
    fn stored_option(self) -> Result<Option<T>, StoreError>;
}

impl<T> StoredOption<T> for rusqlite::Result<T> {
    fn stored_option(self) -> Result<Option<T>, StoreError> {
        self.optional().map_err(meaning)
    }
}

fn meaning(error: Error) -> StoreError {
    match error {
        Error::QueryReturnedNoRows => StoreError::NotFound,
        Error::FromSqlConversionFailure(..)
        | Error::InvalidColumnType(..)
        | Error::IntegralValueOutOfRange(..) => StoreError::Corrupt(error.to_string()),
        Error::SqliteFailure(failure, ref message) => match (failure.code, failure.extended_code) {
            (
                ErrorCode::ConstraintViolation,
                rusqlite::ffi::SQLITE_CONSTRAINT_UNIQUE | rusqlite::ffi::SQLITE_CONSTRAINT_PRIMARYKEY,
            ) => {
                // "UNIQUE constraint failed: variants.shop_id, variants.sku" names the column last.
                let column =
                    message.as_deref().and_then(|text| text.rsplit('.').next()).unwrap_or("the value");
                StoreError::Taken(column.to_owned())
            }
            (ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked, _) => StoreError::Busy,
            (ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase, _) => {
                StoreError::Corrupt(error.to_string())
            }
            _ => StoreError::Unavailable(error.to_string()),
        },
        other => StoreError::Unavailable(other.to_string()),
    }
}
