//! The page with the bank's question, for people.

use axum::extract::rejection::FormRejection;
use axum::extract::{Form, Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use crate::intent::{Amount, Intent, State as IntentState};
use crate::ledger::{Answer, Refusal};
use crate::problem::Problem;
use crate::provider::SandboxProvider;
use crate::secret::equal;

/// No script and nothing from elsewhere. Any page may frame it: a bank's question stands in a shop's checkout.
const POLICY: &str =
    "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors *";

const STYLE: &str = "\
:root{color-scheme:light dark;font:1rem/1.5 system-ui,sans-serif}\
body{max-width:28rem;margin:0 auto;padding:2rem 1rem}\
form{display:flex;flex-wrap:wrap;gap:.75rem}\
button{font:inherit;min-height:44px;padding:.5rem 1.25rem}\
";

#[derive(Deserialize)]
pub(super) struct Token {
    #[serde(default)]
    token: String,
}

#[derive(Deserialize)]
pub(super) struct Answered {
    token: String,
    answer: Answer,
}

/// The question.
pub(super) async fn show(
    State(provider): State<SandboxProvider>,
    Path(id): Path<String>,
    Query(Token { token }): Query<Token>,
) -> Response {
    let intent = provider.command(|ledger, _| ledger.intent(&id).cloned()).await;
    let Ok(intent) = intent else { return gone() };
    if !may_answer(&provider, &intent, &token) {
        return gone();
    }
    let amount = spoken(&intent.asked.amount);
    page(
        StatusCode::OK,
        "Is this you?",
        &format!(
            "<p>Somebody pays <strong>{amount}</strong> with your test card. No real money moves.</p>\
             <form method=\"post\" action=\"/challenge/{id}\">\
             <input type=\"hidden\" name=\"token\" value=\"{token}\">\
             <button name=\"answer\" value=\"pass\">Yes, pay</button>\
             <button name=\"answer\" value=\"fail\">No, do not pay</button></form>",
            id = intent.id,
        ),
    )
}

/// The answer.
pub(super) async fn answer(
    State(provider): State<SandboxProvider>,
    Path(id): Path<String>,
    form: Result<Form<Answered>, FormRejection>,
) -> Response {
    let Ok(Form(Answered { token, answer })) = form else {
        return page(StatusCode::UNPROCESSABLE_ENTITY, "That was no answer", "<p>Go back and try again.</p>");
    };
    let answered = provider
        .command(|ledger, moment| {
            if !may_answer(&provider, ledger.intent(&id)?, &token) {
                return Err(Refusal::NotFound);
            }
            ledger.answer(moment, &id, answer)
        })
        .await;
    match (answered, answer) {
        (Err(problem), _) if problem != Problem::not_found() => problem.into_response(),
        (Err(_), _) => gone(),
        (Ok(_), Answer::Pass) => {
            page(StatusCode::OK, "Thank you", "<p>The payment went through. Go back to the shop.</p>")
        }
        (Ok(_), Answer::Fail) => page(
            StatusCode::OK,
            "Not paid",
            "<p>Nothing was charged. Go back to the shop to try another card.</p>",
        ),
    }
}

/// The page's style sheet.
pub(super) async fn style() -> Response {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], STYLE).into_response()
}

/// Whether this token belongs to the question that is open.
fn may_answer(provider: &SandboxProvider, intent: &Intent, token: &str) -> bool {
    matches!(intent.state, IntentState::RequiresAction { .. })
        && equal(&provider.keys().challenge_token(&intent.id, intent.attempts), token)
}

fn gone() -> Response {
    page(StatusCode::NOT_FOUND, "Nothing to answer", "<p>This question is over. Go back to the shop.</p>")
}

/// The amount in minor units, so that nothing depends on the currency's digits.
fn spoken(amount: &Amount) -> String {
    let (minor, currency) = (amount.minor, &amount.currency);
    match currency.as_str() {
        "EUR" | "USD" | "GBP" | "CHF" => format!("{}.{:02} {currency}", minor / 100, minor % 100),
        _ => format!("{minor} minor units of {currency}"),
    }
}

/// A page. `body` is our own markup around values that hold letters, digits and `_` only.
fn page(status: StatusCode, title: &str, body: &str) -> Response {
    let html = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>{title} – sandbox bank</title>\
         <link rel=\"stylesheet\" href=\"/challenge.css\"></head>\
         <body><main><h1>{title}</h1>{body}</main></body></html>"
    );
    let headers =
        [(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CONTENT_SECURITY_POLICY, POLICY)];
    (status, headers, html).into_response()
}
