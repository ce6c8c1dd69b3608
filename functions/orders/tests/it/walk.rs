//! Every operation of the document, asked for by those who must not.

use std::collections::BTreeMap;

use showfloor_functions_orders::openapi;
use showfloor_http::testing::walk::{
    Case, Credentials, another_shops_session_finds_nothing, cases, only_public_answers_may_be_stored,
    role_table, unknown_fields_are_refused, without_credentials_nothing_is_answered,
};
use showfloor_storage::{MailRecord, Orders as _};

use crate::harness::Stand;

async fn walked(stand: &Stand) -> (Vec<Case>, Credentials) {
    let order = stand.order(1).await;
    let mail_id = showfloor_domain::MailId::generate(stand.now(), [9; 10]);
    let mail = MailRecord {
        id: mail_id,
        shop_id: stand.ours.id,
        order_id: order.id,
        occasion: "paid".into(),
        to: "ada@example.com".into(),
        subject: "s".into(),
        html: "h".into(),
        text: "t".into(),
        at: stand.now(),
    };
    assert!(stand.store.keep_mail(mail).await.unwrap());
    let ids = BTreeMap::from([
        ("order", order.id.to_string()),
        ("mail", mail_id.to_string()),
        ("code", "KILN10".to_owned()),
    ]);
    let credentials = Credentials {
        session: Some("our-owner".into()),
        order: Some(stand.order_secret(order.id)),
        ..Credentials::default()
    };
    (cases(openapi(), &ids), credentials)
}

#[tokio::test]
async fn a1_another_shops_people_find_nothing() {
    let stand = Stand::new().await;
    let (cases, _) = walked(&stand).await;
    another_shops_session_finds_nothing(&stand.router, &cases, "their-owner").await;
}

#[tokio::test]
async fn a2_unknown_fields_are_refused_everywhere() {
    let stand = Stand::new().await;
    let (cases, credentials) = walked(&stand).await;
    unknown_fields_are_refused(&stand.router, &cases, &credentials).await;
}

#[tokio::test]
async fn a2_roles_may_what_the_committed_table_says() {
    let stand = Stand::new().await;
    let (cases, _) = walked(&stand).await;
    let sessions = [('o', "owner"), ('m', "manager"), ('h', "host"), ('d', "moderator"), ('a', "analyst")]
        .map(|(letter, role)| (letter, format!("our-{role}")));
    let table = role_table(&stand.router, &cases, &sessions).await;
    assert_eq!(table, include_str!("roles.txt"), "\n{table}");
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
    let (cases, credentials) = walked(&stand).await;
    only_public_answers_may_be_stored(&stand.router, &cases, &credentials, &[]).await;
}
