//! What lies in a folder, an archive, a stream? One pass over everything, handing on each item.
//!
//! Data is pushed rather than pulled, since archives nest and each level borrows the one above;
//! [`crate::Intake::open`] turns the push into an iterator.

use std::cell::Cell;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read, Seek, SeekFrom};
use std::ops::ControlFlow;
use std::path::Path;
use std::rc::Rc;

use serde_json::Value;
use zip::ZipArchive;

use crate::docx::{DOCUMENT, other_document, read_docx};
use crate::feed::{is_json_feed, read_feed, read_json_item};
use crate::fetch::fetch;
use crate::found::{FailReason, Failed, Found, Item, MediaType, Origin};
use crate::guard::guarded;
use crate::limits::Limits;
use crate::mail::read_mail;
use crate::page::extract_declared;
use crate::pdf::read_pdf;
use crate::plain::{read_markdown, read_text};
use crate::record::read_record;
use crate::sniff::{Format, HEAD_BYTES, sniff};
use crate::text::detect_language;
use crate::{provenance, warc};

/// Whether the receiver wants more.
pub(crate) type Flow = ControlFlow<()>;
const GO_ON: Flow = ControlFlow::Continue(());

/// Why one item failed, before it is known where the item lies.
#[derive(Debug)]
pub(crate) struct Trouble {
    pub reason: FailReason,
    pub detail: String,
}

impl Trouble {
    pub(crate) fn new(reason: FailReason, detail: impl Into<String>) -> Self {
        Self { reason, detail: detail.into() }
    }
}

impl From<FailReason> for Trouble {
    fn from(reason: FailReason) -> Self {
        Self { reason, detail: String::new() }
    }
}

impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Self {
        Self { reason: reason_of(&error), detail: error.kind().to_string() }
    }
}

/// A limit that was hit while reading; travels inside an [`io::Error`] through foreign readers.
#[derive(Debug, thiserror::Error)]
#[error("a limit was reached")]
struct LimitHit(FailReason);

/// Returns what an error met while reading means.
pub(crate) fn reason_of(error: &io::Error) -> FailReason {
    // Readers wrap each other's errors, so the limit may lie deep.
    let mut inner = error.get_ref().map(|inner| inner as &(dyn std::error::Error + 'static));
    while let Some(cause) = inner {
        if let Some(LimitHit(reason)) = cause.downcast_ref() {
            return reason.clone();
        }
        if let Some(wrapped) = cause.downcast_ref::<io::Error>() {
            return reason_of(wrapped);
        }
        inner = cause.source();
    }
    match error.kind() {
        io::ErrorKind::UnexpectedEof => FailReason::Truncated,
        io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput | io::ErrorKind::Other => {
            FailReason::Damaged
        }
        _ => FailReason::Unreadable,
    }
}

/// Reads everything, unless there is more than allowed.
pub(crate) fn read_capped(reader: impl Read, bytes_max: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    reader.take(bytes_max.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > bytes_max {
        return Err(io::Error::other(LimitHit(FailReason::TooLarge { limit_bytes: bytes_max })));
    }
    Ok(bytes)
}

/// How reading a line ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LineEnd {
    /// There was nothing left.
    Nothing,
    /// The line is whole.
    Whole,
    /// The line was longer than allowed; its rest was passed over.
    TooLong,
}

/// Appends the next line with its line feed, but no more than `bytes_max` of it.
pub(crate) fn read_line_capped(
    reader: &mut dyn BufRead,
    line: &mut Vec<u8>,
    bytes_max: u64,
) -> io::Result<LineEnd> {
    let bytes_max = usize::try_from(bytes_max).unwrap_or(usize::MAX);
    let (mut seen, mut too_long) = (false, false);
    loop {
        let available = match reader.fill_buf() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            other => other?,
        };
        let end = available.iter().position(|byte| *byte == b'\n').map(|at| at + 1);
        let part = available.get(..end.unwrap_or(available.len())).unwrap_or_default();
        seen |= !part.is_empty();
        too_long |= line.len() + part.len() > bytes_max;
        if !too_long {
            line.extend_from_slice(part);
        }
        let (used, done) = (part.len(), end.is_some() || part.is_empty());
        reader.consume(used);
        if done {
            return Ok(match (seen, too_long) {
                (false, _) => LineEnd::Nothing,
                (true, true) => LineEnd::TooLong,
                (true, false) => LineEnd::Whole,
            });
        }
    }
}

/// What is being looked at, and what is known about it from outside.
#[derive(Clone, Default)]
struct At {
    origin: Origin,
    /// The name that may tell the type.
    name: String,
    /// What a server called it.
    content_type: Option<String>,
    /// Where on the web it was.
    url: Option<String>,
    /// How many archives lie around it.
    depth: usize,
    /// Whether it was just unpacked from a single-file wrapping, as the tar in a .tar.gz.
    unwrapped: bool,
}

impl At {
    fn charset(&self) -> Option<String> {
        let (_, rest) = self.content_type.as_deref()?.split_once("charset=")?;
        Some(rest.split(';').next()?.trim_matches(['"', '\'', ' ']).to_owned())
    }
}

/// Bytes, and how they can be got at.
enum Body<'b> {
    File(File),
    Bytes(Vec<u8>),
    Stream(&'b mut dyn Read),
}

/// One pass over a target.
pub(crate) struct Walk<'a> {
    limits: &'a Limits,
    take: &'a mut dyn FnMut(Item) -> Flow,
    /// The only item wanted, when something is taken in again.
    only: Option<Origin>,
    expanded_bytes: Rc<Cell<u64>>,
    entries: u64,
}

impl<'a> Walk<'a> {
    pub(crate) fn new(
        limits: &'a Limits,
        only: Option<Origin>,
        take: &'a mut dyn FnMut(Item) -> Flow,
    ) -> Self {
        Self { limits, take, only, expanded_bytes: Rc::default(), entries: 0 }
    }

    /// Walks a file, or a folder with everything below it in the order of names.
    pub(crate) fn path(&mut self, path: &Path) -> Flow {
        let at = At {
            origin: Origin::of(path.to_string_lossy()),
            name: path.to_string_lossy().into_owned(),
            ..At::default()
        };
        match std::fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => self.folder(path, 0),
            Ok(metadata) if metadata.is_file() => match File::open(path) {
                Ok(file) => self.body(&at, Body::File(file)),
                Err(error) => self.fail(&at.origin, FailReason::Unreadable, error.kind().to_string()),
            },
            // Pipes and devices may never end or never begin.
            Ok(_) => self.fail(&at.origin, FailReason::Unsupported, "it is neither a file nor a folder"),
            Err(error) => self.fail(&at.origin, FailReason::Unreadable, error.kind().to_string()),
        }
    }

    fn folder(&mut self, folder: &Path, depth: usize) -> Flow {
        const FOLDERS_DEEP_MAX: usize = 64;
        let origin = Origin::of(folder.to_string_lossy());
        if depth > FOLDERS_DEEP_MAX {
            return self.fail(
                &origin,
                FailReason::TooDeep { limit: FOLDERS_DEEP_MAX },
                "folders nest too deep",
            );
        }
        let listed = std::fs::read_dir(folder).and_then(|entries| entries.collect::<io::Result<Vec<_>>>());
        let mut entries = match listed {
            Ok(entries) => entries,
            Err(error) => return self.fail(&origin, FailReason::Unreadable, error.kind().to_string()),
        };
        entries.sort_by_key(std::fs::DirEntry::file_name);
        for entry in entries {
            if is_hidden(&entry.file_name().to_string_lossy()) {
                continue;
            }
            let path = entry.path();
            // A link to a folder may lead round in a circle; a link to a file cannot.
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => self.folder(&path, depth + 1)?,
                Ok(kind) if kind.is_symlink() && path.is_dir() => {}
                _ => self.path(&path)?,
            }
        }
        GO_ON
    }

    /// Walks bytes at hand; the name may tell their type.
    pub(crate) fn bytes(&mut self, name: &str, bytes: Vec<u8>) -> Flow {
        let at = At { origin: Origin::of(name), name: name.to_owned(), ..At::default() };
        self.body(&at, Body::Bytes(bytes))
    }

    /// Walks a stream, such as standard input.
    pub(crate) fn stream(&mut self, name: &str, stream: &mut dyn Read) -> Flow {
        let at = At { origin: Origin::of(name), name: name.to_owned(), ..At::default() };
        self.body(&at, Body::Stream(stream))
    }

    /// Fetches an address and walks what comes back.
    pub(crate) fn url(&mut self, address: &str) -> Flow {
        let origin = Origin::of(address);
        match fetch(address, self.limits) {
            Ok(fetched) => {
                let path = url::Url::parse(&fetched.url).map(|url| url.path().to_owned()).unwrap_or_default();
                let at = At {
                    origin,
                    name: path,
                    content_type: fetched.content_type,
                    url: Some(fetched.url),
                    ..At::default()
                };
                self.body(&at, Body::Bytes(fetched.bytes))
            }
            Err(trouble) => self.trouble(&origin, trouble),
        }
    }

    /// Looks at the beginning and goes the way that fits it.
    fn body(&mut self, at: &At, body: Body<'_>) -> Flow {
        let mut body = body;
        let head = match peek(&mut body) {
            Ok(head) => head,
            Err(error) => return self.trouble(&at.origin, error.into()),
        };
        let format = sniff(&head, &at.name, at.content_type.as_deref());
        let too_deep = at.depth > self.limits.nesting_max;
        match format {
            Format::Empty => self.fail(&at.origin, FailReason::Empty, ""),
            Format::Binary => self.fail(&at.origin, FailReason::Binary, ""),
            Format::Unsupported(kind) => self.fail(&at.origin, FailReason::Unsupported, kind),
            Format::Gzip | Format::Xz | Format::Zstd | Format::Zip | Format::Tar if too_deep => {
                self.fail(&at.origin, FailReason::TooDeep { limit: self.limits.nesting_max }, "")
            }
            Format::Gzip | Format::Xz | Format::Zstd => self.packed(at, format, reader(head, body)),
            Format::Zip => self.zip_body(at, head, body),
            Format::Tar => self.tar(at, reader(head, body)),
            Format::Warc => self.warc(at, &mut BufReader::new(reader(head, body))),
            Format::Mbox => self.mbox(at, &mut BufReader::new(reader(head, body))),
            Format::JsonLines if has_mark(&head) => self.document(at, format, reader(head, body)),
            Format::JsonLines => self.json_lines(at, &mut BufReader::new(reader(head, body))),
            Format::Json if starts_array(&head) => {
                self.json_array(at, &mut BufReader::new(reader(head, body)))
            }
            Format::Csv if !has_mark(&head) => self.table(at, &head.clone(), reader(head, body)),
            Format::Csv
            | Format::Json
            | Format::Feed
            | Format::Mail
            | Format::Pdf
            | Format::Html
            | Format::Markdown
            | Format::Text => self.document(at, format, reader(head, body)),
        }
    }

    /// Reads something that has to be in memory as a whole.
    fn document(&mut self, at: &At, format: Format, reader: Box<dyn Read + '_>) -> Flow {
        let raw = match read_capped(reader, self.limits.report_bytes_max) {
            Ok(raw) => raw,
            Err(error) => return self.trouble(&at.origin, error.into()),
        };
        let charset = at.charset();
        let origin = at.origin.clone();
        match format {
            Format::Text => {
                self.hand_on(&at.origin, Ok(with_url(read_text(origin, raw, charset.as_deref()), at)))
            }
            Format::Markdown => {
                self.hand_on(&at.origin, Ok(with_url(read_markdown(origin, raw, charset.as_deref()), at)))
            }
            Format::Html => {
                let page = self.page(origin, raw, at.url.clone(), charset);
                self.hand_on(&at.origin, page)
            }
            Format::Pdf => {
                let limits = self.limits.clone();
                let found = self.apart(move || read_pdf(origin, raw, &limits));
                self.hand_on(&at.origin, found.map(|found| with_url(found, at)))
            }
            Format::Mail => self.mail(at, origin, raw),
            Format::Feed => {
                let declared = charset.or_else(|| xml_encoding(&raw));
                let xml = crate::text::decode(&raw, declared.as_deref()).text;
                let limits = self.limits;
                let (take, only) = (&mut *self.take, &self.only);
                let mut number = 0;
                read_feed(&xml, &origin, &mut |entry| {
                    number += 1;
                    let place =
                        if entry.as_ref().is_err_and(|trouble| trouble.reason == FailReason::MalformedRecord)
                        {
                            origin.record(number)
                        } else {
                            origin.clone()
                        };
                    deliver(take, only.as_ref(), limits, &place, entry)
                })
            }
            Format::Json => self.json_value(at, &raw),
            // Tables and lines with a byte order mark: as UTF-8 they can be streamed.
            Format::JsonLines => {
                let text = crate::text::decode(&raw, None).text;
                self.json_lines(at, &mut Cursor::new(text.into_bytes()))
            }
            _ => {
                let text = crate::text::decode(&raw, None).text.into_bytes();
                let head = text.get(..text.len().min(HEAD_BYTES)).unwrap_or_default().to_vec();
                self.table(at, &head, Box::new(Cursor::new(text)))
            }
        }
    }

    fn page(
        &self,
        origin: Origin,
        raw: Vec<u8>,
        url: Option<String>,
        charset: Option<String>,
    ) -> Result<Found, Trouble> {
        let (raw, page) = self.apart(move || {
            let page = extract_declared(&raw, url.as_deref(), charset.as_deref())?;
            Ok((raw, page))
        })?;
        let mut found = Found::new(origin, raw, MediaType::Html, &page.text);
        found.title = page.title;
        found.author = page.author;
        found.published = page.published;
        found.updated = page.updated;
        found.language = page.language;
        found.url = page.url;
        // A page that names another as its publisher passes it on.
        match (page.publisher, page.site) {
            (Some(publisher), Some(site)) if publisher != site => {
                found.publisher = Some(publisher);
                found.carrier = Some(site);
            }
            (publisher, site) => found.publisher = publisher.or(site),
        }
        found.extra = page.extra;
        Ok(found)
    }

    /// Runs a reader that may fail in unforeseen ways.
    fn apart<T: Send + 'static>(
        &self,
        read: impl FnOnce() -> Result<T, Trouble> + Send + 'static,
    ) -> Result<T, Trouble> {
        guarded(self.limits.document_time_max, read)?
    }

    fn mail(&mut self, at: &At, origin: Origin, raw: Vec<u8>) -> Flow {
        let mail = match self.apart(move || read_mail(origin, raw)) {
            Ok(mail) => mail,
            Err(trouble) => return self.trouble(&at.origin, trouble),
        };
        let bare = mail.found.text.trim().is_empty() && !mail.attachments.is_empty();
        if !bare {
            self.hand_on(&at.origin, Ok(mail.found))?;
        }
        if at.depth >= self.limits.nesting_max {
            return GO_ON;
        }
        for (name, bytes) in mail.attachments {
            let head = bytes.get(..bytes.len().min(HEAD_BYTES)).unwrap_or_default();
            // Pictures, signatures and invitations hang on most mail; they are no reports that failed.
            if !matches!(
                sniff(head, &name, None),
                Format::Pdf | Format::Zip | Format::Html | Format::Mail | Format::Text
            ) {
                continue;
            }
            let mut inner = at.origin.entry(&name);
            if let Some(number) = at.origin.record {
                inner = Origin { record: None, ..at.origin.clone() }.entry(&format!("{number}/{name}"));
            }
            let at = At { origin: inner, name, depth: at.depth + 1, ..At::default() };
            self.body(&at, Body::Bytes(bytes))?;
        }
        GO_ON
    }

    /// Unpacks a single compressed file and looks at what it is.
    fn packed(&mut self, at: &At, format: Format, reader: Box<dyn Read + '_>) -> Flow {
        let packed_bytes = Rc::new(Cell::new(0));
        let counted = Counted { inner: reader, read: Rc::clone(&packed_bytes) };
        let unpacked: Box<dyn Read + '_> = match format {
            Format::Gzip => Box::new(flate2::read::MultiGzDecoder::new(BufReader::new(counted))),
            Format::Xz => {
                Box::new(lzma_rust2::XzReader::new_mem_limit(BufReader::new(counted), true, 256 << 10))
            }
            _ => {
                let window = zstd::Decoder::new(counted).and_then(|mut decoder| {
                    decoder.window_log_max(27)?;
                    Ok(decoder)
                });
                match window {
                    Ok(decoder) => Box::new(decoder),
                    Err(error) => return self.trouble(&at.origin, error.into()),
                }
            }
        };
        let mut metered = self.metered(unpacked, packed_bytes);
        let lower = at.name.to_ascii_lowercase();
        let suffix = [".gz", ".xz", ".zst", ".gzip", ".zstd"].iter().find(|suffix| lower.ends_with(**suffix));
        let name = match suffix {
            Some(suffix) => at.name.get(..at.name.len() - suffix.len()).unwrap_or_default().to_owned(),
            None if lower.ends_with(".tgz") || lower.ends_with(".txz") => "inner.tar".to_owned(),
            None => at.name.clone(),
        };
        let inner = At { name, depth: at.depth + 1, unwrapped: true, content_type: None, ..at.clone() };
        self.body(&inner, Body::Stream(&mut metered))
    }

    fn metered<R: Read>(&self, inner: R, packed_bytes: Rc<Cell<u64>>) -> Metered<R> {
        Metered {
            inner,
            packed_bytes,
            unpacked_bytes: 0,
            ratio_max: self.limits.ratio_max,
            expanded_bytes: Rc::clone(&self.expanded_bytes),
            expanded_bytes_max: self.limits.expanded_bytes_max,
        }
    }

    fn zip_body(&mut self, at: &At, head: Vec<u8>, body: Body<'_>) -> Flow {
        match body {
            Body::File(file) => self.zip(at, BufReader::new(file)),
            Body::Bytes(bytes) => self.zip(at, Cursor::new(bytes)),
            Body::Stream(_) => match read_capped(reader(head, body), self.limits.nested_archive_bytes_max) {
                Ok(bytes) => self.zip(at, Cursor::new(bytes)),
                Err(error) => self.trouble(&at.origin, error.into()),
            },
        }
    }

    fn zip<R: Read + Seek>(&mut self, at: &At, reader: R) -> Flow {
        let mut archive = match ZipArchive::new(reader) {
            Ok(archive) => archive,
            Err(error) => return self.trouble(&at.origin, zip_trouble(error)),
        };
        let names: Vec<String> = (0..archive.len())
            .map(|index| archive.by_index_raw(index).map(|entry| entry_name(&entry)).unwrap_or_default())
            .take(usize::try_from(self.limits.archive_entries_max).unwrap_or(usize::MAX))
            .collect();
        if names.iter().any(|name| name == DOCUMENT) {
            return self.docx(at, archive.into_inner());
        }
        if let Some(kind) = other_document(&names) {
            return self.fail(&at.origin, FailReason::Unsupported, kind);
        }
        let depth = if at.unwrapped { at.depth } else { at.depth + 1 };
        for index in 0..archive.len() {
            let raw = archive.by_index_raw(index).map(|entry| {
                (entry_name(&entry), entry.is_dir(), entry.encrypted(), entry.compressed_size())
            });
            let (name, is_folder, encrypted, packed_bytes) = match raw {
                Ok(entry) => entry,
                Err(error) => {
                    self.trouble(&at.origin, zip_trouble(error))?;
                    continue;
                }
            };
            if is_folder || is_hidden_path(&name) {
                continue;
            }
            if !self.may_go_on(&at.origin)? {
                return GO_ON;
            }
            let inner = At { origin: at.origin.entry(&name), name, depth, ..At::default() };
            if encrypted {
                self.fail(&inner.origin, FailReason::Encrypted, "")?;
                continue;
            }
            match archive.by_index(index) {
                Ok(entry) => {
                    let mut metered = self.metered(entry, Rc::new(Cell::new(packed_bytes)));
                    self.body(&inner, Body::Stream(&mut metered))?;
                }
                Err(error) => self.trouble(&inner.origin, zip_trouble(error))?,
            }
        }
        GO_ON
    }

    fn docx<R: Read + Seek>(&mut self, at: &At, mut reader: R) -> Flow {
        let raw = reader
            .seek(SeekFrom::Start(0))
            .and_then(|_| read_capped(&mut reader, self.limits.report_bytes_max))
            .map_err(Trouble::from);
        let limits = self.limits.clone();
        let origin = at.origin.clone();
        let found = raw.and_then(|raw| self.apart(move || read_docx(origin, raw, &limits)));
        self.hand_on(&at.origin, found.map(|found| with_url(found, at)))
    }

    fn tar(&mut self, at: &At, reader: Box<dyn Read + '_>) -> Flow {
        let mut archive = tar::Archive::new(reader);
        let entries = match archive.entries() {
            Ok(entries) => entries,
            Err(error) => return self.trouble(&at.origin, error.into()),
        };
        let depth = if at.unwrapped { at.depth } else { at.depth + 1 };
        for entry in entries {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => return self.trouble(&at.origin, error.into()),
            };
            let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
            if !matches!(
                entry.header().entry_type(),
                tar::EntryType::Regular | tar::EntryType::Continuous | tar::EntryType::GNUSparse
            ) || is_hidden_path(&name)
            {
                continue;
            }
            if !self.may_go_on(&at.origin)? {
                return GO_ON;
            }
            let inner = At { origin: at.origin.entry(&name), name, depth, ..At::default() };
            if entry.size() == 0 {
                self.fail(&inner.origin, FailReason::Empty, "")?;
                continue;
            }
            // An entry may claim holes, and so be far larger than what is stored of it.
            let stored = Rc::new(Cell::new(entry.header().entry_size().unwrap_or(0)));
            let mut metered = self.metered(entry, stored);
            self.body(&inner, Body::Stream(&mut metered))?;
        }
        GO_ON
    }

    /// Counts one more archive entry; fails the archive once the limits of the whole target are used up.
    fn may_go_on(&mut self, archive: &Origin) -> ControlFlow<(), bool> {
        self.entries += 1;
        let limit = self.limits.archive_entries_max;
        let reason = if self.entries > limit {
            FailReason::TooManyEntries { limit }
        } else if self.expanded_bytes.get() > self.limits.expanded_bytes_max {
            FailReason::Bomb
        } else {
            return ControlFlow::Continue(true);
        };
        self.fail(archive, reason, "the rest of the archive is left out")?;
        ControlFlow::Continue(false)
    }

    fn warc(&mut self, at: &At, reader: &mut dyn BufRead) -> Flow {
        let mut number = 0;
        loop {
            let record = match warc::next_record(reader) {
                Ok(Some(record)) => record,
                Ok(None) => return GO_ON,
                Err(error) => return self.trouble(&at.origin, error.into()),
            };
            number += 1;
            let origin = at.origin.record(number);
            let mut block = (&mut *reader).take(record.length);
            let kind = record.field("warc-type").unwrap_or_default().to_ascii_lowercase();
            let wanted = matches!(kind.as_str(), "response" | "resource" | "conversion");
            let bytes =
                if wanted { read_capped(&mut block, self.limits.report_bytes_max) } else { Ok(Vec::new()) };
            if let Err(error) = io::copy(&mut block, &mut io::sink()) {
                return self.trouble(&origin, error.into());
            }
            if block.limit() > 0 {
                return self.fail(&origin, FailReason::Truncated, "the archive ends inside a record");
            }
            match bytes {
                Ok(_) if !wanted => {}
                Ok(bytes) => self.warc_record(&origin, &record, bytes)?,
                Err(error) => self.trouble(&origin, error.into())?,
            }
        }
    }

    /// Hands on a record that is a page or document; pictures, scripts and redirects are no reports.
    fn warc_record(&mut self, origin: &Origin, record: &warc::Record, block: Vec<u8>) -> Flow {
        let is_http = record.field("content-type").is_some_and(|kind| kind.contains("application/http"))
            || block.starts_with(b"HTTP/");
        let answer = if is_http {
            match warc::read_answer(&block, self.limits.report_bytes_max) {
                Some(answer) => answer,
                None => {
                    return self.fail(
                        origin,
                        FailReason::MalformedRecord,
                        "the answer of the server cannot be read",
                    );
                }
            }
        } else {
            warc::Answer {
                status: 200,
                content_type: record.field("content-type").map(str::to_owned),
                body: block,
            }
        };
        let url = record.field("warc-target-uri").map(|uri| uri.trim_matches(['<', '>']).to_owned());
        let content_type = answer.content_type.as_deref().unwrap_or_default().to_ascii_lowercase();
        let told = content_type.split(';').next().unwrap_or_default().trim();
        let never = [
            "image/",
            "video/",
            "audio/",
            "font/",
            "text/css",
            "application/javascript",
            "text/javascript",
            "application/x-javascript",
            "application/json",
            "application/font",
            "text/dns",
        ];
        if never.iter().any(|prefix| told.starts_with(prefix)) || (300..400).contains(&answer.status) {
            return GO_ON;
        }
        if !(200..300).contains(&answer.status) {
            return self.fail(origin, FailReason::HttpStatus(answer.status), "");
        }
        let at = At {
            origin: origin.clone(),
            name: url
                .as_deref()
                .and_then(|url| url::Url::parse(url).ok())
                .map(|url| url.path().to_owned())
                .unwrap_or_default(),
            content_type: answer.content_type.clone(),
            url,
            ..At::default()
        };
        let head = answer.body.get(..answer.body.len().min(HEAD_BYTES)).unwrap_or_default();
        match sniff(head, &at.name, at.content_type.as_deref()) {
            format @ (Format::Html | Format::Pdf | Format::Text | Format::Markdown | Format::Mail) => {
                self.document(&at, format, Box::new(Cursor::new(answer.body)))
            }
            Format::Zip => self.zip(&at, Cursor::new(answer.body)),
            Format::Empty => self.fail(origin, FailReason::Empty, ""),
            _ => GO_ON,
        }
    }

    /// Cuts a mailbox at each line "From …" that follows an empty one.
    fn mbox(&mut self, at: &At, reader: &mut dyn BufRead) -> Flow {
        let limit_bytes = self.limits.report_bytes_max;
        let (mut number, mut message, mut too_large, mut after_blank) = (0, Vec::new(), false, true);
        let mut line = Vec::new();
        loop {
            line.clear();
            let end = match read_line_capped(reader, &mut line, limit_bytes) {
                Ok(end) => end,
                Err(error) => return self.trouble(&at.origin, error.into()),
            };
            let cut = end == LineEnd::Nothing || after_blank && line.starts_with(b"From ");
            if cut {
                if too_large {
                    self.fail(&at.origin.record(number), FailReason::TooLarge { limit_bytes }, "")?;
                } else if number > 0 {
                    let inner = At { origin: at.origin.record(number), ..at.clone() };
                    let raw = std::mem::take(&mut message);
                    self.mail(&inner, inner.origin.clone(), raw)?;
                }
                if end == LineEnd::Nothing {
                    return GO_ON;
                }
                message.clear();
                number += 1;
                too_large = false;
                after_blank = false;
                continue;
            }
            after_blank = line.iter().all(u8::is_ascii_whitespace);
            too_large |= end == LineEnd::TooLong || (message.len() + line.len()) as u64 > limit_bytes;
            if !too_large {
                // Mailboxes quote lines that would look like the next message.
                let quoted = line.starts_with(b">From ") || line.starts_with(b">>From ");
                message.extend_from_slice(line.get(usize::from(quoted)..).unwrap_or_default());
            }
        }
    }

    fn json_lines(&mut self, at: &At, reader: &mut dyn BufRead) -> Flow {
        let limit_bytes = self.limits.report_bytes_max;
        let mut line = Vec::new();
        let mut number = 0;
        loop {
            line.clear();
            number += 1;
            let origin = at.origin.record(number);
            match read_line_capped(reader, &mut line, limit_bytes) {
                Ok(LineEnd::Nothing) => return GO_ON,
                Ok(LineEnd::TooLong) => self.fail(&origin, FailReason::TooLarge { limit_bytes }, "")?,
                Ok(LineEnd::Whole) if line.iter().all(u8::is_ascii_whitespace) => {}
                Ok(LineEnd::Whole) => {
                    let record = json_record(&origin, &line);
                    self.hand_on(&origin, record)?;
                }
                Err(error) => return self.trouble(&at.origin, error.into()),
            }
        }
    }

    /// Cuts an array into its elements without holding more than one of them.
    fn json_array(&mut self, at: &At, reader: &mut dyn BufRead) -> Flow {
        let limit_bytes = self.limits.report_bytes_max;
        let mut number = 0;
        let mut element = Vec::new();
        let (mut depth, mut in_string, mut escaped, mut too_large) = (0u64, false, false, false);
        loop {
            let block = match reader.fill_buf() {
                Ok(block) => block.to_vec(),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return self.trouble(&at.origin, error.into()),
            };
            if block.is_empty() {
                return self.fail(&at.origin, FailReason::Truncated, "the list does not end");
            }
            reader.consume(block.len());
            for byte in block {
                let ends = !in_string && (depth == 1 && matches!(byte, b',' | b']'));
                if ends {
                    if too_large || !element.iter().all(u8::is_ascii_whitespace) {
                        number += 1;
                        let origin = at.origin.record(number);
                        let record = if too_large {
                            Err(FailReason::TooLarge { limit_bytes }.into())
                        } else {
                            json_record(&origin, &element)
                        };
                        self.hand_on(&origin, record)?;
                    }
                    element.clear();
                    too_large = false;
                    if byte == b']' {
                        return if number == 0 {
                            self.fail(&at.origin, FailReason::Empty, "the list is empty")
                        } else {
                            GO_ON
                        };
                    }
                    continue;
                }
                match byte {
                    _ if escaped => escaped = false,
                    b'\\' if in_string => escaped = true,
                    b'"' => in_string = !in_string,
                    b'[' | b'{' if !in_string => {
                        depth += 1;
                        if depth == 1 {
                            continue;
                        }
                    }
                    b']' | b'}' if !in_string => depth = depth.saturating_sub(1),
                    _ => {}
                }
                if depth >= 1 {
                    too_large |= element.len() as u64 >= limit_bytes;
                    if !too_large {
                        element.push(byte);
                    }
                }
            }
        }
    }

    /// Reads one JSON value: a report, a JSON Feed, or an object that holds a list of reports.
    fn json_value(&mut self, at: &At, raw: &[u8]) -> Flow {
        let text = crate::text::decode(raw, None).text;
        let object = match serde_json::from_str(&text) {
            Ok(Value::Object(object)) => object,
            Ok(Value::Array(list)) => {
                for (number, value) in (1..).zip(list) {
                    let origin = at.origin.record(number);
                    let record = json_record(&origin, value.to_string().as_bytes());
                    self.hand_on(&origin, record)?;
                }
                return GO_ON;
            }
            Ok(_) => return self.fail(&at.origin, FailReason::MalformedRecord, "it is no object"),
            Err(error) => return self.trouble(&at.origin, json_trouble(&error)),
        };
        let list_of = |key: &str| object.get(key).and_then(Value::as_array);
        if is_json_feed(&object) {
            for (number, item) in (1..).zip(list_of("items").into_iter().flatten()) {
                let origin = at.origin.record(number);
                self.hand_on(&origin, read_json_item(&object, item, origin.clone()))?;
            }
            return GO_ON;
        }
        let has_text =
            ["text", "content", "body"].iter().any(|key| object.get(*key).is_some_and(Value::is_string));
        let lists = ["reports", "articles", "items", "documents", "entries", "results", "data"];
        if let Some(list) = lists.iter().find_map(|key| list_of(key)).filter(|_| !has_text) {
            for (number, value) in (1..).zip(list) {
                let origin = at.origin.record(number);
                let record = json_record(&origin, value.to_string().as_bytes());
                self.hand_on(&origin, record)?;
            }
            return GO_ON;
        }
        let record = read_record(at.origin.clone(), raw.to_vec(), MediaType::Json, object);
        self.hand_on(&at.origin, record)
    }

    fn table(&mut self, at: &At, head: &[u8], reader: Box<dyn Read + '_>) -> Flow {
        let limit_bytes = self.limits.report_bytes_max;
        // A quote that never closes makes one record of the rest, so a record has a limit of its own.
        let since_record = Rc::new(Cell::new(0));
        let limited =
            LimitedRecord { inner: reader, since_record: Rc::clone(&since_record), bytes_max: limit_bytes };
        let mut rows = csv::ReaderBuilder::new()
            .flexible(true)
            .delimiter(delimiter(head, &at.name))
            .from_reader(limited);
        let decode = |field: &[u8]| crate::text::decode(field, None).text;
        let header: Vec<String> = match rows.byte_headers() {
            Ok(header) => header.iter().map(decode).collect(),
            Err(error) => return self.trouble(&at.origin, csv_trouble(error)),
        };
        let mut row = csv::ByteRecord::new();
        let mut number = 0;
        loop {
            since_record.set(0);
            match rows.read_byte_record(&mut row) {
                Ok(true) => {}
                Ok(false) if number == 0 => {
                    return self.fail(&at.origin, FailReason::Empty, "the table has no rows");
                }
                Ok(false) => return GO_ON,
                Err(error) => return self.trouble(&at.origin, csv_trouble(error)),
            }
            number += 1;
            let origin = at.origin.record(number);
            let fields =
                header.iter().zip(row.iter()).map(|(name, field)| (name.clone(), Value::from(decode(field))));
            let record = fields.collect();
            let mut writer = csv::Writer::from_writer(Vec::new());
            let raw = writer
                .write_byte_record(&row)
                .ok()
                .and_then(|()| writer.into_inner().ok())
                .unwrap_or_default();
            let found = read_record(origin.clone(), raw, MediaType::Csv, record);
            self.hand_on(&origin, found)?;
        }
    }

    fn hand_on(&mut self, origin: &Origin, found: Result<Found, Trouble>) -> Flow {
        deliver(&mut *self.take, self.only.as_ref(), self.limits, origin, found)
    }

    fn trouble(&mut self, origin: &Origin, trouble: Trouble) -> Flow {
        self.hand_on(origin, Err(trouble))
    }

    fn fail(&mut self, origin: &Origin, reason: FailReason, detail: impl Into<String>) -> Flow {
        self.trouble(origin, Trouble::new(reason, detail))
    }
}

/// Completes an item and hands it on, unless only another one is wanted.
fn deliver(
    take: &mut dyn FnMut(Item) -> Flow,
    only: Option<&Origin>,
    limits: &Limits,
    origin: &Origin,
    found: Result<Found, Trouble>,
) -> Flow {
    let origin = found.as_ref().map_or(origin, |found| &found.origin).clone();
    if only.is_some_and(|only| *only != origin) {
        return GO_ON;
    }
    let item = found.and_then(|found| complete(found, limits)).map_err(|trouble| Failed {
        origin,
        reason: trouble.reason,
        detail: trouble.detail,
    });
    take(item)?;
    if only.is_some() { ControlFlow::Break(()) } else { GO_ON }
}

/// Fills in what the text itself tells; refuses a report without any.
fn complete(mut found: Found, limits: &Limits) -> Result<Found, Trouble> {
    if found.text.trim().is_empty() {
        return Err(FailReason::Empty.into());
    }
    if found.text.len() as u64 > limits.report_bytes_max {
        return Err(FailReason::TooLarge { limit_bytes: limits.report_bytes_max }.into());
    }
    provenance::read_credits(&mut found);
    if found.language.is_none() {
        found.language = detect_language(&found.text);
    }
    Ok(found)
}

fn with_url(mut found: Found, at: &At) -> Found {
    if found.url.is_none() {
        found.url.clone_from(&at.url);
    }
    found
}

fn json_record(origin: &Origin, bytes: &[u8]) -> Result<Found, Trouble> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text;
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(_) => {
            text = crate::text::decode(bytes, None).text;
            &text
        }
    };
    match serde_json::from_str(text) {
        Ok(Value::Object(record)) => {
            read_record(origin.clone(), bytes.trim_ascii_end().to_vec(), MediaType::Json, record)
        }
        Ok(_) => Err(Trouble::new(FailReason::MalformedRecord, "it is no object")),
        Err(error) => Err(json_trouble(&error)),
    }
}

/// Says what is wrong and where, without the words of the record.
fn json_trouble(error: &serde_json::Error) -> Trouble {
    let what = match error.classify() {
        serde_json::error::Category::Eof => "the JSON is cut off",
        _ => "the JSON is not valid",
    };
    Trouble::new(FailReason::MalformedRecord, format!("{what} at column {}", error.column()))
}

fn zip_trouble(error: zip::result::ZipError) -> Trouble {
    use zip::result::ZipError;
    match error {
        ZipError::Io(error) => error.into(),
        ZipError::InvalidPassword => FailReason::Encrypted.into(),
        ZipError::UnsupportedArchive(words) if words.contains("assword") => FailReason::Encrypted.into(),
        ZipError::UnsupportedArchive(words) => Trouble::new(FailReason::Unsupported, words),
        ZipError::CompressionMethodNotSupported(method) => {
            Trouble::new(FailReason::Unsupported, format!("compression method {method}"))
        }
        ZipError::InvalidArchive(words) => Trouble::new(FailReason::Damaged, words),
        _ => FailReason::Damaged.into(),
    }
}

/// Returns the name of an entry, whatever its encoding.
fn entry_name<R: Read>(entry: &zip::read::ZipFile<'_, R>) -> String {
    entry
        .name()
        .map_or_else(|_| String::from_utf8_lossy(entry.name_raw()).into_owned(), |name| name.into_owned())
}

fn csv_trouble(error: csv::Error) -> Trouble {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error.into(),
        _ => FailReason::MalformedRecord.into(),
    }
}

/// Returns the delimiter that the first line has most of.
fn delimiter(head: &[u8], name: &str) -> u8 {
    let line = head.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let count = |wanted: u8| line.iter().filter(|byte| **byte == wanted).count();
    let most = [b',', b';', b'\t']
        .into_iter()
        .rev()
        .max_by_key(|wanted| count(*wanted))
        .filter(|most| count(*most) > 0);
    most.unwrap_or(if name.ends_with(".tsv") { b'\t' } else { b',' })
}

fn xml_encoding(raw: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(raw.get(..raw.len().min(200))?).into_owned();
    let (_, rest) = head.split_once("encoding=")?;
    Some(rest.trim_start_matches(['"', '\'']).split(['"', '\'']).next()?.to_owned())
}

fn has_mark(head: &[u8]) -> bool {
    encoding_rs::Encoding::for_bom(head).is_some() || crate::text::utf16_without_mark(head).is_some()
}

fn starts_array(head: &[u8]) -> bool {
    !has_mark(head) && head.trim_ascii_start().starts_with(b"[")
}

/// Files that systems leave behind, not people.
fn is_hidden(name: &str) -> bool {
    name.starts_with('.') || name == "__MACOSX" || name == "Thumbs.db"
}

fn is_hidden_path(path: &str) -> bool {
    path.split('/').any(|part| part != "." && part != ".." && is_hidden(part))
}

/// Returns the beginning; a stream has to be continued from behind it.
fn peek(body: &mut Body<'_>) -> io::Result<Vec<u8>> {
    match body {
        Body::Bytes(bytes) => Ok(bytes.get(..bytes.len().min(HEAD_BYTES)).unwrap_or_default().to_vec()),
        Body::File(file) => {
            let mut head = Vec::new();
            file.take(HEAD_BYTES as u64).read_to_end(&mut head)?;
            file.rewind()?;
            Ok(head)
        }
        Body::Stream(stream) => {
            let mut head = Vec::new();
            stream.take(HEAD_BYTES as u64).read_to_end(&mut head)?;
            Ok(head)
        }
    }
}

/// Returns everything from the beginning.
fn reader<'b>(head: Vec<u8>, body: Body<'b>) -> Box<dyn Read + 'b> {
    match body {
        Body::File(file) => Box::new(BufReader::new(file)),
        Body::Bytes(bytes) => Box::new(Cursor::new(bytes)),
        Body::Stream(stream) => Box::new(Cursor::new(head).chain(stream)),
    }
}

/// Counts what is read.
struct Counted<R> {
    inner: R,
    read: Rc<Cell<u64>>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.inner.read(buffer)?;
        self.read.set(self.read.get().saturating_add(length as u64));
        Ok(length)
    }
}

/// Unpacked data under watch: stops when it grows out of proportion or past the limit.
struct Metered<R> {
    inner: R,
    packed_bytes: Rc<Cell<u64>>,
    unpacked_bytes: u64,
    ratio_max: u64,
    expanded_bytes: Rc<Cell<u64>>,
    expanded_bytes_max: u64,
}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        const FREE_BYTES: u64 = 1 << 20;
        let length = self.inner.read(buffer)?;
        self.unpacked_bytes += length as u64;
        self.expanded_bytes.set(self.expanded_bytes.get() + length as u64);
        let allowed = self.packed_bytes.get().saturating_mul(self.ratio_max).saturating_add(FREE_BYTES);
        if self.unpacked_bytes > allowed || self.expanded_bytes.get() > self.expanded_bytes_max {
            return Err(io::Error::other(LimitHit(FailReason::Bomb)));
        }
        Ok(length)
    }
}

/// Stops when too much was read for a single record.
struct LimitedRecord<R> {
    inner: R,
    since_record: Rc<Cell<u64>>,
    bytes_max: u64,
}

impl<R: Read> Read for LimitedRecord<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.since_record.get() > self.bytes_max {
            return Err(io::Error::other(LimitHit(FailReason::TooLarge { limit_bytes: self.bytes_max })));
        }
        let length = self.inner.read(buffer)?;
        self.since_record.set(self.since_record.get() + length as u64);
        Ok(length)
    }
}
