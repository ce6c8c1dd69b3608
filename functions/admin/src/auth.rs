//! Signing in and out, the first owner, forgotten passwords.

use axum::Json;
use axum::extract::State;
use axum::response::{AppendHeaders, IntoResponse, Response};
use http::{HeaderMap, StatusCode, header};
use showfloor_api_types::auth::{
    ConfirmPassword, ConfirmReset, Me, MyShop, MyUser, RequestReset, Setup, SignIn,
};
use showfloor_domain::payment::Mode;
use showfloor_domain::shipping::{FlatRates, ShippingRates};
use showfloor_domain::{Role, ShopId, UserId};
use showfloor_http::principal::{cookie, session_cookie};
use showfloor_http::problem::ProblemType;
use showfloor_http::{
    AdminJson, ClientAddress, DashboardWrite, Mail, Problem, Purpose, RateClass, RateKey, Result, Secret,
    Staff,
};
use showfloor_storage::{SESSION_MAX_MS, SessionRecord, ShopRecord, StoreError, UserRecord};

use crate::deps::Deps;
use crate::passwords::{PASSWORD_CHARS_MAX, check_new};
use showfloor_http::fields::{Fields, TITLE_CHARS_MAX};

/// The mark of a device that signed in before. It is no credential: it only keeps its own allowance of tries.
const DEVICE_COOKIE: &str = "__Host-showfloor-device";
const DEVICE_MAX_AGE_S: u32 = 180 * 24 * 60 * 60;

const WRONG_CREDENTIALS: ProblemType = ProblemType {
    slug: "wrong-credentials",
    title: "The address or the password is wrong",
    status: StatusCode::UNAUTHORIZED,
};
const WRONG_CODE: ProblemType =
    ProblemType { slug: "wrong-setup-code", title: "The code is wrong", status: StatusCode::FORBIDDEN };

/// Signs in with a password.
#[utoipa::path(post, path = "/v1/auth/sign-in", operation_id = "sign_in", tag = "auth", request_body = SignIn, security(()),
    responses((status = 200, description = "Signed in; the session is in the cookie", body = Me)))]
pub(crate) async fn sign_in(
    State(deps): State<Deps>,
    _: DashboardWrite,
    ClientAddress(address): ClientAddress,
    headers: HeaderMap,
    AdminJson(body): AdminJson<SignIn>,
) -> Result<Response> {
    let mut fields = Fields::default();
    let email = fields.email("/email", &body.email);
    fields.require(
        body.password.chars().count() <= PASSWORD_CHARS_MAX,
        "/password",
        "must be at most 128 characters",
    );
    fields.check()?;

    // Counted before the outcome is known, so that parallel tries cannot slip through; a success is taken back.
    let device = known_device(&deps, &headers, &email);
    let allowance = device.as_deref().unwrap_or(&email);
    deps.http.limit(RateClass::SignInAddress, RateKey::Address(address))?;
    deps.http.limit(RateClass::SignInAccount, RateKey::Name(allowance))?;

    let user = deps.accounts.find_by_email(&email).await?;
    let hash = user.as_ref().map(|user| user.password_hash.clone());
    let matches = deps.passwords.verify(body.password, hash).await?;
    let Some(user) = user.filter(|_| matches) else {
        tracing::warn!(target: "showfloor::security", outcome = "refused", "sign-in");
        return Err(Problem::new(
            WRONG_CREDENTIALS,
            "No account has this address and this password.",
            "Try again, or ask for a reset link.",
        ));
    };
    deps.http.limits.give_back(RateClass::SignInAddress, RateKey::Address(address));
    deps.http.limits.give_back(RateClass::SignInAccount, RateKey::Name(allowance));
    deps.audit_as(user.shop_id, user.id.to_string(), "sign-in", user.id.to_string(), "").await?;
    begin_session(&deps, user).await
}

/// Ends the session.
#[utoipa::path(post, path = "/v1/auth/sign-out", operation_id = "sign_out", tag = "auth", security(("session" = [])),
    responses((status = 204, description = "Signed out")))]
pub(crate) async fn sign_out(State(deps): State<Deps>, staff: Staff) -> Result<Response> {
    let hash = deps.http.pepper.hash(Purpose::Session, staff.session_secret.reveal().as_bytes());
    deps.accounts.end_session(hash.0).await?;
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, session_cookie("", 0))]).into_response())
}

/// Who is signed in, and where.
#[utoipa::path(get, path = "/v1/me", operation_id = "get_me", tag = "auth", security(("session" = [])),
    responses((status = 200, body = Me)))]
pub(crate) async fn me(State(deps): State<Deps>, staff: Staff) -> Result<Json<Me>> {
    let user = deps.accounts.find(staff.shop_id, staff.user_id).await?.ok_or_else(Problem::not_signed_in)?;
    describe(&deps, &user).await.map(Json)
}

/// Types the password once more; sensitive operations are open for ten minutes.
#[utoipa::path(post, path = "/v1/auth/confirm-password", operation_id = "confirm_password", tag = "auth",
    request_body = ConfirmPassword, security(("session" = [])),
    responses((status = 204, description = "Confirmed for ten minutes")))]
pub(crate) async fn confirm_password(
    State(deps): State<Deps>,
    staff: Staff,
    AdminJson(body): AdminJson<ConfirmPassword>,
) -> Result<StatusCode> {
    let key = staff.user_id.to_string();
    deps.http.limit(RateClass::SignInAccount, RateKey::Name(&key))?;
    let user = deps.accounts.find(staff.shop_id, staff.user_id).await?.ok_or_else(Problem::not_signed_in)?;
    if !deps.passwords.verify(body.password, Some(user.password_hash)).await? {
        return Err(Problem::new(
            WRONG_CREDENTIALS,
            "This is not the password of the account that is signed in.",
            "Try again, or ask for a reset link.",
        ));
    }
    deps.http.limits.give_back(RateClass::SignInAccount, RateKey::Name(&key));
    let hash = deps.http.pepper.hash(Purpose::Session, staff.session_secret.reveal().as_bytes());
    deps.accounts.confirm_session(hash.0, deps.http.now()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Makes the first shop and its owner, with the code from the console.
#[utoipa::path(post, path = "/v1/setup", operation_id = "set_up", tag = "auth", request_body = Setup, security(()),
    responses((status = 201, description = "The shop is there and its owner is signed in", body = Me)))]
pub(crate) async fn set_up(
    State(deps): State<Deps>,
    _: DashboardWrite,
    ClientAddress(address): ClientAddress,
    AdminJson(body): AdminJson<Setup>,
) -> Result<Response> {
    deps.http.limit(RateClass::SignInAddress, RateKey::Address(address))?;
    if !deps.setup_code.matches(&body.code) {
        return Err(Problem::new(
            WRONG_CODE,
            "This is not the code of this server's console, or it was used.",
            "Read the code that the server printed when it started.",
        ));
    }
    let now = deps.http.now();
    let mut fields = Fields::default();
    let country = fields.country("/country", &body.country);
    let shop_id = ShopId::generate(now, deps.http.entropy.id_bytes());
    let email = fields.email("/email", &body.email);
    let name = fields.line("/name", &body.name, TITLE_CHARS_MAX);
    let shop_name = fields.line("/shop_name", &body.shop_name, TITLE_CHARS_MAX);
    let timezone = fields.line("/timezone", &body.timezone, 64);
    let locale = fields.line("/locale", &body.locale, 35);
    fields.check()?;
    check_new(&body.password, &email, "/password")?;
    let country = country.ok_or_else(Problem::invalid)?;

    let shop = ShopRecord {
        id: shop_id,
        name: shop_name,
        currencies: vec![body.currency],
        country,
        // Wherever there is a rate for, until the merchant says otherwise.
        ships_to: FlatRates.countries(country),
        timezone,
        locale,
        mode: Mode::Test,
        allowed_origins: Vec::new(),
        created_at: now,
        version: 1,
    };
    let owner = UserRecord {
        id: UserId::generate(now, deps.http.entropy.id_bytes()),
        shop_id,
        email,
        name,
        role: Role::Owner,
        password_hash: deps.passwords.hash(body.password, deps.http.entropy.as_ref()).await?,
        created_at: now,
        last_seen_at: None,
    };
    deps.accounts.set_up(shop, owner.clone()).await?;
    deps.setup_code.use_up();
    deps.audit_as(shop_id, owner.id.to_string(), "shop.set-up", shop_id.to_string(), "owner").await?;
    let mut response = begin_session(&deps, owner).await?;
    *response.status_mut() = StatusCode::CREATED;
    Ok(response)
}

/// Asks for a reset link. The answer is the same whether or not there is such an account.
#[utoipa::path(post, path = "/v1/auth/reset", operation_id = "request_reset", tag = "auth", request_body = RequestReset, security(()),
    responses((status = 202, description = "If there is such an account, a mail is on its way")))]
pub(crate) async fn request_reset(
    State(deps): State<Deps>,
    _: DashboardWrite,
    AdminJson(body): AdminJson<RequestReset>,
) -> Result<StatusCode> {
    let mut fields = Fields::default();
    let email = fields.email("/email", &body.email);
    fields.check()?;
    deps.http.limit(RateClass::PasswordReset, RateKey::Name(&email))?;
    let token = Secret::generate(deps.http.entropy.as_ref());
    let hash = deps.http.pepper.hash(Purpose::PasswordReset, token.reveal().as_bytes());
    if let Some(user) = deps.accounts.find_by_email(&email).await? {
        deps.accounts.begin_reset(hash.0, user.id, deps.http.now()).await?;
        // From configuration, never from the Host header (abuse case A6). Behind the `#` it reaches no server.
        let link = format!("{}/dashboard/reset#{}", deps.http.public_origin(), token.reveal());
        let mail = Mail {
            shop_id: user.shop_id,
            order_id: None,
            to: user.email,
            subject: "Set a new password".into(),
            text: format!(
                "Open this link within 30 minutes to set a new password:\n\n{link}\n\n\
                 If you did not ask for it, you need not do anything.\n"
            ),
            html: format!(
                "<p>Open this link within 30 minutes to set a new password:</p><p><a href=\"{link}\">{link}</a></p>\
                 <p>If you did not ask for it, you need not do anything.</p>"
            ),
        };
        deps.mailer.send(mail).await.map_err(|error| {
            tracing::error!(%error, "a reset mail was not taken");
            Problem::unavailable()
        })?;
        deps.audit_as(user.shop_id, user.id.to_string(), "password.reset-asked", user.id.to_string(), "")
            .await?;
    }
    Ok(StatusCode::ACCEPTED)
}

/// Sets a new password with the token from the mail; all sessions of the account end.
#[utoipa::path(post, path = "/v1/auth/reset/confirm", operation_id = "confirm_reset", tag = "auth",
    request_body = ConfirmReset, security(()),
    responses((status = 204, description = "The password is set; sign in with it")))]
pub(crate) async fn confirm_reset(
    State(deps): State<Deps>,
    _: DashboardWrite,
    ClientAddress(address): ClientAddress,
    AdminJson(body): AdminJson<ConfirmReset>,
) -> Result<StatusCode> {
    deps.http.limit(RateClass::SignInAddress, RateKey::Address(address))?;
    check_new(&body.password, "", "/password")?;
    let token = deps.http.pepper.hash(Purpose::PasswordReset, body.token.as_bytes());
    let hash = deps.passwords.hash(body.password, deps.http.entropy.as_ref()).await?;
    let user =
        deps.accounts.reset_password(token.0, hash, deps.http.now()).await.map_err(|error| match error {
            StoreError::NotFound => {
                Problem::invalid_at("/token", "was used, is over, or never was; ask for a new link")
            }
            other => other.into(),
        })?;
    deps.audit_as(user.shop_id, user.id.to_string(), "password.reset", user.id.to_string(), "").await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn begin_session(deps: &Deps, user: UserRecord) -> Result<Response> {
    let now = deps.http.now();
    let secret = Secret::generate(deps.http.entropy.as_ref());
    let hash = deps.http.pepper.hash(Purpose::Session, secret.reveal().as_bytes());
    let session = SessionRecord {
        secret_hash: hash.0,
        user_id: user.id,
        created_at: now,
        used_at: now,
        confirmed_at: now,
    };
    deps.accounts.begin_session(session).await?;
    let me = describe(deps, &user).await?;
    let max_age_s = u32::try_from(SESSION_MAX_MS / 1_000).unwrap_or(u32::MAX);
    let cookies = AppendHeaders([
        (header::SET_COOKIE, session_cookie(secret.reveal(), max_age_s)),
        (header::SET_COOKIE, device_cookie(deps, &user.email)),
    ]);
    Ok((cookies, Json(me)).into_response())
}

fn device_mark(deps: &Deps, nonce: &str, email: &str) -> String {
    let hash = deps.http.pepper.hash(Purpose::KnownDevice, format!("{nonce}\0{email}").as_bytes());
    hash.0[..16].iter().map(|byte| format!("{byte:02x}")).collect()
}

fn device_cookie(deps: &Deps, email: &str) -> String {
    let mut nonce = [0; 16];
    deps.http.entropy.fill(&mut nonce);
    let nonce: String = nonce.iter().map(|byte| format!("{byte:02x}")).collect();
    let mark = device_mark(deps, &nonce, email);
    format!(
        "{DEVICE_COOKIE}={nonce}.{mark}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age={DEVICE_MAX_AGE_S}"
    )
}

/// The name under which a device that signed in to this account before is counted.
fn known_device(deps: &Deps, headers: &HeaderMap, email: &str) -> Option<String> {
    let (nonce, mark) = cookie(headers, DEVICE_COOKIE)?.split_once('.')?;
    let plausible = nonce.len() == 32 && nonce.bytes().all(|byte| byte.is_ascii_hexdigit());
    // The mark gives no rights, only an allowance: comparing it needs no constant time.
    (plausible && mark == device_mark(deps, nonce, email)).then(|| format!("{email}\0{nonce}"))
}

async fn describe(deps: &Deps, user: &UserRecord) -> Result<Me> {
    let shop = deps.shop(user.shop_id).await?;
    Ok(Me {
        user: MyUser { id: user.id, name: user.name.clone(), email: user.email.clone(), role: user.role },
        shop: my_shop(shop),
    })
}

pub(crate) fn my_shop(shop: ShopRecord) -> MyShop {
    MyShop {
        id: shop.id,
        currency: shop.currency(),
        name: shop.name,
        currencies: shop.currencies,
        country: shop.country.to_string(),
        timezone: shop.timezone,
        locale: shop.locale,
        mode: shop.mode,
    }
}
