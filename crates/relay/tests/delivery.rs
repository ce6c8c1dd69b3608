//! What reaches a sink, in which order, and what happens when it does not.
#![allow(clippy::unwrap_used, reason = "in a test, what cannot be unwrapped is a failure")]

use std::collections::{BTreeMap, HashSet};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use showfloor_domain::event::{CloudEvent, Event, ShowChanged, SpecVersion};
use showfloor_domain::{EventId, ShopId, ShowId, UtcMs};
use showfloor_relay::{ATTEMPTS_MAX, Mode, Relay, Sink, Verdict};
use showfloor_storage::{Outbox, OutboxEntry, StoreError};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// An outbox in memory.
#[derive(Default)]
struct Memory {
    entries: Mutex<Vec<OutboxEntry>>,
    positions: Mutex<BTreeMap<String, u64>>,
    dead: Mutex<Vec<(String, EventId)>>,
}

#[async_trait]
impl Outbox for Memory {
    async fn position(&self, sink: &str) -> Result<u64, StoreError> {
        Ok(self.positions.lock().unwrap().get(sink).copied().unwrap_or(0))
    }

    async fn after(&self, sequence: u64, limit: u32) -> Result<Vec<OutboxEntry>, StoreError> {
        let entries = self.entries.lock().unwrap();
        Ok(entries.iter().filter(|entry| entry.sequence > sequence).take(limit as usize).cloned().collect())
    }

    async fn advance(&self, sink: &str, sequence: u64) -> Result<(), StoreError> {
        self.positions.lock().unwrap().insert(sink.into(), sequence);
        Ok(())
    }

    async fn dead_letter(&self, sink: &str, event: &CloudEvent, _: &str, _: UtcMs) -> Result<(), StoreError> {
        self.dead.lock().unwrap().push((sink.into(), event.id));
        Ok(())
    }

    async fn dead_letters(&self, sink: &str) -> Result<Vec<EventId>, StoreError> {
        let dead = self.dead.lock().unwrap();
        Ok(dead.iter().filter(|(name, _)| name == sink).map(|(_, id)| *id).collect())
    }

    async fn prune(&self, _: &[String]) -> Result<(), StoreError> {
        Ok(())
    }
}

type Rule = Box<dyn Fn(&[CloudEvent], usize) -> Verdict + Send + Sync>;

/// A sink that answers by a rule, and tells when it has taken enough.
struct Scripted {
    mode: Mode,
    rule: Rule,
    taken: watch::Sender<Vec<CloudEvent>>,
    calls: Mutex<usize>,
}

impl Scripted {
    fn new(
        mode: Mode,
        rule: impl Fn(&[CloudEvent], usize) -> Verdict + Send + Sync + 'static,
    ) -> (Arc<Self>, watch::Receiver<Vec<CloudEvent>>) {
        let (taken, receiver) = watch::channel(Vec::new());
        (Arc::new(Self { mode, rule: Box::new(rule), taken, calls: Mutex::new(0) }), receiver)
    }
}

#[async_trait]
impl Sink for Scripted {
    fn mode(&self) -> Mode {
        self.mode
    }

    async fn deliver(&self, events: &[CloudEvent]) -> Verdict {
        let call = {
            let mut calls = self.calls.lock().unwrap();
            *calls += 1;
            *calls
        };
        let verdict = (self.rule)(events, call);
        if verdict == Verdict::Taken {
            self.taken.send_modify(|taken| taken.extend_from_slice(events));
        }
        verdict
    }
}

struct Bench {
    outbox: Arc<Memory>,
    grew: watch::Sender<u64>,
    stop: CancellationToken,
}

impl Bench {
    fn new() -> Self {
        Self { outbox: Arc::default(), grew: watch::Sender::new(0), stop: CancellationToken::new() }
    }

    /// Commits events about `subjects`, in this order.
    fn commit(&self, subjects: &[u8]) {
        let mut entries = self.outbox.entries.lock().unwrap();
        for subject in subjects {
            let sequence = entries.len() as u64 + 1;
            entries.push(OutboxEntry { sequence, event: event(sequence, *subject) });
        }
        self.grew.send_replace(entries.len() as u64);
    }

    fn start(&self, sinks: &[(&str, Arc<Scripted>)]) {
        let outbox: Arc<dyn Outbox> = self.outbox.clone();
        let mut relay = Relay::new(outbox, self.grew.subscribe(), Arc::new(|| UtcMs::new(0)));
        for (name, sink) in sinks {
            let sink: Arc<dyn Sink> = sink.clone();
            relay = relay.with_sink(*name, sink);
        }
        tokio::spawn(relay.run(self.stop.clone()));
    }
}

fn event(number: u64, subject: u8) -> CloudEvent {
    let show_id = ShowId::generate(UtcMs::new(1), [subject; 10]);
    CloudEvent {
        specversion: SpecVersion::V1,
        id: EventId::generate(UtcMs::new(i64::try_from(number).unwrap()), [0; 10]),
        source: "/test".into(),
        subject: show_id.to_string(),
        time: UtcMs::new(1).into(),
        shopid: ShopId::generate(UtcMs::new(0), [0; 10]),
        event: Event::ShowChanged(ShowChanged { show_id }),
    }
}

async fn when_taken(receiver: &mut watch::Receiver<Vec<CloudEvent>>, count: usize) -> Vec<CloudEvent> {
    receiver.wait_for(|taken| taken.len() >= count).await.unwrap().clone()
}

#[tokio::test(start_paused = true)]
async fn each_subject_arrives_in_the_order_of_its_commits() {
    for mode in [Mode::Single, Mode::Batched] {
        let bench = Bench::new();
        let (sink, mut taken) = Scripted::new(mode, |_, _| Verdict::Taken);
        bench.start(&[("sink", sink)]);
        let subjects: Vec<u8> = (0..250).map(|n| n % 7).collect();
        bench.commit(&subjects);
        let taken = when_taken(&mut taken, 250).await;
        let mut last: BTreeMap<String, EventId> = BTreeMap::new();
        for event in taken {
            let before = last.insert(event.subject.clone(), event.id);
            assert!(before.is_none_or(|before| before < event.id), "{mode:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_sink_that_is_down_is_waited_for_and_holds_nobody_else() {
    let bench = Bench::new();
    let (down, mut late) = Scripted::new(Mode::Single, |_, call| {
        if call <= 50 { Verdict::Down("refused".into()) } else { Verdict::Taken }
    });
    let (up, mut early) = Scripted::new(Mode::Single, |_, _| Verdict::Taken);
    bench.start(&[("down", down.clone()), ("up", up)]);
    bench.commit(&[1, 1, 1]);
    when_taken(&mut early, 3).await;
    assert!(*down.calls.lock().unwrap() <= 50);
    assert_eq!(when_taken(&mut late, 3).await.len(), 3);
    assert!(bench.outbox.dead.lock().unwrap().is_empty());
}

#[tokio::test(start_paused = true)]
async fn what_a_sink_refuses_becomes_a_dead_letter_and_the_rest_goes_on() {
    for mode in [Mode::Single, Mode::Batched] {
        let bench = Bench::new();
        let poison = event(2, 1).id;
        let (sink, mut taken) = Scripted::new(mode, move |events, _| {
            if events.iter().any(|event| event.id == poison) {
                Verdict::Refused("422".into())
            } else {
                Verdict::Taken
            }
        });
        bench.start(&[("sink", sink)]);
        bench.commit(&[1, 1, 1, 2]);
        let ids: HashSet<EventId> = when_taken(&mut taken, 3).await.iter().map(|event| event.id).collect();
        assert!(!ids.contains(&poison));
        assert_eq!(bench.outbox.dead_letters("sink").await.unwrap(), [poison]);
    }
}

#[tokio::test(start_paused = true)]
async fn an_event_that_makes_its_sink_fail_is_given_up_after_its_attempts() {
    let bench = Bench::new();
    let poison = event(1, 1).id;
    let (sink, mut taken) = Scripted::new(Mode::Single, move |events, _| {
        if events[0].id == poison { Verdict::Failed("500".into()) } else { Verdict::Taken }
    });
    bench.start(&[("sink", sink.clone())]);
    bench.commit(&[1, 1]);
    when_taken(&mut taken, 1).await;
    assert_eq!(*sink.calls.lock().unwrap(), ATTEMPTS_MAX as usize + 1);
    assert_eq!(bench.outbox.dead_letters("sink").await.unwrap(), [poison]);
}

#[tokio::test(start_paused = true)]
async fn a_relay_that_starts_again_goes_on_where_the_last_one_stopped() {
    let bench = Bench::new();
    let (first, mut taken) = Scripted::new(Mode::Single, |_, _| Verdict::Taken);
    bench.start(&[("sink", first)]);
    bench.commit(&[1, 2]);
    when_taken(&mut taken, 2).await;
    // The position is remembered after the batch: wait until it is.
    while bench.outbox.position("sink").await.unwrap() < 2 {
        tokio::task::yield_now().await;
    }
    bench.stop.cancel();
    let again =
        Bench { outbox: bench.outbox.clone(), grew: watch::Sender::new(0), stop: CancellationToken::new() };
    let (second, mut taken) = Scripted::new(Mode::Single, |_, _| Verdict::Taken);
    again.start(&[("sink", second)]);
    again.commit(&[3]);
    assert_eq!(when_taken(&mut taken, 1).await.len(), 1);
}
