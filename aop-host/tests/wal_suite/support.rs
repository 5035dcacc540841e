//! A file system in memory that can fail, forget and lose its power; and the small steps the tests share.

use std::any::Any;
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

use aop_host::wal::{Batch, DamagePolicy, Fs, Recovery, Wal, WalConfig, WalError, WalFile};

/// The unit that a disk writes whole or not at all.
const SECTOR_BYTES: usize = 512;

pub(crate) type Check = Result<(), Box<dyn std::error::Error>>;

/// Segments of two pages' worth of frames, so that a few records fill one.
pub(crate) fn small(dir: &Path) -> WalConfig {
    WalConfig { segment_bytes: 12 << 10, ..WalConfig::new(dir) }
}

pub(crate) fn skipping(config: WalConfig) -> WalConfig {
    WalConfig { damage: DamagePolicy::Skip, ..config }
}

/// Appends records one by one and waits for each.
pub(crate) fn append_each(wal: &Wal, records: &[Vec<u8>]) -> Check {
    for record in records {
        wal.append(Batch::from_iter([record]))?.durable.wait()?;
    }
    Ok(())
}

/// Every durable record from `from_lsn` on.
pub(crate) fn read_from(wal: &Wal, from_lsn: u64) -> Result<Vec<(u64, Vec<u8>)>, aop_host::wal::ReadError> {
    let mut reader = wal.reader(from_lsn)?;
    let mut records = Vec::new();
    while let Some((lsn, record)) = reader.next()? {
        records.push((lsn, record.to_vec()));
    }
    Ok(records)
}

/// What opening found, and every record that came out.
pub(crate) type Reopened = Result<(Recovery, Vec<(u64, Vec<u8>)>), Box<dyn std::error::Error>>;

/// Opens, reads everything and closes.
pub(crate) fn reopen(config: WalConfig) -> Reopened {
    let (wal, recovery) = Wal::open(config)?;
    let records = read_from(&wal, recovery.first_lsn)?;
    wal.close()?;
    Ok((recovery, records))
}

/// Records of the given lengths whose text names their place.
pub(crate) fn records(lengths: &[usize]) -> Vec<Vec<u8>> {
    let text = |(index, &length): (usize, &usize)| {
        let name = format!("record {index} ").into_bytes();
        name.into_iter().cycle().take(length).collect()
    };
    lengths.iter().enumerate().map(text).collect()
}

/// The files of `dir` that end in `.seg` and hold anything, by name.
pub(crate) fn written_segments(dir: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(dir)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "seg") && std::fs::read(&path)?.iter().any(|&b| b != 0) {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

/// Copies a log's folder, so that each case starts from the same bytes.
pub(crate) fn copy_dir(from: &Path, to: &Path) -> io::Result<()> {
    let _ = std::fs::remove_dir_all(to);
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let path = entry?.path();
        if let Some(name) = path.file_name() {
            std::fs::copy(&path, to.join(name))?;
        }
    }
    Ok(())
}

pub(crate) fn is_damaged<T>(outcome: &Result<T, WalError>) -> bool {
    matches!(outcome, Err(WalError::Damaged { .. }))
}

/// Numbers that look random and are the same every time.
#[derive(Default)]
pub(crate) struct Numbers(pub(crate) u64);

impl Numbers {
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % bound
    }
}

/// A disk in memory: what was not synced may be lost, sector by sector, when the power goes.
#[derive(Debug, Clone, Default)]
pub(crate) struct MemoryDisk {
    disk: Arc<Mutex<Disk>>,
}

#[derive(Debug, Default)]
struct Disk {
    files: Vec<Content>,
    /// Names as every process sees them.
    names: BTreeMap<PathBuf, usize>,
    /// Names as the disk has them, and the changes it has not.
    durable_names: BTreeMap<PathBuf, usize>,
    name_changes: Vec<NameChange>,
    locked: Arc<AtomicBool>,
    /// Operations until the power goes, if it is to go.
    operations_left: Option<u64>,
    failing: Option<Failing>,
}

/// What is made to fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Failing {
    /// Every write and every sync of a segment.
    Writes,
    /// Every sync of a segment; its bytes stay readable and never reach the disk, as on Linux.
    Syncs,
    /// Making new files.
    Space,
}

#[derive(Debug, Clone)]
enum NameChange {
    Set(PathBuf, usize),
    Rename(PathBuf, PathBuf),
    Remove(PathBuf),
}

#[derive(Debug, Clone, Default)]
struct Content {
    /// What a process reads.
    seen: Vec<u8>,
    /// What the disk holds.
    durable: Vec<u8>,
    /// Written since the last sync: offsets and lengths into `seen`.
    unsynced: Vec<(usize, Vec<u8>)>,
}

impl MemoryDisk {
    pub(crate) fn fail(&self, what: Option<Failing>) {
        self.lock().failing = what;
    }

    pub(crate) fn power_lasts(&self, operations: u64) {
        self.lock().operations_left = Some(operations);
    }

    /// The disk as it is found when the power is back: of what was not synced, any sectors, and of the name changes
    /// not synced, the first so many.
    pub(crate) fn after_power_loss(&self, numbers: &mut Numbers) -> MemoryDisk {
        let disk = self.lock();
        let mut names = disk.durable_names.clone();
        let kept = numbers.below(disk.name_changes.len() as u64 + 1) as usize;
        for change in &disk.name_changes[..kept] {
            change.apply(&mut names);
        }
        let mut files = disk.files.clone();
        for content in &mut files {
            for (offset, bytes) in std::mem::take(&mut content.unsynced) {
                for (index, sector) in bytes.chunks(SECTOR_BYTES).enumerate() {
                    if numbers.below(2) == 0 {
                        put(&mut content.durable, offset + index * SECTOR_BYTES, sector);
                    }
                }
            }
            content.seen = content.durable.clone();
        }
        let disk = Disk { files, durable_names: names.clone(), names, ..Disk::default() };
        MemoryDisk { disk: Arc::new(Mutex::new(disk)) }
    }

    /// Whether any file still holds `text`.
    pub(crate) fn holds(&self, text: &[u8]) -> bool {
        let disk = self.lock();
        disk.names.values().any(|&file| disk.files[file].durable.windows(text.len()).any(|window| window == text))
    }

    pub(crate) fn names(&self) -> Vec<String> {
        self.lock().names.keys().map(|path| path.display().to_string()).collect()
    }

    fn lock(&self) -> MutexGuard<'_, Disk> {
        self.disk.lock().unwrap_or_else(|error| error.into_inner())
    }

    fn operate(&self) -> io::Result<MutexGuard<'_, Disk>> {
        let mut disk = self.lock();
        match &mut disk.operations_left {
            Some(0) => return Err(io::Error::other("the power is off")),
            Some(left) => *left -= 1,
            None => {}
        }
        Ok(disk)
    }

    fn change_name(&self, change: NameChange) -> io::Result<()> {
        let mut disk = self.operate()?;
        change.apply(&mut disk.names);
        disk.name_changes.push(change);
        Ok(())
    }
}

impl NameChange {
    fn apply(&self, names: &mut BTreeMap<PathBuf, usize>) {
        match self {
            NameChange::Set(path, file) => {
                names.insert(path.clone(), *file);
            }
            NameChange::Rename(from, to) => {
                if let Some(file) = names.remove(from) {
                    names.insert(to.clone(), file);
                }
            }
            NameChange::Remove(path) => {
                names.remove(path);
            }
        }
    }
}

fn put(bytes: &mut Vec<u8>, offset: usize, part: &[u8]) {
    if bytes.len() < offset + part.len() {
        bytes.resize(offset + part.len(), 0);
    }
    bytes[offset..offset + part.len()].copy_from_slice(part);
}

impl Fs for MemoryDisk {
    fn create_dir(&self, _: &Path) -> io::Result<()> {
        Ok(())
    }

    fn list(&self, dir: &Path) -> io::Result<Vec<String>> {
        let disk = self.operate()?;
        let names = disk.names.keys().filter(|path| path.parent() == Some(dir));
        Ok(names.filter_map(|path| Some(path.file_name()?.to_str()?.to_owned())).collect())
    }

    fn create(&self, path: &Path) -> io::Result<Arc<dyn WalFile>> {
        let mut disk = self.operate()?;
        if disk.names.contains_key(path) {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        if disk.failing == Some(Failing::Space) {
            return Err(io::ErrorKind::StorageFull.into());
        }
        let file = disk.files.len();
        disk.files.push(Content::default());
        disk.names.insert(path.to_path_buf(), file);
        disk.name_changes.push(NameChange::Set(path.to_path_buf(), file));
        Ok(Arc::new(MemoryFile { disk: self.clone(), file, path: path.to_path_buf() }))
    }

    fn open(&self, path: &Path) -> io::Result<Arc<dyn WalFile>> {
        let file = *self.operate()?.names.get(path).ok_or(io::ErrorKind::NotFound)?;
        Ok(Arc::new(MemoryFile { disk: self.clone(), file, path: path.to_path_buf() }))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.change_name(NameChange::Rename(from.to_path_buf(), to.to_path_buf()))
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.change_name(NameChange::Remove(path.to_path_buf()))
    }

    fn sync_dir(&self, _: &Path) -> io::Result<()> {
        let mut disk = self.operate()?;
        disk.durable_names = disk.names.clone();
        disk.name_changes.clear();
        Ok(())
    }

    fn lock(&self, _: &Path) -> io::Result<Box<dyn Any + Send + Sync>> {
        let locked = Arc::clone(&self.lock().locked);
        if locked.swap(true, Ordering::SeqCst) {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        Ok(Box::new(Unlock(locked)))
    }
}

struct Unlock(Arc<AtomicBool>);

impl Drop for Unlock {
    fn drop(&mut self) {
        self.0.store(false, Ordering::SeqCst);
    }
}

#[derive(Debug)]
struct MemoryFile {
    disk: MemoryDisk,
    file: usize,
    path: PathBuf,
}

impl MemoryFile {
    fn is_segment(&self) -> bool {
        self.path.extension().is_some()
    }
}

impl WalFile for MemoryFile {
    fn read_at(&self, bytes: &mut [u8], offset: u64) -> io::Result<usize> {
        let disk = self.disk.lock();
        let seen = disk.files[self.file].seen.get(offset as usize..).unwrap_or_default();
        let read = seen.len().min(bytes.len());
        bytes[..read].copy_from_slice(&seen[..read]);
        Ok(read)
    }

    fn write_all_at(&self, bytes: &[u8], offset: u64) -> io::Result<()> {
        let mut disk = self.disk.operate()?;
        if disk.failing == Some(Failing::Writes) && self.is_segment() {
            return Err(io::Error::other("planted write error"));
        }
        let content = &mut disk.files[self.file];
        put(&mut content.seen, offset as usize, bytes);
        content.unsynced.push((offset as usize, bytes.to_vec()));
        Ok(())
    }

    fn sync_data(&self) -> io::Result<()> {
        let mut disk = self.disk.operate()?;
        let fails = matches!(disk.failing, Some(Failing::Syncs | Failing::Writes)) && self.is_segment();
        let content = &mut disk.files[self.file];
        let unsynced = std::mem::take(&mut content.unsynced);
        if fails {
            return Err(io::Error::other("planted sync error"));
        }
        for (offset, bytes) in unsynced {
            put(&mut content.durable, offset, &bytes);
        }
        Ok(())
    }

    fn byte_len(&self) -> io::Result<u64> {
        Ok(self.disk.lock().files[self.file].seen.len() as u64)
    }

    fn allocate(&self, _: u64) -> io::Result<()> {
        Ok(())
    }
}
