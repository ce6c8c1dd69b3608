//! Orders as the API shows them.

use showfloor_api_types::image::ImageRef;
use showfloor_api_types::order::{
    AdminOrder, Order, OrderCard, OrderCustomer, OrderDiscount, OrderEvent, OrderLine, OrderMail,
    OrderPayment, OrderRow, OrderRowCustomer, OrderRowLine, OrderShipping, OrderShow, OrderTax, Refund,
};
use showfloor_domain::order::OrderState;
use showfloor_domain::quote::{Picture, QuoteContent};
use showfloor_domain::{Money, Rfc3339};
use showfloor_storage::{CardMark, MailRecord, OrderRecord};

/// Where an order stands, in one word.
pub(crate) fn state(order: &OrderRecord) -> OrderState {
    OrderState::of(order.fulfilment, order.payment.captured, order.payment.refunded)
}

/// As its buyer sees it.
pub(crate) fn buyer(order: OrderRecord, shop_name: String) -> Order {
    let state = state(&order);
    let Amounts { lines, subtotal, discount, shipping, tax, total } = amounts(order.quote);
    Order {
        id: order.id,
        number: order.number,
        state,
        shop_name,
        placed_at: order.placed_at.into(),
        paid_at: order.paid_at.into(),
        contact: order.contact,
        address: order.address,
        lines,
        subtotal,
        discount,
        shipping,
        tax,
        total,
        refunded: order.payment.refunded,
        tracking: order.tracking,
    }
}

/// As the merchant sees it.
pub(crate) fn admin(order: OrderRecord, mails: Vec<MailRecord>, show: Option<OrderShow>) -> AdminOrder {
    let state = state(&order);
    let happened =
        |kind: &str| -> Option<Rfc3339> { order.events.iter().find(|e| e.kind == kind).map(|e| e.at.into()) };
    let (packed_at, sent_at, delivered_at) = (happened("packed"), happened("sent"), happened("delivered"));
    let Amounts { lines, subtotal, discount, shipping, tax, total } = amounts(order.quote);
    let payment = order.payment;
    let nothing = Money::zero(payment.captured.currency());
    AdminOrder {
        id: order.id,
        number: order.number,
        state,
        fulfilment: order.fulfilment,
        tracking: order.tracking,
        placed_at: order.placed_at.into(),
        paid_at: order.paid_at.into(),
        packed_at,
        sent_at,
        delivered_at,
        customer: OrderCustomer {
            name: order.contact.name,
            email: order.contact.email,
            phone: order.contact.phone,
            address: order.address,
        },
        lines,
        subtotal,
        discount,
        shipping,
        tax,
        total,
        refunded: payment.refunded,
        refundable: payment.captured.checked_sub(payment.refunded).unwrap_or(nothing),
        payment: OrderPayment {
            provider: payment.provider,
            id: payment.id,
            card: card(payment.card),
            captured: payment.captured,
        },
        show,
        events: order
            .events
            .into_iter()
            .map(|event| OrderEvent { at: event.at.into(), kind: event.kind, text: event.text })
            .collect(),
        refunds: order
            .refunds
            .into_iter()
            .map(|refund| Refund {
                id: refund.id,
                amount: refund.amount,
                reason: refund.reason,
                state: refund.state,
                at: refund.at.into(),
                by: refund.by,
            })
            .collect(),
        mails: mails
            .into_iter()
            .map(|mail| OrderMail { id: mail.id, subject: mail.subject, to: mail.to, at: mail.at.into() })
            .collect(),
    }
}

/// As a row of the merchant's list.
pub(crate) fn row(order: OrderRecord, show: Option<OrderShow>) -> OrderRow {
    let state = state(&order);
    let lines = order.quote.lines.into_iter().map(|line| OrderRowLine {
        title: line.title,
        variant_title: line.variant_title,
        quantity: line.quantity.get(),
        image: line.image.map(image),
    });
    OrderRow {
        id: order.id,
        number: order.number,
        state,
        placed_at: order.placed_at.into(),
        customer: OrderRowCustomer {
            name: order.contact.name,
            city: order.address.city,
            country: order.address.country,
        },
        lines: lines.collect(),
        show,
        payment: card(order.payment.card),
        total: order.quote.total,
        refunded: order.payment.refunded,
    }
}

struct Amounts {
    lines: Vec<OrderLine>,
    subtotal: Money,
    discount: Option<OrderDiscount>,
    shipping: OrderShipping,
    tax: OrderTax,
    total: Money,
}

fn amounts(quote: QuoteContent) -> Amounts {
    let lines = (0_u32..).zip(quote.lines).map(|(line, quoted)| OrderLine {
        line,
        product_id: quoted.product_id,
        variant_id: quoted.variant_id,
        title: quoted.title,
        variant_title: quoted.variant_title,
        sku: quoted.sku,
        image: quoted.image.map(image),
        quantity: quoted.quantity.get(),
        unit_price: quoted.unit_price,
        line_total: quoted.line_total,
    });
    Amounts {
        lines: lines.collect(),
        subtotal: quote.subtotal,
        discount: quote
            .discount
            .map(|discount| OrderDiscount { code: discount.code, amount: discount.amount }),
        shipping: OrderShipping {
            label: quote.shipping.label,
            price: quote.shipping.price,
            earliest: quote.shipping.earliest,
            latest: quote.shipping.latest,
        },
        tax: OrderTax {
            label: quote.tax.label,
            rate_bps: quote.tax.rate.0,
            amount: quote.tax.amount,
            included: quote.tax.included,
        },
        total: quote.total,
    }
}

fn image(picture: Picture) -> ImageRef {
    ImageRef::new(picture.id, picture.alt, picture.width, picture.height)
}

fn card(card: Option<CardMark>) -> OrderCard {
    card.map_or_else(OrderCard::default, |card| OrderCard {
        brand: Some(card.brand),
        last4: Some(card.last4),
    })
}
