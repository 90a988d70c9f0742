//! Identity: which report is this, whoever brings it and however often?

use headwater_domain::id::{BlobId, ReportId};
use headwater_domain::marking::Marking;
use headwater_domain::report::{Report, Source, WireCredit};
use headwater_domain::text::Text;
use headwater_domain::time::Published;
use headwater_intake::{Found, PublishedAt};
use jiff::Timestamp;

/// Makes a report of what intake found. The version is left at 1 for the store to set.
pub fn report_of(found: &Found, received: Timestamp, marking: &Marking) -> Report {
    let text = Text::new(&found.text);
    let span = |range: &std::ops::Range<usize>| text.span(range.clone());
    Report {
        id: report_id(found),
        version: 1,
        given_id: found.given_id.clone(),
        title: found.title.clone(),
        source: found.publisher.as_deref().map(Source::id_of),
        carrier: found.carrier.clone(),
        wire: found
            .wire
            .as_ref()
            .map(|wire| WireCredit { agency: wire.agency.clone(), span: span(&wire.span) }),
        dateline: found.dateline.as_ref().and_then(|dateline| span(&dateline.span)),
        author: found.author.clone().or_else(|| found.byline.clone()),
        url: found.url.clone(),
        language: found.language.as_ref().map(|language| language.tag.clone()),
        published: found.published.as_ref().map(published),
        updated: found.updated.as_ref().map(published),
        received,
        marking: marking.clone(),
        raw: BlobId::of(&[&found.raw]),
        origin: found.origin.to_string(),
        extra: found.extra.clone(),
        text,
    }
}

/// Names a report: by the id that its publisher gave it, else by its address, else by its words.
///
/// An id that nobody vouches for ("1" in some file) is no name: two files may both have it.
fn report_id(found: &Found) -> ReportId {
    let vouched = found.publisher.as_deref().or(found.carrier.as_deref());
    if let (Some(given), Some(by)) = (&found.given_id, vouched) {
        return ReportId::of(&[b"given", by.to_lowercase().as_bytes(), given.as_bytes()]);
    }
    if let Some(url) = &found.url {
        return ReportId::of(&[b"url", canonical(url).as_bytes()]);
    }
    let publisher = found.publisher.as_deref().unwrap_or_default().to_lowercase();
    ReportId::of(&[b"text", publisher.as_bytes(), found.text.as_bytes()])
}

/// An address without what does not name the page: scheme, `www.`, fragment, tracking, last slash.
fn canonical(url: &str) -> String {
    let url = url.trim();
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let rest = rest.split('#').next().unwrap_or(rest);
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    let (host, path) = path.split_at(path.find('/').unwrap_or(path.len()));
    let host = host.to_lowercase();
    let host = host.strip_prefix("www.").unwrap_or(&host);
    let tracking =
        |pair: &&str| pair.starts_with("utm_") || pair.starts_with("fbclid=") || pair.starts_with("gclid=");
    let query =
        query.split('&').filter(|pair| !pair.is_empty() && !tracking(pair)).collect::<Vec<_>>().join("&");
    let mark = if query.is_empty() { "" } else { "?" };
    format!("{host}{}{mark}{query}", path.trim_end_matches('/'))
}

fn published(at: &PublishedAt) -> Published {
    at.timestamp().map_or(Published::Day(at.date), Published::At)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_its_page_however_it_is_written() {
        let plain = canonical("https://harbour.example/a/1");
        for other in [
            "http://www.Harbour.example/a/1/",
            "https://harbour.example/a/1?utm_source=x",
            "harbour.example/a/1#top",
        ] {
            assert_eq!(canonical(other), plain);
        }
        assert_ne!(canonical("https://harbour.example/a?id=2"), canonical("https://harbour.example/a?id=3"));
    }
}
