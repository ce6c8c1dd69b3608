//! Walks every operation of an OpenAPI document against a router, with request bodies made from its schemas.
//!
//! Each function's tests call these with their own document, so an operation that is added is tested without
//! anybody thinking of it.

use std::collections::BTreeMap;

use axum::Router;
use axum::body::Body;
use http::{HeaderMap, Request, StatusCode};
use serde_json::{Value, json};
use tower::ServiceExt;
use utoipa::openapi::OpenApi;

use super::OWN_ORIGIN;
use crate::openapi::{CART, ORDER, SERVICE, SESSION, VIEWER, merge};

/// One operation, ready to be asked for.
#[derive(Clone, Debug)]
pub struct Case {
    /// Its operationId.
    pub id: String,
    /// The method.
    pub method: String,
    /// The path with its parameters filled in.
    pub path: String,
    /// Whether the path has parameters.
    pub has_parameters: bool,
    /// A body that its schema allows, for operations that take JSON.
    pub body: Option<Value>,
    /// The content type of the body, for operations that take one.
    pub content_type: Option<String>,
    /// Which credentials it asks for.
    pub security: Vec<String>,
}

/// An answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, if it is JSON.
    pub json: Value,
}

impl Answer {
    /// The slug of the problem; empty when it is none.
    #[must_use]
    pub fn problem(&self) -> &str {
        self.json["type"].as_str().and_then(|kind| kind.rsplit('/').next()).unwrap_or_default()
    }
}

/// Sends one request.
///
/// # Panics
/// When the request cannot be built: a mistake of the test.
pub async fn send(router: &Router, request: Request<Body>) -> Answer {
    let response = router.clone().oneshot(request).await.expect("a router never fails");
    let (parts, body) = response.into_parts();
    let bytes = axum::body::to_bytes(body, 16 << 20).await.expect("the body ends");
    let json = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
    Answer { status: parts.status, headers: parts.headers, json }
}

/// Every operation of a document. `ids` fills path parameters by name.
///
/// # Panics
/// When a parameter has no id.
#[must_use]
pub fn cases(document: OpenApi, ids: &BTreeMap<&str, String>) -> Vec<Case> {
    let document = serde_json::to_value(merge([document])).expect("a document is JSON");
    let mut cases = Vec::new();
    for (path, item) in document["paths"].as_object().expect("a document has paths") {
        for (method, operation) in item.as_object().expect("a path has methods") {
            cases.push(case(&document, path, method, operation, ids));
        }
    }
    cases
}

fn case(document: &Value, path: &str, method: &str, operation: &Value, ids: &BTreeMap<&str, String>) -> Case {
    let segments = path.split('/').map(|segment| {
        let name = segment.strip_prefix('{').and_then(|name| name.strip_suffix('}'));
        name.map_or_else(
            || segment.to_owned(),
            |name| ids.get(name).unwrap_or_else(|| panic!("no id for {{{name}}} of {path}")).clone(),
        )
    });
    let content = operation["requestBody"]["content"].as_object();
    let (content_type, schema) = content
        .and_then(|content| content.iter().next())
        .map_or((None, None), |(kind, media)| (Some(kind.clone()), Some(&media["schema"])));
    let is_json = content_type.as_deref().is_some_and(|kind| kind.ends_with("json"));
    let security = operation["security"].as_array().into_iter().flatten();
    Case {
        id: operation["operationId"]
            .as_str()
            .unwrap_or_else(|| panic!("{path} has no operationId"))
            .to_owned(),
        method: method.to_uppercase(),
        path: segments.collect::<Vec<_>>().join("/"),
        has_parameters: path.contains('{'),
        body: schema.filter(|_| is_json).map(|schema| sample(document, schema, 0)),
        content_type,
        security: security.filter_map(Value::as_object).flat_map(|schemes| schemes.keys().cloned()).collect(),
    }
}

/// A value that a schema allows: required fields only.
fn sample(document: &Value, schema: &Value, depth: usize) -> Value {
    assert!(depth < 20, "the schema goes in circles");
    if let Some(reference) = schema["$ref"].as_str() {
        let name = reference.rsplit('/').next().unwrap_or_default();
        return sample(document, &document["components"]["schemas"][name], depth + 1);
    }
    for list in ["oneOf", "anyOf"] {
        if let Some(options) = schema[list].as_array() {
            let option = options.iter().find(|option| option["type"] != "null").unwrap_or(&options[0]);
            return sample(document, option, depth + 1);
        }
    }
    if let Some(parts) = schema["allOf"].as_array() {
        let mut whole = json!({});
        for part in parts {
            if let (Some(whole), Value::Object(part)) =
                (whole.as_object_mut(), sample(document, part, depth + 1))
            {
                whole.extend(part);
            }
        }
        return whole;
    }
    if let Some(values) = schema["enum"].as_array() {
        return values[0].clone();
    }
    if !schema["example"].is_null() {
        return schema["example"].clone();
    }
    let kind = match &schema["type"] {
        Value::Array(kinds) => kinds.iter().find_map(|kind| kind.as_str().filter(|kind| *kind != "null")),
        kind => kind.as_str(),
    };
    match kind {
        Some("string") => text(schema),
        Some("integer" | "number") => json!(schema["minimum"].as_i64().unwrap_or(1).max(1)),
        Some("boolean") => json!(true),
        Some("array") => json!([sample(document, &schema["items"], depth + 1)]),
        _ => {
            let required = schema["required"].as_array().into_iter().flatten();
            let fields = required
                .filter_map(Value::as_str)
                .map(|name| (name.to_owned(), sample(document, &schema["properties"][name], depth + 1)));
            Value::Object(fields.collect())
        }
    }
}

fn text(schema: &Value) -> Value {
    if schema["format"] == "date-time" {
        return json!("2026-11-20T19:30:00.000Z");
    }
    if let Some(pattern) = schema["pattern"].as_str() {
        if let Some(prefix) = pattern.strip_prefix('^').and_then(|rest| rest.strip_suffix("_[0-9a-f]{32}$")) {
            return json!(format!("{prefix}_{}", "0".repeat(32)));
        }
        if pattern == "^[A-Z]{3}$" {
            return json!("EUR");
        }
        if pattern == "^[A-Z]{2}$" {
            return json!("DE");
        }
    }
    if schema["format"] == "password" {
        return json!("a-long-sample-password");
    }
    json!("A sample text of some length")
}

/// The document stands by itself: every reference resolves, every operation has an id of its own, a tag, a
/// declared security and the problem as an answer.
///
/// # Panics
/// When it does not.
pub fn the_document_is_whole(document: OpenApi) {
    let document = serde_json::to_value(merge([document])).expect("a document is JSON");
    let mut ids = std::collections::BTreeSet::new();
    for (path, item) in document["paths"].as_object().expect("a document has paths") {
        for (method, operation) in item.as_object().expect("a path has methods") {
            let id = operation["operationId"].as_str().unwrap_or_default();
            assert!(!id.is_empty() && ids.insert(id), "{method} {path} has no id of its own: {id}");
            assert!(operation["tags"].is_array(), "{id} has no tag");
            assert!(operation["security"].is_array(), "{id} does not say who may ask");
            let problem = &operation["responses"]["default"]["content"]["application/problem+json"];
            assert!(problem.is_object(), "{id} has no problem");
        }
    }
    let mut values = vec![&document];
    while let Some(value) = values.pop() {
        match value {
            Value::Object(fields) => {
                if let Some(pointer) = fields.get("$ref").and_then(Value::as_str) {
                    let pointer = pointer.trim_start_matches('#');
                    assert!(document.pointer(pointer).is_some(), "{pointer} is not in the document");
                }
                values.extend(fields.values());
            }
            Value::Array(items) => values.extend(items),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
}

/// How a walk proves who asks.
#[derive(Clone, Debug, Default)]
pub struct Credentials {
    /// A dashboard session's secret.
    pub session: Option<String>,
    /// A bearer token: a viewer's or a service's.
    pub bearer: Option<String>,
    /// A cart's secret.
    pub cart: Option<String>,
    /// An order's secret.
    pub order: Option<String>,
}

/// The request of a case, as these credentials would send it from our own page.
///
/// # Panics
/// When the request cannot be built: a mistake of the test.
#[must_use]
pub fn request(case: &Case, credentials: &Credentials) -> Request<Body> {
    let mut request = Request::builder().method(case.method.as_str()).uri(&case.path);
    request = request.header("origin", OWN_ORIGIN).header("if-match", "\"1\"");
    request = request.header("idempotency-key", format!("walk-{}", case.id));
    if let Some(session) = &credentials.session {
        request = request.header("cookie", format!("{}={session}", crate::principal::SESSION_COOKIE));
    }
    if let Some(bearer) = &credentials.bearer {
        request = request.header("authorization", format!("Bearer {bearer}"));
    }
    if let Some(cart) = &credentials.cart {
        request = request.header("showfloor-cart", cart);
    }
    if let Some(order) = &credentials.order {
        request = request.header("showfloor-order", order);
    }
    let body = match (&case.body, &case.content_type) {
        (Some(body), _) => {
            request = request.header("content-type", "application/json");
            Body::from(body.to_string())
        }
        (None, Some(kind)) => {
            request = request.header("content-type", kind);
            Body::from(vec![0xFF; 64])
        }
        (None, None) => Body::empty(),
    };
    request.body(body).expect("the walk builds a request")
}

/// Abuse case A1: with the valid session of another shop, every operation on one of this shop's things is 404.
///
/// # Panics
/// When one is not.
pub async fn another_shops_session_finds_nothing(router: &Router, cases: &[Case], session: &str) {
    let credentials = Credentials { session: Some(session.into()), ..Credentials::default() };
    let mut walked = 0;
    for case in cases.iter().filter(|case| case.has_parameters && case.security.contains(&SESSION.into())) {
        let answer = send(router, request(case, &credentials)).await;
        assert_eq!(answer.status, 404, "{} {} of another shop: {:?}", case.method, case.path, answer.json);
        walked += 1;
    }
    assert!(walked > 0, "the document has operations on things of a shop");
}

/// Every operation that names credentials answers 401 without any, and only those that name none run.
///
/// # Panics
/// When one does not.
pub async fn without_credentials_nothing_is_answered(router: &Router, cases: &[Case]) {
    for case in cases.iter().filter(|case| !case.security.is_empty()) {
        let answer = send(router, request(case, &Credentials::default())).await;
        // A secret that is missing is like one that is wrong: there is no such cart or order.
        let by_secret = case.security.iter().any(|name| name == CART || name == ORDER);
        let expected = if by_secret { &[401, 404][..] } else { &[401][..] };
        assert!(expected.contains(&answer.status.as_u16()), "{} {}: {:?}", case.method, case.path, answer);
    }
}

/// Abuse cases A2 and C15: an unknown field is 422, wherever JSON is taken.
///
/// # Panics
/// When one is not.
pub async fn unknown_fields_are_refused(router: &Router, cases: &[Case], credentials: &Credentials) {
    for case in cases.iter().filter(|case| case.body.is_some()) {
        // A CloudEvent may be extended by its specification.
        if case.content_type.as_deref() == Some("application/cloudevents+json") {
            continue;
        }
        for name in ["shop_id", "role", "price", "__proto__"] {
            let mut case = case.clone();
            let known = case.body.as_ref().is_some_and(|body| body.get(name).is_some());
            let Some(fields) = case.body.as_mut().and_then(Value::as_object_mut) else { continue };
            if known {
                continue;
            }
            fields.insert(name.into(), json!("x"));
            let answer = send(router, request(&case, &for_case(&case, credentials))).await;
            let role_is_a_field = name == "role" && case.path.contains("/people");
            if !role_is_a_field {
                assert_eq!(
                    answer.status, 422,
                    "{} {} with {name}: {:?}",
                    case.method, case.path, answer.json
                );
            }
        }
    }
}

/// Abuse case D7: an answer is `no-store` unless its operation is on the list of public ones, and a public one
/// sets no cookie.
///
/// # Panics
/// When one is not.
pub async fn only_public_answers_may_be_stored(
    router: &Router,
    cases: &[Case],
    credentials: &Credentials,
    public: &[&str],
) {
    for case in cases {
        let answer = send(router, request(case, &for_case(case, credentials))).await;
        let cache = answer.headers.get("cache-control").and_then(|value| value.to_str().ok()).unwrap_or("");
        if public.contains(&case.id.as_str()) && answer.status.is_success() {
            assert!(cache.starts_with("public"), "{}: {cache}", case.id);
            assert!(!answer.headers.contains_key("set-cookie"), "{}", case.id);
        } else {
            assert_eq!(cache, "no-store", "{} {}: {:?}", case.method, case.path, answer.status);
        }
        assert_eq!(answer.headers["x-content-type-options"], "nosniff", "{}", case.id);
    }
}

/// Abuse case A2: which role is refused which operation, as text to compare with a committed table. `sessions`
/// are one session's secret for each role, with its column's letter.
pub async fn role_table(router: &Router, cases: &[Case], sessions: &[(char, String)]) -> String {
    let mut table = String::new();
    for case in cases.iter().filter(|case| case.security.contains(&SESSION.into())) {
        table.push_str(&format!("{:<28}", case.id));
        for (letter, session) in sessions {
            let credentials = Credentials { session: Some(session.clone()), ..Credentials::default() };
            let answer = send(router, request(case, &credentials)).await;
            let refused = answer.status == 403 && answer.problem() == "not-allowed";
            table.push(' ');
            table.push(if refused { '.' } else { *letter });
        }
        table.push('\n');
    }
    table
}

fn for_case(case: &Case, all: &Credentials) -> Credentials {
    let takes = |name: &str| case.security.iter().any(|scheme| scheme == name);
    let mut credentials = Credentials::default();
    if takes(SESSION) {
        credentials.session.clone_from(&all.session);
    }
    if takes(VIEWER) || takes(SERVICE) {
        credentials.bearer.clone_from(&all.bearer);
    }
    credentials.cart.clone_from(&all.cart);
    credentials.order.clone_from(&all.order);
    credentials
}
