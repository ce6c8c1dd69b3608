//! Every operation of the document, asked for by those who must not.

use std::collections::BTreeMap;

use showfloor_functions_payments::openapi;
use showfloor_http::testing::walk::{
    Case, Credentials, cases, only_public_answers_may_be_stored, unknown_fields_are_refused,
    without_credentials_nothing_is_answered,
};

use crate::harness::{Stand, Till};

/// Webhooks prove themselves by signature; `webhooks.rs` walks them.
async fn walked(stand: &Stand) -> (Vec<Case>, Till) {
    let till = stand.till(1).await;
    let ids =
        BTreeMap::from([("shop", stand.ours.id.to_string()), ("checkout", till.checkout_id.to_string())]);
    let all = cases(openapi(), &ids);
    (all.into_iter().filter(|case| !case.path.starts_with("/v1/webhooks/")).collect(), till)
}

fn credentials(till: &Till) -> Credentials {
    Credentials {
        bearer: Some(till.token.clone()),
        cart: Some(till.cart_secret.clone()),
        ..Credentials::default()
    }
}

#[tokio::test]
async fn a2_unknown_fields_are_refused_everywhere() {
    let stand = Stand::new().await;
    let (cases, till) = walked(&stand).await;
    unknown_fields_are_refused(&stand.router, &cases, &credentials(&till)).await;
}

#[tokio::test]
async fn a3_nothing_is_answered_without_credentials() {
    let stand = Stand::new().await;
    let (cases, _) = walked(&stand).await;
    without_credentials_nothing_is_answered(&stand.router, &cases).await;
}

#[tokio::test]
async fn d7_no_answer_may_be_stored() {
    let stand = Stand::new().await;
    let (cases, till) = walked(&stand).await;
    only_public_answers_may_be_stored(&stand.router, &cases, &credentials(&till), &[]).await;
}
