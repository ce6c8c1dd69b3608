//! Text that is compared.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;
use unicode_security::confusable_detection::skeleton;

use super::clean;

/// A form in which texts that look alike are equal: compatibility characters, case, marks, look-alikes of other
/// scripts, and digits and signs that stand for letters are folded away. Words are separated by single blanks;
/// single letters that follow each other are drawn together, so that `d.a.r.n` is `darn`.
///
/// It is for comparing only: different words can have the same form.
#[must_use]
pub fn fold(text: &str) -> String {
    let plain = clean(text);
    let letters: Vec<char> = plain.nfkd().map(unboxed).filter(|c| !is_combining_mark(*c)).collect();
    let mut alike = String::with_capacity(plain.len());
    for (at, c) in letters.iter().enumerate() {
        // A sign stands for a letter inside a word, not at its end.
        let ends_word = letters.get(at + 1).is_none_or(|next| !next.is_alphanumeric());
        if !(ends_word && matches!(c, '!' | '|' | '@' | '$')) {
            alike.extend(look_alike(*c).into_iter().flatten().map(letter_of));
        } else {
            alike.push(' ');
        }
    }
    // Two letters that pass for one, also where that is what a look-alike was resolved to.
    draw_together(&alike).replace("rn", "m").replace("vv", "w")
}

/// Boxed and circled letters, which compatibility normalisation leaves as they are.
fn unboxed(c: char) -> char {
    let base = match c {
        '\u{1F150}'..='\u{1F169}' => 0x1F150,
        '\u{1F170}'..='\u{1F189}' => 0x1F170,
        '\u{1F1E6}'..='\u{1F1FF}' => 0x1F1E6,
        _ => return c,
    };
    char::from_u32(u32::from(b'a') + u32::from(c) - base).unwrap_or(c)
}

/// What a letter looks like, in lower case: itself, or the first Latin look-alike of itself or its other case.
fn look_alike(c: char) -> [Option<char>; 3] {
    if c.is_ascii() {
        return [Some(c.to_ascii_lowercase()), None, None];
    }
    let mut buffer = [0; 4];
    let own = c.encode_utf8(&mut buffer).to_owned();
    let cases = [own.clone(), own.to_lowercase(), own.to_uppercase()];
    let prototypes = cases.map(|case| skeleton(&case).filter(|c| !is_combining_mark(*c)).collect::<String>());
    let latin = prototypes.iter().find(|prototype| !prototype.is_empty() && prototype.is_ascii());
    let shown = latin.unwrap_or(&prototypes[1]).to_lowercase();
    let mut letters = shown.chars();
    [letters.next(), letters.next(), letters.next()]
}

/// The letter that a sign or a look-alike letter stands for.
const fn letter_of(c: char) -> char {
    match c {
        '0' => 'o',
        '1' | '!' | '|' | 'i' | 'ı' | 'ℓ' => 'l',
        '3' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' => 't',
        '8' => 'b',
        _ => c,
    }
}

fn draw_together(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut after_single = false;
    for word in text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        let single = word.chars().nth(1).is_none();
        if !(folded.is_empty() || (single && after_single)) {
            folded.push(' ');
        }
        folded.push_str(word);
        after_single = single;
    }
    folded
}
