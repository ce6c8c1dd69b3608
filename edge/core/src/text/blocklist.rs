//! Words that a shop does not want to read.

use super::fold;

/// How many words and phrases one shop can list; more are passed over.
pub const BLOCKLIST_PHRASES_MAX: usize = 500;

/// A shop's words and phrases, folded.
#[derive(Clone, Debug, Default)]
pub struct Blocklist {
    phrases: Vec<String>,
}

impl Blocklist {
    /// The words and phrases, as the shop wrote them.
    #[must_use]
    pub fn new<T: AsRef<str>>(phrases: impl IntoIterator<Item = T>) -> Self {
        let folded = phrases.into_iter().take(BLOCKLIST_PHRASES_MAX).map(|phrase| fold(phrase.as_ref()));
        let mut phrases: Vec<String> = folded.filter(|phrase| !phrase.is_empty()).collect();
        phrases.sort_unstable();
        phrases.dedup();
        Self { phrases }
    }

    /// Whether the text holds one of them as whole words, however it is dressed up.
    #[must_use]
    pub fn finds(&self, text: &str) -> bool {
        !self.phrases.is_empty() && self.finds_in_folded(&fold(text))
    }

    /// The same for a text that was folded already.
    pub(crate) fn finds_in_folded(&self, folded: &str) -> bool {
        let text = format!(" {folded} ");
        self.phrases.iter().any(|phrase| {
            text.match_indices(phrase.as_str()).any(|(at, _)| {
                // The blanks at both ends make sure that there is something before and after.
                text[..at].ends_with(' ') && text[at + phrase.len()..].starts_with(' ')
            })
        })
    }
}
