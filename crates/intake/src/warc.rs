//! Which pages does a web archive hold?

use std::io::{self, BufRead, Read};

use crate::walk::{LineEnd, read_capped, read_line_capped};

/// A record of an archive: its header, with names in lower case, and its block.
pub(crate) struct Record {
    pub header: Vec<(String, String)>,
    pub length: u64,
}

impl Record {
    pub(crate) fn field(&self, name: &str) -> Option<&str> {
        self.header.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// Reads up to the block of the next record; none at the end of the archive.
pub(crate) fn next_record(reader: &mut dyn BufRead) -> io::Result<Option<Record>> {
    const LINE_BYTES_MAX: u64 = 64 << 10;
    const LINES_MAX: usize = 200;
    let mut line = Vec::new();
    loop {
        line.clear();
        match read_line_capped(reader, &mut line, LINE_BYTES_MAX)? {
            LineEnd::Nothing => return Ok(None),
            _ if line.iter().all(u8::is_ascii_whitespace) => {}
            _ => break,
        }
    }
    if !line.starts_with(b"WARC/") {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "a record does not begin with WARC/"));
    }
    let mut header = Vec::new();
    for _ in 0..LINES_MAX {
        line.clear();
        if matches!(read_line_capped(reader, &mut line, LINE_BYTES_MAX)?, LineEnd::Nothing) {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let text = String::from_utf8_lossy(&line);
        let Some((name, value)) = text.split_once(':') else { break };
        header.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
    }
    let record = Record { header, length: 0 };
    let length = record.field("content-length").and_then(|length| length.parse().ok());
    let length =
        length.ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "a record has no length"))?;
    Ok(Some(Record { length, ..record }))
}

/// An answer of a web server, taken apart.
pub(crate) struct Answer {
    pub status: u16,
    pub content_type: Option<String>,
    pub body: Vec<u8>,
}

/// Takes an archived answer apart; undoes chunks and compression where they were kept.
pub(crate) fn read_answer(block: &[u8], body_bytes_max: u64) -> Option<Answer> {
    let (split, skip) = match (crate::sniff::find(block, b"\r\n\r\n"), crate::sniff::find(block, b"\n\n")) {
        (Some(long), Some(short)) if short < long => (short, 2),
        (Some(long), _) => (long, 4),
        (None, Some(short)) => (short, 2),
        (None, None) => (block.len(), 0),
    };
    let head = String::from_utf8_lossy(block.get(..split)?);
    let mut lines = head.lines();
    let status = lines.next()?.strip_prefix("HTTP/")?.split_whitespace().nth(1)?.parse().ok()?;
    let (mut content_type, mut chunked, mut gzipped) = (None, false, false);
    for line in lines {
        let Some((name, value)) = line.split_once(':') else { continue };
        match name.trim().to_ascii_lowercase().as_str() {
            "content-type" => content_type = Some(value.trim().to_owned()),
            "transfer-encoding" => chunked = value.to_ascii_lowercase().contains("chunked"),
            "content-encoding" => gzipped = value.to_ascii_lowercase().contains("gzip"),
            _ => {}
        }
    }
    let mut body = block.get(split + skip..).unwrap_or_default().to_vec();
    if let Some(whole) = joined_chunks(&body).filter(|_| chunked) {
        body = whole;
    }
    if gzipped && body.starts_with(b"\x1f\x8b") {
        body = read_capped(flate2::read::MultiGzDecoder::new(body.as_slice()), body_bytes_max).ok()?;
    }
    Some(Answer { status, content_type, body })
}

/// Joins the chunks of a body; none if it has none, since archivers often join them already.
fn joined_chunks(body: &[u8]) -> Option<Vec<u8>> {
    let mut rest = io::Cursor::new(body);
    let mut whole = Vec::new();
    let mut line = Vec::new();
    loop {
        line.clear();
        read_line_capped(&mut rest, &mut line, 1024).ok()?;
        let size = std::str::from_utf8(&line).ok()?.split(';').next()?.trim();
        let size = u64::from_str_radix(size, 16).ok()?;
        if size == 0 {
            return Some(whole);
        }
        let taken = (&mut rest).take(size).read_to_end(&mut whole).ok()?;
        if (taken as u64) < size {
            return Some(whole);
        }
        line.clear();
        read_line_capped(&mut rest, &mut line, 2).ok()?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_are_joined_and_a_plain_body_is_left_alone() {
        let chunked = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x\r\nde\r\n0\r\n\r\n";
        let answer = read_answer(chunked, 100).unwrap();
        assert_eq!((answer.status, answer.body.as_slice()), (200, b"abcde".as_slice()));
        let joined = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n<html>";
        assert_eq!(read_answer(joined, 100).unwrap().body, b"<html>");
    }
}
