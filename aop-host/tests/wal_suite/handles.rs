//! The handles on a good day: order, waiting, reading behind the writer, checkpoints, bounds.

use std::sync::Mutex;
use std::thread;
use std::time::Duration;

use aop_host::wal::{AppendError, Batch, Condition, DurabilityError, ReadError, Wal, WalConfig, WalError};

use crate::support::{Check, append_each, read_from, records, reopen, small, written_segments};

#[test]
fn what_is_appended_is_read_back_after_a_reopen() -> Check {
    let folder = tempfile::tempdir()?;
    let texts = records(&[0, 1, 7, 8, 9, 1000, 4000, 3]);
    {
        let (wal, recovery) = Wal::open(small(folder.path()))?;
        assert_eq!((recovery.first_lsn, recovery.next_lsn, recovery.records), (1, 1, 0));
        append_each(&wal, &texts)?;
        wal.close()?;
    }
    let (recovery, read) = reopen(small(folder.path()))?;
    assert!(recovery.clean && recovery.torn.is_none() && recovery.damage.is_empty());
    assert_eq!((recovery.first_lsn, recovery.next_lsn, recovery.records), (1, 9, 8));
    assert_eq!(read, (1..).zip(texts).collect::<Vec<_>>());
    Ok(())
}

#[test]
fn lsns_follow_the_order_of_a_callers_lock() -> Check {
    let folder = tempfile::tempdir()?;
    let (wal, _) = Wal::open(WalConfig { segment_bytes: 64 << 10, ..WalConfig::new(folder.path()) })?;
    let order = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for appender in 0..8 {
            let (wal, order) = (&wal, &order);
            scope.spawn(move || {
                for number in 0..200 {
                    let texts: Vec<String> = (0..=number % 3).map(|part| format!("{appender}/{number}/{part}")).collect();
                    let mut order = order.lock().expect("no holder panics");
                    let append = wal.append(Batch::from_iter(&texts)).expect("the queue is large enough");
                    order.extend((append.first_lsn..).zip(texts));
                    drop(order);
                    append.durable.wait().expect("nothing fails");
                    assert!(wal.durable_lsn() >= append.last_lsn);
                }
            });
        }
    });
    let order = order.into_inner()?;
    assert!(order.iter().map(|(lsn, _)| *lsn).eq(1..=order.len() as u64));
    let read = read_from(&wal, 1)?;
    assert!(
        read.iter().map(|(lsn, text)| (*lsn, text.as_slice())).eq(order.iter().map(|(lsn, text)| (*lsn, text.as_bytes())))
    );
    Ok(())
}

#[test]
fn async_waiters_are_woken_and_a_dropped_one_costs_nothing() -> Check {
    let folder = tempfile::tempdir()?;
    let (wal, _) = Wal::open(WalConfig::new(folder.path()))?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_time().build()?;
    runtime.block_on(async {
        let tasks: Vec<_> = (0..500)
            .map(|number: u32| {
                let wal = wal.clone();
                tokio::spawn(async move {
                    let append = wal.append(Batch::from_iter([number.to_le_bytes()])).expect("the queue is large enough");
                    if number.is_multiple_of(10) {
                        // Polled once, then given up.
                        let _ = tokio::time::timeout(Duration::ZERO, append.durable).await;
                        return;
                    }
                    append.durable.await.expect("nothing fails");
                    assert!(wal.durable_lsn() >= append.last_lsn);
                })
            })
            .collect();
        for task in tasks {
            task.await.expect("no task panics");
        }
    });
    wal.wait_durable(500).wait()?;
    assert_eq!(read_from(&wal, 1)?.len(), 500);
    Ok(())
}

#[test]
fn a_reader_follows_the_writer_over_segments() -> Check {
    let folder = tempfile::tempdir()?;
    let (wal, _) = Wal::open(small(folder.path()))?;
    let texts = records(&[100; 600]);
    thread::scope(|scope| {
        let reading = scope.spawn(|| {
            let mut reader = wal.reader(1).expect("nothing is checkpointed beyond it");
            let mut read = Vec::new();
            while read.len() < texts.len() {
                if !reader.wait(Duration::from_secs(10)).expect("the log is open") {
                    break;
                }
                while let Some((lsn, record)) = reader.next().expect("readable") {
                    assert!(lsn <= wal.durable_lsn());
                    read.push((lsn, record.to_vec()));
                }
                wal.checkpoint(reader.next_lsn() - 1).expect("nothing fails");
            }
            read
        });
        append_each(&wal, &texts).expect("nothing fails");
        let read = reading.join().expect("the reader does not panic");
        assert_eq!(read, (1..).zip(texts.clone()).collect::<Vec<_>>());
    });
    assert!(wal.health().segments <= 2, "drained segments leave: {:?}", wal.health());
    Ok(())
}

#[test]
fn a_checkpoint_retires_scrubs_and_recycles() -> Check {
    let folder = tempfile::tempdir()?;
    let (wal, _) = Wal::open(small(folder.path()))?;
    append_each(&wal, &records(&[1000; 40]))?;
    let before = wal.health();
    assert!(before.segments >= 5, "{before:?}");
    wal.checkpoint(30)?;
    assert_eq!(wal.health().checkpoint_lsn, 30);
    assert!(matches!(wal.reader(1), Err(ReadError::Retired { lsn: 1, .. })));
    assert_eq!(read_from(&wal, 31)?.len(), 10);
    append_each(&wal, &records(&[1000; 40]))?;
    wal.checkpoint(80)?;
    wal.close()?;
    drop(wal);
    let (wal, recovery) = Wal::open(small(folder.path()))?;
    assert_eq!((recovery.checkpoint_lsn, recovery.next_lsn), (80, 81));
    while wal.health().retired > 0 {
        thread::sleep(Duration::from_millis(1));
    }
    wal.close()?;
    assert_eq!(written_segments(folder.path())?.len(), 1, "only the active segment still holds text");
    Ok(())
}

#[test]
fn lsns_go_on_when_everything_was_checkpointed() -> Check {
    let folder = tempfile::tempdir()?;
    for round in 0..5 {
        let (wal, recovery) = Wal::open(small(folder.path()))?;
        assert_eq!(recovery.next_lsn, round * 20 + 1);
        append_each(&wal, &records(&[900; 20]))?;
        wal.checkpoint(u64::MAX)?;
        assert_eq!(wal.health().checkpoint_lsn, (round + 1) * 20);
    }
    Ok(())
}

#[test]
fn a_full_queue_refuses_and_a_reservation_is_kept() -> Check {
    let folder = tempfile::tempdir()?;
    let (wal, _) = Wal::open(WalConfig { queue_bytes_max: 2000, ..small(folder.path()) })?;
    let reservation = wal.reserve(1500)?;
    assert!(matches!(wal.reserve(1000), Err(AppendError::Full { queued_bytes: 1500, .. })));
    assert!(matches!(wal.append(Batch::from_iter([[0; 600]])), Err(AppendError::Full { .. })));
    assert_eq!(wal.health().reserved_bytes, 1500);
    // More than was reserved: the promise is kept.
    reservation.append(Batch::from_iter([[1; 1900]]))?.durable.wait()?;
    let dropped = wal.reserve(2000);
    assert!(dropped.is_ok() || matches!(dropped, Err(AppendError::Full { .. })));
    drop(dropped);
    assert!(matches!(wal.reserve(2001), Err(AppendError::TooLarge { .. })));
    wal.append(Batch::from_iter([[2; 600]]))?.durable.wait()?;
    assert_eq!(read_from(&wal, 1)?.len(), 2, "what was refused left no trace");
    assert_eq!(wal.health().reserved_bytes, 0);
    Ok(())
}

#[test]
fn a_backlog_refuses_until_it_is_checkpointed() -> Check {
    let folder = tempfile::tempdir()?;
    let (wal, _) = Wal::open(WalConfig { retained_bytes_max: 30_000, ..small(folder.path()) })?;
    let refused = (0..100).find_map(|_| match wal.append(Batch::from_iter([[3; 3000]])) {
        Ok(append) => append.durable.wait().map(|()| None).expect("nothing fails"),
        Err(error) => Some(error),
    });
    assert!(matches!(refused, Some(AppendError::Backlog { .. })), "{refused:?}");
    wal.checkpoint(wal.durable_lsn())?;
    wal.append(Batch::from_iter([[4; 3000]]))?.durable.wait()?;
    Ok(())
}

#[test]
fn records_have_a_largest_size_and_batches_are_not_empty() -> Check {
    let folder = tempfile::tempdir()?;
    let (wal, _) = Wal::open(small(folder.path()))?;
    let Err(AppendError::TooLarge { record_bytes_max, .. }) = wal.append(Batch::from_iter([[0; 12 << 10]])) else {
        panic!("a record as large as a segment fits into none");
    };
    wal.append(Batch::from_iter([vec![5; record_bytes_max]]))?.durable.wait()?;
    assert!(matches!(wal.append(Batch::new()), Err(AppendError::Empty)));
    assert_eq!(read_from(&wal, 1)?[0].1.len(), record_bytes_max);
    Ok(())
}

#[test]
fn close_drains_and_then_refuses() -> Check {
    let folder = tempfile::tempdir()?;
    let (wal, _) = Wal::open(small(folder.path()))?;
    let appends: Vec<_> = (0..100).map(|_| wal.append(Batch::from_iter(["text"]))).collect::<Result<_, _>>()?;
    wal.close()?;
    wal.close()?;
    for append in appends {
        append.durable.wait()?;
    }
    assert!(matches!(wal.append(Batch::from_iter(["late"])), Err(AppendError::Closed)));
    assert!(matches!(wal.wait_durable(101).wait(), Err(DurabilityError::Closed)));
    assert!(matches!(wal.health().condition, Condition::Closed));
    let (again, recovery) = Wal::open(small(folder.path()))?;
    assert_eq!((recovery.next_lsn, recovery.clean), (101, true));
    assert!(matches!(again.reader(102), Err(ReadError::Ahead { next_lsn: 101, .. })));
    Ok(())
}

#[test]
fn a_folder_is_open_once() -> Check {
    let folder = tempfile::tempdir()?;
    let (wal, _) = Wal::open(small(folder.path()))?;
    assert!(matches!(Wal::open(small(folder.path())), Err(WalError::Locked { .. })));
    drop(wal);
    Wal::open(small(folder.path()))?;
    let odd = WalConfig { segment_bytes: 10_000, ..small(folder.path()) };
    let message = Wal::open(odd).err().map(|error| error.to_string());
    assert_eq!(message.as_deref(), Some("segment_bytes is 10000, but must be a multiple of 4096 from 8192 to 1073741824"));
    Ok(())
}

#[test]
fn segments_of_another_size_are_read_on() -> Check {
    let folder = tempfile::tempdir()?;
    let texts = records(&[500; 30]);
    for segment_bytes in [12 << 10, 32 << 10, 8 << 10] {
        let (wal, _) = Wal::open(WalConfig { segment_bytes, ..small(folder.path()) })?;
        append_each(&wal, &texts)?;
    }
    let (recovery, read) = reopen(small(folder.path()))?;
    assert_eq!((recovery.records, read.len()), (90, 90));
    Ok(())
}
