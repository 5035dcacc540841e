//! Laws that hold for any records, cut into any batches, over any reopenings.

use aop_host::wal::{Batch, Wal};
use proptest::collection::vec;
use proptest::prelude::{Strategy, any};
use proptest::test_runner::{Config, TestCaseError, TestRunner};

use crate::support::{read_from, small};

/// One thing a user of the log does.
#[derive(Debug, Clone)]
enum Step {
    Append(Vec<Vec<u8>>),
    Reopen,
    Checkpoint(u64),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let record = proptest::prop_oneof![
        8 => vec(any::<u8>(), 0..40),
        2 => vec(any::<u8>(), 500..4000),
    ];
    let step = proptest::prop_oneof![
        8 => vec(record, 1..6).prop_map(Step::Append),
        1 => proptest::strategy::Just(Step::Reopen),
        1 => (0..60u64).prop_map(Step::Checkpoint),
    ];
    vec(step, 1..40)
}

#[test]
fn any_batches_come_back_in_order_over_any_reopenings() {
    let mut runner = TestRunner::new(Config { cases: 48, failure_persistence: None, ..Config::default() });
    let outcome = runner.run(&steps(), |steps| follow(steps).map_err(|fault| TestCaseError::fail(fault.to_string())));
    if let Err(failure) = outcome {
        panic!("{failure}");
    }
}

fn follow(steps: Vec<Step>) -> Result<(), Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir()?;
    let (mut wal, _) = Wal::open(small(folder.path()))?;
    let mut expected: Vec<Vec<u8>> = Vec::new();
    let mut checkpoint = 0;
    for step in steps {
        match step {
            Step::Append(records) => {
                let append = wal.append(Batch::from_iter(&records))?;
                assert_eq!(append.first_lsn, expected.len() as u64 + 1);
                expected.extend(records);
                assert_eq!(append.last_lsn, expected.len() as u64);
                append.durable.wait()?;
            }
            Step::Reopen => {
                drop(wal);
                let (again, recovery) = Wal::open(small(folder.path()))?;
                assert!(recovery.clean && recovery.torn.is_none() && recovery.damage.is_empty());
                assert_eq!(recovery.next_lsn, expected.len() as u64 + 1);
                assert!(recovery.first_lsn <= checkpoint + 1);
                wal = again;
            }
            Step::Checkpoint(lsn) => {
                wal.checkpoint(lsn)?;
                checkpoint = checkpoint.max(lsn.min(expected.len() as u64));
            }
        }
        let read = read_from(&wal, checkpoint + 1)?;
        assert!(read.into_iter().eq((checkpoint + 1..).zip(expected[checkpoint as usize..].iter().cloned())));
    }
    Ok(())
}
