//! Walks every operation of this crate's OpenAPI document.

use showfloor_domain::Role;
use showfloor_functions_admin::openapi;
use showfloor_http::testing::OpenTokens;
use showfloor_http::testing::walk::{self, Credentials};

use crate::harness::{Harness, empty};

async fn credentials(harness: &Harness, session: String) -> Credentials {
    let until = harness.deps.http.now().plus_ms(60_000);
    let bearer = Some(OpenTokens.service("edge", "functions", until));
    Credentials { session: Some(session), bearer, ..Credentials::default() }
}

#[tokio::test]
async fn a1_another_shops_session_finds_nothing() {
    let harness = empty();
    let (ours, theirs) = (harness.shop(1).await, harness.shop(2).await);
    let cases = walk::cases(openapi(), &harness.ids(ours).await);
    let session = harness.session(7, theirs, Role::Owner).await;
    for case in cases {
        // A minute apart: this is about shops, not about rate limits.
        harness.clock.advance_ms(1_000);
        if case.has_parameters && case.security.contains(&"session".into()) {
            walk::another_shops_session_finds_nothing(&harness.router, &[case], &session).await;
        }
    }
}

#[tokio::test]
async fn without_credentials_nothing_is_answered() {
    let harness = empty();
    let shop_id = harness.shop(1).await;
    let cases = walk::cases(openapi(), &harness.ids(shop_id).await);
    walk::without_credentials_nothing_is_answered(&harness.router, &cases).await;
}

#[tokio::test]
async fn a2_unknown_fields_are_refused_wherever_json_is_taken() {
    let harness = empty();
    let shop_id = harness.shop(1).await;
    let cases = walk::cases(openapi(), &harness.ids(shop_id).await);
    let credentials = credentials(&harness, harness.session(7, shop_id, Role::Owner).await).await;
    for case in cases {
        harness.clock.advance_ms(1_000);
        walk::unknown_fields_are_refused(&harness.router, &[case], &credentials).await;
    }
}

#[tokio::test]
async fn d7_nothing_here_may_be_stored_by_a_cache() {
    let harness = empty();
    let shop_id = harness.shop(1).await;
    let cases = walk::cases(openapi(), &harness.ids(shop_id).await);
    let credentials = credentials(&harness, harness.session(7, shop_id, Role::Owner).await).await;
    walk::only_public_answers_may_be_stored(&harness.router, &cases, &credentials, &[]).await;
}

#[tokio::test]
async fn a2_role_by_operation_equals_the_committed_table() {
    let roles = [
        (Role::Owner, 'o'),
        (Role::Manager, 'm'),
        (Role::Host, 'h'),
        (Role::Moderator, 'd'),
        (Role::Analyst, 'a'),
    ];
    let harness = empty();
    let shop_id = harness.shop(1).await;
    let cases = walk::cases(openapi(), &harness.ids(shop_id).await);
    let mut sessions = Vec::new();
    for (n, (role, letter)) in (20..).zip(roles) {
        sessions.push((letter, harness.session(n, shop_id, role).await));
    }
    let mut table = String::new();
    for case in cases {
        // Signing out would end the sessions that the walk goes on with.
        if case.id != "sign_out" {
            harness.clock.advance_ms(1_000);
            table.push_str(&walk::role_table(&harness.router, &[case], &sessions).await);
        }
    }
    assert_eq!(table, include_str!("roles.txt"), "\n{table}");
}

#[test]
fn the_document_is_whole() {
    walk::the_document_is_whole(openapi());
}
