//! Test cards: what is typed, what is checked, what is kept.

use serde::{Deserialize, Serialize};

use crate::problem::FieldError;
use crate::secret::Keys;

/// The cards that people may type, by what they do.
pub const CARDS: &[(&str, &str)] = &[
    ("succeeds", "4242424242424242"),
    ("succeeds_mastercard", "5555555555554444"),
    ("declined", "4000000000000002"),
    ("insufficient_funds", "4000000000009995"),
    ("challenge", "4000000000003220"),
    ("late", "4000000000000077"),
    ("twice", "4000000000000036"),
    ("out_of_order", "4000000000000044"),
];

/// A card that pays, and whose refunds are pending at first and then fail. It is not one of [`CARDS`], because
/// a buyer sees nothing of it.
pub const CARD_REFUND_FAILS: &str = "4000000000005126";

/// What the provider and the bank do with a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Behaviour {
    /// Pays at once.
    Pays,
    /// The bank says no, without a reason.
    Declines,
    /// There is not enough money.
    LacksFunds,
    /// The bank asks the buyer.
    Challenges,
    /// The answer comes after a while.
    Late,
    /// Every webhook comes twice.
    Twice,
    /// The last webhook comes first.
    OutOfOrder,
    /// Pays; refunds fail after a while.
    RefundFails,
}

/// What a browser sends. It is never printed and never kept.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CardInput {
    number: String,
    exp_month: u32,
    exp_year: u32,
    cvc: String,
}

/// What is kept of a card: nothing that could pay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Card {
    pub brand: String,
    pub last4: String,
    /// The same for the same number, and useless for anything else.
    pub fingerprint: String,
    pub behaviour: Behaviour,
}

impl CardInput {
    /// Checks what was typed and forgets the number. The month it expires in is its last good one.
    pub fn check(self, now_ms: i64, keys: &Keys) -> Result<Card, Vec<FieldError>> {
        let mut errors = Vec::new();
        let mut wrong = |pointer, detail| errors.push(FieldError { pointer, detail });
        let number: String = self.number.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
        let behaviour = behaviour(&number);
        if !(12..=19).contains(&number.len()) || !number.bytes().all(|b| b.is_ascii_digit()) {
            wrong("/card/number", "A card number has 12 to 19 digits.");
        } else if !luhn(&number) {
            wrong("/card/number", "Its check digit is wrong: a digit may be mistyped.");
        } else if behaviour.is_none() {
            wrong("/card/number", "Only test cards work here. Never type a real one.");
        }
        let (year, month) = year_and_month(now_ms);
        if !(1..=12).contains(&self.exp_month) {
            wrong("/card/exp_month", "A month is 1 to 12.");
        } else if !(2000..=2999).contains(&self.exp_year) {
            wrong("/card/exp_year", "A year has four digits.");
        } else if (i64::from(self.exp_year), i64::from(self.exp_month)) < (year, month) {
            wrong("/card/exp_year", "The card has expired.");
        }
        if !(3..=4).contains(&self.cvc.len()) || !self.cvc.bytes().all(|b| b.is_ascii_digit()) {
            wrong("/card/cvc", "The security code has 3 or 4 digits.");
        }
        match behaviour {
            Some(behaviour) if errors.is_empty() => Ok(Card {
                brand: brand(&number).to_owned(),
                last4: number[number.len() - 4..].to_owned(),
                fingerprint: keys.fingerprint(&number),
                behaviour,
            }),
            _ => Err(errors),
        }
    }
}

fn behaviour(number: &str) -> Option<Behaviour> {
    if number == CARD_REFUND_FAILS {
        return Some(Behaviour::RefundFails);
    }
    let (name, _) = CARDS.iter().find(|(_, listed)| *listed == number)?;
    Some(match *name {
        "declined" => Behaviour::Declines,
        "insufficient_funds" => Behaviour::LacksFunds,
        "challenge" => Behaviour::Challenges,
        "late" => Behaviour::Late,
        "twice" => Behaviour::Twice,
        "out_of_order" => Behaviour::OutOfOrder,
        _ => Behaviour::Pays,
    })
}

fn brand(number: &str) -> &'static str {
    if number.starts_with('5') { "mastercard" } else { "visa" }
}

/// The check digit of ISO/IEC 7812-1 annex B.
fn luhn(digits: &str) -> bool {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(place, byte)| {
            let digit = u32::from(byte - b'0');
            if place % 2 == 0 { digit } else { digit * 2 / 10 + digit * 2 % 10 }
        })
        .sum();
    sum.is_multiple_of(10)
}

/// The UTC year and month of an instant, by the civil calendar: days since 1970-03-01 shifted to eras of 400 years.
fn year_and_month(now_ms: i64) -> (i64, i64) {
    let days = now_ms.div_euclid(86_400_000) + 719_468;
    let era = days.div_euclid(146_097);
    let day = days.rem_euclid(146_097);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day_of_year = day - (365 * year + year / 4 - year / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    (year + era * 400 + i64::from(month <= 2), month)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-20T12:00:00Z.
    const NOW_MS: i64 = 1_795_176_000_000;

    fn check(number: &str, month: u32, year: u32, cvc: &str) -> Result<Card, Vec<&'static str>> {
        let input =
            CardInput { number: number.into(), exp_month: month, exp_year: year, cvc: cvc.to_owned() };
        input
            .check(NOW_MS, &Keys::new("an api key of a test"))
            .map_err(|errors| errors.into_iter().map(|error| error.pointer).collect())
    }

    #[test]
    fn every_listed_card_is_a_valid_number() {
        for (name, number) in CARDS.iter().chain(&[("", CARD_REFUND_FAILS)]) {
            assert!(luhn(number), "{name}");
            assert!(check(number, 11, 2026, "123").is_ok(), "{name}");
        }
    }

    #[test]
    fn a_number_may_be_typed_in_groups() {
        let card = check("4242 4242-4242 4242", 1, 2030, "1234").unwrap();
        assert_eq!((card.brand.as_str(), card.last4.as_str()), ("visa", "4242"));
    }

    #[test]
    fn what_is_wrong_is_named() {
        assert_eq!(check("4242424242424241", 1, 2030, "123"), Err(vec!["/card/number"]));
        assert_eq!(check("4242x", 1, 2030, "123"), Err(vec!["/card/number"]));
        assert_eq!(check("", 0, 26, "12a"), Err(vec!["/card/number", "/card/exp_month", "/card/cvc"]));
        assert_eq!(check("4242424242424242", 1, 26, "12345"), Err(vec!["/card/exp_year", "/card/cvc"]));
        assert_eq!(check("４２４２424242424242", 1, 2030, "12"), Err(vec!["/card/number", "/card/cvc"]));
    }

    #[test]
    fn a_card_is_good_to_the_end_of_its_month() {
        assert!(check("4242424242424242", 11, 2026, "123").is_ok());
        assert_eq!(check("4242424242424242", 10, 2026, "123"), Err(vec!["/card/exp_year"]));
    }

    #[test]
    fn a_real_looking_number_is_refused() {
        assert_eq!(check("4111111111111111", 1, 2030, "123"), Err(vec!["/card/number"]));
    }

    #[test]
    fn the_calendar_is_right_around_its_edges() {
        assert_eq!(year_and_month(0), (1970, 1));
        assert_eq!(year_and_month(-1), (1969, 12));
        assert_eq!(year_and_month(NOW_MS), (2026, 11));
        assert_eq!(year_and_month(951_782_400_000), (2000, 2)); // 2000-02-29
        assert_eq!(year_and_month(951_868_800_000), (2000, 3)); // 2000-03-01
    }
}
