//! What does a word processor's document say?

use std::io::Cursor;

use quick_xml::Reader;
use quick_xml::events::Event;
use zip::ZipArchive;

use crate::found::{FailReason, Found, MediaType, Origin};
use crate::limits::Limits;
use crate::text::some_line;
use crate::walk::{Trouble, read_capped};

/// The part of the package that holds the text.
pub(crate) const DOCUMENT: &str = "word/document.xml";

/// Reads a document; its own dates say when the file was made, not when the report was published.
pub(crate) fn read_docx(origin: Origin, raw: Vec<u8>, limits: &Limits) -> Result<Found, Trouble> {
    let damaged = |error: zip::result::ZipError| Trouble::new(FailReason::Damaged, error.to_string());
    let mut package = ZipArchive::new(Cursor::new(raw.as_slice())).map_err(damaged)?;
    let document = part(&mut package, DOCUMENT, limits)?;
    let properties = part(&mut package, "docProps/core.xml", limits).unwrap_or_default();
    drop(package);
    let text = paragraphs(&document)?;
    let mut found = Found::new(origin, raw, MediaType::Docx, text.trim());
    found.title = property(&properties, "dc:title");
    found.author = property(&properties, "dc:creator");
    for (name, key) in [("dcterms:created", "file_created"), ("dcterms:modified", "file_modified")] {
        if let Some(value) = property(&properties, name) {
            found.extra.insert(key.into(), value.into());
        }
    }
    Ok(found)
}

fn part(package: &mut ZipArchive<Cursor<&[u8]>>, name: &str, limits: &Limits) -> Result<String, Trouble> {
    let entry =
        package.by_name(name).map_err(|error| Trouble::new(FailReason::Damaged, error.to_string()))?;
    let packed = entry.compressed_size().max(1);
    let bytes = read_capped(entry, limits.report_bytes_max)?;
    if bytes.len() as u64 > (1 << 20) && bytes.len() as u64 / packed > limits.ratio_max {
        return Err(FailReason::Bomb.into());
    }
    Ok(crate::text::decode(&bytes, None).text)
}

/// Returns the text, a paragraph a line; what was deleted with tracked changes stays out.
fn paragraphs(xml: &str) -> Result<String, Trouble> {
    let mut reader = Reader::from_str(xml);
    reader.config_mut().check_end_names = false;
    reader.config_mut().allow_unmatched_ends = true;
    let (mut text, mut in_run) = (String::new(), false);
    loop {
        let event =
            reader.read_event().map_err(|error| Trouble::new(FailReason::Damaged, error.to_string()))?;
        match event {
            Event::Start(start) => in_run = start.name().as_ref() == "w:t",
            Event::Empty(start) => match start.name().as_ref() {
                "w:tab" => text.push('\t'),
                "w:br" | "w:cr" => text.push('\n'),
                "w:noBreakHyphen" => text.push('-'),
                _ => {}
            },
            Event::Text(words) if in_run => text.push_str(&words.into_inner()),
            Event::GeneralRef(reference) if in_run => {
                let reference = format!("&{};", reference.into_inner());
                text.push_str(&quick_xml::escape::unescape(&reference).unwrap_or_default());
            }
            Event::End(end) => {
                in_run = false;
                match end.name().as_ref() {
                    "w:p" => text.push('\n'),
                    "w:tc" => text.push('\t'),
                    _ => {}
                }
            }
            Event::Eof => return Ok(text),
            _ => {}
        }
    }
}

fn property(xml: &str, name: &str) -> Option<String> {
    let mut reader = Reader::from_str(xml);
    reader.config_mut().check_end_names = false;
    let mut inside = false;
    let mut value = String::new();
    loop {
        match reader.read_event().ok()? {
            Event::Start(start) => inside = start.name().as_ref() == name,
            Event::Text(words) if inside => value.push_str(&words.into_inner()),
            Event::GeneralRef(reference) if inside => {
                let reference = format!("&{};", reference.into_inner());
                value.push_str(&quick_xml::escape::unescape(&reference).unwrap_or_default());
            }
            Event::End(_) if inside => return some_line(&value),
            Event::Eof => return None,
            _ => {}
        }
    }
}

/// Says what a package is that is no text document, if it is any document at all.
pub(crate) fn other_document(names: &[String]) -> Option<&'static str> {
    let has = |wanted: &str| names.iter().any(|name| name.starts_with(wanted));
    match () {
        () if has("xl/") && has("[Content_Types].xml") => Some("spreadsheet"),
        () if has("ppt/") && has("[Content_Types].xml") => Some("presentation"),
        () if has("META-INF/container.xml") => Some("electronic book"),
        () if has("mimetype") && has("content.xml") => Some("OpenDocument file"),
        () => None,
    }
}
