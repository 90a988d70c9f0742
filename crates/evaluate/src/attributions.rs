//! PolNeAR: who says what in political news, in the form of its scorer.

use crate::CodePoints;
use anyhow::Context;
use headwater_domain::reading::Attribution;
use headwater_domain::text::Span;
use headwater_reader::Reader;
use headwater_reader::document::Document;
use headwater_reader::pos::Syntax;
use headwater_reader::voices;
use serde::Deserialize;
use serde_json::{Value, json};
use std::io::{BufRead, Write};

#[derive(Deserialize)]
struct Article {
    id: String,
    text: String,
}

/// Reads articles, one a line, and writes the attributions found in each.
///
/// # Errors
/// If a line is no article or the answer cannot be written.
pub fn predict(reader: Reader, gold: impl BufRead, mut out: impl Write) -> anyhow::Result<()> {
    for line in gold.lines() {
        let line = line.context("cannot read the articles")?;
        if line.trim().is_empty() {
            continue;
        }
        let article: Article = serde_json::from_str(&line).context("cannot read an article")?;
        let answer = json!({"id": article.id, "attributions": attributions(reader, &article.text)});
        writeln!(out, "{answer}").context("cannot write an answer")?;
    }
    Ok(())
}

/// The attributions of a text, with the pieces of one statement put together: the benchmark keeps
/// them in one, counts marks and *that* as part of what is said, and nests nothing.
fn attributions(reader: Reader, text: &str) -> Vec<Value> {
    let document = Document::new(text);
    let syntax = Syntax::of(&document);
    let points = CodePoints::new(text);
    let mut found: Vec<Attribution> =
        voices::find(&document, &syntax, &[], reader.perceive(&document).as_ref());
    found.retain(|attribution| attribution.within.is_none());
    found.sort_by_key(|attribution| (attribution.cue, attribution.content));
    let spans = |spans: &[Span]| -> Vec<[usize; 2]> {
        spans
            .iter()
            .map(|span| {
                let (start, end) = points.of(*span);
                [start, end]
            })
            .collect()
    };
    found
        .chunk_by(|left, right| left.cue == right.cue && left.source == right.source)
        .map(|pieces| {
            let (source, cue) = (pieces[0].source, pieces[0].cue);
            let taken: Vec<Span> = source.into_iter().chain(cue).collect();
            let content: Vec<Span> = pieces
                .iter()
                .map(|piece| with_marks(&document, piece.content))
                .flat_map(|content| without(&document, content, &taken))
                .collect();
            let source = source.map(|source| with_comma(&document, source, cue));
            json!({
                "source": spans(source.as_slice()),
                "cue": spans(cue.as_slice()),
                "content": spans(&content),
            })
        })
        .collect()
}

/// Adds *that* before and the quotation marks around a content.
fn with_marks(document: &Document<'_>, content: Span) -> Span {
    let tokens = document.tokens_in(content);
    let (mut start, mut end) = (tokens.start, tokens.end);
    let is_quote = |token: usize| matches!(document.word(token), "“" | "”" | "\"" | "''" | "``" | "‘" | "’");
    if start > 0 && is_quote(start - 1) {
        start -= 1;
    }
    if start > 0 && document.lower(start - 1) == "that" {
        start -= 1;
    }
    let adjoins = |token: usize| {
        let (Some(before), Some(mark)) = (document.tokens.get(token - 1), document.tokens.get(token)) else {
            return false;
        };
        before.span.end() == mark.span.start()
    };
    if matches!(document.word(end), "." | "," | "?" | "!")
        && is_quote(end + 1)
        && adjoins(end)
        && adjoins(end + 1)
    {
        end += 2;
    } else if is_quote(end) && adjoins(end) {
        end += 1;
    }
    document.span(start..end).unwrap_or(content)
}

/// Adds the comma that closes an apposition before the cue.
fn with_comma(document: &Document<'_>, source: Span, cue: Option<Span>) -> Span {
    let tokens = document.tokens_in(source);
    let apposed = tokens.clone().any(|token| document.word(token) == ",");
    let closes = document.word(tokens.end) == ",";
    let before_cue =
        document.tokens.get(tokens.end + 1).map(|token| token.span.start()) == cue.map(Span::start);
    if apposed && closes && before_cue {
        document.span(tokens.start..tokens.end + 1).unwrap_or(source)
    } else {
        source
    }
}

/// What is left of a span without others, each piece from its first word to its last.
fn without(document: &Document<'_>, span: Span, taken: &[Span]) -> Vec<Span> {
    let tokens = document.tokens_in(span);
    let mut pieces = Vec::new();
    let mut start = tokens.start;
    for token in tokens.start..=tokens.end {
        let cut =
            token == tokens.end || taken.iter().any(|other| other.overlaps(document.tokens[token].span));
        if cut {
            let mut end = token;
            if token < tokens.end && end > start && document.word(end - 1) == "," {
                end -= 1;
            }
            pieces.extend(document.span(start..end));
            start = token + 1;
        }
    }
    pieces
}
