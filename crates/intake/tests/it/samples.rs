//! Small valid files of every format, all telling of the same invented attack.

use std::io::{Cursor, Write};

use headwater_intake::{Found, Item, Limits, parse_bytes};
use zip::write::SimpleFileOptions;

pub const STORY: &str = "Gunmen attacked a convoy near the harbour of Brisa on Monday and killed three soldiers, the army said. \
    Residents heard shots for an hour before the road was closed by the police.";

pub const PAGE: &str = r#"<!DOCTYPE html><html lang="en"><head><title>Attack near Brisa | Brisa Post</title>
<meta property="og:site_name" content="Brisa Post"><link rel="canonical" href="https://brisa.example/news/attack">
<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Attack near Brisa",
 "datePublished": "2031-03-03T08:00:00+02:00", "dateModified": "2031-03-03T10:00:00+02:00",
 "author": [{"@type": "Person", "name": "A. Writer"}], "publisher": {"name": "Brisa Post"}}</script></head>
<body><nav><a href="/">Home</a> <a href="/sport">Sport pages and results</a></nav>
<article><h1>Attack near Brisa</h1><p>Gunmen attacked a convoy near the harbour of Brisa on Monday and killed three
soldiers, the army said in a statement that was read out on the radio in the evening.</p>
<p>Residents heard shots for an hour before the road was closed by the police, and the market stayed shut for the rest
of the day while soldiers searched the houses along the road to the south.</p></article>
<footer>All rights reserved by nobody</footer></body></html>"#;

pub const RSS: &str = r#"<?xml version="1.0"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>All the News</title><language>en</language>
<item><title>Attack near Brisa - Brisa Post</title><link>https://collect.example/1</link><guid isPermaLink="false">n-1</guid>
<pubDate>Mon, 03 Mar 2031 08:00:00 +0200</pubDate><source url="https://brisa.example/feed">Brisa Post</source>
<description>&lt;p&gt;Gunmen attacked a convoy &amp;amp; fled.&lt;/p&gt;</description></item>
<item><title>Calm &amp; quiet</title><dc:creator>A. Writer</dc:creator><description>Short.</description>
<content:encoded><![CDATA[<p>The whole story.</p><p>With two paragraphs.</p>]]></content:encoded></item>
</channel></rss>"#;

pub const ATOM: &str = r#"<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Collected</title>
<entry><id>tag:1</id><title type="html">Attack &lt;b&gt;near&lt;/b&gt; Brisa</title><link rel="alternate" href="https://brisa.example/1"/>
<published>2031-03-03T08:00:00Z</published><updated>2031-03-04T08:00:00Z</updated><author><name>A. Writer</name></author>
<source><title>Brisa Post</title><link href="https://brisa.example/"/></source>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Gunmen <i>attacked</i>.</p><p>They fled.</p></div></content>
</entry></feed>"#;

pub const MAIL: &str = "From: Ana Brandt <ana@desk.example>\r\nTo: desk@desk.example\r\nSubject: =?utf-8?q?Attack_near_Brisa?=\r\n\
    Date: Mon, 3 Mar 2031 08:00:00 +0200\r\nMessage-ID: <m1@desk.example>\r\nMIME-Version: 1.0\r\n\
    Content-Type: multipart/alternative; boundary=cut\r\n\r\n--cut\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n\
    Gunmen attacked a convoy.\r\n--cut\r\nContent-Type: text/html\r\n\r\n<p>Gunmen attacked a convoy.</p>\r\n--cut--\r\n";

pub const JSONL: &str = "{\"id\": \"a\", \"text\": \"Gunmen attacked.\", \"published\": \"2031-03-03\"}\n\
    {\"id\": \"b\", \"text\": \"They fled.\", \"desk\": 7}\n";

pub const CSV: &str = "id,title,text,published,source\na,Attack,\"Gunmen attacked, then fled.\nNobody followed.\",2031-03-03,Brisa Post\n";

pub fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

pub fn tar(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, bytes) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        header.set_cksum();
        builder.append_data(&mut header, name, *bytes).unwrap();
    }
    builder.into_inner().unwrap()
}

pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub fn xz(bytes: &[u8]) -> Vec<u8> {
    let mut writer = lzma_rust2::XzWriter::new(Vec::new(), lzma_rust2::XzOptions::default()).unwrap();
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap()
}

pub fn zstandard(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 3).unwrap()
}

pub fn docx() -> Vec<u8> {
    let document = br#"<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>
        <w:p><w:r><w:t>Gunmen attacked</w:t></w:r><w:r><w:t xml:space="preserve"> a convoy &amp; fled.</w:t></w:r></w:p>
        <w:p><w:r><w:t>Second paragraph.</w:t></w:r><w:del><w:r><w:delText>Struck out.</w:delText></w:r></w:del></w:p></w:body></w:document>"#;
    let core = br#"<?xml version="1.0"?><cp:coreProperties xmlns:cp="c" xmlns:dc="d"><dc:title>Attack near Brisa</dc:title>
        <dc:creator>A. Writer</dc:creator></cp:coreProperties>"#;
    zip(&[("[Content_Types].xml", b"<Types/>"), ("word/document.xml", document), ("docProps/core.xml", core)])
}

/// Returns a PDF of one page with these lines.
pub fn pdf(lines: &[&str]) -> Vec<u8> {
    let shown: String = lines.iter().map(|line| format!("({line}) Tj 0 -14 Td ")).collect();
    let content = format!("BT /F1 12 Tf 72 720 Td {shown}ET");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>".to_owned(),
        format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
        "<< /Title (Attack near Brisa) /Author (A. Writer) >>".to_owned(),
    ];
    let mut file = b"%PDF-1.4\n".to_vec();
    let mut offsets = Vec::new();
    for (number, object) in (1..).zip(&objects) {
        offsets.push(file.len());
        file.extend(format!("{number} 0 obj\n{object}\nendobj\n").bytes());
    }
    let table = file.len();
    file.extend(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).bytes());
    for offset in offsets {
        file.extend(format!("{offset:010} 00000 n \n").bytes());
    }
    file.extend(
        format!("trailer << /Size 7 /Root 1 0 R /Info 6 0 R >>\nstartxref\n{table}\n%%EOF\n").bytes(),
    );
    file
}

pub fn warc() -> Vec<u8> {
    let answer = format!("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n{PAGE}");
    let picture = "HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n\u{1}\u{2}".to_owned();
    let gone = "HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\ngone".to_owned();
    let mut file = b"WARC/1.1\r\nWARC-Type: warcinfo\r\nContent-Length: 3\r\n\r\na:b\r\n\r\n".to_vec();
    for (block, address) in [(answer, "attack"), (picture, "picture.png"), (gone, "gone")] {
        let head = format!(
            "WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: https://brisa.example/{address}\r\n\
             Content-Type: application/http; msgtype=response\r\nContent-Length: {}\r\n\r\n",
            block.len()
        );
        file.extend(head.bytes());
        file.extend(block.bytes());
        file.extend(b"\r\n\r\n");
    }
    file
}

/// Takes in bytes with the limits that apply when nobody sets any.
pub fn take_in(name: &str, bytes: &[u8]) -> Vec<Item> {
    parse_bytes(name, bytes, &Limits::default())
}

/// Takes in bytes that hold exactly one report.
pub fn one(name: &str, bytes: &[u8]) -> Found {
    let mut items = take_in(name, bytes);
    assert_eq!(items.len(), 1, "{items:?}");
    items.remove(0).unwrap()
}
