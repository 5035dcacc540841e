//! Bytes that are not what was written: each flip, each truncation, and the line between a torn tail and damage.

use std::fs;
use std::path::Path;

use aop_host::wal::{Batch, Wal, WalError};

use crate::support::{
    Check, append_each, copy_dir, is_damaged, read_from, records, reopen, skipping, small, written_segments,
};

/// A log of one segment with a few small records, closed cleanly or left as a kill leaves it.
fn one_segment(dir: &Path, clean: bool) -> Result<Vec<Vec<u8>>, Box<dyn std::error::Error>> {
    let texts = records(&[0, 5, 16, 31, 90, 8]);
    let origin = tempfile::tempdir()?;
    let (wal, _) = Wal::open(small(origin.path()))?;
    append_each(&wal, &texts)?;
    if clean {
        wal.close()?;
    }
    copy_dir(origin.path(), dir)?;
    Ok(texts)
}

/// Opens with damage skipped and checks that only right records come out, in order, each under its own LSN.
fn nothing_wrong_comes_out(dir: &Path, texts: &[Vec<u8>]) -> Result<usize, Box<dyn std::error::Error>> {
    let (recovery, read) = reopen(skipping(small(dir)))?;
    assert!(read.windows(2).all(|pair| pair[0].0 < pair[1].0));
    for (lsn, record) in &read {
        assert_eq!(Some(record), texts.get(*lsn as usize - 1), "LSN {lsn}");
    }
    let lost: u64 = recovery.damage.iter().filter_map(|damage| damage.lsns.clone()).map(|lsns| lsns.count() as u64).sum();
    assert_eq!(read.len() as u64 + lost, texts.len() as u64, "what is missing is named: {recovery:?}");
    Ok(read.len())
}

#[test]
fn every_bit_flip() -> Check {
    let origin = tempfile::tempdir()?;
    let texts = one_segment(origin.path(), true)?;
    let case = tempfile::tempdir()?;
    let segment = written_segments(origin.path())?.remove(0);
    let bytes = fs::read(&segment)?;
    let used = bytes.iter().rposition(|&byte| byte != 0).map_or(0, |last| last + 1);
    let header_and_frames = (0..64).chain(4096..used + 16);
    for offset in header_and_frames {
        for bit in 0..8 {
            copy_dir(origin.path(), case.path())?;
            let path = case.path().join(segment.file_name().unwrap_or_default());
            let mut flipped = bytes.clone();
            flipped[offset] ^= 1 << bit;
            fs::write(&path, flipped)?;
            let refused = Wal::open(small(case.path()));
            match &refused {
                Err(WalError::Damaged { damage }) => {
                    assert!(
                        damage.iter().all(|damage| damage.path == path && damage.bytes.contains(&(offset as u64))),
                        "{damage:?}"
                    );
                }
                Err(other) => panic!("byte {offset} bit {bit}: {other}"),
                Ok((wal, _)) => {
                    // A flip in the padding, the header page or behind the last frame costs no record.
                    let read = read_from(wal, 1)?;
                    assert_eq!(
                        read.into_iter().map(|(_, record)| record).collect::<Vec<_>>(),
                        texts,
                        "byte {offset} bit {bit}"
                    );
                }
            }
            drop(refused);
            nothing_wrong_comes_out(case.path(), &texts)?;
        }
    }
    Ok(())
}

#[test]
fn every_truncation() -> Check {
    let origin = tempfile::tempdir()?;
    let texts = one_segment(origin.path(), true)?;
    let case = tempfile::tempdir()?;
    let segment = written_segments(origin.path())?.remove(0);
    let bytes = fs::read(&segment)?;
    let used = bytes.iter().rposition(|&byte| byte != 0).map_or(0, |last| last + 1);
    for length in (0..64).chain(4090..used + 16) {
        copy_dir(origin.path(), case.path())?;
        fs::write(case.path().join(segment.file_name().unwrap_or_default()), &bytes[..length])?;
        let outcome = Wal::open(small(case.path()));
        assert_eq!(is_damaged(&outcome), length < used.next_multiple_of(8) && length < used, "cut at {length} of {used}");
        drop(outcome);
        nothing_wrong_comes_out(case.path(), &texts)?;
        // The log goes on where the acknowledged records ended, and stays readable.
        let (wal, recovery) = Wal::open(skipping(small(case.path())))?;
        assert_eq!(recovery.next_lsn, texts.len() as u64 + 1);
        wal.append(Batch::from_iter(["after"]))?.durable.wait()?;
        wal.checkpoint(texts.len() as u64)?;
        drop(wal);
        let (_, read) = reopen(small(case.path()))?;
        assert_eq!(read.last(), Some(&(7, b"after".to_vec())));
    }
    Ok(())
}

/// The mark set back to before the last records, as when a machine loses power before the mark reaches the disk.
fn forget_mark(dir: &Path) -> Check {
    let (empty, _keep) = {
        let folder = tempfile::tempdir()?;
        drop(Wal::open(small(folder.path()))?);
        (fs::read(folder.path().join("mark"))?, folder)
    };
    fs::write(dir.join("mark"), empty)?;
    Ok(())
}

#[test]
fn a_torn_tail_is_cut_and_said_and_acknowledged_bytes_are_damage() -> Check {
    let origin = tempfile::tempdir()?;
    let texts = one_segment(origin.path(), false)?;
    let segment = written_segments(origin.path())?.remove(0);
    let mut bytes = fs::read(&segment)?;
    let used = bytes.iter().rposition(|&byte| byte != 0).map_or(0, |last| last + 1);
    bytes[used - 1] ^= 0xff;
    fs::write(&segment, &bytes)?;
    let Err(WalError::Damaged { damage }) = Wal::open(small(origin.path())) else {
        panic!("the mark says that the last record was acknowledged");
    };
    assert_eq!((damage.len(), damage[0].lsns.clone()), (1, Some(6..=6)));
    forget_mark(origin.path())?;
    let (recovery, read) = reopen(small(origin.path()))?;
    let torn = recovery.torn.ok_or("the cut is said")?;
    assert_eq!((torn.path.as_path(), torn.bytes.end), (segment.as_path(), used as u64));
    assert_eq!((recovery.next_lsn, read.len()), (6, 5));
    let (recovery, _) = reopen(small(origin.path()))?;
    assert!(recovery.torn.is_none(), "cut once");
    // Damage before the last group is damage even without the mark: the next group says what was durable.
    bytes[4096 + 100] ^= 0xff;
    fs::write(&segment, &bytes)?;
    forget_mark(origin.path())?;
    assert!(is_damaged(&Wal::open(small(origin.path()))));
    assert_eq!(texts.len(), 6);
    Ok(())
}

#[test]
fn a_torn_frame_never_lets_the_whole_one_behind_it_come_back() -> Check {
    let folder = tempfile::tempdir()?;
    {
        let (wal, _) = Wal::open(small(folder.path()))?;
        append_each(&wal, &records(&[64]))?;
        wal.append(Batch::from_iter([[1; 64], [2; 64]]))?.durable.wait()?;
        wal.close()?;
    }
    let segment = written_segments(folder.path())?.remove(0);
    let mut bytes = fs::read(&segment)?;
    bytes[4096 + 104 + 50] ^= 1;
    fs::write(&segment, &bytes)?;
    forget_mark(folder.path())?;
    {
        // LSN 2 is torn and LSN 3 behind it is whole: neither was acknowledged, both go.
        let (wal, recovery) = Wal::open(small(folder.path()))?;
        assert_eq!(recovery.next_lsn, 2);
        wal.append(Batch::from_iter([[9; 64]]))?.durable.wait()?;
    }
    let (_, read) = reopen(small(folder.path()))?;
    assert_eq!(read.len(), 2);
    assert_eq!(read[1], (2, vec![9; 64]));
    Ok(())
}

#[test]
fn a_missing_segment_is_damage_and_a_stale_one_never_comes_back() -> Check {
    let folder = tempfile::tempdir()?;
    let origin = tempfile::tempdir()?;
    {
        let (wal, _) = Wal::open(small(origin.path()))?;
        append_each(&wal, &records(&[1000; 30]))?;
        wal.close()?;
    }
    let segments = written_segments(origin.path())?;
    let name = |index: usize| segments[index].file_name().unwrap_or_default().to_owned();
    for missing in 0..segments.len() {
        copy_dir(origin.path(), folder.path())?;
        fs::remove_file(folder.path().join(name(missing)))?;
        let Err(WalError::Damaged { damage }) = Wal::open(small(folder.path())) else {
            panic!("segment {missing} of {} was acknowledged", segments.len());
        };
        let lost: u64 = damage.iter().filter_map(|damage| damage.lsns.clone()).map(|lsns| lsns.count() as u64).sum();
        let (recovery, read) = reopen(skipping(small(folder.path())))?;
        assert_eq!((read.len() as u64 + lost, recovery.next_lsn), (30, 31));
    }
    // An old segment's bytes under a newer name: the epoch in every frame gives it away.
    copy_dir(origin.path(), folder.path())?;
    fs::copy(&segments[0], folder.path().join("00000000000000ff.seg"))?;
    let (recovery, read) = reopen(small(folder.path()))?;
    assert_eq!((recovery.records, read.len(), recovery.next_lsn), (30, 30, 31));
    Ok(())
}

#[test]
fn half_made_files_and_a_lost_mark_are_dealt_with() -> Check {
    let folder = tempfile::tempdir()?;
    let texts = one_segment(folder.path(), true)?;
    fs::write(folder.path().join("00000000000000aa.new"), vec![0; 100])?;
    fs::write(folder.path().join("00000000000000ab.old"), b"a retired text")?;
    fs::write(folder.path().join("00000000000000ac.seg"), b"")?;
    fs::write(folder.path().join("notes.txt"), b"not ours")?;
    fs::write(folder.path().join("mark"), vec![0xaa; 8192])?;
    let (recovery, read) = reopen(small(folder.path()))?;
    assert!(recovery.mark_lost);
    assert_eq!(read.len(), texts.len());
    assert!(!folder.path().join("00000000000000aa.new").exists());
    assert!(folder.path().join("notes.txt").exists());
    let (recovery, _) = reopen(small(folder.path()))?;
    assert!(!recovery.mark_lost && recovery.clean);
    Ok(())
}

#[test]
fn a_newer_format_is_refused_by_name() -> Check {
    let folder = tempfile::tempdir()?;
    one_segment(folder.path(), true)?;
    let segment = written_segments(folder.path())?.remove(0);
    let mut bytes = fs::read(&segment)?;
    bytes[8] = 9;
    let crc = crc32c::crc32c(&bytes[..40]);
    bytes[40..44].copy_from_slice(&crc.to_le_bytes());
    fs::write(&segment, bytes)?;
    let message = Wal::open(small(folder.path())).err().map(|error| error.to_string()).unwrap_or_default();
    assert!(message.ends_with("0000000000000001.seg has format version 9; this build reads version 1"), "{message}");
    Ok(())
}
