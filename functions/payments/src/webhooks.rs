//! Webhooks of providers. The raw bytes are verified before anything reads them (abuse case C5).

use axum::extract::{Request, State};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, StatusCode};
use showfloor_domain::ShopId;
use showfloor_domain::payment::Mode;
use showfloor_http::json::read_body;
use showfloor_http::problem::ProblemType;
use showfloor_http::{ClientAddress, Path, Problem, RateClass, RateKey, Result};
use showfloor_storage::InboxKey;

use crate::deps::Deps;
use crate::observe::observe;
use crate::provider::{PaymentProvider, TestProvider, WebhookEvent, WebhookNews, WebhookRejected};

/// The most bytes of a webhook.
pub const WEBHOOK_BYTES_MAX: usize = 256 * 1024;

const BAD_SIGNATURE: ProblemType = ProblemType {
    slug: "bad-signature",
    title: "The signature is not accepted",
    status: StatusCode::UNAUTHORIZED,
};
const FOREIGN_EVENT: ProblemType = ProblemType {
    slug: "foreign-event",
    title: "The event is of another account",
    status: StatusCode::FORBIDDEN,
};

/// Takes an event of the sandbox provider, any number of times, in any order.
#[utoipa::path(post, path = "/v1/webhooks/sandbox/{shop}", operation_id = "receive_sandbox_webhook", tag = "webhooks",
    params(("shop" = ShopId, Path),
        ("sandbox-signature" = String, Header, description = "`t=<unix seconds>,v1=<HMAC-SHA-256 of \"t.body\">`")),
    request_body(content = Object, content_type = "application/json", description = "An event as the provider signed it"),
    responses((status = 204, description = "Taken, now or before")))]
pub(crate) async fn sandbox(
    State(deps): State<Deps>,
    ClientAddress(address): ClientAddress,
    path: Result<Path<ShopId>>,
    request: Request,
) -> Result<StatusCode> {
    let now = deps.http.now();
    let sender = RateKey::Address(address);
    deps.http.limits.peek(RateClass::BadWebhook, sender, now)?;
    let headers = request.headers().clone();
    // A shop that is not here, takes real money, or has no account or secret looks like a bad signature.
    let shop = match path {
        Ok(Path(shop_id)) => deps.price_book.shop_terms(shop_id).await?,
        Err(_) => None,
    };
    let shop_id = shop.filter(|shop| shop.mode == Mode::Test).map(|shop| shop.shop_id);
    let provider = shop_id.and_then(|shop_id| Some((shop_id, deps.accounts.test(shop_id)?)));
    let verified = match &provider {
        Some((shop_id, provider)) => {
            let body = read_body(request, WEBHOOK_BYTES_MAX).await?;
            let event = verify(provider.as_ref(), &headers, &body, now);
            event.map(|event| (*shop_id, provider, event))
        }
        None => Err(WebhookRejected::BadSignature),
    };
    let (shop_id, provider, event) = match verified {
        Ok(verified) => verified,
        Err(WebhookRejected::BadSignature) => {
            deps.http.limit(RateClass::BadWebhook, sender)?;
            return Err(Problem::new(
                BAD_SIGNATURE,
                "The signature is missing, wrong or too old.",
                "Sign the raw body with the secret of this account, and send it within five minutes.",
            ));
        }
        Err(WebhookRejected::Unreadable) => {
            tracing::error!("a signed webhook cannot be read");
            return Err(Problem::bad_request("The event was signed, but it cannot be read."));
        }
    };
    if event.account != shop_id || event.mode != Mode::Test {
        return Err(foreign_event());
    }
    match event.news {
        WebhookNews::Payment(report) => {
            if report.told.account != shop_id {
                return Err(foreign_event());
            }
            let inbox = InboxKey {
                provider: provider.name().into(),
                account: shop_id.to_string(),
                event_id: event.id,
            };
            observe(&deps, provider.as_ref() as &dyn PaymentProvider, report, Some(inbox), now).await?;
        }
        WebhookNews::Refund => deps.refunds.notify_one(),
        WebhookNews::Other => {}
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Verifies the raw bytes; if they are not what was signed, but the base64 text of it, what they encode: gateways
/// wrap bodies so.
fn verify(
    provider: &dyn TestProvider,
    headers: &HeaderMap,
    body: &[u8],
    now: showfloor_domain::UtcMs,
) -> Result<WebhookEvent, WebhookRejected> {
    let signature = headers.get(provider.signature_header()).and_then(|value| value.to_str().ok());
    match provider.verify_webhook(body, signature, now) {
        Err(WebhookRejected::BadSignature) => {
            let unwrapped = STANDARD.decode(body).map_err(|_| WebhookRejected::BadSignature)?;
            provider.verify_webhook(&unwrapped, signature, now)
        }
        verified => verified,
    }
}

fn foreign_event() -> Problem {
    Problem::new(
        FOREIGN_EVENT,
        "The event is signed, but it is about another account or mode.",
        "Send each account's events to its own address.",
    )
}
