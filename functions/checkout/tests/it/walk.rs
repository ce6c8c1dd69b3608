//! Every operation of the document, asked for by those who must not.

use std::collections::BTreeMap;

use showfloor_functions_checkout::openapi;
use showfloor_http::testing::walk::{
    Case, Credentials, cases, only_public_answers_may_be_stored, unknown_fields_are_refused,
    without_credentials_nothing_is_answered,
};
use showfloor_storage_testkit::fixtures::variant_id;

use crate::harness::{Buyer, Stand};

async fn walked(stand: &Stand) -> (Vec<Case>, Buyer) {
    let (buyer, checkout) = stand.holder(1).await;
    let ids = BTreeMap::from([
        ("cart", buyer.cart.clone()),
        ("variant", variant_id(1).to_string()),
        ("checkout", checkout["id"].as_str().unwrap().to_owned()),
    ]);
    (cases(openapi(), &ids), buyer)
}

fn credentials(buyer: &Buyer) -> Credentials {
    Credentials {
        bearer: Some(buyer.token.clone()),
        cart: Some(buyer.secret.clone()),
        ..Credentials::default()
    }
}

#[tokio::test]
async fn a2_unknown_fields_are_refused_everywhere() {
    let stand = Stand::new().await;
    let (cases, buyer) = walked(&stand).await;
    unknown_fields_are_refused(&stand.router, &cases, &credentials(&buyer)).await;
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
    let (cases, buyer) = walked(&stand).await;
    only_public_answers_may_be_stored(&stand.router, &cases, &credentials(&buyer), &[]).await;
}
