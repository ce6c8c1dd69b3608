//! What buyers' browsers ask, with the client secret of their intent.

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};

use super::body::Json;
use super::merchant_only;
use crate::card::CardInput;
use crate::event::{FailureObject, IntentObject, NextAction, failure_of};
use crate::intent::{CARDS_PER_INTENT_MAX, Intent};
use crate::ledger::{Answer, Ledger, Moment, Refusal, next_action};
use crate::problem::Problem;
use crate::provider::SandboxProvider;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Confirmation {
    client_secret: String,
    card: CardInput,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ChallengeAnswer {
    client_secret: String,
    answer: Answer,
}

#[derive(Deserialize)]
pub(super) struct Secret {
    #[serde(default)]
    client_secret: String,
}

/// An intent as its buyer sees it.
#[derive(Serialize)]
struct BuyersIntent<'a> {
    id: &'a str,
    amount: &'a crate::intent::Amount,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_action: Option<NextAction>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<FailureObject>,
    attempts_left: u32,
}

pub(super) async fn read(
    State(provider): State<SandboxProvider>,
    Path(id): Path<String>,
    Query(secret): Query<Secret>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let is_merchant = headers.contains_key(header::AUTHORIZATION) || secret.client_secret.is_empty();
    if is_merchant {
        merchant_only(&provider, &headers)?;
    } else {
        buyer_only(&provider, &id, &secret.client_secret)?;
    }
    let (intent, action) = change(&provider, |ledger, _| ledger.intent(&id).cloned()).await?;
    Ok(if is_merchant {
        axum::Json(IntentObject::new(&intent, action)).into_response()
    } else {
        seen_by_buyer(&intent, action)
    })
}

pub(super) async fn confirm(
    State(provider): State<SandboxProvider>,
    Path(id): Path<String>,
    Json(asked): Json<Confirmation>,
) -> Result<Response, Problem> {
    buyer_only(&provider, &id, &asked.client_secret)?;
    let card = asked.card.check(provider.now_ms(), provider.keys()).map_err(Problem::invalid)?;
    let (intent, action) = change(&provider, |ledger, moment| ledger.confirm(moment, &id, card)).await?;
    Ok(seen_by_buyer(&intent, action))
}

pub(super) async fn answer(
    State(provider): State<SandboxProvider>,
    Path(id): Path<String>,
    Json(asked): Json<ChallengeAnswer>,
) -> Result<Response, Problem> {
    buyer_only(&provider, &id, &asked.client_secret)?;
    let (intent, action) =
        change(&provider, |ledger, moment| ledger.answer(moment, &id, asked.answer)).await?;
    Ok(seen_by_buyer(&intent, action))
}

/// Does something to an intent, and finds out what the buyer has to do then.
async fn change(
    provider: &SandboxProvider,
    does: impl FnOnce(&mut Ledger, &Moment<'_>) -> Result<Intent, Refusal>,
) -> Result<(Intent, Option<NextAction>), Problem> {
    provider
        .command(|ledger, moment| {
            let intent = does(ledger, moment)?;
            let action = next_action(moment, &intent);
            Ok((intent, action))
        })
        .await
}

/// Refuses a wrong secret as if there were no such intent.
fn buyer_only(provider: &SandboxProvider, id: &str, client_secret: &str) -> Result<(), Problem> {
    if provider.keys().is_client_secret(id, client_secret) { Ok(()) } else { Err(Problem::not_found()) }
}

fn seen_by_buyer(intent: &Intent, next_action: Option<NextAction>) -> Response {
    axum::Json(BuyersIntent {
        id: &intent.id,
        amount: &intent.asked.amount,
        status: intent.state.status(),
        next_action,
        error: failure_of(&intent.state),
        attempts_left: CARDS_PER_INTENT_MAX - intent.attempts,
    })
    .into_response()
}
