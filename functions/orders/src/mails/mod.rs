//! Mails about orders: written when an order's events come in, once per occasion.

mod render;
mod words;

use showfloor_domain::MailId;
use showfloor_domain::event::{CloudEvent, Event};
use showfloor_http::{Mail, Problem, Result};
use showfloor_storage::MailRecord;

use crate::deps::Deps;
use render::{Occasion, render};

/// Writes the mail that an event calls for; other events are none of its business. Repeats write nothing.
///
/// A mail is sent before it is kept: a crash between the two sends it again when the event comes again, and never
/// loses it.
///
/// # Errors
/// When the mail could not be sent or kept; the event must come again.
pub async fn handle(event: &CloudEvent, deps: &Deps) -> Result<(), Problem> {
    let (order_id, occasion) = match &event.event {
        Event::OrderPaid(paid) => (paid.order_id, Occasion::Paid),
        Event::OrderRefunded(refunded) => {
            (refunded.order_id, Occasion::Refunded { refund_id: refunded.refund_id, amount: refunded.amount })
        }
        _ => return Ok(()),
    };
    let Some(order) = deps.orders.find(event.shopid, order_id).await? else {
        tracing::warn!(%order_id, "an event is about an order that this shop does not have");
        return Ok(());
    };
    let name = occasion.name();
    let kept = deps.orders.mails(order.shop_id, order.id).await?;
    if kept.iter().any(|mail| mail.occasion == name) {
        return Ok(());
    }
    let Some(shop) = deps.price_book.shop_terms(order.shop_id).await? else { return Ok(()) };
    let rendered = render(&order, &occasion, &shop.name, &shop.locale);
    let to = order.contact.email.clone();
    let mail = Mail {
        shop_id: order.shop_id,
        order_id: Some(order.id),
        to: to.clone(),
        subject: rendered.subject.clone(),
        text: rendered.text.clone(),
        html: rendered.html.clone(),
    };
    deps.mailer.send(mail).await.map_err(|error| {
        tracing::warn!(%order_id, %error, "a mail was not taken");
        Problem::unavailable()
    })?;
    let now = deps.http.now();
    deps.orders
        .keep_mail(MailRecord {
            id: MailId::generate(now, deps.http.entropy.id_bytes()),
            shop_id: order.shop_id,
            order_id: order.id,
            occasion: name,
            to,
            subject: rendered.subject,
            html: rendered.html,
            text: rendered.text,
            at: now,
        })
        .await?;
    Ok(())
}
