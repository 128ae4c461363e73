//! Files mapped into memory, to be read. The one place of Guildhall with `unsafe` code.
//!
//! A mapped file is bytes without being copied: pages come in as they are looked at, are shared by
//! all processes that map the file, and can be taken away when memory is short. The price is a
//! promise that nobody can keep alone: while it is mapped, a file must not be changed in place, or
//! bytes change under whoever reads them, and must not become shorter, or reading behind its new
//! end kills the process with `SIGBUS`. It is kept as follows.
//!
//! * Only files that are written once are mapped: beside their place, and then moved there
//!   ([`replace`]). A file that takes the place of a mapped one is another file; the mapped one
//!   lives on, without a name, until it is let go.
//! * A mapped file is locked, shared, for as long as it is mapped; a file that is being written is
//!   locked by its writer alone. A file that somebody has locked alone is not mapped. The locks are
//!   advisory: they hold for those who ask.
//!
//! What is left is another program, under the same account, that writes into the file of a snapshot
//! or cuts it. Such a program could as well write into the database.

use std::fs::{self, File};
use std::hash::{BuildHasher, RandomState};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use memmap2::Mmap;

/// A file's bytes as memory.
#[derive(Debug)]
pub struct Mapped {
    map: Mmap,
    /// Keeps the lock for as long as the map.
    _file: File,
}

impl Mapped {
    /// Maps a file that is written once, and locks it, shared.
    ///
    /// # Errors
    ///
    /// The file cannot be opened, is locked by a writer, or the system maps no such file. On
    /// filesystems without locks it is mapped all the same.
    pub fn open(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        match file.try_lock_shared() {
            Ok(()) => {}
            Err(fs::TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {}
            Err(error) => return Err(error.into()),
        }
        // SAFETY: the file is one that is written once, before it gets its name, and replaced by
        // moving another there (see above); whoever writes one has it locked alone until then,
        // and this lock is shared. So nothing in Guildhall changes or cuts it while it is mapped.
        #[expect(unsafe_code, reason = "no mapping is safe for whatever other programs do")]
        let map = unsafe { Mmap::map(&file) }?;
        Ok(Self { map, _file: file })
    }
}

impl AsRef<[u8]> for Mapped {
    fn as_ref(&self) -> &[u8] {
        &self.map
    }
}

/// The ending of files that are being written.
const PART: &str = ".part";

/// Writes a file beside its place, makes it durable, and moves it there: readers find the old one
/// or the new one, and maps of the old one stay as they are. What writers who were killed have left
/// beside it is removed.
///
/// # Errors
///
/// Those of writing; nothing is left then, and the old file is as it was.
pub fn replace(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<u64> {
    remove_left(path);
    let (part, file) = create(path)?;
    let write = || -> io::Result<u64> {
        let mut out = io::BufWriter::with_capacity(1 << 20, &file);
        write(&mut out)?;
        out.flush()?;
        drop(out);
        file.sync_all()?;
        let length = file.metadata()?.len();
        fs::rename(&part, path)?;
        Ok(length)
    };
    write().inspect_err(|_| {
        // What is left of a failed attempt is of no use to anybody.
        let _ = fs::remove_file(&part);
    })
}

/// A new file beside a place, locked by this writer alone.
fn create(path: &Path) -> io::Result<(PathBuf, File)> {
    let mut last = io::Error::other("no file can be made beside it");
    for attempt in 0..16_u32 {
        // No two writers have the same.
        let number = RandomState::new().hash_one((std::process::id(), attempt));
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(format!(".{number:016x}{PART}"));
        let part = path.with_file_name(name);
        let file = match File::create_new(&part) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                last = error;
                continue;
            }
            Err(error) => return Err(error),
        };
        match file.try_lock() {
            Err(fs::TryLockError::Error(error)) if error.kind() != io::ErrorKind::Unsupported => {
                return Err(error);
            }
            // Somebody who tidies up has taken it for left behind.
            Err(fs::TryLockError::WouldBlock) => {}
            _ if part.exists() => return Ok((part, file)),
            _ => {}
        }
    }
    Err(last)
}

/// Removes what writers have left beside a place, unless they are at work.
fn remove_left(path: &Path) {
    let Some(name) = path.file_name().map(|name| name.to_string_lossy().into_owned()) else {
        return;
    };
    let dir = path.parent().filter(|dir| !dir.as_os_str().is_empty());
    let Ok(entries) = fs::read_dir(dir.unwrap_or(Path::new("."))) else { return };
    for entry in entries.flatten() {
        let other = entry.file_name().to_string_lossy().into_owned();
        let number = other.strip_prefix(&name).and_then(|rest| rest.strip_prefix('.'));
        let number = number.and_then(|rest| rest.strip_suffix(PART)).unwrap_or_default();
        let is_part = number.len() == 16 && number.bytes().all(|byte| byte.is_ascii_hexdigit());
        if is_part && File::open(entry.path()).is_ok_and(|file| file.try_lock().is_ok()) {
            let _ = fs::remove_file(entry.path());
        }
    }
}
