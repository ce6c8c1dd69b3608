//! Text that is shown.

use unicode_normalization::char::is_combining_mark;
use unicode_normalization::{UnicodeNormalization as _, is_nfc};

/// How many marks may stand on one letter. Natural text needs no more; a tower of them covers its neighbours.
pub const MARKS_PER_BASE_MAX: usize = 4;

/// The text in one line, normalised (NFC), without what is invisible or turns the direction around.
#[must_use]
pub fn clean(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut marks = 0;
    let mut pending_blank = false;
    for c in text.nfc() {
        if c.is_whitespace() || is_blank(c) {
            pending_blank = !shown.is_empty();
            continue;
        }
        if is_unwanted(c) || (is_joiner(c) && !joins(&shown, pending_blank)) {
            continue;
        }
        if is_combining_mark(c) {
            marks += 1;
            // A mark needs a letter to stand on.
            if marks > MARKS_PER_BASE_MAX || shown.is_empty() || pending_blank {
                continue;
            }
        } else if !is_joiner(c) {
            marks = 0;
        }
        if pending_blank {
            shown.push(' ');
            pending_blank = false;
        }
        shown.push(c);
    }
    while shown.ends_with(is_joiner) {
        shown.pop();
    }
    // What was taken out may have stood between a letter and its mark.
    if is_nfc(&shown) { shown } else { shown.nfc().collect() }
}

/// Letters by category that show nothing: Hangul fillers, the Braille blank.
const fn is_blank(c: char) -> bool {
    matches!(c, '\u{115F}' | '\u{1160}' | '\u{3164}' | '\u{FFA0}' | '\u{2800}')
}

/// Emoji sequences, and scripts of India and Iran, are spelled with these; between others they are invisible.
const fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200C}' | '\u{200D}')
}

fn joins(shown: &str, pending_blank: bool) -> bool {
    let before = shown.chars().next_back();
    !pending_blank && before.is_some_and(|c| u32::from(c) >= 0x0600 && !is_joiner(c))
}

/// Characters that are invisible, change what is around them, or have no meaning in exchanged text.
fn is_unwanted(c: char) -> bool {
    c.is_control()
        || matches!(c,
            // Direction: marks, embeddings, overrides, isolates.
            '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{206F}'
            // No width.
            | '\u{00AD}' | '\u{034F}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}' | '\u{200B}'
            | '\u{2060}'..='\u{2065}' | '\u{FEFF}' | '\u{FFF0}'..='\u{FFFB}'
            // Variation selectors, but for the one that asks for text or a picture.
            | '\u{FE00}'..='\u{FE0D}' | '\u{E0100}'..='\u{E01EF}'
            // Tags, private use, and what is no character.
            | '\u{E0000}'..='\u{E007F}' | '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{10FFFF}'
            | '\u{FDD0}'..='\u{FDEF}' | '\u{FFFC}'..='\u{FFFF}'
            // Musical and shorthand controls.
            | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}'
            // Single characters as wide or as tall as a line.
            | '\u{FDFD}' | '\u{A9C5}' | '\u{12031}' | '\u{1242B}' | '\u{2E3B}' | '\u{102A}')
        || u32::from(c) & 0xFFFE == 0xFFFE
}
