//! What every backend has to do alike. A new one is one call of [`conforms`].

use std::sync::Arc;

use aop_engine::{Effect, Finding, Phase, Severity, Timestamp};

use super::{
    DeadLetter, EventName, EventRow, FindingPlace, FindingRow, HeldName, RunPage, RunUpdate, SharedUpdate, Snapshot,
    SqliteStore, Store, StoreBatch, StoreError, StoredKey, StoredName,
};
use crate::digest::Digest;
use crate::principal::Principal;
use crate::run::{Run, RunStatus, Summary};

#[test]
fn sqlite_conforms() {
    conforms(|| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("store.sqlite");
        // the folder lives as long as the closure that opens what is in it
        Box::new(move || {
            let _ = &folder;
            Arc::new(SqliteStore::open(&path).unwrap())
        })
    });
}

#[test]
fn a_store_of_a_later_version_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.sqlite");
    drop(SqliteStore::open(&path).unwrap());
    rusqlite::Connection::open(&path).unwrap().pragma_update(None, "user_version", 99).unwrap();
    assert!(matches!(SqliteStore::open(&path).err(), Some(StoreError::TooNew { found: 99, .. })));
}

type Open = Box<dyn Fn() -> Arc<dyn Store>>;

/// Puts a backend to the test; each call of `make` gives a way to open, and open again, one empty store.
fn conforms(make: impl Fn() -> Open) {
    an_empty_store_is_empty(&*make()());
    a_batch_is_read_back(&make());
    a_batch_is_stored_whole_or_not_at_all(&*make()());
    organisations_do_not_see_one_another(&*make()());
    events_come_in_order_and_in_pages(&*make()());
    a_finding_found_again_is_the_same_one(&*make()());
    findings_come_in_order_and_in_pages(&*make()());
    runs_are_listed_and_looked_through(&*make()());
    keys_are_kept(&make());
    dead_letters_are_counted(&*make()());
    a_dead_letter_holds_its_name(&*make()());
    a_state_is_put_kept_and_deleted(&*make()());
    a_replay_goes_by_arrival(&*make()());
    what_runs_share_is_kept_by_organisation(&make());
}

fn what_runs_share_is_kept_by_organisation(open: &Open) {
    let update = |organisation: &str, part: &str, state: &str| SharedUpdate {
        organisation: organisation.parse().unwrap(),
        part: part.to_owned(),
        state: state.to_owned(),
    };
    let store = open();
    assert_eq!(store.shared_parts(&principal("acme")).unwrap(), []);
    let shared = vec![update("acme", "organisation", "1"), update("acme", "agent 7", "2"), update("globex", "agent 7", "3")];
    store.apply(&StoreBatch { shared, ..StoreBatch::empty(1) }).unwrap();
    store.apply(&StoreBatch { shared: vec![update("acme", "organisation", "4")], ..StoreBatch::empty(2) }).unwrap();
    drop(store);
    let store = open();
    let parts = |organisation: &str| store.shared_parts(&principal(organisation)).unwrap();
    let pair = |part: &str, state: &str| (part.to_owned(), state.to_owned());
    assert_eq!(parts("acme"), [pair("agent 7", "2"), pair("organisation", "4")]);
    assert_eq!(parts("globex"), [pair("agent 7", "3")]);
    assert_eq!(parts("nobody"), []);
}

fn principal(organisation: &str) -> Principal {
    Principal::system(&organisation.parse().unwrap())
}

fn run(organisation: &str, run_id: &str) -> RunUpdate {
    RunUpdate {
        organisation: organisation.parse().unwrap(),
        run: Run {
            run_id: run_id.to_owned(),
            agent_id: Some(7),
            bound_agent_id: Some(7),
            seed: None,
            scenario: Some("s".to_owned()),
            status: RunStatus::Running,
            created_at: Timestamp::from_micros(1),
            active_at: Timestamp::from_micros(2),
            finalized_at: None,
            next_seq: Some(1),
            summary: Summary::default(),
        },
        snapshot: Snapshot::Put(b"{}".to_vec()),
    }
}

fn event(run: usize, lsn: u64, seq: u64, idempotency_key: Option<&str>) -> EventRow<'_> {
    EventRow {
        run,
        lsn,
        seq,
        idempotency_key,
        digest: Digest::of(&lsn.to_le_bytes()),
        effect: Effect::Deny,
        is_redacted: true,
        received_at: Timestamp::from_micros(3),
        body: "{ \"a\" : 1e400, \"b\":\"\\u0000\" }",
    }
}

fn finding(seq: u64, phase: Phase, ordinal: u32, message: &str) -> FindingRow {
    let finding = Finding::new("test/rule", "test", Severity::Error, phase, Effect::Flag, message);
    FindingRow {
        run: 0,
        identity: Digest::of_parts(&[&seq.to_le_bytes(), &ordinal.to_le_bytes()]),
        place: FindingPlace { seq, phase, ordinal },
        json: format!("\"{message}\""),
        finding,
    }
}

fn an_empty_store_is_empty(store: &dyn Store) {
    let acme = principal("acme");
    assert_eq!(store.cursor().unwrap(), 0);
    assert_eq!(store.run(&acme, "r1").unwrap(), None);
    assert_eq!(store.event_names(&acme, "r1", 10).unwrap(), Some(Vec::new()));
    assert_eq!(store.answer(&acme, "r1", &EventName::Seq(1)).unwrap(), None);
    assert!(store.events(&acme, "r1", 0, 1000).unwrap().is_empty());
    assert!(store.findings(&acme, "r1", None, 10).unwrap().is_empty());
    assert!(store.keys().unwrap().is_empty());
}

fn a_batch_is_read_back(open: &Open) {
    let acme = principal("acme");
    let batch = StoreBatch {
        runs: vec![run("acme", "r1")],
        events: vec![event(0, 5, 0, None), event(0, 6, 1, Some("k1"))],
        findings: vec![finding(1, Phase::Ingestion, 0, "first"), finding(1, Phase::Ingestion, 1, "second")],
        ..StoreBatch::empty(6)
    };
    let store = open();
    store.apply(&batch).unwrap();
    store.sync().unwrap();
    drop(store);
    let store = open();
    assert_eq!(store.cursor().unwrap(), 6);
    let stored = store.run(&acme, "r1").unwrap().unwrap();
    assert_eq!((&stored.run, stored.snapshot.as_deref()), (&batch.runs[0].run, Some(&b"{}"[..])));
    let names = [(None, 0), (Some("k1".to_owned()), 1)].map(|(idempotency_key, seq)| StoredName { idempotency_key, seq });
    assert_eq!(store.event_names(&acme, "r1", 2).unwrap(), Some(names.to_vec()));
    assert_eq!(store.event_names(&acme, "r1", 1).unwrap(), None);
    let answer = store.answer(&acme, "r1", &EventName::Key("k1")).unwrap().unwrap();
    assert_eq!((answer.lsn, answer.seq, answer.effect), (6, 1, Effect::Deny));
    assert_eq!((answer.digest, answer.findings.as_str()), (batch.events[1].digest, "[\"first\",\"second\"]"));
    assert_eq!(store.answer(&acme, "r1", &EventName::Seq(0)).unwrap().map(|answer| answer.findings), Some(String::new()));
    // an event with a key is known by its key alone
    assert_eq!(store.answer(&acme, "r1", &EventName::Seq(1)).unwrap(), None);
    assert!(store.has_seq(&acme, "r1", 1).unwrap() && !store.has_seq(&acme, "r1", 2).unwrap());
    let events = store.events(&acme, "r1", 0, 1000).unwrap();
    assert_eq!((events[0].body.as_str(), events[0].is_redacted), (batch.events[0].body, true));
}

fn a_batch_is_stored_whole_or_not_at_all(store: &dyn Store) {
    let acme = principal("acme");
    let first =
        StoreBatch { runs: vec![run("acme", "r1")], events: vec![event(0, 1, 1, Some("k"))], ..StoreBatch::empty(1) };
    store.apply(&first).unwrap();
    let twins = [vec![event(0, 2, 2, None), event(0, 3, 1, None)], vec![event(0, 2, 2, None), event(0, 3, 3, Some("k"))]];
    for events in twins {
        let mut changed = run("acme", "r1");
        changed.run.status = RunStatus::Failed;
        let batch = StoreBatch { runs: vec![changed], events, ..StoreBatch::empty(3) };
        assert!(matches!(store.apply(&batch), Err(StoreError::Rejected(_))));
        assert_eq!(store.cursor().unwrap(), 1);
        assert_eq!(store.run(&acme, "r1").unwrap().unwrap().run.status, RunStatus::Running);
        assert_eq!(store.events(&acme, "r1", 0, 1000).unwrap().len(), 1);
    }
}

fn organisations_do_not_see_one_another(store: &dyn Store) {
    let batch = StoreBatch {
        runs: vec![run("acme", "r1"), run("other", "r1")],
        events: vec![event(0, 1, 1, Some("k")), event(1, 2, 1, Some("k")), event(1, 3, 2, None)],
        findings: vec![finding(1, Phase::Ingestion, 0, "of acme")],
        ..StoreBatch::empty(3)
    };
    store.apply(&batch).unwrap();
    for (organisation, events, findings) in [("acme", 1, 1), ("other", 2, 0), ("third", 0, 0)] {
        let caller = principal(organisation);
        assert_eq!(store.run(&caller, "r1").unwrap().is_some(), events > 0);
        assert_eq!(store.runs(&caller, &RunPage { limit: 10, ..RunPage::default() }).unwrap().len(), events.min(1));
        assert_eq!(store.events(&caller, "r1", 0, 10_000).unwrap().len(), events);
        assert_eq!(store.event_names(&caller, "r1", 10).unwrap().map(|names| names.len()), Some(events));
        assert_eq!(store.findings(&caller, "r1", None, 10).unwrap().len(), findings);
        assert_eq!(store.answer(&caller, "r1", &EventName::Key("k")).unwrap().is_some(), events > 0);
        assert_eq!(store.has_seq(&caller, "r1", 2).unwrap(), events == 2);
    }
}

fn events_come_in_order_and_in_pages(store: &dyn Store) {
    let acme = principal("acme");
    let events = [3, 1, 2, 9].into_iter().zip(1..).map(|(seq, lsn)| event(0, lsn, seq, None)).collect();
    store.apply(&StoreBatch { runs: vec![run("acme", "r1")], events, ..StoreBatch::empty(4) }).unwrap();
    let seqs = |from, bytes| -> Vec<u64> {
        store.events(&acme, "r1", from, bytes).unwrap().into_iter().map(|event| event.seq).collect()
    };
    assert_eq!(seqs(0, 10_000), [1, 2, 3, 9]);
    assert_eq!(seqs(0, 1), [1]);
    assert_eq!(seqs(2, 30), [2, 3]);
    assert!(seqs(10, 10_000).is_empty());
}

fn a_finding_found_again_is_the_same_one(store: &dyn Store) {
    let acme = principal("acme");
    for message in ["before", "after"] {
        let findings = vec![finding(1, Phase::PostRun, 0, message)];
        store.apply(&StoreBatch { runs: vec![run("acme", "r1")], findings, ..StoreBatch::empty(1) }).unwrap();
    }
    let found = store.findings(&acme, "r1", None, 10).unwrap();
    assert_eq!(found.iter().map(|finding| finding.json.as_str()).collect::<Vec<_>>(), ["\"after\""]);
}

fn findings_come_in_order_and_in_pages(store: &dyn Store) {
    let acme = principal("acme");
    let findings = vec![
        finding(u64::MAX, Phase::PostRun, 0, "of the run"),
        finding(2, Phase::PostRun, 1, "c"),
        finding(1, Phase::Ingestion, 0, "a"),
        finding(2, Phase::Ingestion, 0, "b"),
    ];
    store.apply(&StoreBatch { runs: vec![run("acme", "r1")], findings, ..StoreBatch::empty(1) }).unwrap();
    let mut found = Vec::new();
    let mut after = None;
    while let Some(next) = store.findings(&acme, "r1", after, 1).unwrap().pop() {
        after = Some(next.place);
        found.push(next.json);
    }
    assert_eq!(found, ["\"a\"", "\"b\"", "\"c\"", "\"of the run\""]);
}

fn runs_are_listed_and_looked_through(store: &dyn Store) {
    let acme = principal("acme");
    let mut runs: Vec<RunUpdate> = (0..4).map(|number| run("acme", &format!("r{number}"))).collect();
    runs[0].run.finalized_at = Some(Timestamp::from_micros(9));
    runs[0].run.status = RunStatus::Completed;
    runs[1].run.active_at = Timestamp::from_micros(100);
    runs[2].run.agent_id = None;
    runs[3].run.agent_id = Some(8);
    store.apply(&StoreBatch { runs, ..StoreBatch::empty(1) }).unwrap();
    let list = |caller: &Principal, page: RunPage| -> Vec<String> {
        let page = RunPage { limit: page.limit.max(2), ..page };
        store.runs(caller, &page).unwrap().into_iter().map(|(_, run)| run.run_id).collect()
    };
    assert_eq!(list(&acme, RunPage::default()), ["r3", "r2"]);
    let (last, _) = store.runs(&acme, &RunPage { limit: 2, ..RunPage::default() }).unwrap().pop().unwrap();
    assert_eq!(list(&acme, RunPage { before: Some(last), ..RunPage::default() }), ["r1", "r0"]);
    assert_eq!(list(&acme, RunPage { status: Some(RunStatus::Completed), ..RunPage::default() }), ["r0"]);
    assert_eq!(list(&acme, RunPage { agent_id: Some(8), ..RunPage::default() }), ["r3"]);
    let agent = Principal { agent_id: Some(8), ..acme };
    assert_eq!(list(&agent, RunPage::default()), ["r3", "r2"]);
    let idle = store.idle_runs(Timestamp::from_micros(50), 10).unwrap();
    let mut idle: Vec<String> = idle.into_iter().map(|(_, run_id)| run_id).collect();
    idle.sort();
    assert_eq!(idle, ["r2", "r3"]);
}

fn keys_are_kept(open: &Open) {
    let key =
        StoredKey { principal: Principal { key_id: "k1".into(), agent_id: Some(3), ..principal("acme") }, digest: [7; 32] };
    open().add_key(&key, Timestamp::from_micros(1)).unwrap();
    assert_eq!(open().keys().unwrap(), std::slice::from_ref(&key));
    assert!(matches!(open().add_key(&key, Timestamp::from_micros(1)), Err(StoreError::Rejected(_))));
}

fn dead_letters_are_counted(store: &dyn Store) {
    assert_eq!(store.dead_letters().unwrap(), 0);
    let letter = DeadLetter { lsn: 4, record: b"\xff", error: "why".to_owned(), held: None };
    store.apply(&StoreBatch { dead_letters: vec![letter], ..StoreBatch::empty(4) }).unwrap();
    assert_eq!((store.dead_letters().unwrap(), store.cursor().unwrap()), (1, 4));
}

fn a_dead_letter_holds_its_name(store: &dyn Store) {
    let acme = principal("acme");
    let letter = |lsn, seq, idempotency_key| DeadLetter {
        lsn,
        record: b"\xff",
        error: "why".to_owned(),
        held: Some(HeldName {
            organisation: "acme",
            run_id: "r1",
            seq,
            idempotency_key,
            digest: Digest::of(b"x"),
            effect: Effect::Flag,
            findings: "[1]",
        }),
    };
    let dead_letters = vec![letter(1, 4, Some("k")), letter(2, 5, None)];
    store.apply(&StoreBatch { runs: vec![run("acme", "r1")], dead_letters, ..StoreBatch::empty(2) }).unwrap();
    for (name, seq, lsn) in [(EventName::Key("k"), 4, 1), (EventName::Seq(5), 5, 2)] {
        let answer = store.answer(&acme, "r1", &name).unwrap().unwrap();
        assert_eq!((answer.seq, answer.lsn, answer.effect), (seq, lsn, Effect::Flag));
        assert_eq!((answer.digest, answer.findings.as_str()), (Digest::of(b"x"), "[1]"));
        assert!(store.has_seq(&acme, "r1", seq).unwrap());
        assert_eq!(store.answer(&principal("other"), "r1", &name).unwrap(), None);
        assert!(!store.has_seq(&principal("other"), "r1", seq).unwrap());
    }
    assert_eq!(store.answer(&acme, "r1", &EventName::Seq(4)).unwrap(), None);
    assert_eq!(store.event_names(&acme, "r1", 2).unwrap().map(|names| names.len()), Some(2));
    assert!(store.events(&acme, "r1", 0, 1000).unwrap().is_empty());
}

fn a_state_is_put_kept_and_deleted(store: &dyn Store) {
    let acme = principal("acme");
    let steps = [(Snapshot::Put(vec![1]), Some(vec![1])), (Snapshot::Keep, Some(vec![1])), (Snapshot::Delete, None)];
    for (snapshot, expected) in steps {
        let runs = vec![RunUpdate { snapshot, ..run("acme", "r1") }];
        store.apply(&StoreBatch { runs, ..StoreBatch::empty(1) }).unwrap();
        assert_eq!(store.run(&acme, "r1").unwrap().unwrap().snapshot, expected);
    }
}

fn a_replay_goes_by_arrival(store: &dyn Store) {
    let events = [3, 1, 2, 9].into_iter().zip(1..).map(|(seq, lsn)| event(0, lsn, seq, None)).collect();
    let runs = vec![run("acme", "r1"), run("acme", "r2")];
    store.apply(&StoreBatch { runs, events, ..StoreBatch::empty(4) }).unwrap();
    for (run_id, expected) in [("r1", &[3, 1, 2, 9][..]), ("r2", &[])] {
        let mut seqs = Vec::new();
        let mut visit = |seq, effect, body: &str| {
            assert_eq!((effect, body), (Effect::Deny, event(0, 1, 1, None).body));
            seqs.push(seq);
        };
        store.replay(&principal("acme"), run_id, &mut visit).unwrap();
        assert_eq!(seqs, expected);
    }
}
