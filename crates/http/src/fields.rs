//! Fields that people typed, parsed at the border; all that is wrong is named at once.

use showfloor_api_types::problem::FieldError;
use showfloor_domain::Country;
use showfloor_domain::text::{self, TextError};

use crate::problem::{Problem, Result};

/// The most characters of a title or a name.
pub const TITLE_CHARS_MAX: usize = 80;
/// The most characters of a description.
pub const DESCRIPTION_CHARS_MAX: usize = 4_000;
/// The most characters of a banner.
pub const BANNER_CHARS_MAX: usize = 120;
/// The most characters of an address of mail (RFC 5321 §4.5.3.1.3, without the angle brackets).
pub const EMAIL_CHARS_MAX: usize = 254;

/// Collects what is wrong.
#[derive(Debug, Default)]
pub struct Fields(Vec<FieldError>);

impl Fields {
    /// Notes that a field is wrong.
    pub fn wrong(&mut self, pointer: &str, detail: impl Into<String>) {
        self.0.push(FieldError { pointer: pointer.into(), detail: detail.into() });
    }

    /// Notes it unless `holds`.
    pub fn require(&mut self, holds: bool, pointer: &str, detail: &str) {
        if !holds {
            self.wrong(pointer, detail);
        }
    }

    /// One line of text.
    pub fn line(&mut self, pointer: &str, text: &str, chars_max: usize) -> String {
        self.text(pointer, text::line(text, chars_max))
    }

    /// One line, if there is one.
    pub fn optional_line(&mut self, pointer: &str, text: Option<&str>, chars_max: usize) -> Option<String> {
        text.map(|text| self.line(pointer, text, chars_max))
    }

    /// Lines of text, which may be empty.
    pub fn lines(&mut self, pointer: &str, text: &str, chars_max: usize) -> String {
        self.text(pointer, text::lines(text, chars_max))
    }

    /// An address of mail, in lower case.
    pub fn email(&mut self, pointer: &str, text: &str) -> String {
        let email = self.line(pointer, text, EMAIL_CHARS_MAX).to_lowercase();
        let plausible = email
            .split_once('@')
            .is_some_and(|(local, host)| !local.is_empty() && host.contains('.') && !host.contains('@'));
        let plausible = plausible && !email.contains([' ', '<', '>', '"', ',', ';']);
        if !email.is_empty() {
            self.require(plausible, pointer, "must be an e-mail address");
        }
        email
    }

    /// A country.
    pub fn country(&mut self, pointer: &str, text: &str) -> Option<Country> {
        text.parse().map_err(|error| self.wrong(pointer, format!("{error}"))).ok()
    }

    /// Ends the collection.
    ///
    /// # Errors
    /// 422 with all that was wrong.
    pub fn check(self) -> Result<()> {
        if self.0.is_empty() {
            return Ok(());
        }
        Err(self
            .0
            .into_iter()
            .fold(Problem::invalid(), |problem, error| problem.at(error.pointer, error.detail)))
    }

    fn text(&mut self, pointer: &str, text: Result<String, TextError>) -> String {
        text.unwrap_or_else(|error| {
            self.wrong(pointer, error.to_string());
            String::new()
        })
    }
}
