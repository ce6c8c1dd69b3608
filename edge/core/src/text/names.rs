//! Names that viewers may not speak under.

use super::fold;

/// Words that claim to speak for the show, the shop or us.
const RESERVED: [&str; 20] = [
    "admin",
    "administrator",
    "anchor",
    "bot",
    "host",
    "hosts",
    "mod",
    "moderator",
    "mods",
    "moderation",
    "official",
    "owner",
    "seller",
    "showfloor",
    "staff",
    "support",
    "system",
    "team",
    "verified",
    "helpdesk",
];

/// Reserved words at least this long are found inside longer words too.
const INSIDE_CHARS_MIN: usize = 7;

/// The reserved words, and the names of this show's host and shop.
#[derive(Clone, Debug)]
pub struct ReservedNames {
    words: Vec<String>,
    /// Names of people and shops, without blanks.
    names: Vec<String>,
}

impl ReservedNames {
    /// The reserved words, and these names.
    #[must_use]
    pub fn new<T: AsRef<str>>(names: impl IntoIterator<Item = T>) -> Self {
        let names = names.into_iter().map(|name| squeezed(&fold(name.as_ref())));
        Self {
            words: RESERVED.iter().map(|word| fold(word)).collect(),
            names: names.filter(|name| !name.is_empty()).collect(),
        }
    }

    /// Whether a viewer with this name could be taken for the host, the shop or the staff.
    #[must_use]
    pub fn forbids(&self, name: &str) -> bool {
        let folded = fold(name);
        let whole = squeezed(&folded);
        let looks_like = |reserved: &String| {
            whole == *reserved
                || folded.split(' ').any(|word| word == reserved)
                || (reserved.chars().count() >= INSIDE_CHARS_MIN && whole.contains(reserved.as_str()))
        };
        self.words.iter().chain(&self.names).any(looks_like)
    }
}

/// Without blanks, and without the word that `&` is read as.
fn squeezed(folded: &str) -> String {
    folded.split(' ').filter(|word| *word != "and").collect()
}
