//! The power goes at a random operation; of what was not synced, random sectors are on the disk afterwards.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use aop_host::wal::{Batch, Recovery, Wal, WalConfig};

use crate::support::{Check, MemoryDisk, Numbers, read_from, small};

/// More by `AOP_WAL_POWER_SEEDS`.
const SEEDS: u64 = 300;
const LIVES: u64 = 4;

#[test]
fn what_was_acknowledged_survives_the_loss_of_power() -> Check {
    let asked = std::env::var("AOP_WAL_POWER_SEEDS");
    let seeds = asked.ok().and_then(|text| text.parse().ok()).unwrap_or(SEEDS);
    for seed in 0..seeds {
        let mut model = Model { numbers: Numbers(seed), large: seed.is_multiple_of(4), ..Model::default() };
        model.live().map_err(|fault| format!("seed {seed}: {fault}"))?;
    }
    Ok(())
}

/// What the one who appends knows.
#[derive(Default)]
struct Model {
    numbers: Numbers,
    /// What was queued under each LSN, in the life that counts.
    texts: BTreeMap<u64, String>,
    acknowledged: u64,
    checkpointed: u64,
    /// Larger segments and batches, which the writer treats otherwise.
    large: bool,
}

impl Model {
    fn config(&self) -> WalConfig {
        let small = small(Path::new("wal"));
        WalConfig { segment_bytes: small.segment_bytes * if self.large { 10 } else { 1 }, ..small }
    }

    fn live(&mut self) -> Check {
        let mut disk = MemoryDisk::default();
        for life in 0..LIVES {
            disk.power_lasts(20 + self.numbers.below(300));
            // A log whose power goes while it opens is tried again in the next life.
            if let Ok((wal, recovery)) = Wal::open_on(Arc::new(disk.clone()), self.config()) {
                self.compare(&wal, &recovery)?;
                while self.step(&wal, life).is_ok() {}
            }
            disk = disk.after_power_loss(&mut self.numbers);
        }
        let (wal, recovery) = Wal::open_on(Arc::new(disk), self.config())?;
        self.compare(&wal, &recovery)
    }

    /// Everything acknowledged is there, everything there was queued under its LSN, and the log goes on behind it.
    fn compare(&mut self, wal: &Wal, recovery: &Recovery) -> Check {
        if recovery.next_lsn <= self.acknowledged {
            return Err(format!("{} were acknowledged: {recovery:?}", self.acknowledged).into());
        }
        if recovery.first_lsn > self.checkpointed + 1 || !recovery.damage.is_empty() || recovery.mark_lost {
            return Err(format!("checkpointed was {}: {recovery:?}", self.checkpointed).into());
        }
        let read = read_from(wal, recovery.first_lsn)?;
        if !read.iter().map(|(lsn, _)| *lsn).eq(recovery.first_lsn..recovery.next_lsn) {
            return Err(format!("not every LSN comes out once: {recovery:?}").into());
        }
        for (lsn, record) in read {
            let text = self.texts.get(&lsn).map(String::as_bytes);
            if text != Some(&record) {
                return Err(format!("LSN {lsn} is {:?}", String::from_utf8_lossy(&record)).into());
            }
        }
        self.texts.retain(|lsn, _| *lsn < recovery.next_lsn);
        self.acknowledged = recovery.next_lsn - 1;
        Ok(())
    }

    fn step(&mut self, wal: &Wal, life: u64) -> Check {
        if self.numbers.below(8) == 0 && self.acknowledged > 0 {
            let lsn = self.checkpointed.max(self.numbers.below(self.acknowledged + 1));
            // Even when this fails, the log may hold it for checkpointed.
            self.checkpointed = lsn;
            wal.checkpoint(lsn)?;
        }
        let size = if self.large && self.numbers.below(4) == 0 { 1500 } else { 80 };
        let texts: Vec<String> = (0..=self.numbers.below(4))
            .map(|part| format!("{life}/{part}/{}/", self.numbers.0).repeat(self.numbers.below(size) as usize))
            .collect();
        let append = wal.append(Batch::from_iter(&texts))?;
        self.texts.extend((append.first_lsn..).zip(texts));
        if self.numbers.below(3) > 0 {
            let lsn = append.last_lsn;
            append.durable.wait()?;
            self.acknowledged = lsn;
        }
        Ok(())
    }
}
