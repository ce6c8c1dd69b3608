//! Text that people typed: control characters out, length bounded, never markup.

/// The text cannot be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Nothing is left after trimming.
    #[error("must not be empty")]
    Empty,
    /// More characters than allowed.
    #[error("must be at most {0} characters")]
    TooLong(usize),
}

/// One line: control characters are dropped, white space at both ends as well; 1 to `chars_max` characters.
///
/// # Errors
/// When nothing is left, or too much.
pub fn line(text: &str, chars_max: usize) -> Result<String, TextError> {
    let clean = optional_line(text, chars_max)?;
    if clean.is_empty() { Err(TextError::Empty) } else { Ok(clean) }
}

/// One line that may be empty.
///
/// # Errors
/// When too much is left.
pub fn optional_line(text: &str, chars_max: usize) -> Result<String, TextError> {
    bounded(text.chars().filter(|c| *c != '\r').map(|c| if c.is_whitespace() { ' ' } else { c }), chars_max)
}

/// Several lines, which may be empty: line feeds stay.
///
/// # Errors
/// When too much is left.
pub fn lines(text: &str, chars_max: usize) -> Result<String, TextError> {
    bounded(text.chars(), chars_max)
}

fn bounded(text: impl Iterator<Item = char>, chars_max: usize) -> Result<String, TextError> {
    let clean: String = text.filter(|&c| c == '\n' || !is_control(c)).collect();
    let clean = clean.trim();
    if clean.chars().count() > chars_max { Err(TextError::TooLong(chars_max)) } else { Ok(clean.to_owned()) }
}

/// Controls proper, and the invisible ones that reorder what stands around them (Unicode bidi controls).
fn is_control(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn controls_are_dropped_and_markup_stays_text() {
        assert_eq!(line(" a\u{0}b\u{202E}\r\nc <b> ", 80).as_deref(), Ok("ab c <b>"));
        assert_eq!(lines("a\r\nb\u{7}", 80).as_deref(), Ok("a\nb"));
    }

    #[test]
    fn the_longest_line_is_taken_and_one_more_character_is_refused() {
        assert!(line(&"ü".repeat(80), 80).is_ok());
        assert_eq!(line(&"ü".repeat(81), 80), Err(TextError::TooLong(80)));
        assert_eq!(line(" \t\u{0} ", 80), Err(TextError::Empty));
        assert_eq!(optional_line("", 80).as_deref(), Ok(""));
    }
}
