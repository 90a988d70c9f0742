//! What kind of file is this? The content decides; the name only where the content leaves it open.

use crate::text::utf16_without_mark;

/// How many bytes of the beginning are looked at.
pub(crate) const HEAD_BYTES: usize = 8192;

/// What a file turns out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Empty,
    Binary,
    /// A known kind that is not read, by its usual name.
    Unsupported(&'static str),
    Gzip,
    Xz,
    Zstd,
    Zip,
    Tar,
    Warc,
    Mbox,
    Mail,
    Pdf,
    Html,
    Feed,
    Json,
    JsonLines,
    Csv,
    Markdown,
    Text,
}

const MAGIC: &[(&[u8], Format)] = &[
    (b"\x1f\x8b", Format::Gzip),
    (b"\xfd7zXZ\0", Format::Xz),
    (b"\x28\xb5\x2f\xfd", Format::Zstd),
    (b"PK\x03\x04", Format::Zip),
    (b"PK\x05\x06", Format::Zip),
    (b"WARC/", Format::Warc),
    (b"BZh", Format::Unsupported("bzip2")),
    (b"7z\xbc\xaf\x27\x1c", Format::Unsupported("7z")),
    (b"Rar!\x1a\x07", Format::Unsupported("rar")),
    (b"{\\rtf", Format::Unsupported("rtf")),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Format::Unsupported("old or encrypted office document")),
    (b"%!PS", Format::Unsupported("postscript")),
    (b"\x89PNG", Format::Binary),
    (b"\xff\xd8\xff", Format::Binary),
    (b"GIF8", Format::Binary),
    (b"\x7fELF", Format::Binary),
    (b"SQLite format 3\0", Format::Unsupported("sqlite")),
];

/// Returns the format, from the first [`HEAD_BYTES`], the name and what a server called it.
pub(crate) fn sniff(head: &[u8], name: &str, declared: Option<&str>) -> Format {
    if head.is_empty() {
        return Format::Empty;
    }
    if let Some((_, format)) = MAGIC.iter().find(|(magic, _)| head.starts_with(magic)) {
        return *format;
    }
    if head.get(257..262) == Some(b"ustar") {
        return Format::Tar;
    }
    if find(head.get(..head.len().min(1024)).unwrap_or_default(), b"%PDF-").is_some() {
        return Format::Pdf;
    }
    let marked = encoding_rs::Encoding::for_bom(head).is_some() || utf16_without_mark(head).is_some();
    if !marked && looks_binary(head) {
        return Format::Binary;
    }
    let text = crate::text::decode(head, None).text;
    sniff_text(&text, &extension(name), declared)
}

fn sniff_text(text: &str, extension: &str, declared: Option<&str>) -> Format {
    let start = text.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']);
    if start.is_empty() {
        return Format::Empty;
    }
    let declared = declared.map(|kind| kind.split(';').next().unwrap_or(kind).trim().to_ascii_lowercase());
    if start.starts_with('<') {
        match sniff_markup(start) {
            Some(format) => return format,
            None if matches!(extension, "rss" | "atom" | "xml" | "rdf") => return Format::Feed,
            None => {}
        }
    }
    match (extension, declared.as_deref()) {
        ("html" | "htm" | "xhtml" | "shtml", _) | (_, Some("text/html" | "application/xhtml+xml")) => {
            return Format::Html;
        }
        _ => {}
    }
    if let Some(format) = sniff_json(start, extension) {
        return format;
    }
    match extension {
        "jsonl" | "ndjson" => return Format::JsonLines,
        "json" => return Format::Json,
        "eml" => return Format::Mail,
        "mbox" => return Format::Mbox,
        "csv" | "tsv" => return Format::Csv,
        _ => {}
    }
    if is_mbox(text) {
        return Format::Mbox;
    }
    if is_mail(text) {
        return Format::Mail;
    }
    if matches!(extension, "md" | "markdown") || start.starts_with("---\n") && front_matter_follows(start) {
        return Format::Markdown;
    }
    if extension != "txt" && is_table(start) {
        return Format::Csv;
    }
    Format::Text
}

/// Returns what the first element says; none for text that merely begins with an angle bracket.
fn sniff_markup(start: &str) -> Option<Format> {
    let lower = crate::text::prefix(start, 2048).to_ascii_lowercase();
    let feed = ["<rss", "<feed", "<rdf:rdf", "<channel"].iter().filter_map(|tag| lower.find(tag)).min();
    let page =
        ["<!doctype html", "<html", "<head", "<body", "<article", "<div", "<p>", "<meta", "<script", "<h1"]
            .iter()
            .filter_map(|tag| lower.find(tag))
            .min();
    match (feed, page) {
        (Some(feed), Some(page)) if page < feed => Some(Format::Html),
        (Some(_), _) => Some(Format::Feed),
        (None, Some(_)) => Some(Format::Html),
        (None, None) if lower.starts_with("<?xml") => Some(Format::Unsupported("xml")),
        (None, None) => None,
    }
}

/// Tells one JSON value from one a line by whether the first line is complete.
fn sniff_json(start: &str, extension: &str) -> Option<Format> {
    if !start.starts_with(['{', '[']) {
        return None;
    }
    let (first, rest) = start.split_once('\n').unwrap_or((start, ""));
    let complete = serde_json::from_str::<serde::de::IgnoredAny>(first.trim()).is_ok();
    match extension {
        "jsonl" | "ndjson" => Some(Format::JsonLines),
        _ if complete && first.starts_with('{') && rest.trim_start().starts_with('{') => {
            Some(Format::JsonLines)
        }
        "json" => Some(Format::Json),
        _ if complete => Some(Format::Json),
        // An unfinished object: either it goes on, or it is text in brackets.
        _ if start.starts_with('{') && first_after_brace(start) == Some('"') => Some(Format::Json),
        _ if start.starts_with('[') && first_after_brace(start) == Some('{') => Some(Format::Json),
        _ => None,
    }
}

fn first_after_brace(start: &str) -> Option<char> {
    start.chars().skip(1).find(|character| !character.is_whitespace())
}

fn is_mbox(text: &str) -> bool {
    text.strip_prefix("From ").is_some_and(|rest| {
        let (envelope, headers) = rest.split_once('\n').unwrap_or((rest, ""));
        envelope.contains(':') && header_names(headers).count() >= 2
    })
}

fn is_mail(text: &str) -> bool {
    const OTHERS: [&str; 7] =
        ["to", "subject", "message-id", "received", "mime-version", "return-path", "content-type"];
    let names: Vec<String> = header_names(text).take(40).map(str::to_ascii_lowercase).collect();
    let known = OTHERS.iter().filter(|name| names.iter().any(|found| found == *name)).count();
    let sender = names.iter().any(|name| name == "from");
    (sender && known >= 1) || known >= 3
}

/// Returns the names of the header lines at the beginning.
fn header_names(text: &str) -> impl Iterator<Item = &str> {
    text.lines()
        .take_while(|line| !line.trim().is_empty())
        .filter(|line| !line.starts_with([' ', '\t']))
        .map_while(|line| {
            let (name, _) = line.split_once(':')?;
            let valid =
                !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
            valid.then_some(name)
        })
}

fn front_matter_follows(start: &str) -> bool {
    let mut lines = start.lines().skip(1);
    lines.next().is_some_and(|line| line.contains(':')) && lines.take(60).any(|line| line.trim_end() == "---")
}

/// Returns whether the first line is a table header with a column for the text and one more.
fn is_table(start: &str) -> bool {
    let first = start.lines().next().unwrap_or_default().to_ascii_lowercase();
    [',', ';', '\t'].iter().any(|comma| {
        let names: Vec<&str> = first.split(*comma).map(|name| name.trim_matches([' ', '"'])).collect();
        names.len() > 1 && names.iter().any(|name| matches!(*name, "text" | "content" | "body"))
    })
}

/// Returns whether the bytes hold more control characters than any text does.
fn looks_binary(head: &[u8]) -> bool {
    let odd = head.iter().filter(|byte| matches!(byte, 0..=8 | 14..=26 | 28..=31 | 127)).count();
    odd * 50 > head.len()
}

/// Returns the last extension in lower case, or nothing.
pub(crate) fn extension(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or(name);
    last.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase()).unwrap_or_default()
}

/// Returns where `needle` first stands in `hay`.
pub(crate) fn find(hay: &[u8], needle: &[u8]) -> Option<usize> {
    hay.windows(needle.len()).position(|window| window == needle)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn format(bytes: &[u8], name: &str) -> Format {
        sniff(bytes, name, None)
    }

    #[test]
    fn content_outranks_the_name() {
        assert_eq!(format(b"%PDF-1.7\n", "report.txt"), Format::Pdf);
        assert_eq!(format(b"\x1f\x8b\x08\0", "report.txt"), Format::Gzip);
        assert_eq!(format(b"<!DOCTYPE html><html>", "report.txt"), Format::Html);
        assert_eq!(format(b"<?xml version=\"1.0\"?><rss version=\"2.0\">", "page.html"), Format::Feed);
        assert_eq!(format(b"{\"text\": \"a\"}\n{\"text\": \"b\"}\n", "x.json"), Format::JsonLines);
    }

    #[test]
    fn the_name_decides_where_content_does_not() {
        assert_eq!(format(b"Gunmen attacked.", "x.md"), Format::Markdown);
        assert_eq!(format(b"Gunmen attacked.", "x.txt"), Format::Text);
        assert_eq!(format(b"Gunmen attacked.", "x"), Format::Text);
        assert_eq!(format(b"a,b\n1,2\n", "x.csv"), Format::Csv);
        assert_eq!(format(b"id,text\n1,hello\n", "x"), Format::Csv);
    }

    #[test]
    fn a_report_with_header_lines_is_not_taken_for_mail() {
        assert_eq!(
            format(b"Date: 2031-03-03\nSource: Brisa Post\n\nGunmen attacked.", "x.txt"),
            Format::Text
        );
        assert_eq!(format(b"From: a@b.example\nSubject: x\n\nGunmen attacked.", "x"), Format::Mail);
    }

    #[test]
    fn text_in_brackets_is_not_taken_for_json() {
        assert_eq!(format(b"[Brisa] Gunmen attacked a convoy.", "x"), Format::Text);
        assert_eq!(format(b"<Brisa> Gunmen attacked a convoy.", "x"), Format::Text);
    }

    #[test]
    fn binary_data_is_refused_and_utf16_is_not() {
        let noise: Vec<u8> = (0..2048u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
        assert_eq!(format(&noise, "x.txt"), Format::Binary);
        let utf16: Vec<u8> = "Gunmen attacked the convoy".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(format(&utf16, "x.txt"), Format::Text);
    }
}
