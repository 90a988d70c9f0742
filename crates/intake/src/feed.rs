//! Which reports does a feed carry, and whose are they?
//!
//! A feed often passes on what others published; RSS names them in `source`, Atom in `source` too.
//! Whoever loses that name counts one report as many.

use std::ops::{ControlFlow, Range};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use serde_json::{Map, Value};

use crate::dates;
use crate::found::{FailReason, Found, MediaType, Origin};
use crate::html::block_text;
use crate::record;
use crate::text::{some_line, stated_language};
use crate::walk::Trouble;

/// The deepest element that a feed may have.
const DEPTH_MAX: usize = 200;

/// One element of an entry, as far as it matters.
#[derive(Default)]
struct Element {
    name: String,
    attributes: Vec<(String, String)>,
    text: String,
    /// Where its content lies in the feed.
    inner: Range<usize>,
    /// Where it begins in the feed.
    start: usize,
    children: Vec<Element>,
}

impl Element {
    fn child(&self, name: &str) -> Option<&Element> {
        self.children.iter().find(|child| child.name == name)
    }

    fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Returns the text of the first of these children that has any.
    fn line(&self, names: &[&str]) -> Option<String> {
        names.iter().find_map(|name| self.child(name).and_then(|child| plain_line(&child.text)))
    }
}

/// What the feed says about itself.
#[derive(Default)]
struct About {
    title: Option<String>,
    language: Option<String>,
}

/// Calls `take` with every entry of an RSS or Atom feed, as far as it can be read.
pub(crate) fn read_feed(
    xml: &str,
    origin: &Origin,
    take: &mut dyn FnMut(Result<Found, Trouble>) -> ControlFlow<()>,
) -> ControlFlow<()> {
    let mut reader = Reader::from_str(xml);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_dangling_amp = true;
    config.allow_unmatched_ends = true;
    let mut open: Vec<Element> = Vec::new();
    let mut about = About::default();
    let (mut entries, mut is_feed) = (0u64, false);
    let broken = loop {
        let before = position(&reader);
        let event = match reader.read_event() {
            Ok(event) => event,
            Err(error) => break Some(error.to_string()),
        };
        let closed = match event {
            Event::Start(start) => {
                if open.len() >= DEPTH_MAX {
                    break Some("elements nest too deep".to_owned());
                }
                open.push(element(&start, before, position(&reader)));
                None
            }
            Event::Empty(start) => Some(element(&start, before, position(&reader))),
            Event::End(_) => open.pop().map(|mut element| {
                element.inner.end = before.max(element.inner.start);
                element
            }),
            Event::Text(text) => {
                append(&mut open, &text.into_inner());
                None
            }
            Event::CData(text) => {
                append(&mut open, &text.into_inner());
                None
            }
            Event::GeneralRef(reference) => {
                append(&mut open, &resolved(&reference.into_inner()));
                None
            }
            Event::Eof if open.is_empty() => break None,
            Event::Eof => break Some("it ends inside an element".to_owned()),
            _ => None,
        };
        is_feed |= open
            .first()
            .is_some_and(|root| matches!(root.name.as_str(), "rss" | "feed" | "rdf:rdf" | "channel"));
        let Some(element) = closed else { continue };
        if matches!(element.name.as_str(), "item" | "entry") {
            entries += 1;
            let raw = xml.get(element.start..position(&reader)).unwrap_or_default();
            take(read_entry(&element, &about, xml, origin.record(entries), raw))?;
            continue;
        }
        let Some(parent) = open.last_mut() else { continue };
        if matches!(parent.name.as_str(), "channel" | "feed") {
            match element.name.as_str() {
                "title" => about.title = plain_line(&element.text).or(about.title.take()),
                "language" | "dc:language" => about.language = plain_line(&element.text),
                _ => {}
            }
        } else {
            parent.children.push(element);
        }
    };
    match broken {
        Some(detail) => take(Err(Trouble::new(FailReason::MalformedFeed, detail))),
        None if !is_feed => {
            take(Err(Trouble::new(FailReason::MalformedFeed, "its outermost element is not that of a feed")))
        }
        None if entries == 0 => take(Err(Trouble::new(FailReason::Empty, "the feed has no entries"))),
        None => ControlFlow::Continue(()),
    }
}

fn position(reader: &Reader<&[u8]>) -> usize {
    usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX)
}

fn element(start: &BytesStart<'_>, from: usize, content: usize) -> Element {
    let mut attributes = start.html_attributes();
    let attributes = attributes.with_checks(false).flatten().take(50).map(|attribute| {
        let value = quick_xml::escape::unescape(attribute.value.as_ref())
            .map_or_else(|_| attribute.value.to_string(), Into::into);
        (attribute.key.as_ref().to_lowercase(), value)
    });
    Element {
        name: start.name().as_ref().to_lowercase(),
        attributes: attributes.collect(),
        text: String::new(),
        inner: content..content,
        start: from,
        children: Vec::new(),
    }
}

fn append(open: &mut [Element], text: &str) {
    if let Some(element) = open.last_mut() {
        element.text.push_str(text);
    }
}

/// Returns the character that a reference stands for; an unknown one stays for the HTML reader.
fn resolved(name: &str) -> String {
    let numbered = name.strip_prefix('#').and_then(|digits| match digits.strip_prefix(['x', 'X']) {
        Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16).ok(),
        None => digits.parse().ok(),
    });
    match name {
        "amp" => "&".into(),
        "lt" => "<".into(),
        "gt" => ">".into(),
        "quot" => "\"".into(),
        "apos" => "'".into(),
        _ => numbered.and_then(char::from_u32).map_or_else(|| format!("&{name};"), String::from),
    }
}

/// Returns a line of text from what may be HTML.
fn plain_line(text: &str) -> Option<String> {
    if text.contains(['<', '&']) { some_line(&block_text(text)) } else { some_line(text) }
}

fn read_entry(
    entry: &Element,
    about: &About,
    xml: &str,
    origin: Origin,
    raw: &str,
) -> Result<Found, Trouble> {
    let body = |names: &[&str]| {
        names.iter().find_map(|name| {
            entry.child(name).map(|child| body_text(child, xml)).filter(|text| !text.is_empty())
        })
    };
    let full = body(&["content:encoded", "content", "xhtml:body", "body"]);
    let summary = body(&["description", "summary", "media:description"]);
    let only_summary = full.is_none();
    let Some(text) = full.as_deref().or(summary.as_deref()) else {
        return Err(Trouble::new(FailReason::MalformedRecord, "the entry has neither content nor summary"));
    };
    let mut found = Found::new(origin, raw.as_bytes().to_vec(), MediaType::FeedEntry, text);
    if only_summary {
        found.extra.insert("only_summary".into(), true.into());
    } else if let Some(summary) = summary.filter(|summary| Some(summary) != full.as_ref()) {
        found.extra.insert("summary".into(), crate::normalise(&summary).into());
    }
    found.title = entry.line(&["title", "dc:title", "media:title"]);
    found.published =
        date(entry, &["pubdate", "published", "dc:date", "issued", "dcterms:issued", "dc:issued"]);
    found.updated = date(entry, &["updated", "modified", "dcterms:modified", "atom:updated"]);
    found.given_id = entry.line(&["guid", "id"]);
    found.url = link(entry);
    found.author = author(entry);
    let language = entry.line(&["dc:language"]).or_else(|| about.language.clone());
    found.language = language.as_deref().and_then(stated_language);
    attribute_source(&mut found, entry, about);
    let categories: Vec<Value> = entry
        .children
        .iter()
        .filter(|child| matches!(child.name.as_str(), "category" | "dc:subject"))
        .filter_map(|child| plain_line(&child.text).or_else(|| child.attribute("term").and_then(some_line)))
        .map(Value::from)
        .collect();
    if !categories.is_empty() {
        found.extra.insert("categories".into(), categories.into());
    }
    Ok(found)
}

/// Says who published the entry and, if that is another, who passed it on.
fn attribute_source(found: &mut Found, entry: &Element, about: &About) {
    let Some(source) = entry.child("source").or_else(|| entry.child("dc:source")) else {
        found.publisher = entry.line(&["dc:publisher"]).or_else(|| about.title.clone());
        return;
    };
    let atom_link =
        source.children.iter().find(|child| child.name == "link").and_then(|link| link.attribute("href"));
    let address = source.attribute("url").or(atom_link).and_then(some_line);
    let host =
        address.as_deref().and_then(|address| url::Url::parse(address).ok()?.host_str().map(str::to_owned));
    let name = source.line(&["title"]).or_else(|| plain_line(&source.text)).or(host);
    // Collectors append the name of the source to the title.
    if let (Some(name), Some(title)) = (&name, &found.title) {
        let bare = title
            .strip_suffix(name.as_str())
            .map(|title| title.trim_end())
            .and_then(|title| title.strip_suffix(" -"));
        if let Some(bare) = bare.filter(|bare| !bare.is_empty()) {
            found.title = Some(bare.to_owned());
        }
    }
    if name.is_some() && name != about.title {
        found.carrier.clone_from(&about.title);
    }
    found.publisher = name.or_else(|| about.title.clone());
    if let Some(address) = address {
        found.extra.insert("source_url".into(), address.into());
    }
}

/// Returns the text of a body: HTML as text, as CDATA, or as elements of the feed itself.
fn body_text(element: &Element, xml: &str) -> String {
    match element.attribute("type") {
        Some("text" | "text/plain") => element.text.trim().to_owned(),
        Some(kind) if kind.contains("xhtml") => {
            block_text(xml.get(element.inner.clone()).unwrap_or_default())
        }
        _ if !element.children.is_empty() => block_text(xml.get(element.inner.clone()).unwrap_or_default()),
        _ => block_text(&element.text),
    }
}

fn date(entry: &Element, names: &[&str]) -> Option<crate::PublishedAt> {
    names.iter().find_map(|name| dates::parse(&entry.child(name)?.text))
}

fn link(entry: &Element) -> Option<String> {
    let links = || entry.children.iter().filter(|child| matches!(child.name.as_str(), "link" | "atom:link"));
    let main = links().find(|link| {
        matches!(link.attribute("rel"), None | Some("alternate")) && link.attribute("href").is_some()
    });
    let address = main.and_then(|link| link.attribute("href")).map(str::to_owned);
    let text = links().find_map(|link| some_line(&link.text));
    let guid = entry.child("guid").filter(|guid| guid.attribute("ispermalink") != Some("false"));
    let guid = guid.and_then(|guid| some_line(&guid.text)).filter(|guid| guid.starts_with("http"));
    entry.line(&["feedburner:origlink"]).or(address).or(text).or(guid)
}

fn author(entry: &Element) -> Option<String> {
    let creators: Vec<String> = entry
        .children
        .iter()
        .filter(|child| child.name == "dc:creator")
        .filter_map(|child| plain_line(&child.text))
        .collect();
    if !creators.is_empty() {
        return Some(creators.join("; "));
    }
    let authors: Vec<String> = entry
        .children
        .iter()
        .filter(|child| child.name == "author")
        .filter_map(|child| child.line(&["name"]).or_else(|| plain_line(&child.text)))
        .map(|name| match name.split_once('(') {
            // RSS asks for "address (Name)".
            Some((address, rest)) if address.contains('@') => rest.trim_end_matches(')').to_owned(),
            _ => name,
        })
        .collect();
    Some(authors.join("; ")).filter(|authors| !authors.is_empty())
}

/// Returns whether the object is a JSON Feed.
pub(crate) fn is_json_feed(object: &Map<String, Value>) -> bool {
    object.get("version").and_then(Value::as_str).is_some_and(|version| version.contains("jsonfeed.org"))
}

/// Returns an item of a JSON Feed.
pub(crate) fn read_json_item(
    feed: &Map<String, Value>,
    item: &Value,
    origin: Origin,
) -> Result<Found, Trouble> {
    let words = |key: &str| item.get(key).and_then(Value::as_str).filter(|words| !words.trim().is_empty());
    let full = words("content_text").map(str::to_owned).or_else(|| words("content_html").map(block_text));
    let only_summary = full.is_none();
    let Some(text) = full.or_else(|| words("summary").map(str::to_owned)) else {
        return Err(Trouble::new(FailReason::MalformedRecord, "the item has neither content nor summary"));
    };
    let mut found = Found::new(origin, item.to_string().into_bytes(), MediaType::FeedEntry, &text);
    if only_summary {
        found.extra.insert("only_summary".into(), true.into());
    }
    found.title = words("title").and_then(some_line);
    found.published = words("date_published").and_then(dates::parse);
    found.updated = words("date_modified").and_then(dates::parse);
    found.given_id = item.get("id").and_then(record::line);
    found.url = words("url").or_else(|| words("external_url")).and_then(some_line);
    let authors = ["authors", "author"].iter().find_map(|key| item.get(*key).or_else(|| feed.get(*key)));
    found.author = authors.and_then(record::line);
    let language = words("language").or_else(|| feed.get("language")?.as_str());
    found.language = language.and_then(stated_language);
    found.publisher = feed.get("title").and_then(record::line);
    for key in ["tags", "external_url", "summary"] {
        if let Some(value) = item.get(key) {
            found.extra.insert(key.to_owned(), value.clone());
        }
    }
    Ok(found)
}
