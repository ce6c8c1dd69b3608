//! Who works in the shop. Nobody grants above themselves, and the last owner stays (abuse case A2).

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use showfloor_api_types::auth::{AddPerson, EditPerson, Person};
use showfloor_api_types::list::Items;
use showfloor_domain::UserId;
use showfloor_http::role::may_grant;
use showfloor_http::{AdminJson, Path, Problem, Result, Staff};
use showfloor_storage::{AccountError, UserRecord};

use crate::deps::Deps;
use crate::passwords::check_new;
use showfloor_http::fields::{Fields, TITLE_CHARS_MAX};

/// Everyone who works in the shop.
#[utoipa::path(get, path = "/v1/admin/people", operation_id = "list_people", tag = "people", security(("session" = [])),
    responses((status = 200, body = Items<Person>)))]
pub(crate) async fn list(State(deps): State<Deps>, staff: Staff) -> Result<Json<Items<Person>>> {
    let users = deps.accounts.list(staff.shop_id).await?;
    Ok(Json(Items { items: users.into_iter().map(person).collect() }))
}

/// Adds someone.
#[utoipa::path(post, path = "/v1/admin/people", operation_id = "add_person", tag = "people", request_body = AddPerson,
    security(("session" = [])), responses((status = 201, body = Person)))]
pub(crate) async fn add(
    State(deps): State<Deps>,
    staff: Staff,
    AdminJson(body): AdminJson<AddPerson>,
) -> Result<(StatusCode, Json<Person>)> {
    let mut fields = Fields::default();
    let email = fields.email("/email", &body.email);
    let name = fields.line("/name", &body.name, TITLE_CHARS_MAX);
    fields.check()?;
    check_new(&body.password, &email, "/password")?;
    if !may_grant(staff.role, body.role) {
        return Err(Problem::not_allowed());
    }
    let now = deps.http.now();
    let user = UserRecord {
        id: UserId::generate(now, deps.http.entropy.id_bytes()),
        shop_id: staff.shop_id,
        email,
        name,
        role: body.role,
        password_hash: deps.passwords.hash(body.password, deps.http.entropy.as_ref()).await?,
        created_at: now,
        last_seen_at: None,
    };
    deps.accounts.add(user.clone()).await?;
    deps.audit(&staff, "person.added", user.id, user.role.as_str()).await?;
    Ok((StatusCode::CREATED, Json(person(user))))
}

/// Changes someone's name or role.
#[utoipa::path(patch, path = "/v1/admin/people/{user}", operation_id = "edit_person", tag = "people",
    params(("user" = UserId, Path)), request_body = EditPerson,
    security(("session" = [])), responses((status = 200, body = Person)))]
pub(crate) async fn edit(
    State(deps): State<Deps>,
    staff: Staff,
    Path(user_id): Path<UserId>,
    AdminJson(body): AdminJson<EditPerson>,
) -> Result<Json<Person>> {
    let mut fields = Fields::default();
    let name = fields.optional_line("/name", body.name.as_deref(), TITLE_CHARS_MAX);
    fields.check()?;
    let user = deps.accounts.find(staff.shop_id, user_id).await?.ok_or_else(Problem::not_found)?;
    // Neither raising above oneself, nor touching someone above.
    if !may_grant(staff.role, user.role) || body.role.is_some_and(|role| !may_grant(staff.role, role)) {
        return Err(Problem::not_allowed());
    }
    let user = deps.accounts.edit(staff.shop_id, user_id, name, body.role).await.map_err(account_problem)?;
    deps.audit(&staff, "person.changed", user.id, user.role.as_str()).await?;
    Ok(Json(person(user)))
}

/// Removes someone; their sessions end.
#[utoipa::path(delete, path = "/v1/admin/people/{user}", operation_id = "remove_person", tag = "people",
    params(("user" = UserId, Path)), security(("session" = [])),
    responses((status = 204, description = "Removed")))]
pub(crate) async fn remove(
    State(deps): State<Deps>,
    staff: Staff,
    Path(user_id): Path<UserId>,
) -> Result<StatusCode> {
    let user = deps.accounts.find(staff.shop_id, user_id).await?.ok_or_else(Problem::not_found)?;
    if !may_grant(staff.role, user.role) {
        return Err(Problem::not_allowed());
    }
    deps.accounts.remove(staff.shop_id, user_id).await.map_err(account_problem)?;
    deps.audit(&staff, "person.removed", user_id, user.role.as_str()).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn account_problem(error: AccountError) -> Problem {
    match error {
        AccountError::LastOwner => {
            Problem::conflict("A shop always has an owner.", "Make someone else an owner first.")
        }
        AccountError::Store(error) => error.into(),
    }
}

fn person(user: UserRecord) -> Person {
    Person {
        id: user.id,
        email: user.email,
        name: user.name,
        role: user.role,
        last_seen_at: user.last_seen_at.map(Into::into),
    }
}
