//! Which part of a web page is the report, and what does the page say about it?

use std::collections::{BTreeMap, VecDeque};

use serde_json::Value;
use trafilatura::dom::Document;

use crate::dates;
use crate::found::{FailReason, Language, PublishedAt};
use crate::html::block_text;
use crate::sniff::find;
use crate::text::{decode, some_line, stated_language};

/// The report in a web page, without navigation, adverts and comments.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Page {
    /// The text of the article.
    pub text: String,
    /// The headline.
    pub title: Option<String>,
    /// The writers, separated by "; ".
    pub author: Option<String>,
    /// When it was published.
    pub published: Option<PublishedAt>,
    /// When it was last changed.
    pub updated: Option<PublishedAt>,
    /// The publisher it names.
    pub publisher: Option<String>,
    /// The site it stands on.
    pub site: Option<String>,
    /// The canonical link.
    pub url: Option<String>,
    /// The language it states.
    pub language: Option<Language>,
    /// What else it states: `description`, `section`, `based_on`, `encoding`.
    pub extra: BTreeMap<String, Value>,
}

/// Pages with more elements than this hold no article that could be found in reasonable time.
const ELEMENTS_MAX: usize = 200_000;

/// Reads the report out of a web page as served. `url` is where it was, if known.
///
/// May take long or recurse deeply on a hostile page; [`crate::Intake`] runs it with a time limit.
///
/// # Errors
///
/// [`FailReason::Empty`] for no bytes, [`FailReason::NoArticle`] for a page without a story.
pub fn extract_page(bytes: &[u8], url: Option<&str>) -> Result<Page, FailReason> {
    extract_declared(bytes, url, None)
}

/// Like [`extract_page`], with the encoding that the server named.
pub(crate) fn extract_declared(
    bytes: &[u8],
    url: Option<&str>,
    charset: Option<&str>,
) -> Result<Page, FailReason> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(FailReason::Empty);
    }
    let charset = charset.map(str::to_owned).or_else(|| declared_charset(bytes));
    let decoded = decode(bytes, charset.as_deref());
    if too_deep(&decoded.text) {
        return Err(FailReason::NoArticle);
    }
    let document = Document::parse(&decoded.text);
    let stated = Stated::read(&document);

    let mut options = trafilatura::Options::default().with_fallback(true).with_exclude_comments(true);
    options = options.with_max_tree_size(ELEMENTS_MAX);
    if let Some(address) = url.and_then(|url| url::Url::parse(url).ok()) {
        options = options.with_url(address);
    }
    let article = trafilatura::extract_document(document, &options).map_err(|_| FailReason::NoArticle)?;
    let text = article.content_text.trim();
    if text.is_empty() {
        return Err(FailReason::NoArticle);
    }
    let mut page = stated.into_page(&article.metadata, url);
    page.text = text.to_owned();
    if decoded.encoding != "UTF-8" {
        page.extra.insert("encoding".into(), decoded.encoding.into());
    }
    Ok(page)
}

/// Returns whether the elements nest deeper than any page made for people, so that no reader of it
/// has to recurse that far.
fn too_deep(html: &str) -> bool {
    const DEPTH_MAX: i64 = 3000;
    let bytes = html.as_bytes();
    let (mut depth, mut deepest) = (0i64, 0i64);
    for (at, _) in html.match_indices('<') {
        match bytes.get(at + 1) {
            Some(b'/') => depth = (depth - 1).max(0),
            Some(byte) if byte.is_ascii_alphabetic() && !is_void(html.get(at + 1..).unwrap_or_default()) => {
                depth += 1
            }
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest > DEPTH_MAX
}

/// Returns whether the tag has no end, or commonly goes without one.
fn is_void(tag: &str) -> bool {
    let length = tag.bytes().take_while(u8::is_ascii_alphanumeric).count();
    let name = tag.get(..length.min(10)).unwrap_or_default().to_ascii_lowercase();
    matches!(
        name.as_str(),
        "br" | "img"
            | "meta"
            | "link"
            | "input"
            | "hr"
            | "source"
            | "wbr"
            | "area"
            | "col"
            | "embed"
            | "track"
            | "param"
            | "p"
            | "li"
            | "td"
            | "tr"
            | "th"
            | "dt"
            | "dd"
            | "option"
            | "path"
            | "circle"
            | "rect"
            | "use"
            | "polygon"
            | "line"
    )
}

/// Returns the encoding named in a `<meta>` or XML declaration near the beginning.
fn declared_charset(bytes: &[u8]) -> Option<String> {
    let head = bytes.get(..bytes.len().min(4096))?.to_ascii_lowercase();
    let at =
        find(&head, b"charset=").map(|at| at + 8).or_else(|| find(&head, b"encoding=").map(|at| at + 9))?;
    let name = head.get(at..)?.iter().skip_while(|byte| matches!(byte, b'"' | b'\'' | b' '));
    let name: Vec<u8> = name
        .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
        .copied()
        .collect();
    String::from_utf8(name).ok().filter(|name| !name.is_empty())
}

/// What the page says about itself, as found in the places where pages say it.
#[derive(Default)]
struct Stated {
    meta: BTreeMap<String, String>,
    article: Option<Value>,
    canonical: Option<String>,
    title_tag: Option<String>,
    headings: Vec<String>,
    times: Vec<String>,
    language: Option<Language>,
}

impl Stated {
    fn read(document: &Document) -> Self {
        let root = document.root();
        let all = |selector: &str| document.query_selector_all(root, selector);
        let mut stated = Self::default();
        for id in all("meta") {
            let name = ["property", "name", "itemprop", "http-equiv"]
                .iter()
                .find_map(|key| document.get_attribute(id, key).filter(|name| !name.trim().is_empty()));
            let content = document.get_attribute(id, "content").and_then(|content| some_line(&content));
            if let (Some(name), Some(content)) = (name, content) {
                stated.meta.entry(name.trim().to_ascii_lowercase()).or_insert(content);
            }
        }
        let link = all("link[rel=canonical]").first().and_then(|id| document.get_attribute(*id, "href"));
        stated.canonical = link.map(|link| link.trim().to_owned());
        stated.title_tag = all("title").first().and_then(|id| some_line(&document.text_content(*id)));
        stated.headings = all("h1")
            .iter()
            .take(8)
            .filter_map(|id| some_line(&block_text(&document.inner_html(*id))))
            .collect();
        stated.times = all("time[datetime], [itemprop=datePublished]")
            .iter()
            .take(8)
            .filter_map(|id| {
                document.get_attribute(*id, "datetime").or_else(|| document.get_attribute(*id, "content"))
            })
            .collect();
        let lang = all("html").first().and_then(|id| document.get_attribute(*id, "lang"));
        stated.language = lang.as_deref().and_then(stated_language);
        let scripts = all("script[type]").into_iter().filter(|id| {
            document
                .get_attribute(*id, "type")
                .is_some_and(|kind| kind.to_ascii_lowercase().contains("ld+json"))
        });
        let blocks: Vec<Value> =
            scripts.take(50).filter_map(|id| lenient_json(&document.text_content(id))).collect();
        stated.article = best_article(&blocks);
        stated
    }

    fn into_page(self, found: &trafilatura::Metadata, url: Option<&str>) -> Page {
        let article = self.article.as_ref().unwrap_or(&Value::Null);
        let site = self.meta("og:site_name").or_else(|| some_line(&found.sitename));
        let published = self.published(article, found);
        let updated = self
            .updated(article)
            .filter(|updated| Some(updated.date) >= published.as_ref().map(|at| at.date));
        let mut extra = BTreeMap::new();
        for (key, value) in [
            ("description", self.meta("og:description").or_else(|| self.meta("description"))),
            (
                "section",
                self.meta("article:section")
                    .or_else(|| some_line(&names(&article["articleSection"]).join("; "))),
            ),
            ("based_on", based_on(&article["isBasedOn"])),
        ] {
            if let Some(value) = value {
                extra.insert(key.to_owned(), value.into());
            }
        }
        Page {
            text: String::new(),
            title: self.title(article, found, site.as_deref()),
            author: self.author(article, found),
            published,
            updated,
            publisher: names(&article["publisher"]).into_iter().next(),
            url: self.canonical_link(url),
            language: article["inLanguage"].as_str().and_then(stated_language).or(self.language),
            site,
            extra,
        }
    }

    fn meta(&self, name: &str) -> Option<String> {
        self.meta.get(name).cloned()
    }

    /// Returns the headline as the reader of the page sees it: titles elsewhere carry the name of the
    /// site, or are worded for search engines.
    fn title(&self, article: &Value, found: &trafilatura::Metadata, site: Option<&str>) -> Option<String> {
        let headline = article["headline"].as_str().and_then(|words| some_line(&unescaped(words)));
        let stated: Vec<String> =
            [headline, self.meta("og:title"), some_line(&found.title), self.title_tag.clone()]
                .into_iter()
                .flatten()
                .collect();
        let site = site.map(comparable);
        let headings: Vec<&String> = self
            .headings
            .iter()
            .filter(|heading| Some(comparable(heading)) != site && heading.len() > 2)
            .collect();
        let echoed =
            headings.iter().filter(|heading| is_echoed(heading, &stated)).max_by_key(|heading| heading.len());
        let only = match headings.as_slice() {
            [only] if only.split_whitespace().count() >= 3 => Some(only),
            _ => None,
        };
        echoed
            .or(only)
            .map(|heading| (*heading).clone())
            .or_else(|| stated.first().map(|title| without_site(title, site.as_deref())))
    }

    fn author(&self, article: &Value, found: &trafilatura::Metadata) -> Option<String> {
        let stated = names(&article["author"]);
        if !stated.is_empty() {
            return Some(stated.join("; "));
        }
        // The library drops full stops, so "C. Stokes" reads better where the page gave it.
        let given = ["author", "article:author", "dc.creator", "sailthru.author", "parsely-author"];
        let given = given
            .iter()
            .find_map(|name| self.meta(name).filter(|given| comparable(given) == comparable(&found.author)));
        given.or_else(|| some_line(&found.author)).filter(|name| is_name(name))
    }

    fn published(&self, article: &Value, found: &trafilatura::Metadata) -> Option<PublishedAt> {
        let full = article["datePublished"].as_str().and_then(dates::parse);
        full.or_else(|| found.date.and_then(|date| dates::parse(&date.to_string())))
    }

    fn updated(&self, article: &Value) -> Option<PublishedAt> {
        let words = article["dateModified"].as_str().map(str::to_owned);
        words.or_else(|| self.meta("article:modified_time")).and_then(|words| dates::parse(&words))
    }

    /// Returns the link the page calls its own, if it is one on the web and not of a bare front page.
    fn canonical_link(&self, url: Option<&str>) -> Option<String> {
        let own = url.and_then(|url| url::Url::parse(url).ok());
        let stated = [self.canonical.clone(), self.meta("og:url")].into_iter().flatten().find_map(|link| {
            let link = match &own {
                Some(own) => own.join(&link).ok()?,
                None => url::Url::parse(&link).ok()?,
            };
            (matches!(link.scheme(), "http" | "https") && link.path().len() > 1).then(|| link.to_string())
        });
        stated.or_else(|| url.map(str::to_owned))
    }
}

/// Reads JSON as pages have it: in comment marks, with line breaks inside strings.
fn lenient_json(script: &str) -> Option<Value> {
    let script = script.trim().trim_start_matches("<!--").trim_end_matches("-->");
    let script = script.trim().trim_start_matches("//<![CDATA[").trim_end_matches("//]]>").trim();
    let script = script.trim_end_matches(';');
    serde_json::from_str(script).ok().or_else(|| {
        let plain: String = script.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        serde_json::from_str(&plain).ok()
    })
}

/// Returns the node that describes the article itself: news before other writing, the first of each.
fn best_article(blocks: &[Value]) -> Option<Value> {
    const KINDS: [&[&str]; 3] = [
        &[
            "NewsArticle",
            "ReportageNewsArticle",
            "AnalysisNewsArticle",
            "BackgroundNewsArticle",
            "LiveBlogPosting",
        ],
        &["Article", "BlogPosting", "Report", "OpinionNewsArticle", "SocialMediaPosting", "TechArticle"],
        &["WebPage", "ItemPage"],
    ];
    let mut nodes: Vec<&Value> = Vec::new();
    let mut waiting: VecDeque<&Value> = blocks.iter().collect();
    while let Some(node) = waiting.pop_front() {
        match node {
            Value::Array(list) => waiting.extend(list.iter().take(200)),
            Value::Object(object) => {
                nodes.push(node);
                waiting.extend(object.get("@graph"));
                waiting.extend(object.get("mainEntity"));
            }
            _ => {}
        }
    }
    let is_kind = |node: &Value, kinds: &[&str]| match &node["@type"] {
        Value::String(kind) => kinds.contains(&kind.as_str()),
        Value::Array(list) => list.iter().filter_map(Value::as_str).any(|kind| kinds.contains(&kind)),
        _ => false,
    };
    let mut article =
        KINDS.iter().find_map(|kinds| nodes.iter().find(|node| is_kind(node, kinds)).copied()).cloned()?;
    resolve_references(&mut article, &nodes);
    Some(article)
}

/// Puts the named person or organisation where the article has only its `@id`.
fn resolve_references(article: &mut Value, nodes: &[&Value]) {
    for key in ["author", "publisher"] {
        let Some(list) = article.get_mut(key) else { continue };
        let entries: Vec<&mut Value> = match list {
            Value::Array(entries) => entries.iter_mut().collect(),
            single => vec![single],
        };
        for entry in entries {
            let Some(id) = entry.get("@id").filter(|_| entry.get("name").is_none()).cloned() else {
                continue;
            };
            if let Some(node) =
                nodes.iter().find(|node| node.get("@id") == Some(&id) && node.get("name").is_some())
            {
                *entry = (*node).clone();
            }
        }
    }
}

/// Returns the names in a schema.org value: a string, an object with a name, or a list of those.
fn names(value: &Value) -> Vec<String> {
    let list = match value {
        Value::Array(list) => list.as_slice(),
        single => std::slice::from_ref(single),
    };
    let name = |entry: &Value| match entry {
        Value::String(name) => some_line(&unescaped(name)),
        Value::Object(object) => match object.get("name") {
            Some(Value::String(name)) => some_line(&unescaped(name)),
            Some(Value::Array(list)) => {
                list.first().and_then(Value::as_str).and_then(|name| some_line(&unescaped(name)))
            }
            _ => None,
        },
        _ => None,
    };
    list.iter().filter_map(name).filter(|name| !name.starts_with("http")).collect()
}

fn based_on(value: &Value) -> Option<String> {
    match value {
        Value::String(link) => some_line(link),
        Value::Object(object) => {
            ["url", "@id", "name"].iter().find_map(|key| object.get(*key)?.as_str().and_then(some_line))
        }
        Value::Array(list) => list.first().and_then(based_on),
        _ => None,
    }
}

/// Replaces the entities that pages leave in their JSON.
fn unescaped(text: &str) -> String {
    if text.contains('&') { block_text(&text.replace('<', "&lt;")) } else { text.to_owned() }
}

/// Returns whether one of the titles repeats the heading, more than by a word in passing.
fn is_echoed(heading: &str, titles: &[String]) -> bool {
    let words = heading.split_whitespace().count();
    let heading = comparable(heading);
    titles.iter().map(|title| comparable(title)).any(|title| {
        title.starts_with(&heading) && heading.len() >= 4
            || words >= 2 && heading.len() >= 8 && title.contains(&heading)
    })
}

/// Returns whether the words can be those of a writer, rather than a label beside an empty field.
fn is_name(words: &str) -> bool {
    const LABELS: [&str; 14] = [
        "admin",
        "administrator",
        "auteur",
        "auteurs",
        "author",
        "authors",
        "autor",
        "datum",
        "editor",
        "name",
        "no author",
        "posted",
        "redaktion",
        "unknown",
    ];
    words.len() <= 120 && !LABELS.contains(&words.to_lowercase().as_str())
}

/// Returns the title without " | Name of the site" at its end.
fn without_site(title: &str, site: Option<&str>) -> String {
    for mark in [" | ", " - ", " – ", " — ", " :: ", " » "] {
        let Some((before, after)) = title.rsplit_once(mark) else { continue };
        if site.is_some_and(|site| comparable(after) == site) && !before.trim().is_empty() {
            return before.trim().to_owned();
        }
    }
    title.to_owned()
}

/// Returns only the letters and digits, so that quotes and dashes of different fonts compare equal.
fn comparable(words: &str) -> String {
    words.chars().filter(|character| character.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
