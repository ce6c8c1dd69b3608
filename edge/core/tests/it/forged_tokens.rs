//! Abuse case A3: a token is good only if the key it names signed it, for this use, this show and this moment.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE, URL_SAFE_NO_PAD};
use ed25519_dalek::{Signer as _, SigningKey};
use hmac::Mac as _;
use serde_json::{Value, json};
use showfloor_domain::{ShopId, ShowId, UserId, UtcMs, ViewerId};
use showfloor_edge_core::token::{
    self, Role, Scope, Service, ServiceClaims, Signer, StaffClaims, StaffRole, TOKEN_BYTES_MAX, TokenError,
    Verifier, ViewerClaims,
};

const NOW: UtcMs = UtcMs::new(1_795_000_000_000);
const ISSUER: &str = "https://shop.example";
const KID: &str = "2026-11";
const SECRET: [u8; 32] = [42; 32];

fn show() -> ShowId {
    ShowId::generate(NOW, [1; 10])
}

fn shop() -> ShopId {
    ShopId::generate(NOW, [2; 10])
}

fn signer() -> Signer {
    Signer::new(ISSUER, KID, SECRET)
}

fn verifier() -> Verifier {
    Verifier::new(ISSUER).with_key(KID, signer().public_key()).unwrap()
}

fn viewer() -> ViewerClaims {
    ViewerClaims {
        shop: shop(),
        show: show(),
        viewer: ViewerId::generate(NOW, [3; 10]),
        name: Some("Mira".into()),
        device: "d".repeat(43),
        issued_at: NOW,
        expires_at: NOW.plus_ms(token::VIEWER_LIFE_MS),
        renew_until: NOW.plus_ms(token::VIEWER_RENEWABLE_MS),
    }
}

fn staff() -> StaffClaims {
    StaffClaims {
        shop: shop(),
        show: show(),
        viewer: ViewerId::generate(NOW, [4; 10]),
        user: UserId::generate(NOW, [5; 10]),
        role: StaffRole::Moderator,
        name: Some("Jo".into()),
        issued_at: NOW,
        expires_at: NOW.plus_ms(token::STAFF_LIFE_MS),
    }
}

fn service(audience: Service) -> ServiceClaims {
    ServiceClaims {
        subject: "relay".into(),
        audience,
        issued_at: NOW,
        expires_at: NOW.plus_ms(token::SERVICE_LIFE_MS),
    }
}

fn header(typ: &str) -> Value {
    json!({"alg": "EdDSA", "kid": KID, "typ": typ})
}

fn payload() -> Value {
    let seconds = NOW.get() / 1_000;
    json!({
        "iss": ISSUER, "aud": "showfloor", "shop": shop(), "show": show(),
        "sub": ViewerId::generate(NOW, [3; 10]), "role": "viewer", "dev": "d", "iat": seconds,
        "exp": seconds + 900, "ren": seconds + 43_200,
    })
}

fn with(mut value: Value, key: &str, member: Value) -> Value {
    value[key] = member;
    value
}

fn without(mut value: Value, key: &str) -> Value {
    value.as_object_mut().unwrap().remove(key);
    value
}

fn signed_parts(header: &str, payload: &str, secret: [u8; 32]) -> String {
    let signed = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(payload));
    let signature = SigningKey::from_bytes(&secret).sign(signed.as_bytes());
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature.to_bytes()))
}

/// Signed with the true key.
fn signed(header: &Value, payload: &Value) -> String {
    signed_parts(&header.to_string(), &payload.to_string(), SECRET)
}

fn hs256(header: &Value, payload: &Value, key: &[u8]) -> String {
    let signed = format!(
        "{}.{}",
        URL_SAFE_NO_PAD.encode(header.to_string()),
        URL_SAFE_NO_PAD.encode(payload.to_string())
    );
    let mut mac = hmac::Hmac::<sha2::Sha256>::new_from_slice(key).unwrap();
    mac.update(signed.as_bytes());
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()))
}

/// Every token here carries something that a viewer's socket, a cart or a service would have to believe.
fn forgeries() -> Vec<(&'static str, String)> {
    let good = signer().sign_viewer(&viewer());
    let (signed_part, signature) = good.rsplit_once('.').unwrap();
    let (good_header, good_payload) = signed_part.split_once('.').unwrap();
    let public = signer().public_key();
    let h = || header("viewer+jwt");
    let seconds = NOW.get() / 1_000;
    let flipped = |at: usize| {
        let mut bytes = URL_SAFE_NO_PAD.decode(signature).unwrap();
        bytes[at] ^= 1;
        format!("{signed_part}.{}", URL_SAFE_NO_PAD.encode(bytes))
    };
    let other_show = with(payload(), "show", json!(ShowId::generate(NOW, [9; 10])));
    let own_jwk = json!({"kty": "OKP", "crv": "Ed25519", "x": URL_SAFE_NO_PAD.encode(
        SigningKey::from_bytes(&[66; 32]).verifying_key().to_bytes())});
    let padded = format!("{}.{}", URL_SAFE.encode(h().to_string()), URL_SAFE.encode(payload().to_string()));
    let dup = payload().to_string().replacen('{', "{\"role\":\"viewer\",", 1);
    vec![
        ("nothing", String::new()),
        ("two dots alone", "..".into()),
        ("two parts", signed_part.into()),
        ("four parts", format!("{good}.{signature}")),
        ("no signature", format!("{signed_part}.")),
        ("alg none, no signature", {
            let unsigned = signed(&with(h(), "alg", json!("none")), &payload());
            format!("{}.", unsigned.rsplit_once('.').unwrap().0)
        }),
        ("alg none, good signature", signed(&with(h(), "alg", json!("none")), &payload())),
        ("alg NONE", signed(&with(h(), "alg", json!("NONE")), &payload())),
        ("alg null", signed(&with(h(), "alg", Value::Null), &payload())),
        ("alg missing", signed(&without(h(), "alg"), &payload())),
        ("HS256 with the public key", hs256(&with(h(), "alg", json!("HS256")), &payload(), &public)),
        (
            "HS256 with the public key as text",
            hs256(&with(h(), "alg", json!("HS256")), &payload(), URL_SAFE_NO_PAD.encode(public).as_bytes()),
        ),
        ("HS256 with no key", hs256(&with(h(), "alg", json!("HS256")), &payload(), b"")),
        ("HS256 under alg EdDSA", hs256(&h(), &payload(), &public)),
        ("RS256", signed(&with(h(), "alg", json!("RS256")), &payload())),
        ("ES256", signed(&with(h(), "alg", json!("ES256")), &payload())),
        ("another's key under our key id", signed_parts(&h().to_string(), &payload().to_string(), [66; 32])),
        (
            "its own jwk",
            signed_parts(&with(h(), "jwk", own_jwk.clone()).to_string(), &payload().to_string(), [66; 32]),
        ),
        ("a jwk beside a good signature", signed(&with(h(), "jwk", own_jwk), &payload())),
        ("a jku", signed(&with(h(), "jku", json!("https://evil.example/keys")), &payload())),
        ("an x5c", signed(&with(h(), "x5c", json!(["MIIB"])), &payload())),
        ("an x5u", signed(&with(h(), "x5u", json!("https://evil.example/cert")), &payload())),
        ("a crit", signed(&with(h(), "crit", json!(["exp"])), &payload())),
        ("b64 false", signed(&with(h(), "b64", json!(false)), &payload())),
        ("kid missing", signed(&without(h(), "kid"), &payload())),
        ("kid unknown", signed(&with(h(), "kid", json!("2025-01")), &payload())),
        ("kid a path", signed(&with(h(), "kid", json!("../../dev/null")), &payload())),
        ("kid empty", signed(&with(h(), "kid", json!("")), &payload())),
        ("kid an array", signed(&with(h(), "kid", json!([KID])), &payload())),
        ("typ missing", signed(&without(h(), "typ"), &payload())),
        ("typ JWT", signed(&header("JWT"), &payload())),
        ("typ of a session", signed(&header("session+jwt"), &payload())),
        ("claims of a viewer as staff", signed(&header("staff+jwt"), &payload())),
        ("claims of a viewer as service", signed(&header("service+jwt"), &payload())),
        ("iss missing", signed(&h(), &without(payload(), "iss"))),
        ("iss another", signed(&h(), &with(payload(), "iss", json!("https://evil.example")))),
        ("aud missing", signed(&h(), &without(payload(), "aud"))),
        ("aud another", signed(&h(), &with(payload(), "aud", json!("elsewhere")))),
        ("aud a list with ours", signed(&h(), &with(payload(), "aud", json!(["showfloor", "elsewhere"])))),
        ("shop missing", signed(&h(), &without(payload(), "shop"))),
        ("shop another", signed(&h(), &with(payload(), "shop", json!(ShopId::generate(NOW, [8; 10]))))),
        ("shop no id", signed(&h(), &with(payload(), "shop", json!("*")))),
        ("show missing", signed(&h(), &without(payload(), "show"))),
        ("show another", signed(&h(), &other_show)),
        ("sub missing", signed(&h(), &without(payload(), "sub"))),
        ("sub of another kind", signed(&h(), &with(payload(), "sub", json!(shop())))),
        ("role owner in a viewer's token", signed(&h(), &with(payload(), "role", json!("owner")))),
        ("role twice", signed_parts(&h().to_string(), &dup, SECRET)),
        ("exp missing", signed(&h(), &without(payload(), "exp"))),
        ("exp a string", signed(&h(), &with(payload(), "exp", json!((seconds + 900).to_string())))),
        ("exp null", signed(&h(), &with(payload(), "exp", Value::Null))),
        ("exp infinite", signed(&h(), &with(payload(), "exp", json!(1e300)))),
        ("exp too far", signed(&h(), &with(payload(), "exp", json!(seconds + 901)))),
        ("exp before iat", signed(&h(), &with(payload(), "exp", json!(seconds - 1)))),
        (
            "from the future",
            signed(&h(), &with(with(payload(), "iat", json!(seconds + 31)), "exp", json!(seconds + 900))),
        ),
        ("renewable for too long", signed(&h(), &with(payload(), "ren", json!(seconds + 43_201)))),
        ("a flipped bit in R", flipped(0)),
        ("a flipped bit in S", flipped(40)),
        ("S not reduced", {
            // S + L verifies where S < L is not checked (RFC 8032 §5.1.7): one token would have two texts.
            const L: [u8; 32] = [
                0xED, 0xD3, 0xF5, 0x5C, 0x1A, 0x63, 0x12, 0x58, 0xD6, 0x9C, 0xF7, 0xA2, 0xDE, 0xF9, 0xDE,
                0x14, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
            ];
            let mut bytes = URL_SAFE_NO_PAD.decode(signature).unwrap();
            let mut carry = 0_u16;
            for (byte, add) in bytes[32..].iter_mut().zip(L) {
                let sum = u16::from(*byte) + u16::from(add) + carry;
                *byte = (sum & 0xFF) as u8;
                carry = sum >> 8;
            }
            format!("{signed_part}.{}", URL_SAFE_NO_PAD.encode(bytes))
        }),
        ("payload changed after signing", {
            let other = URL_SAFE_NO_PAD.encode(with(payload(), "name", json!("Host")).to_string());
            format!("{good_header}.{other}.{signature}")
        }),
        ("header changed after signing", {
            let other = URL_SAFE_NO_PAD.encode(format!(" {}", h()));
            format!("{other}.{good_payload}.{signature}")
        }),
        ("padded base64", format!("{padded}.{signature}")),
        ("standard base64 signature", {
            let bytes = URL_SAFE_NO_PAD.decode(signature).unwrap();
            format!("{signed_part}.{}", STANDARD.encode(bytes))
        }),
        ("white space around it", format!(" {good} ")),
        ("JSON serialisation", {
            json!({"payload": good_payload, "protected": good_header, "signature": signature}).to_string()
        }),
        ("header no object", signed_parts("[]", &payload().to_string(), SECRET)),
        ("payload no object", signed_parts(&h().to_string(), "[]", SECRET)),
        ("payload nested deep", signed_parts(&h().to_string(), &"[".repeat(600), SECRET)),
        ("one byte too long", {
            let room = TOKEN_BYTES_MAX + 1;
            (0..2_000)
                .map(|n| signed(&h(), &with(payload(), "name", json!("x".repeat(n)))))
                .find(|token| token.len() >= room)
                .unwrap()
        }),
    ]
}

#[test]
fn forged_tokens_are_refused_by_every_verifier() {
    let verifier = verifier();
    let forgeries = forgeries();
    assert!(forgeries.len() >= 40);
    for (what, token) in &forgeries {
        let scope = Scope::ShopShow(shop(), show());
        assert!(verifier.verify_viewer(token, NOW, scope).is_err(), "viewer: {what}");
        assert!(verifier.verify_renewal(token, NOW, scope).is_err(), "renewal: {what}");
        assert!(verifier.verify_staff(token, NOW, scope).is_err(), "staff: {what}");
        assert!(verifier.verify_participant(token, NOW, scope).is_err(), "participant: {what}");
        for audience in [Service::Origin, Service::Edge, Service::Functions] {
            assert!(verifier.verify_service(token, NOW, audience).is_err(), "service: {what}");
        }
    }
}

#[test]
fn one_kind_never_passes_for_another() {
    let verifier = verifier();
    let scope = Scope::FromToken;
    let (viewer, staff) = (signer().sign_viewer(&viewer()), signer().sign_staff(&staff()));
    let service = signer().sign_service(&service(Service::Edge));
    assert_eq!(verifier.verify_staff(&viewer, NOW, scope), Err(TokenError::WrongKind));
    assert_eq!(verifier.verify_viewer(&staff, NOW, scope), Err(TokenError::WrongKind));
    assert_eq!(verifier.verify_participant(&service, NOW, scope), Err(TokenError::WrongKind));
    assert_eq!(verifier.verify_service(&viewer, NOW, Service::Edge), Err(TokenError::WrongKind));
    assert_eq!(verifier.verify_service(&service, NOW, Service::Origin), Err(TokenError::WrongAudience));
    assert_eq!(verifier.verify_participant(&viewer, NOW, scope).unwrap().role, Role::Viewer);
    assert_eq!(verifier.verify_participant(&staff, NOW, scope).unwrap().role, Role::Moderator);
}

#[test]
fn claims_read_back_as_signed() {
    let verifier = verifier();
    let scope = Scope::ShopShow(shop(), show());
    assert_eq!(verifier.verify_viewer(&signer().sign_viewer(&viewer()), NOW, scope), Ok(viewer()));
    assert_eq!(verifier.verify_staff(&signer().sign_staff(&staff()), NOW, scope), Ok(staff()));
    let claims = service(Service::Functions);
    assert_eq!(verifier.verify_service(&signer().sign_service(&claims), NOW, Service::Functions), Ok(claims));
}

#[test]
fn a_token_ends_at_its_very_second_and_can_be_renewed_for_twelve_hours() {
    let verifier = verifier();
    let token = signer().sign_viewer(&viewer());
    let scope = Scope::Show(show());
    let end = viewer().expires_at;
    assert!(verifier.verify_viewer(&token, end.plus_ms(-1), scope).is_ok());
    assert_eq!(verifier.verify_viewer(&token, end, scope), Err(TokenError::Expired));
    assert_eq!(verifier.verify_renewal(&token, end, scope).unwrap().viewer, viewer().viewer);
    let last = viewer().renew_until;
    assert!(verifier.verify_renewal(&token, last.plus_ms(-1), scope).is_ok());
    assert_eq!(verifier.verify_renewal(&token, last, scope), Err(TokenError::Expired));
}

#[test]
fn a_token_for_another_show_looks_like_a_show_that_is_not_there() {
    let token = signer().sign_viewer(&viewer());
    let elsewhere = Scope::Show(ShowId::generate(NOW, [77; 10]));
    let refused = verifier().verify_participant(&token, NOW, elsewhere).unwrap_err();
    assert_eq!((refused, refused.status()), (TokenError::OutOfScope, 404));
}

#[test]
fn two_keys_are_good_while_keys_rotate_and_a_retired_one_is_not() {
    let next = Signer::new(ISSUER, "2027-02", [43; 32]);
    let both = verifier().with_key("2027-02", next.public_key()).unwrap();
    for signer in [signer(), Signer::new(ISSUER, "2027-02", [43; 32])] {
        assert!(both.verify_viewer(&signer.sign_viewer(&viewer()), NOW, Scope::FromToken).is_ok());
    }
    let later = Verifier::new(ISSUER).with_key("2027-02", next.public_key()).unwrap();
    let old = later.verify_viewer(&signer().sign_viewer(&viewer()), NOW, Scope::FromToken);
    assert_eq!(old, Err(TokenError::UnknownKey));
}

#[test]
fn a_weak_public_key_is_not_trusted() {
    let mut identity = [0; 32];
    identity[0] = 1;
    assert!(Verifier::new(ISSUER).with_key("weak", identity).is_err());
}

#[test]
fn a_token_of_the_longest_length_is_read() {
    let longest = (0..2_000)
        .map(|n| signed(&header("viewer+jwt"), &with(payload(), "name", json!("x".repeat(n)))))
        .take_while(|token| token.len() <= TOKEN_BYTES_MAX)
        .last()
        .unwrap();
    assert!(longest.len() >= TOKEN_BYTES_MAX - 1, "{}", longest.len());
    assert!(verifier().verify_viewer(&longest, NOW, Scope::FromToken).is_ok());
}

#[test]
fn a_signer_does_not_show_its_key() {
    let shown = format!("{:?}", signer());
    assert!(shown.contains(KID) && !shown.contains("42, 42"), "{shown}");
}

#[test]
fn a_socket_brings_its_token_as_a_subprotocol() {
    assert_eq!(token::from_subprotocols("showfloor.v1, token.a.b.c"), Some("a.b.c"));
    assert_eq!(token::from_subprotocols("token.a.b.c,showfloor.v1"), Some("a.b.c"));
    for refused in
        ["", "showfloor.v1", "token.a.b.c", "showfloor.v2, token.a", "showfloor.v1, token.a, token.b"]
    {
        assert_eq!(token::from_subprotocols(refused), None, "{refused}");
    }
    assert_eq!(token::from_authorization("Bearer a.b.c"), Some("a.b.c"));
    assert_eq!(token::from_authorization("bearer  a.b.c"), Some("a.b.c"));
    for refused in ["", "Bearer", "Bearer ", "Basic a.b.c", "a.b.c"] {
        assert_eq!(token::from_authorization(refused), None, "{refused}");
    }
}
