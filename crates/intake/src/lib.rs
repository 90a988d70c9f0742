//! Bytes in, reports out: files, folders, archives, feeds, pages, standard input and addresses of the web.
//!
//! Every report comes with its metadata as stated by whoever carried it, and everything that cannot
//! be taken in comes as an item too, with its reason. Nothing panics, and everything has a limit.
//!
//! ```
//! use headwater_intake::{Intake, Limits, Target};
//!
//! for item in Intake::new(Limits::default()).open(&Target::parse("no/such/folder")) {
//!     match item {
//!         Ok(found) => println!("{}: {} bytes of text", found.origin, found.text.len()),
//!         Err(failed) => println!("{failed}: {}; {}", failed.reason, failed.hint()),
//!     }
//! }
//! ```
//!
//! | module | question |
//! |---|---|
//! | `walk` | What lies in a folder, an archive, a stream? |
//! | `sniff` | What kind of file is this? |
//! | `page`, `html` | Which part of a web page is the report? |
//! | `feed`, `record`, `mail`, `docx`, `pdf`, `plain`, `warc` | What does this format say? |
//! | `provenance` | Who wrote this and where, by the text's own words? |
//! | `dates`, `text` | Which day, which characters, which language? |
//! | `fetch` | How do we fetch without being led astray? |
//! | `guard` | How do we run a reader that may panic or never return? |

mod dates;
mod docx;
mod feed;
mod fetch;
mod found;
mod guard;
mod html;
mod limits;
mod mail;
mod page;
mod pdf;
mod plain;
mod provenance;
mod record;
mod sniff;
mod text;
mod walk;
mod warc;

use std::fs::File;
use std::io::BufReader;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread::Builder;

pub use dates::parse as parse_date;
pub use found::{
    Dateline, FailReason, Failed, Found, Item, Language, MediaType, Origin, PublishedAt, WireCredit,
};
pub use limits::Limits;
pub use page::{Page, extract_page};
pub use text::normalise;

use walk::Walk;

/// Where to take reports from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A file or folder.
    Path(PathBuf),
    /// Standard input.
    Stdin,
    /// An address of the web.
    Url(String),
    /// One item that was met before.
    Again(Origin),
}

impl Target {
    /// Returns the target that a command line means: an address, `-`, or a path.
    pub fn parse(argument: &str) -> Self {
        let lower = text::prefix(argument, 8).to_ascii_lowercase();
        match argument {
            "-" => Self::Stdin,
            _ if lower.starts_with("http://") || lower.starts_with("https://") => {
                Self::Url(argument.to_owned())
            }
            _ => Self::Path(argument.into()),
        }
    }
}

/// How much there is, as far as that can be told without reading it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Extent {
    /// How many files or archive entries.
    pub items: Option<u64>,
    /// How many bytes, as they lie there.
    pub bytes: Option<u64>,
}

/// Takes in reports within limits.
#[derive(Clone, Debug, Default)]
pub struct Intake {
    limits: Limits,
}

impl Intake {
    /// Returns an intake that keeps to these limits.
    pub fn new(limits: Limits) -> Self {
        Self { limits }
    }

    /// Returns the items of a target one by one, as they are read on a thread of their own.
    ///
    /// Items come in a fixed order; dropping the iterator ends the reading.
    pub fn open(&self, target: &Target) -> Items {
        const ITEMS_AHEAD: usize = 8;
        let (sender, receiver) = sync_channel(ITEMS_AHEAD);
        let (limits, reading, failing) = (self.limits.clone(), target.clone(), sender.clone());
        let thread = Builder::new().name("intake".into()).stack_size(guard::STACK_BYTES).spawn(move || {
            walk_target(&reading, &limits, &mut |item| match sender.send(item) {
                Ok(()) => ControlFlow::Continue(()),
                Err(_) => ControlFlow::Break(()),
            });
        });
        if let Err(error) = thread {
            let detail = error.kind().to_string();
            // The channel has room and its receiver is held here, so this cannot fail.
            let _ = failing.send(Err(Failed {
                origin: origin_of(target),
                reason: FailReason::ReaderFailed,
                detail,
            }));
        }
        Items { receiver }
    }

    /// Returns how much a target holds, for showing progress.
    pub fn extent(&self, target: &Target) -> Extent {
        let path = match target {
            Target::Path(path) => path.clone(),
            Target::Again(_) => return Extent { items: Some(1), bytes: None },
            Target::Url(_) => return Extent { items: Some(1), bytes: None },
            Target::Stdin => return Extent::default(),
        };
        let mut extent = Extent { items: Some(0), bytes: Some(0) };
        measure(&path, 0, &mut extent);
        extent
    }
}

/// The items of a target, as they come.
#[derive(Debug)]
pub struct Items {
    receiver: Receiver<Item>,
}

impl Iterator for Items {
    type Item = Item;

    fn next(&mut self) -> Option<Item> {
        self.receiver.recv().ok()
    }
}

/// Returns all items in bytes at hand; the name tells the type where the content leaves it open.
pub fn parse_bytes(name: &str, bytes: &[u8], limits: &Limits) -> Vec<Item> {
    let mut items = Vec::new();
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        let mut take = |item| {
            items.push(item);
            ControlFlow::Continue(())
        };
        Walk::new(limits, None, &mut take).bytes(name, bytes.to_vec())
    }));
    if outcome.is_err() {
        items.push(Err(Failed {
            origin: Origin::of(name),
            reason: FailReason::ReaderFailed,
            detail: String::new(),
        }));
    }
    items
}

/// Walks the target to its end, or until nobody wants more; a reader that panics ends it with a failure.
fn walk_target(target: &Target, limits: &Limits, take: &mut dyn FnMut(Item) -> ControlFlow<()>) {
    let outcome = catch_unwind(AssertUnwindSafe(|| match target {
        Target::Path(path) => Walk::new(limits, None, take).path(path),
        Target::Stdin => Walk::new(limits, None, take).stream("-", &mut std::io::stdin().lock()),
        Target::Url(address) => Walk::new(limits, None, take).url(address),
        Target::Again(origin) => {
            let mut walk = Walk::new(limits, Some(origin.clone()), take);
            match Target::parse(&origin.base) {
                Target::Url(address) => walk.url(&address),
                _ => walk.path(Path::new(&origin.base)),
            }
        }
    }));
    if outcome.is_err() {
        let failed =
            Failed { origin: origin_of(target), reason: FailReason::ReaderFailed, detail: String::new() };
        // The walk is over either way.
        let _ = take(Err(failed));
    }
}

fn origin_of(target: &Target) -> Origin {
    match target {
        Target::Path(path) => Origin::of(path.to_string_lossy()),
        Target::Stdin => Origin::of("-"),
        Target::Url(address) => Origin::of(address),
        Target::Again(origin) => origin.clone(),
    }
}

fn measure(path: &Path, depth: usize, extent: &mut Extent) {
    const FOLDERS_DEEP_MAX: usize = 64;
    let Ok(metadata) = std::fs::symlink_metadata(path) else { return };
    if metadata.is_dir() && depth <= FOLDERS_DEEP_MAX {
        for entry in std::fs::read_dir(path).into_iter().flatten().flatten() {
            measure(&entry.path(), depth + 1, extent);
        }
        return;
    }
    let mut head = [0; 4];
    let starts_zip =
        File::open(path).and_then(|mut file| std::io::Read::read_exact(&mut file, &mut head)).is_ok();
    let entries = if metadata.is_file() && starts_zip && head == *b"PK\x03\x04" {
        File::open(path)
            .ok()
            .and_then(|file| zip::ZipArchive::new(BufReader::new(file)).ok())
            .map(|archive| archive.len() as u64)
    } else {
        None
    };
    extent.items = extent.items.map(|items| items + entries.unwrap_or(1));
    extent.bytes = extent.bytes.map(|bytes| bytes + metadata.len());
}
