//! A disk that fails while the log is open.

use std::path::Path;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use aop_host::wal::{AppendError, Batch, Condition, DurabilityError, Wal, WalError};

use crate::support::{Check, Failing, MemoryDisk, Numbers, append_each, read_from, records, small};

#[test]
fn the_first_failed_write_or_sync_poisons() -> Check {
    for failing in [Failing::Writes, Failing::Syncs] {
        let disk = MemoryDisk::default();
        let (wal, _) = Wal::open_on(Arc::new(disk.clone()), small(Path::new("wal")))?;
        append_each(&wal, &records(&[100; 3]))?;
        disk.fail(Some(failing));
        let append = wal.append(Batch::from_iter(["lost"]))?;
        let waiting = wal.wait_durable(9);
        assert!(matches!(append.durable.wait(), Err(DurabilityError::Poisoned(_))));
        assert!(matches!(waiting.wait(), Err(DurabilityError::Poisoned(_))));
        disk.fail(None);
        assert!(matches!(wal.append(Batch::from_iter(["later"])), Err(AppendError::Poisoned(_))));
        assert!(matches!(wal.reserve(1), Err(AppendError::Poisoned(_))));
        assert_eq!(wal.durable_lsn(), 3);
        let Condition::Poisoned(poison) = wal.health().condition else {
            panic!("the health says it: {:?}", wal.health());
        };
        assert!(poison.to_string().contains("wal/0000000000000001.seg"), "{poison}");
        assert_eq!(read_from(&wal, 1)?.len(), 3, "what was acknowledged can still be read and stored");
        assert!(matches!(wal.close(), Err(WalError::Poisoned(_))));
    }
    Ok(())
}

/// After a failed sync the page cache shows bytes that the disk does not hold; what recovery takes for durable must be.
#[test]
fn what_recovery_keeps_after_a_failed_sync_is_written_again() -> Check {
    let disk = MemoryDisk::default();
    let (wal, _) = Wal::open_on(Arc::new(disk.clone()), small(Path::new("wal")))?;
    append_each(&wal, &records(&[100; 3]))?;
    disk.fail(Some(Failing::Syncs));
    assert!(wal.append(Batch::from_iter(["seen, not held"]))?.durable.wait().is_err());
    drop(wal);
    disk.fail(None);
    let (wal, recovery) = Wal::open_on(Arc::new(disk.clone()), small(Path::new("wal")))?;
    assert_eq!(recovery.next_lsn, 5);
    drop(wal);
    let after = disk.after_power_loss(&mut Numbers(1));
    let (wal, recovery) = Wal::open_on(Arc::new(after), small(Path::new("wal")))?;
    assert_eq!(recovery.next_lsn, 5);
    assert_eq!(read_from(&wal, 4)?, [(4, b"seen, not held".to_vec())]);
    Ok(())
}

#[test]
fn a_full_disk_refuses_before_it_is_too_late_and_resumes_alone() -> Check {
    let disk = MemoryDisk::default();
    let (wal, _) = Wal::open_on(Arc::new(disk.clone()), small(Path::new("wal")))?;
    append_each(&wal, &records(&[100; 3]))?;
    disk.fail(Some(Failing::Space));
    let mut accepted = 3;
    let refused = loop {
        match wal.append(Batch::from_iter([[7; 1000]])) {
            Ok(append) => append.durable.wait()?,
            Err(error) => break error,
        }
        accepted += 1;
        // The housekeeping thread learns of the full disk beside us.
        while wal.health().spares < 2 && wal.health().housekeeping_failure.is_none() {
            thread::sleep(Duration::from_millis(1));
        }
    };
    assert!(matches!(refused, AppendError::NoSpace { .. }), "{refused}");
    assert_eq!(wal.durable_lsn(), accepted, "what was taken in is durable");
    disk.fail(None);
    while wal.health().housekeeping_failure.is_some() {
        thread::sleep(Duration::from_millis(1));
    }
    append_each(&wal, &records(&[1000; 20]))?;
    Ok(())
}

#[test]
fn a_log_opens_on_a_full_disk() -> Check {
    let disk = MemoryDisk::default();
    let (wal, _) = Wal::open_on(Arc::new(disk.clone()), small(Path::new("wal")))?;
    append_each(&wal, &records(&[100; 3]))?;
    drop(wal);
    disk.fail(Some(Failing::Space));
    let (wal, _) = Wal::open_on(Arc::new(disk), small(Path::new("wal")))?;
    append_each(&wal, &records(&[100; 3]))?;
    assert_eq!(read_from(&wal, 1)?.len(), 6);
    Ok(())
}

#[test]
fn no_text_stays_on_disk_after_a_checkpoint() -> Check {
    let disk = MemoryDisk::default();
    let (wal, _) = Wal::open_on(Arc::new(disk.clone()), small(Path::new("wal")))?;
    append_each(&wal, &vec![b"a secret".to_vec(); 3])?;
    append_each(&wal, &records(&[3000; 10]))?;
    assert!(disk.holds(b"a secret"));
    wal.checkpoint(13)?;
    while wal.health().retired > 0 || wal.health().spares < 2 {
        thread::sleep(Duration::from_millis(1));
    }
    // One more turn of the thread, which counts a segment as retired no longer when it begins to overwrite it.
    wal.close()?;
    assert!(!disk.holds(b"a secret"), "{:?}", disk.names());
    Ok(())
}
