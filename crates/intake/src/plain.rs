//! What do the first lines of a text file say about the rest?

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use crate::dates;
use crate::found::{Found, MediaType, Origin};
use crate::text::{decode, prefix, some_line, stated_language};

/// Returns a text file as a report; header lines at its top are understood and stay in the text.
pub(crate) fn read_text(origin: Origin, raw: Vec<u8>, charset: Option<&str>) -> Found {
    let mut found = decoded(origin, raw, MediaType::Text, charset);
    let opening = prefix(&found.text, 4096).to_owned();
    if let Some(words) = date_at_start(&opening) {
        found.published = dates::parse(words).or_else(|| dates::iso_at_start(words));
    }
    for (key, value) in header_lines(&opening) {
        state(&mut found, &key, value);
    }
    found
}

/// Returns a Markdown file as a report; front matter is understood and taken off.
pub(crate) fn read_markdown(origin: Origin, raw: Vec<u8>, charset: Option<&str>) -> Found {
    let mut found = decoded(origin, raw, MediaType::Markdown, charset);
    if let Some((front, body)) = front_matter(&found.text) {
        let (front, body) = (front.to_owned(), body.to_owned());
        for line in front.lines() {
            let Some((key, value)) = line.split_once(':') else { continue };
            let key = key.trim().to_lowercase();
            let value = value.trim().trim_matches(['"', '\'']);
            if key.is_empty()
                || key.starts_with(['-', '#'])
                || value.is_empty()
                || line.starts_with([' ', '\t'])
            {
                continue;
            }
            if !state(&mut found, &key, value) {
                found.extra.insert(key, value.into());
            }
        }
        found.text = body;
    }
    if found.title.is_none() {
        let heading = found.text.lines().find_map(|line| line.strip_prefix("# "));
        found.title = heading.and_then(|line| some_line(line.trim_end_matches('#')));
    }
    found
}

fn decoded(origin: Origin, raw: Vec<u8>, media_type: MediaType, charset: Option<&str>) -> Found {
    let decoded = decode(&raw, charset);
    let mut found = Found::new(origin, raw, media_type, &decoded.text);
    if decoded.encoding != "UTF-8" || decoded.lossy {
        found.extra.insert("encoding".into(), decoded.encoding.into());
    }
    if decoded.lossy {
        found.extra.insert("encoding_damaged".into(), true.into());
    }
    found
}

/// Returns the date in an opening " date 2031-03-03 ".
fn date_at_start(opening: &str) -> Option<&str> {
    static DATE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?i)^\s*date\s+(\d{4}-\d{2}-\d{2})(?:\s|$)").expect("the pattern is a constant")
    });
    Some(DATE.captures(opening)?.get(1)?.as_str())
}

/// Returns the "Key: value" lines with which the text begins; none if it begins with anything else.
fn header_lines(opening: &str) -> Vec<(String, &str)> {
    const KEYS: [&str; 15] = [
        "title",
        "headline",
        "date",
        "published",
        "updated",
        "source",
        "publisher",
        "author",
        "by",
        "url",
        "link",
        "lang",
        "language",
        "id",
        "publication date",
    ];
    let lines = opening.trim_start().lines().take(20).map_while(|line| {
        let (key, value) = line.split_once(':')?;
        let key = key.trim().to_lowercase();
        KEYS.contains(&key.as_str()).then_some((key, value.trim()))
    });
    lines.filter(|(_, value)| !value.is_empty()).collect()
}

/// Sets the field that `key` names; says whether there is one.
fn state(found: &mut Found, key: &str, value: &str) -> bool {
    match key {
        "title" | "headline" => found.title = some_line(value),
        "date" | "published" | "publication date" => match dates::parse(value) {
            Some(date) => found.published = Some(date),
            None => {
                found.extra.insert("published_text".into(), Value::from(value));
            }
        },
        "updated" | "lastmod" => found.updated = dates::parse(value),
        "source" | "publisher" => found.publisher = some_line(value),
        "author" | "by" => found.author = some_line(value),
        "url" | "link" | "canonical" => found.url = some_line(value),
        "lang" | "language" => found.language = stated_language(value),
        "id" => found.given_id = some_line(value),
        _ => return false,
    }
    true
}

fn front_matter(text: &str) -> Option<(&str, &str)> {
    let rest = text.strip_prefix("---")?.trim_start_matches([' ', '\t']).strip_prefix('\n')?;
    let mut at = 0;
    for line in rest.split_inclusive('\n') {
        if matches!(line.trim_end(), "---" | "...") {
            return Some((rest.get(..at)?, rest.get(at + line.len()..)?.trim_start_matches('\n')));
        }
        at += line.len();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(given: &str) -> Found {
        read_text(Origin::of("x.txt"), given.as_bytes().to_vec(), None)
    }

    #[test]
    fn header_lines_are_understood_and_stay() {
        let given = "Title: Attack in Brisa\nDate: 2031-03-03\nSource: Brisa Post\n\nGunmen attacked on 2 March 2031.";
        let found = text(given);
        assert_eq!(found.text, given);
        assert_eq!(found.title.as_deref(), Some("Attack in Brisa"));
        assert_eq!(found.published.unwrap().date.to_string(), "2031-03-03");
        assert_eq!(found.publisher.as_deref(), Some("Brisa Post"));
    }

    #[test]
    fn an_opening_date_is_the_day_of_publication_and_a_later_one_is_not() {
        assert_eq!(
            text(" date 2031-03-03 Gunmen attacked.").published.unwrap().date.to_string(),
            "2031-03-03"
        );
        assert_eq!(text("Gunmen attacked on 2031-03-03.\nDate: 2031-03-04").published, None);
    }

    #[test]
    fn front_matter_gives_metadata_and_leaves_the_text() {
        let given = "---\ntitle: \"Attack in Brisa\"\ndate: 2031-03-03\nlang: en\ndesk: south\n---\n\n# Heading\n\nGunmen.";
        let found = read_markdown(Origin::of("x.md"), given.as_bytes().to_vec(), None);
        assert_eq!(found.text, "# Heading\n\nGunmen.");
        assert_eq!(found.title.as_deref(), Some("Attack in Brisa"));
        assert_eq!(found.language.unwrap().tag, "en");
        assert_eq!(found.extra["desk"], "south");
    }

    #[test]
    fn the_first_heading_is_the_title_of_markdown() {
        let found = read_markdown(Origin::of("x.md"), b"# Attack in Brisa\n\nGunmen.".to_vec(), None);
        assert_eq!(found.title.as_deref(), Some("Attack in Brisa"));
        assert!(found.text.starts_with("# "));
    }
}
