//! What merchants' servers ask, with the API key.

use axum::extract::{FromRequest as _, Path, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::body::Json;
use super::merchant_only;
use crate::event::{IntentObject, RefundObject};
use crate::intent::{Intent, NewIntent};
use crate::ledger::next_action;
use crate::problem::Problem;
use crate::provider::SandboxProvider;
use crate::refund::NewRefund;

#[derive(Serialize)]
struct Created<'a> {
    client_secret: String,
    #[serde(flatten)]
    intent: IntentObject<'a>,
}

/// Nobody's body is read before their key is checked.
pub(super) async fn create(
    State(provider): State<SandboxProvider>,
    request: Request,
) -> Result<Response, Problem> {
    merchant_only(&provider, request.headers())?;
    let Json(asked) = Json::<NewIntent>::from_request(request, &()).await?;
    asked.check().map_err(Problem::invalid)?;
    let (intent, action) = provider
        .command(|ledger, moment| {
            let intent = ledger.create(moment, asked)?;
            let action = next_action(moment, &intent);
            Ok((intent, action))
        })
        .await?;
    let client_secret = provider.keys().client_secret(&intent.id);
    let body = Created { client_secret, intent: IntentObject::new(&intent, action) };
    Ok((StatusCode::CREATED, axum::Json(body)).into_response())
}

pub(super) async fn cancel(
    State(provider): State<SandboxProvider>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    merchant_only(&provider, &headers)?;
    let intent: Intent = provider.command(|ledger, moment| ledger.cancel(moment, &id)).await?;
    Ok(axum::Json(IntentObject::new(&intent, None)).into_response())
}

pub(super) async fn refund(
    State(provider): State<SandboxProvider>,
    request: Request,
) -> Result<Response, Problem> {
    merchant_only(&provider, request.headers())?;
    let Json(asked) = Json::<NewRefund>::from_request(request, &()).await?;
    asked.check().map_err(Problem::invalid)?;
    let refund = provider.command(|ledger, moment| ledger.create_refund(moment, asked)).await?;
    Ok((StatusCode::CREATED, axum::Json(RefundObject::new(&refund))).into_response())
}

pub(super) async fn read_refund(
    State(provider): State<SandboxProvider>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    merchant_only(&provider, &headers)?;
    let refund = provider.command(|ledger, _| ledger.refund(&id).cloned()).await?;
    Ok(axum::Json(RefundObject::new(&refund)).into_response())
}
