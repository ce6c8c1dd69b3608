//! What is kept, and what is not.

use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use showfloor_sandbox_provider::{CARDS, Config, OpenError, SandboxProvider};

use crate::stack::{API_KEY, Inbox, Stack, WEBHOOK_SECRET, card, config, pass, path};

#[tokio::test(start_paused = true)]
async fn a_restart_forgets_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sandbox.json");
    let inbox = Inbox::new();
    inbox.answer(|_, _| Ok(500));
    let before = Stack::start_with(Arc::clone(&inbox), Some(file.clone()));
    let paid = before.intent("paid").await;
    before.confirm(&paid, card("succeeds")).await;
    let (_, refund) = before.refund(&paid, 900, "r").await;
    let late = before.intent("late").await;
    before.confirm(&late, card("late")).await;
    before.inbox.wait_for(5).await;
    before.stop().await;

    inbox.answer(|_, _| Ok(200));
    let missed = inbox.all().len();
    let after = Stack::start_with(Arc::clone(&inbox), Some(file));
    assert_eq!(after.intent("paid").await["client_secret"], paid["client_secret"]);
    assert_eq!(after.refund(&paid, 900, "r").await.1, refund);
    assert_eq!(after.refund(&paid, 4_001, "r2").await.0, 409);
    pass(Duration::from_secs(120)).await;
    assert_eq!(after.get(&path(&late, "")).await.1["status"], "succeeded");
    let ids = |arrivals: &[crate::stack::Arrival]| {
        arrivals.iter().map(crate::stack::Arrival::event_id).collect::<std::collections::BTreeSet<_>>()
    };
    let all = inbox.all();
    assert!(ids(&all[missed..]).is_superset(&ids(&all[..missed])), "what was not taken came again");
}

#[tokio::test(start_paused = true)]
async fn the_number_of_tries_survives_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sandbox.json");
    let inbox = Inbox::new();
    inbox.answer(|_, _| Ok(500));
    let before = Stack::start_with(Arc::clone(&inbox), Some(file.clone()));
    before.intent("k").await;
    inbox.wait_for(5).await;
    before.stop().await;
    let _after = Stack::start_with(Arc::clone(&inbox), Some(file));
    let arrivals = inbox.wait_for(6).await;
    assert_eq!(arrivals[5].at_ms - arrivals[4].at_ms, 16_000, "the fifth wait, not the first");
}

/// Collects what is logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test(start_paused = true)]
async fn no_card_and_no_secret_is_kept_or_logged() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(move || writer.clone())
        .finish();
    // For all threads: one that logs first without a subscriber would silence the line for everybody.
    tracing::subscriber::set_global_default(subscriber).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sandbox.json");
    let inbox = Inbox::new();
    inbox.answer(|_, _| Ok(500));
    let stack = Stack::start_with(Arc::clone(&inbox), Some(file.clone()));
    let mut secrets = vec![API_KEY.to_owned(), WEBHOOK_SECRET.to_owned()];
    for (name, number) in CARDS {
        let intent = stack.intent(name).await;
        secrets.push(intent["client_secret"].as_str().unwrap().to_owned());
        stack.confirm(&intent, number).await;
        stack.confirm(&intent, &number.replace('0', "1")).await;
        secrets.push((*number).to_owned());
    }
    pass(Duration::from_secs(10)).await;
    let kept = std::fs::read_to_string(&file).unwrap();
    let logged = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(kept.contains("\"last4\":\"4242\"") && logged.contains("not taken"), "both were looked at");
    for secret in secrets {
        assert!(!kept.contains(&secret), "{secret} is kept");
        assert!(!logged.contains(&secret), "{secret} is logged");
    }
    assert!(!kept.contains("cvc") && !kept.contains("exp_"));
}

#[tokio::test(start_paused = true)]
async fn a_damaged_file_is_named_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sandbox.json");
    for damage in [
        "",
        "{\"version\":1,\"intents\":[",
        "{\"version\":2,\"intents\":[],\"refunds\":[],\"deliveries\":[]}",
    ] {
        std::fs::write(&file, damage).unwrap();
        let error = SandboxProvider::open(config(&Inbox::new(), Some(file.clone()))).err().unwrap();
        assert!(matches!(error, OpenError::Damaged { .. }), "{error}");
        assert_eq!(std::fs::read_to_string(&file).unwrap(), damage);
    }
}

#[tokio::test(start_paused = true)]
async fn a_change_that_cannot_be_kept_is_not_confirmed() {
    let folder = tempfile::tempdir().unwrap();
    let gone = folder.path().join("gone");
    std::fs::create_dir(&gone).unwrap();
    let stack = Stack::start_with(Inbox::new(), Some(gone.join("sandbox.json")));
    std::fs::remove_dir(&gone).unwrap();
    assert_eq!(stack.post("/v1/payment_intents", crate::stack::asked("k")).await.0, 500);
    std::fs::create_dir(&gone).unwrap();
    assert_eq!(stack.post("/v1/payment_intents", crate::stack::asked("k2")).await.0, 201);
}

#[test]
fn it_does_not_open_with_secrets_that_can_be_guessed() {
    let long = "0123456789abcdef";
    for (api_key, webhook_secret) in [("", long), (long, ""), (&long[1..], long), (long, &long[1..])] {
        let opened = SandboxProvider::open(Config::new(api_key, webhook_secret));
        assert!(matches!(opened.err().unwrap(), OpenError::WeakSecret(_)));
    }
    assert!(SandboxProvider::open(Config::new(long, long)).is_ok());
}
