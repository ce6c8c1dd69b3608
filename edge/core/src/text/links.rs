//! Finding links.

use unicode_normalization::UnicodeNormalization as _;

use super::clean;

/// Endings that make a dotted word an address. A dotted word with another ending is one if a path follows.
const TOP_LEVEL: [&str; 70] = [
    "ai", "app", "at", "be", "best", "bid", "biz", "br", "ca", "cc", "ch", "click", "club", "cn", "co",
    "com", "cz", "de", "dev", "dk", "es", "eu", "fi", "fr", "fun", "gg", "gr", "hu", "icu", "ie", "in",
    "info", "io", "it", "jp", "kr", "link", "live", "ly", "me", "mobi", "net", "nl", "no", "one", "online",
    "org", "pl", "pro", "pt", "pw", "ro", "ru", "se", "shop", "site", "sk", "space", "store", "tk", "to",
    "top", "tv", "uk", "us", "vip", "website", "work", "xxx", "xyz",
];

/// Whether the text holds a link, or something that people would type into a browser.
#[must_use]
pub fn has_link(text: &str) -> bool {
    let plain: String = clean(text).nfkc().map(full_stop).collect::<String>().to_lowercase();
    if plain.contains("://") || plain.contains("www.") {
        return true;
    }
    let spelled = plain.replace("(.)", ".").replace("[.]", ".").replace("(dot)", ".").replace("[dot]", ".");
    let joined = spelled.replace(" dot ", ".").replace(" . ", ".");
    [plain, joined].iter().any(|text| text.split_whitespace().any(is_address))
}

/// Full stops of other scripts, which browsers take for dots (UTS #46 §2.3).
const fn full_stop(c: char) -> char {
    if matches!(c, '\u{3002}' | '\u{FF0E}' | '\u{FF61}' | '\u{2024}') { '.' } else { c }
}

fn is_address(word: &str) -> bool {
    let end = word.find(['/', '?', '#', ':']).unwrap_or(word.len());
    let (host, rest) = word.split_at(end);
    let host = host.trim_matches(|c: char| !c.is_alphanumeric());
    // The name before an `@` is no part of the host.
    let host = host.rsplit('@').next().unwrap_or(host);
    let Some((name, ending)) = host.rsplit_once('.') else { return false };
    let name_ok = !name.is_empty()
        && name.split('.').all(|label| !label.is_empty())
        && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '.' | '_'));
    let letters = ending.chars().count() >= 2 && ending.chars().all(char::is_alphabetic);
    name_ok && ((letters && rest.starts_with('/')) || TOP_LEVEL.binary_search(&ending).is_ok())
}
