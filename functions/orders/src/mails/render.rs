//! One mail, as subject, text and HTML. Every value in the HTML is escaped; the text says everything too.

use std::fmt::Write as _;

use showfloor_domain::{Money, RefundId};
use showfloor_storage::OrderRecord;

use super::words::{Words, words};

/// What a mail is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Occasion {
    /// The order was paid.
    Paid,
    /// Money went back.
    Refunded {
        /// The refund.
        refund_id: RefundId,
        /// How much.
        amount: Money,
    },
}

impl Occasion {
    /// Its name, once per order.
    pub fn name(&self) -> String {
        match self {
            Self::Paid => "paid".into(),
            Self::Refunded { refund_id, .. } => format!("refunded {refund_id}"),
        }
    }
}

/// A written mail.
pub(super) struct Rendered {
    pub subject: String,
    pub text: String,
    pub html: String,
}

pub(super) fn render(order: &OrderRecord, occasion: &Occasion, shop: &str, locale: &str) -> Rendered {
    let words = words(locale);
    let name = &order.contact.name;
    let (subject, intro) = match occasion {
        Occasion::Paid => ((words.paid_subject)(order.number, shop), (words.paid_intro)(name)),
        Occasion::Refunded { amount, .. } => {
            let amount = money(*amount, words);
            ((words.refunded_subject)(order.number, shop), (words.refunded_intro)(name, &amount))
        }
    };
    let sums = sums(order, words);
    let mut notes = Vec::new();
    if *occasion == Occasion::Paid {
        let address = &order.address;
        let place = format!("{} {}", address.postal_code, address.city);
        let parts = [Some(&address.line1), address.line2.as_ref(), Some(&place), address.region.as_ref()];
        let parts: Vec<&str> = parts.into_iter().flatten().map(String::as_str).collect();
        notes.push(format!("{}: {name}, {}, {}", words.ships_to, parts.join(", "), address.country));
        if let (Some(from), Some(until)) = (&order.quote.shipping.earliest, &order.quote.shipping.latest) {
            notes.push((words.arrives)(from, until));
        }
    }
    Rendered {
        text: text(&intro, &format!("{} {}", words.order, order.number), &sums, &notes, shop),
        html: html(
            words,
            &subject,
            &intro,
            &format!("{} {}", words.order, order.number),
            &sums,
            &notes,
            shop,
        ),
        subject,
    }
}

/// What is bought and what it comes to: label and amount.
fn sums(order: &OrderRecord, words: &Words) -> Vec<(String, String)> {
    let quote = &order.quote;
    let mut sums: Vec<(String, String)> = quote
        .lines
        .iter()
        .map(|line| {
            let choice = if line.variant_title.is_empty() { "" } else { " · " };
            let label = format!("{} × {}{choice}{}", line.quantity.get(), line.title, line.variant_title);
            (label, money(line.line_total, words))
        })
        .collect();
    sums.push((words.subtotal.into(), money(quote.subtotal, words)));
    if let Some(discount) = &quote.discount {
        let label = format!("{} {}", words.discount, discount.code);
        sums.push((label, format!("−{}", money(discount.amount, words))));
    }
    sums.push((quote.shipping.label.clone(), money(quote.shipping.price, words)));
    sums.push((words.total.into(), money(quote.total, words)));
    if quote.tax.amount.minor() > 0 {
        sums.push(((words.tax_included)(&quote.tax.label), money(quote.tax.amount, words)));
    }
    sums
}

fn text(intro: &str, order: &str, sums: &[(String, String)], notes: &[String], shop: &str) -> String {
    let mut text = format!("{intro}\n\n{order}\n");
    for (label, amount) in sums {
        let _ = writeln!(text, "  {label}: {amount}");
    }
    for note in notes {
        let _ = write!(text, "\n{note}\n");
    }
    let _ = write!(text, "\n{shop}\n");
    text
}

fn html(
    words: &Words,
    subject: &str,
    intro: &str,
    order: &str,
    sums: &[(String, String)],
    notes: &[String],
    shop: &str,
) -> String {
    let mut html = format!(
        "<!doctype html><html lang=\"{}\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>{}</title></head>\
         <body style=\"font:16px/1.5 system-ui,sans-serif;max-width:36em;margin:2em auto;padding:0 1em\">\
         <p>{}</p><h1 style=\"font-size:1.25em\">{}</h1>\
         <table style=\"width:100%;border-collapse:collapse\">",
        words.lang,
        escape(subject),
        escape(intro),
        escape(order)
    );
    for (label, amount) in sums {
        let _ = write!(
            html,
            "<tr><td style=\"padding:.25em 0\">{}</td>\
             <td style=\"padding:.25em 0;text-align:right;white-space:nowrap\">{}</td></tr>",
            escape(label),
            escape(amount)
        );
    }
    html.push_str("</table>");
    for note in notes {
        let _ = write!(html, "<p>{}</p>", escape(note));
    }
    let _ = write!(html, "<p>{}</p></body></html>", escape(shop));
    html
}

/// Text as HTML text or as a quoted attribute's value.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            _ => escaped.push(c),
        }
    }
    escaped
}

/// An amount with as many decimals as its currency has: `58.00 EUR`, `5800 JPY`.
fn money(amount: Money, words: &Words) -> String {
    let digits = amount.currency().minor_digits();
    let sign = if amount.minor() < 0 { "−" } else { "" };
    let minor = amount.minor().unsigned_abs();
    let unit = 10_u64.pow(digits);
    let (whole, rest) = (minor / unit, minor % unit);
    if digits == 0 {
        return format!("{sign}{whole} {}", amount.currency());
    }
    let width = usize::try_from(digits).unwrap_or(0);
    format!("{sign}{whole}{}{rest:0width$} {}", words.decimal_mark, amount.currency())
}

#[cfg(test)]
mod tests {
    use showfloor_domain::Currency;

    use super::*;

    #[test]
    fn amounts_have_the_decimals_of_their_currency_and_language() {
        let bhd: Currency = "BHD".parse().unwrap();
        for (minor, currency, locale, written) in [
            (5_800, Currency::EUR, "en-IE", "58.00 EUR"),
            (5_805, Currency::EUR, "de-DE", "58,05 EUR"),
            (5_800, Currency::JPY, "en", "5800 JPY"),
            (1_005, bhd, "fr", "1.005 BHD"),
            (-7, Currency::EUR, "en", "−0.07 EUR"),
        ] {
            assert_eq!(money(Money::new(minor, currency), words(locale)), written);
        }
    }

    #[test]
    fn markup_is_text() {
        assert_eq!(
            escape("<img src=x onerror=\"a\">&'"),
            "&lt;img src=x onerror=&quot;a&quot;&gt;&amp;&#39;"
        );
    }
}
