//! Every file operation of the log, and nothing else: a test puts a file system that fails or forgets in its place.

use std::any::Any;
use std::fmt;
use std::fs::{self, DirBuilder, File, OpenOptions, Permissions, TryLockError};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, FileExt, OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;
use std::sync::Arc;

/// The log holds events as they were sent, so nobody but its owner reads it.
const FILE_MODE: u32 = 0o600;
const FOLDER_MODE: u32 = 0o700;

/// The folder operations the log needs.
///
/// ```
/// use aop_host::wal::{DiskFs, Fs};
///
/// let folder = tempfile::tempdir()?;
/// let disk = DiskFs::new();
/// disk.create(&folder.path().join("a"))?.write_all_at(b"text", 0)?;
/// assert_eq!(disk.list(folder.path())?, ["a"]);
/// # Ok::<(), std::io::Error>(())
/// ```
pub trait Fs: fmt::Debug + Send + Sync {
    /// Makes `dir` and its parents if they are not there; an existing folder is no error.
    fn create_dir(&self, dir: &Path) -> io::Result<()>;
    /// The names in `dir`, sorted.
    fn list(&self, dir: &Path) -> io::Result<Vec<String>>;
    /// Makes an empty file; fails when there is one.
    fn create(&self, path: &Path) -> io::Result<Arc<dyn WalFile>>;
    /// Opens a file for reading and writing; fails when there is none.
    fn open(&self, path: &Path) -> io::Result<Arc<dyn WalFile>>;
    /// Gives a file another name, replacing what had it. Durable only after [`Fs::sync_dir`].
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Takes a file away. Durable only after [`Fs::sync_dir`].
    fn remove(&self, path: &Path) -> io::Result<()>;
    /// Makes the names in `dir` durable.
    fn sync_dir(&self, dir: &Path) -> io::Result<()>;
    /// Locks `path` (making it if need be) until the guard is dropped; `WouldBlock` when it is locked already.
    fn lock(&self, path: &Path) -> io::Result<Box<dyn Any + Send + Sync>>;
}

/// The operations on one open file.
///
/// ```
/// use aop_host::wal::{DiskFs, Fs};
///
/// let folder = tempfile::tempdir()?;
/// let file = DiskFs::new().create(&folder.path().join("a"))?;
/// file.write_all_at(b"text", 0)?;
/// let mut bytes = [0; 8];
/// assert_eq!(file.read_at(&mut bytes, 2)?, 2);
/// # Ok::<(), std::io::Error>(())
/// ```
pub trait WalFile: fmt::Debug + Send + Sync {
    /// Fills as much of `bytes` as the file has from `offset` on, and says how much; short only at the file's end.
    fn read_at(&self, bytes: &mut [u8], offset: u64) -> io::Result<usize>;
    /// Writes all of `bytes` at `offset`.
    fn write_all_at(&self, bytes: &[u8], offset: u64) -> io::Result<()>;
    /// Makes the written bytes durable, and of the metadata only what is needed to read them back (`fdatasync`).
    fn sync_data(&self) -> io::Result<()>;
    /// The file's length in bytes.
    fn byte_len(&self) -> io::Result<u64>;
    /// Asks for `bytes` of disk up front, so that a full disk is met here and not in a write; may do nothing.
    fn allocate(&self, bytes: u64) -> io::Result<()>;
}

/// The machine's own file system.
///
/// ```
/// let disk = aop_host::wal::DiskFs::new();
/// assert_eq!(format!("{disk:?}"), "DiskFs { syncs: true }");
/// ```
#[derive(Debug, Clone)]
pub struct DiskFs {
    syncs: bool,
}

impl DiskFs {
    /// A file system whose syncs reach the disk.
    #[must_use]
    pub fn new() -> DiskFs {
        DiskFs { syncs: true }
    }

    /// A file system whose syncs do nothing: what it acknowledges is lost with the machine.
    pub(super) fn without_sync() -> DiskFs {
        DiskFs { syncs: false }
    }
}

impl Default for DiskFs {
    fn default() -> DiskFs {
        DiskFs::new()
    }
}

impl Fs for DiskFs {
    fn create_dir(&self, dir: &Path) -> io::Result<()> {
        if dir.is_dir() {
            return Ok(());
        }
        if let Some(parent) = dir.parent().filter(|parent| !parent.as_os_str().is_empty()) {
            self.create_dir(parent)?;
        }
        match DirBuilder::new().mode(FOLDER_MODE).create(dir) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
            _ => {}
        }
        match dir.parent().filter(|parent| !parent.as_os_str().is_empty()) {
            Some(parent) => self.sync_dir(parent),
            None => self.sync_dir(Path::new(".")),
        }
    }

    fn list(&self, dir: &Path) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in fs::read_dir(dir)? {
            // A name that is not UTF-8 is none of ours.
            if let Ok(name) = entry?.file_name().into_string() {
                names.push(name);
            }
        }
        names.sort();
        Ok(names)
    }

    fn create(&self, path: &Path) -> io::Result<Arc<dyn WalFile>> {
        let file = OpenOptions::new().read(true).write(true).create_new(true).mode(FILE_MODE).open(path)?;
        Ok(Arc::new(DiskFile { file, syncs: self.syncs }))
    }

    fn open(&self, path: &Path) -> io::Result<Arc<dyn WalFile>> {
        let file = OpenOptions::new().read(true).write(true).open(path)?;
        if file.metadata()?.permissions().mode() & 0o077 != 0 {
            // made by an earlier version, or copied here
            file.set_permissions(Permissions::from_mode(FILE_MODE))?;
        }
        Ok(Arc::new(DiskFile { file, syncs: self.syncs }))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }

    fn sync_dir(&self, dir: &Path) -> io::Result<()> {
        if self.syncs { File::open(dir)?.sync_all() } else { Ok(()) }
    }

    fn lock(&self, path: &Path) -> io::Result<Box<dyn Any + Send + Sync>> {
        let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(FILE_MODE).open(path)?;
        match file.try_lock() {
            Ok(()) => Ok(Box::new(file)),
            Err(TryLockError::WouldBlock) => Err(io::ErrorKind::WouldBlock.into()),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }
}

#[derive(Debug)]
struct DiskFile {
    file: File,
    syncs: bool,
}

impl WalFile for DiskFile {
    fn read_at(&self, bytes: &mut [u8], offset: u64) -> io::Result<usize> {
        let mut filled = 0;
        while filled < bytes.len() {
            match self.file.read_at(&mut bytes[filled..], offset + filled as u64) {
                Ok(0) => break,
                Ok(read) => filled += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(filled)
    }

    fn write_all_at(&self, bytes: &[u8], offset: u64) -> io::Result<()> {
        self.file.write_all_at(bytes, offset)
    }

    fn sync_data(&self) -> io::Result<()> {
        if self.syncs { self.file.sync_data() } else { Ok(()) }
    }

    fn byte_len(&self) -> io::Result<u64> {
        Ok(self.file.metadata()?.len())
    }

    fn allocate(&self, bytes: u64) -> io::Result<()> {
        match rustix::fs::fallocate(&self.file, rustix::fs::FallocateFlags::empty(), 0, bytes) {
            // Not every file system can; the zeros written next take the space then.
            Err(rustix::io::Errno::OPNOTSUPP | rustix::io::Errno::NOSYS) => Ok(()),
            answer => Ok(answer?),
        }
    }
}
