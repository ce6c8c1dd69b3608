//! Walks every operation of this crate's OpenAPI document.

use showfloor_domain::Role;
use showfloor_functions_catalog::openapi;
use showfloor_http::testing::walk::{self, Credentials};

use crate::harness::empty;

const PUBLIC: [&str; 2] = ["get_public_show", "list_public_products"];

#[tokio::test]
async fn a1_another_shops_session_finds_nothing() {
    let harness = empty();
    let (ours, theirs) = (harness.shop(1).await, harness.shop(2).await);
    let cases = walk::cases(openapi(), &harness.ids(ours).await);
    let session = harness.session(theirs, Role::Owner);
    walk::another_shops_session_finds_nothing(&harness.router, &cases, &session).await;
}

#[tokio::test]
async fn without_credentials_nothing_but_the_public_is_answered() {
    let harness = empty();
    let shop_id = harness.shop(1).await;
    let cases = walk::cases(openapi(), &harness.ids(shop_id).await);
    walk::without_credentials_nothing_is_answered(&harness.router, &cases).await;
    let open: Vec<_> = cases.iter().filter(|case| case.security.is_empty()).map(|case| &case.id).collect();
    assert_eq!(open, PUBLIC.iter().collect::<Vec<_>>());
}

#[tokio::test]
async fn a2_unknown_fields_are_refused_wherever_json_is_taken() {
    let harness = empty();
    let shop_id = harness.shop(1).await;
    let cases = walk::cases(openapi(), &harness.ids(shop_id).await);
    let credentials =
        Credentials { session: Some(harness.session(shop_id, Role::Owner)), ..Credentials::default() };
    for case in cases {
        harness.clock.advance_ms(1_000);
        walk::unknown_fields_are_refused(&harness.router, &[case], &credentials).await;
    }
}

#[tokio::test]
async fn d7_only_the_public_may_be_stored_by_a_cache() {
    let harness = empty();
    let shop_id = harness.shop(1).await;
    let cases = walk::cases(openapi(), &harness.ids(shop_id).await);
    let credentials =
        Credentials { session: Some(harness.session(shop_id, Role::Owner)), ..Credentials::default() };
    walk::only_public_answers_may_be_stored(&harness.router, &cases, &credentials, &PUBLIC).await;
}

#[tokio::test]
async fn a2_role_by_operation_equals_the_committed_table() {
    let harness = empty();
    let shop_id = harness.shop(1).await;
    let cases = walk::cases(openapi(), &harness.ids(shop_id).await);
    let sessions: Vec<_> = Role::ALL
        .into_iter()
        .zip(['o', 'm', 'h', 'd', 'a'])
        .map(|(role, letter)| (letter, harness.session(shop_id, role)))
        .collect();
    let table = walk::role_table(&harness.router, &cases, &sessions).await;
    assert_eq!(table, include_str!("roles.txt"), "\n{table}");
}

#[test]
fn the_document_is_whole() {
    walk::the_document_is_whole(openapi());
}
