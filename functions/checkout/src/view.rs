//! Carts and checkouts as the API shows them.

use showfloor_api_types::cart::{AppliedDiscount, Cart, CartLine};
use showfloor_api_types::checkout::{Checkout, CheckoutOrder, CheckoutPayment, Quote, QuoteLine};
use showfloor_api_types::image::ImageRef;
use showfloor_api_types::order::{OrderShipping, OrderTax};
use showfloor_domain::Money;
use showfloor_domain::promotion::Discount;
use showfloor_domain::quote::{self, Picture};
use showfloor_http::{Context, Purpose, Result};
use showfloor_storage::{CartRecord, CheckoutRecord, PaymentRecord};

use crate::pricing::{PricedLine, too_much};

/// The cart with these prices.
pub(crate) fn cart(cart: &CartRecord, lines: Vec<PricedLine>, discount: Option<Discount>) -> Result<Cart> {
    let mut subtotal = Money::zero(cart.currency);
    for line in &lines {
        subtotal = subtotal.checked_add(line.line_total).map_err(|error| too_much(&error))?;
    }
    let discount = match discount {
        Some(discount) => discount
            .amount_off(subtotal)
            .map_err(|error| too_much(&error))?
            .map(|amount| AppliedDiscount { code: discount.code, amount }),
        None => None,
    };
    let off = discount.as_ref().map_or(Money::zero(cart.currency), |discount| discount.amount);
    Ok(Cart {
        id: cart.id,
        show_id: cart.show_id,
        currency: cart.currency,
        count: lines.iter().map(|line| line.quantity.get()).sum(),
        lines: lines.into_iter().map(|line| cart_line(cart, line)).collect(),
        discount,
        subtotal,
        total: subtotal.checked_sub(off).map_err(|error| too_much(&error))?,
    })
}

fn cart_line(cart: &CartRecord, line: PricedLine) -> CartLine {
    let wished = cart.lines.iter().find(|wished| wished.variant_id == line.variant_id);
    CartLine {
        notice: wished.and_then(|wished| wished.notice(line.unit.price, line.available)),
        variant_id: line.variant_id,
        product_id: line.product_id,
        title: line.title,
        variant_title: line.variant_title,
        image: line.image.map(image),
        quantity: line.quantity.get(),
        unit_price: line.unit.price,
        was: line.unit.was,
        line_total: line.line_total,
        available: line.available,
    }
}

/// The checkout; its order's secret is made anew each time it is shown.
pub(crate) fn checkout(http: &Context, checkout: CheckoutRecord) -> Checkout {
    Checkout {
        id: checkout.id,
        version: checkout.version,
        state: checkout.state,
        quote: quoted(checkout.quote),
        held_until: checkout.held_until.into(),
        contact: checkout.contact,
        address: checkout.address,
        payment: checkout.payment.map(payment),
        order: checkout.order.map(|(id, number)| CheckoutOrder {
            id,
            number,
            secret: http.pepper.derive(Purpose::Order, &id.to_string()).reveal().to_owned(),
        }),
    }
}

fn payment(payment: PaymentRecord) -> CheckoutPayment {
    CheckoutPayment {
        id: payment.id,
        state: payment.state,
        failure: payment.failure,
        action_url: payment.action_url,
    }
}

fn quoted(quote: quote::Quote) -> Quote {
    let quote::Quote { id, hash, content } = quote;
    Quote {
        id,
        hash,
        lines: content.lines.into_iter().map(quote_line).collect(),
        subtotal: content.subtotal,
        discount: content.discount.map(|discount| discount.amount),
        shipping: OrderShipping {
            label: content.shipping.label,
            price: content.shipping.price,
            earliest: content.shipping.earliest,
            latest: content.shipping.latest,
        },
        tax: OrderTax {
            label: content.tax.label,
            rate_bps: content.tax.rate.0,
            amount: content.tax.amount,
            included: content.tax.included,
        },
        total: content.total,
    }
}

fn quote_line(line: quote::QuoteLine) -> QuoteLine {
    QuoteLine {
        variant_id: line.variant_id,
        title: line.title,
        variant_title: line.variant_title,
        quantity: line.quantity.get(),
        unit_price: line.unit_price,
        line_total: line.line_total,
        image: line.image.map(image),
    }
}

fn image(picture: Picture) -> ImageRef {
    ImageRef::new(picture.id, picture.alt, picture.width, picture.height)
}
