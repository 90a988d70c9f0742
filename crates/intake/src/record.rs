//! Which field of a record is which? For JSON objects and rows of tables.

use serde_json::{Map, Value};

use crate::dates;
use crate::found::{FailReason, Found, MediaType, Origin, PublishedAt};
use crate::text::{some_line, stated_language};
use crate::walk::Trouble;

/// Returns the report in a JSON object or table row; its text is taken as it is.
///
/// Keys that intake does not know are kept in `extra`.
pub(crate) fn read_record(
    origin: Origin,
    raw: Vec<u8>,
    media_type: MediaType,
    record: Map<String, Value>,
) -> Result<Found, Trouble> {
    let mut found = Found::new(origin, raw, media_type, "");
    let mut text: Option<(usize, String)> = None;
    for (key, value) in record {
        match key.trim_start_matches('\u{feff}').trim().to_lowercase().as_str() {
            name @ ("text" | "content" | "body") => match value {
                Value::String(words) => {
                    let rank =
                        ["text", "content", "body"].iter().position(|known| *known == name).unwrap_or(3);
                    if text.as_ref().is_none_or(|(best, _)| rank < *best) {
                        text = Some((rank, words));
                    }
                }
                other => {
                    found.extra.insert(key, other);
                }
            },
            "title" | "headline" => found.title = line(&value),
            "id" | "doc_id" | "docid" => found.given_id = line(&value),
            "published" | "date" | "published_at" | "date_published" => match date(&value) {
                Some(date) => found.published = Some(date),
                None if !value.is_null() && value != "" => {
                    found.extra.insert("published_text".into(), value);
                }
                None => {}
            },
            "updated" | "date_modified" | "updated_at" => found.updated = date(&value),
            "source" | "publisher" => found.publisher = line(&value),
            "carrier" => found.carrier = line(&value),
            "url" | "link" => found.url = line(&value),
            "author" | "authors" => found.author = line(&value),
            "lang" | "language" => found.language = value.as_str().and_then(stated_language),
            _ if value.is_null() || value == "" => {}
            _ => {
                found.extra.insert(key, value);
            }
        }
    }
    let Some((_, text)) = text else {
        return Err(Trouble::new(FailReason::MalformedRecord, "there is no key text, content or body"));
    };
    found.text = crate::normalise(&text);
    Ok(found)
}

/// Returns one line of a value: a string, a number, an object with a name, or a list of those.
pub(crate) fn line(value: &Value) -> Option<String> {
    match value {
        Value::String(words) => some_line(words),
        Value::Number(number) => Some(number.to_string()),
        Value::Object(object) => object.get("name").or_else(|| object.get("title")).and_then(line),
        Value::Array(list) => {
            Some(list.iter().filter_map(line).collect::<Vec<_>>().join("; ")).filter(|line| !line.is_empty())
        }
        _ => None,
    }
}

pub(crate) fn date(value: &Value) -> Option<PublishedAt> {
    match value {
        Value::String(words) => dates::parse(words).or_else(|| dates::from_epoch(words.trim().parse().ok()?)),
        Value::Number(number) => dates::from_epoch(number.as_i64()?),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<Found, Trouble> {
        let Value::Object(record) = serde_json::from_str(json).unwrap() else { panic!("an object") };
        read_record(Origin::of("x"), Vec::new(), MediaType::Json, record)
    }

    #[test]
    fn every_known_key_finds_its_field_and_the_rest_is_kept() {
        let found = read(
            r#"{"docid": 7, "title": "Attack", "body": " Gunmen attacked.\r\n", "date": "2031-03-03", "publisher": "Brisa Post",
                "url": "https://brisa.example/7", "author": ["A. Writer", "B. Reader"], "lang": "en", "desk": {"name": "south"}}"#,
        )
        .unwrap();
        assert_eq!(found.given_id.as_deref(), Some("7"));
        assert_eq!(found.text, " Gunmen attacked. \n");
        assert_eq!(found.published.unwrap().date.to_string(), "2031-03-03");
        assert_eq!(found.author.as_deref(), Some("A. Writer; B. Reader"));
        assert_eq!(found.extra["desk"]["name"], "south");
    }

    #[test]
    fn a_record_without_text_is_refused() {
        assert_eq!(read(r#"{"title": "Attack"}"#).unwrap_err().reason, FailReason::MalformedRecord);
    }

    #[test]
    fn a_date_nobody_can_read_is_kept_as_words() {
        let found = read(r#"{"text": "Gunmen.", "published": "last Monday"}"#).unwrap();
        assert_eq!((found.published, &found.extra["published_text"]), (None, &Value::from("last Monday")));
    }
}
