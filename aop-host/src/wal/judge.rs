//! Tells what was acknowledged from what was not: the one is damage when it is missing, the other a torn tail.

use std::ops::RangeInclusive;

use super::config::WalConfig;
use super::error::Damage;
use super::mark::Mark;
use super::recovery::Found;
use super::scan::Hole;
use super::segment::HEADER_PAGE_BYTES;
use super::shared::Gap;

/// What recovery is to do with what it found.
pub(super) struct Verdict {
    /// Highest LSN known to have been acknowledged.
    pub(super) durable_lsn: u64,
    pub(super) next_lsn: u64,
    pub(super) damage: Vec<Damage>,
    pub(super) gaps: Vec<Gap>,
    /// The last segment's first broken place that was never acknowledged.
    pub(super) cut: Option<usize>,
}

/// Judges the segments, in epoch order, against the mark.
pub(super) fn judge(config: &WalConfig, found: &[Found], mark: &Mark, mark_lost: bool) -> Verdict {
    let used: Vec<&Found> = found.iter().filter(|found| found.is_used).collect();
    let mut durable_lsn = mark.state.durable_lsn;
    for (index, found) in used.iter().enumerate() {
        durable_lsn = durable_lsn.max(found.scan.durable_lsn);
        // A segment is begun only after the one before it was synced to its end.
        if (index > 0 || mark_lost) && !found.header_is_broken {
            durable_lsn = durable_lsn.max(found.header.first_lsn.saturating_sub(1));
        }
    }
    let mut verdict = Verdict { durable_lsn, next_lsn: 0, damage: Vec::new(), gaps: Vec::new(), cut: None };
    let mut next_lsn = mark.state.checkpoint_lsn + 1;
    for (index, found) in used.iter().enumerate() {
        let begins_right = match index {
            // The first kept segment may begin below the checkpoint, and anywhere when nobody knows the checkpoint.
            0 => mark_lost || found.header.first_lsn <= next_lsn,
            _ => found.header.first_lsn == next_lsn,
        };
        if !begins_right && found.header.first_lsn > next_lsn {
            let lsns = next_lsn..=found.header.first_lsn - 1;
            let before = index.checked_sub(1).map(|before| used[before]);
            verdict.lose(config, before, lsns, None);
        }
        if !begins_right && found.header.first_lsn < next_lsn {
            let bytes = 0..HEADER_PAGE_BYTES as u64;
            let lsns = Some(found.header.first_lsn..=next_lsn - 1);
            verdict.damage.push(Damage { path: found.path.clone(), bytes, lsns });
        }
        if found.header_is_broken && found.header.first_lsn <= durable_lsn {
            let bytes = 0..found.file_bytes.min(HEADER_PAGE_BYTES as u64);
            verdict.damage.push(Damage { path: found.path.clone(), bytes, lsns: None });
        }
        for hole in &found.scan.holes {
            if *hole.lsns.start() > durable_lsn {
                verdict.cut = Some(hole.bytes.start);
                verdict.next_lsn = *hole.lsns.start();
                return verdict;
            }
            verdict.lose_hole(found, hole);
        }
        next_lsn = match index {
            0 => found.scan.next_lsn,
            _ => next_lsn.max(found.scan.next_lsn),
        };
    }
    if next_lsn <= durable_lsn {
        let torn_spare = found.iter().rev().take_while(|found| !found.is_used).find(|found| !found.scan.tail.is_empty());
        verdict.lose(config, torn_spare.or(used.last().copied()), next_lsn..=durable_lsn, None);
        next_lsn = durable_lsn + 1;
    } else if let Some(last) = used.last().filter(|last| !last.scan.tail.is_empty()) {
        verdict.cut = Some(last.scan.end);
    }
    verdict.next_lsn = next_lsn;
    verdict
}

impl Verdict {
    /// Notes that `lsns` are missing behind the last whole frame of `place`, or altogether.
    fn lose(&mut self, config: &WalConfig, place: Option<&Found>, lsns: RangeInclusive<u64>, resume: Option<(u64, u64)>) {
        let (path, bytes) = match place {
            Some(found) => {
                let end = found.header.segment_bytes.max(found.scan.tail.end as u64);
                (found.path.clone(), found.scan.end as u64..end)
            }
            None => (config.dir.clone(), 0..0),
        };
        self.gaps.push(Gap { lsns: lsns.clone(), resume });
        self.damage.push(Damage { path, bytes, lsns: Some(lsns) });
    }

    fn lose_hole(&mut self, found: &Found, hole: &Hole) {
        let bytes = hole.bytes.start as u64..hole.bytes.end as u64;
        self.gaps.push(Gap { lsns: hole.lsns.clone(), resume: Some((found.epoch, bytes.end)) });
        self.damage.push(Damage { path: found.path.clone(), bytes, lsns: Some(hole.lsns.clone()) });
    }
}
