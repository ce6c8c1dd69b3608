//! The words of mails, by language. A language that is not here is English.

/// The words of one language.
pub(super) struct Words {
    /// BCP 47, for `<html lang>`.
    pub lang: &'static str,
    /// Between whole units and the rest.
    pub decimal_mark: char,
    /// Subject of a confirmation: number, shop.
    pub paid_subject: fn(u64, &str) -> String,
    /// First line of a confirmation: name.
    pub paid_intro: fn(&str) -> String,
    /// Subject of a refund: number, shop.
    pub refunded_subject: fn(u64, &str) -> String,
    /// First line of a refund: name, amount.
    pub refunded_intro: fn(&str, &str) -> String,
    /// Above the order's number.
    pub order: &'static str,
    /// The sum of the lines.
    pub subtotal: &'static str,
    /// What a code takes off.
    pub discount: &'static str,
    /// The whole.
    pub total: &'static str,
    /// Tax that is in the whole: label.
    pub tax_included: fn(&str) -> String,
    /// Above the address.
    pub ships_to: &'static str,
    /// Above the expected days: from, until.
    pub arrives: fn(&str, &str) -> String,
}

static EN: Words = Words {
    lang: "en",
    decimal_mark: '.',
    paid_subject: |number, shop| format!("Your order {number} from {shop}"),
    paid_intro: |name| format!("Thank you, {name}. Your order is paid."),
    refunded_subject: |number, shop| format!("A refund for your order {number} from {shop}"),
    refunded_intro: |name, amount| {
        format!(
            "Hello {name}, {amount} went back to the card you paid with. Banks take a few days to show it."
        )
    },
    order: "Order",
    subtotal: "Subtotal",
    discount: "Discount",
    total: "Total",
    tax_included: |label| format!("Includes {label}"),
    ships_to: "Ships to",
    arrives: |from, until| format!("Expected {from} to {until}"),
};

static DE: Words = Words {
    lang: "de",
    decimal_mark: ',',
    paid_subject: |number, shop| format!("Ihre Bestellung {number} bei {shop}"),
    paid_intro: |name| format!("Vielen Dank, {name}. Ihre Bestellung ist bezahlt."),
    refunded_subject: |number, shop| format!("Erstattung zu Ihrer Bestellung {number} bei {shop}"),
    refunded_intro: |name, amount| {
        format!(
            "Guten Tag {name}, {amount} gehen auf die Karte zurück, mit der Sie bezahlt haben. Bis Ihre Bank es \
             zeigt, dauert es einige Tage."
        )
    },
    order: "Bestellung",
    subtotal: "Zwischensumme",
    discount: "Rabatt",
    total: "Gesamt",
    tax_included: |label| format!("Enthält {label}"),
    ships_to: "Lieferung an",
    arrives: |from, until| format!("Voraussichtlich {from} bis {until}"),
};

/// The words of a language (BCP 47).
pub(super) fn words(locale: &str) -> &'static Words {
    let language = locale.split(['-', '_']).next().unwrap_or_default();
    if language.eq_ignore_ascii_case("de") { &DE } else { &EN }
}
