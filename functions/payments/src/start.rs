//! Starting a payment: the one way to the provider's `create payment` (abuse case C14).

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode};
use showfloor_api_types::payment::{PaymentMethod, StartPayment as Request, StartedPayment};
use showfloor_domain::checkout::FAILURE_WINDOW_MS;
use showfloor_domain::{CheckoutId, PaymentId, UtcMs};
use showfloor_http::address::Block;
use showfloor_http::problem::ProblemType;
use showfloor_http::{
    ClientAddress, IdempotentRequest, Json as Body, Path, Problem, Purpose, RateClass, RateKey, Result,
    SecretHash, Viewer,
};
use showfloor_storage::{CheckoutRecord, StartPayment, StartPaymentError};
use uuid::Uuid;

use crate::deps::Deps;
use crate::provider::ProviderError;

/// The header that carries a cart's secret.
pub const CART_HEADER: &str = "showfloor-cart";

macro_rules! kinds {
    ($($name:ident = $status:ident, $slug:literal, $title:literal;)*) => {$(
        const $name: ProblemType =
            ProblemType { slug: $slug, title: $title, status: StatusCode::$status };
    )*};
}

kinds! {
    QUOTE_CHANGED = CONFLICT, "quote-changed", "The total changed";
    HOLD_ENDED = GONE, "hold-ended", "The pieces are no longer held";
    CHECKOUT_OVER = CONFLICT, "checkout-over", "The checkout is over";
    CONTACT_MISSING = UNPROCESSABLE_ENTITY, "contact-missing", "Contact and address are missing";
    NO_ATTEMPTS_LEFT = CONFLICT, "no-attempts-left", "No attempts are left";
    TOO_MANY_FAILURES = TOO_MANY_REQUESTS, "too-many-failures", "Too many payments failed";
    PAYMENT_REFUSED = BAD_GATEWAY, "payment-refused", "The payment provider refused";
    NO_PROVIDER = SERVICE_UNAVAILABLE, "no-payment-provider", "The shop cannot take payments";
}

/// Starts a payment of a checkout that still holds its pieces. The browser confirms it at the provider.
#[utoipa::path(post, path = "/v1/checkouts/{checkout}/payments", operation_id = "start_payment", tag = "checkout",
    params(("checkout" = CheckoutId, Path),
        ("idempotency-key" = String, Header, description = "New for each try; the same to send one try again")),
    request_body = Request, security(("viewer" = [], "cart" = [])),
    responses((status = 201, body = StartedPayment)))]
pub(crate) async fn create(
    State(deps): State<Deps>,
    viewer: Viewer,
    address: ClientAddress,
    Path(checkout_id): Path<CheckoutId>,
    headers: HeaderMap,
    request: Result<IdempotentRequest>,
    Body(body): Body<Request>,
) -> Result<Response> {
    deps.http.limit(RateClass::Cart, RateKey::Name(&viewer.viewer_id.to_string()))?;
    let secret = headers.get(CART_HEADER).and_then(|value| value.to_str().ok());
    let checkout = authorised(&deps, &viewer, checkout_id, secret).await?;
    let PaymentMethod::Card = body.method;
    let effect = async |seed: [u8; 16]| {
        let payment_id = PaymentId::from_uuid(Uuid::from_bytes(seed));
        let started = start(&deps, &checkout, address, body.quote_hash.clone(), payment_id).await?;
        Ok((StatusCode::CREATED, Json(started)).into_response())
    };
    let principal = viewer.viewer_id.to_string();
    request?.once(&deps.http, deps.idempotency.as_ref(), viewer.shop_id, principal, &body, effect).await
}

/// The checkout of this viewer's shop and show whose cart has this secret. Every miss is the same 404, after the
/// same work (abuse case C10).
pub(crate) async fn authorised(
    deps: &Deps,
    viewer: &Viewer,
    checkout_id: CheckoutId,
    cart_secret: Option<&str>,
) -> Result<CheckoutRecord> {
    let checkout = deps.checkouts.find(viewer.shop_id, checkout_id).await?;
    let cart = match &checkout {
        Some(checkout) => deps.carts.find(viewer.shop_id, checkout.cart_id).await?,
        None => None,
    };
    let kept = SecretHash(cart.as_ref().map_or([0; 32], |cart| cart.secret_hash));
    let known = deps.http.pepper.verify(Purpose::Cart, cart_secret.unwrap_or_default(), &kept);
    checkout
        .filter(|checkout| known && cart.is_some() && checkout.show_id == viewer.show_id)
        .ok_or_else(Problem::not_found)
}

/// Writes the payment down, counted, and only then asks the provider. The payment's id comes from the request's
/// idempotency record, so a request that is sent again finds the same payment and the same intent.
pub(crate) async fn start(
    deps: &Deps,
    checkout: &CheckoutRecord,
    ClientAddress(address): ClientAddress,
    quote_hash: String,
    payment_id: PaymentId,
) -> Result<StartedPayment> {
    let now = deps.http.now();
    let (shop_id, checkout_id) = (checkout.shop_id, checkout.id);
    let provider = deps.accounts.of(shop_id, checkout.mode).ok_or_else(|| {
        tracing::error!(%shop_id, mode = ?checkout.mode, "the shop has no account at a provider");
        Problem::new(
            NO_PROVIDER,
            "The shop has not connected a payment provider.",
            "Nothing was charged. The shop's owner connects a provider under Settings, Payments.",
        )
    })?;
    // Failures are counted by network, but the database never sees an address.
    let block = deps.http.pepper.hash(Purpose::RateLimit, Block::counted(address).to_string().as_bytes());
    let client_block = block.0.iter().map(|byte| format!("{byte:02x}")).collect();
    let command = StartPayment {
        payment_id,
        shop_id,
        checkout_id,
        quote_hash,
        provider: provider.name().into(),
        client_block,
        now,
    };
    let started = deps.payments.start(command).await.map_err(|error| refused(error, now))?;
    let intent = provider.create_intent(&started.terms).await.map_err(|error| match error {
        ProviderError::Unavailable(why) => {
            tracing::warn!(%payment_id, why, "the provider did not answer");
            Problem::unavailable()
        }
        ProviderError::Refused(why) => {
            tracing::error!(%payment_id, why, "the provider refused a payment");
            Problem::new(
                PAYMENT_REFUSED,
                "The payment provider refused to begin. Nothing was charged.",
                "Try again; if it stays, tell the shop.",
            )
        }
    })?;
    deps.payments.intent_created(payment_id, &intent.intent_id, now).await?;
    deps.changed.changed(checkout_id);
    Ok(StartedPayment {
        id: payment_id,
        provider: provider.name().into(),
        provider_url: intent.provider_url,
        intent_id: intent.intent_id,
        client_secret: intent.client_secret,
        attempts_left: started.attempts_left,
    })
}

fn refused(error: StartPaymentError, now: UtcMs) -> Problem {
    match error {
        StartPaymentError::QuoteChanged => Problem::new(
            QUOTE_CHANGED,
            "The quote is not the one that was shown.",
            "Read the checkout again, show its total, and pay with its new hash.",
        ),
        StartPaymentError::HoldEnded => Problem::new(
            HOLD_ENDED,
            "The pieces were given back. Nothing was charged.",
            "Check the cart out again, if the pieces are still there.",
        ),
        StartPaymentError::Over => Problem::new(
            CHECKOUT_OVER,
            "It is paid, or its money went back.",
            "Read the checkout; buy more with a new one.",
        ),
        StartPaymentError::ContactMissing => Problem::new(
            CONTACT_MISSING,
            "Nobody said where the confirmation and the parcel go.",
            "PUT contact and address to the checkout, then pay its new quote.",
        )
        .at("/contact", "is missing")
        .at("/address", "is missing"),
        StartPaymentError::NoAttemptsLeft => Problem::new(
            NO_ATTEMPTS_LEFT,
            "This hold has used all its attempts.",
            "Check the cart out again when the hold has ended.",
        ),
        StartPaymentError::TooManyFailures { retry_at } => {
            let wait_ms = retry_at.since(now).clamp(1, FAILURE_WINDOW_MS);
            let seconds = u32::try_from((wait_ms + 999) / 1_000).unwrap_or(u32::MAX);
            Problem::new(
                TOO_MANY_FAILURES,
                "Too many payments failed from this device or network.",
                format!("Wait {seconds} s and try again."),
            )
            .retry_after_s(seconds)
        }
        StartPaymentError::Store(error) => error.into(),
    }
}
