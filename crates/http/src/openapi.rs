//! The OpenAPI document: merged from the functions, completed with what all of them answer.

use showfloor_api_types::problem::ProblemDetails;
use utoipa::openapi::content::ContentBuilder;
use utoipa::openapi::path::Operation;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{ComponentsBuilder, InfoBuilder, OpenApi, OpenApiBuilder, Ref, RefOr, ResponseBuilder};
use utoipa::{PartialSchema, ToSchema};

/// The dashboard's cookie, as the document names it.
pub const SESSION: &str = "session";
/// A viewer's token, as the document names it.
pub const VIEWER: &str = "viewer";
/// A service's token, as the document names it.
pub const SERVICE: &str = "service";
/// A cart's secret, as the document names it.
pub const CART: &str = "cart";
/// An order's secret, as the document names it.
pub const ORDER: &str = "order";

/// One document from the functions' parts. Every operation gets the problem answer as its default.
#[must_use]
pub fn merge(parts: impl IntoIterator<Item = OpenApi>) -> OpenApi {
    let mut document = OpenApiBuilder::new()
        .info(
            InfoBuilder::new()
                .title("Showfloor")
                .version("1")
                .description(Some(
                    "Live shopping a merchant owns. Errors are problem details (RFC 9457) whose `next` says \
                     what to do; lists are pages with cursors; edits take If-Match.",
                ))
                .build(),
        )
        .components(Some(
            ComponentsBuilder::new()
                .schema(ProblemDetails::name(), ProblemDetails::schema())
                .schemas_from_iter(schemas())
                .security_scheme(SESSION, cookie("__Host-showfloor"))
                .security_scheme(VIEWER, bearer("A viewer token of one show"))
                .security_scheme(SERVICE, bearer("A service token for the audience `functions`"))
                .security_scheme(CART, header("Showfloor-Cart"))
                .security_scheme(ORDER, header("Showfloor-Order"))
                .build(),
        ))
        .build();
    for part in parts {
        document.merge(part);
    }
    for item in document.paths.paths.values_mut() {
        let operations = [&mut item.get, &mut item.put, &mut item.post, &mut item.delete, &mut item.patch];
        operations.into_iter().flatten().for_each(add_problem);
    }
    document
}

fn schemas() -> Vec<(String, RefOr<utoipa::openapi::Schema>)> {
    let mut schemas = Vec::new();
    ProblemDetails::schemas(&mut schemas);
    schemas
}

fn add_problem(operation: &mut Operation) {
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name(ProblemDetails::name()))).build();
    let response = ResponseBuilder::new()
        .description("A problem; `next` says what to do about it")
        .content("application/problem+json", content)
        .build();
    operation.responses.responses.entry("default".into()).or_insert(RefOr::T(response));
}

fn bearer(description: &str) -> SecurityScheme {
    SecurityScheme::Http(
        HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .bearer_format("JWT")
            .description(Some(description))
            .build(),
    )
}

fn cookie(name: &str) -> SecurityScheme {
    SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new(name)))
}

fn header(name: &str) -> SecurityScheme {
    SecurityScheme::ApiKey(ApiKey::Header(ApiKeyValue::new(name)))
}

/// One operation of the document, for tests that walk all of them.
#[derive(Clone)]
pub struct Walked {
    /// The method, in capitals.
    pub method: &'static str,
    /// The path with `{parameters}`.
    pub path: String,
    /// The operation.
    pub operation: Operation,
}

/// Every operation of a document.
#[must_use]
pub fn operations(document: &OpenApi) -> Vec<Walked> {
    let mut all = Vec::new();
    for (path, item) in &document.paths.paths {
        let methods = [
            ("GET", &item.get),
            ("PUT", &item.put),
            ("POST", &item.post),
            ("DELETE", &item.delete),
            ("PATCH", &item.patch),
        ];
        for (method, operation) in methods {
            if let Some(operation) = operation {
                all.push(Walked { method, path: path.clone(), operation: operation.clone() });
            }
        }
    }
    all
}
