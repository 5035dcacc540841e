//! The writing half of recovery: after it the disk holds what recovery says it holds.

use super::error::WalError;
use super::judge::Verdict;
use super::recovery::{Found, TornTail};
use super::scan::scan;
use super::segment::{HEADER_PAGE_BYTES, Pace, write_zeros};

/// Broken headers are written anew, what may not have been synced is
/// written again, and what was cut is overwritten with zeros.
pub(super) fn repair(found: &mut [Found], verdict: &Verdict) -> Result<Option<TornTail>, WalError> {
    let mut torn = None;
    let last_used = found.iter().rposition(|found| found.is_used);
    for (index, found) in found.iter_mut().enumerate() {
        let io = |operation| WalError::io(operation, &found.path);
        if found.is_used && found.header_is_broken {
            let mut page = Vec::new();
            found.header.write(&mut page);
            found.file.write_all_at(&page, 0).map_err(io("write"))?;
            found.file.sync_data().map_err(io("sync"))?;
        }
        let is_torn_spare = last_used.is_none_or(|last| index > last) && found.file_bytes > 0;
        let cut = match (last_used == Some(index), verdict.cut) {
            (true, Some(cut)) => Some(cut as u64),
            _ if is_torn_spare && is_written(found)? => Some(0),
            _ => None,
        };
        if let Some(cut) = cut {
            let end = found.file_bytes;
            write_zeros(&*found.file, cut, end, Pace::Urgent).map_err(io("cut"))?;
            let bytes = cut..(found.scan.tail.end as u64).max(cut);
            torn.get_or_insert(TornTail { path: found.path.clone(), bytes });
        }
        if last_used == Some(index) {
            if let Some(cut) = verdict.cut.filter(|&cut| cut < found.scan.end) {
                let mut kept = vec![0; cut];
                found.file.read_at(&mut kept, 0).map_err(io("read"))?;
                found.scan = scan(&kept, found.epoch, found.header.first_lsn);
            }
            rewrite(found, verdict.durable_lsn)?;
        }
    }
    Ok(torn)
}

/// After a failed sync the page cache may show what the disk does not hold, and no later sync would write it: so what
/// was not known as durable is written once more before it counts.
fn rewrite(found: &Found, durable_lsn: u64) -> Result<(), WalError> {
    let io = |operation| WalError::io(operation, &found.path);
    if found.scan.next_lsn - 1 <= durable_lsn && found.scan.records > 0 {
        return Ok(());
    }
    let start = if found.scan.last_group == HEADER_PAGE_BYTES { 0 } else { found.scan.last_group };
    let mut bytes = vec![0; found.scan.end.saturating_sub(start)];
    let read = found.file.read_at(&mut bytes, start as u64).map_err(io("read"))?;
    found.file.write_all_at(&bytes[..read], start as u64).map_err(io("write again"))?;
    found.file.sync_data().map_err(io("sync"))
}

/// Whether an unused file holds anything but zeros.
fn is_written(found: &Found) -> Result<bool, WalError> {
    if !found.scan.tail.is_empty() {
        return Ok(true);
    }
    let mut page = vec![0; HEADER_PAGE_BYTES];
    let read = found.file.read_at(&mut page, 0).map_err(WalError::io("read", &found.path))?;
    Ok(page[..read].iter().any(|&byte| byte != 0))
}
