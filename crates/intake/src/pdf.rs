//! What does a PDF say, in lines and paragraphs rather than in glyphs?

use std::io::{self, Read};

use hayro_interpret::font::GlyphRun;
use hayro_interpret::hayro_cmap::BfString;
use hayro_interpret::hayro_syntax::{LoadPdfError, Pdf};
use hayro_interpret::kurbo::{Affine, BezPath, Point, Rect};
use hayro_interpret::{
    BlendMode, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageDrawProps, InterpreterCache,
    InterpreterSettings, SoftMask, interpret_page,
};

use crate::found::{FailReason, Found, MediaType, Origin};
use crate::limits::Limits;
use crate::sniff::find;
use crate::text::some_line;
use crate::walk::Trouble;

/// Reads a document; its own dates say when the file was made, not when the report was published.
pub(crate) fn read_pdf(origin: Origin, raw: Vec<u8>, limits: &Limits) -> Result<Found, Trouble> {
    refuse_bombs(&raw, limits)?;
    let pdf = Pdf::new(raw.clone()).map_err(|error| match error {
        LoadPdfError::Decryption(_) => Trouble::from(FailReason::Encrypted),
        LoadPdfError::Invalid => Trouble::from(FailReason::Damaged),
    })?;
    let cache = InterpreterCache::new();
    let mut text = String::new();
    for page in pdf.pages().iter() {
        let mut glyphs = Glyphs::default();
        let unit = Rect::new(0.0, 0.0, 1.0, 1.0);
        let mut context =
            Context::new(Affine::IDENTITY, unit, &cache, pdf.xref(), InterpreterSettings::default());
        interpret_page(page, &mut context, &mut glyphs);
        let page = paragraphs(&lines(&glyphs.seen));
        if !page.is_empty() && !text.is_empty() {
            text.push_str("\n\n");
        }
        text.push_str(&page);
        if text.len() as u64 > limits.report_bytes_max {
            return Err(FailReason::TooLarge { limit_bytes: limits.report_bytes_max }.into());
        }
    }
    if text.trim().is_empty() {
        return Err(FailReason::NoText.into());
    }
    let mut found = Found::new(origin, raw, MediaType::Pdf, &text);
    let metadata = pdf.metadata();
    found.title = metadata.title.as_deref().and_then(words);
    found.author = metadata.author.as_deref().and_then(words);
    for (key, date) in
        [("file_created", &metadata.creation_date), ("file_modified", &metadata.modification_date)]
    {
        if let Some(date) = date {
            let shown = format!("{:04}-{:02}-{:02}", date.year, date.month, date.day);
            found.extra.insert(key.into(), shown.into());
        }
    }
    Ok(found)
}

/// Unpacks every compressed stream into nothing, to see how large the document would become.
fn refuse_bombs(raw: &[u8], limits: &Limits) -> Result<(), Trouble> {
    const EXPANDED_BYTES_MAX: u64 = 512 << 20;
    let (mut at, mut expanded) = (0, 0u64);
    while let Some(next) = raw.get(at..).and_then(|rest| find(rest, b"stream")) {
        at += next + b"stream".len();
        let rest = raw.get(at..).unwrap_or_default();
        let rest = rest.strip_prefix(b"\r").unwrap_or(rest);
        let rest = rest.strip_prefix(b"\n").unwrap_or(rest);
        // Most of what follows the word is a compressed stream; the rest fails at its first byte.
        if rest.first().is_some_and(|byte| byte & 0x0f == 8) {
            let mut unpacked = flate2::read::ZlibDecoder::new(rest).take(EXPANDED_BYTES_MAX - expanded + 1);
            expanded += count(&mut unpacked);
        }
        if expanded > EXPANDED_BYTES_MAX
            || expanded > (1 << 20) && expanded / (raw.len() as u64).max(1) > limits.ratio_max
        {
            return Err(FailReason::Bomb.into());
        }
    }
    Ok(())
}

/// Returns how many bytes can be read.
fn count(reader: &mut dyn Read) -> u64 {
    let mut block = [0; 16 << 10];
    let mut total = 0;
    loop {
        match reader.read(&mut block) {
            Ok(0) => return total,
            Ok(length) => total += length as u64,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(_) => return total,
        }
    }
}

/// Returns the text of a metadata entry.
fn words(bytes: &[u8]) -> Option<String> {
    some_line(&crate::text::decode(bytes, None).text)
}

/// A piece of text with where it stands on the page.
struct Placed {
    text: String,
    start: Point,
    end: Point,
    size: f64,
}

/// Collects what would be drawn.
#[derive(Default)]
struct Glyphs {
    seen: Vec<Placed>,
}

impl Device<'_> for Glyphs {
    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, '_>, props: DrawProps<'_>, _: &DrawMode) {
        const GLYPHS_MAX: usize = 2_000_000;
        for glyph in run.glyphs() {
            if self.seen.len() >= GLYPHS_MAX {
                return;
            }
            let text = match glyph.as_unicode() {
                Some(BfString::Char(character)) => character.to_string(),
                Some(BfString::String(text)) => text,
                None => continue,
            };
            let place = props.transform * glyph.transform();
            // Glyphs are drawn in thousandths of the size of the font.
            let size = (place * Point::new(0.0, 1000.0) - place * Point::ZERO).hypot();
            let advance = match &**glyph {
                hayro_interpret::font::Glyph::Outline(glyph) => {
                    glyph.advance_width().map_or(500.0, f64::from)
                }
                hayro_interpret::font::Glyph::Type3(_) => 500.0,
            };
            let start = place * Point::ZERO;
            let end = place * Point::new(advance, 0.0);
            if [start.x, start.y, end.x, end.y, size].iter().all(|value| value.is_finite()) {
                self.seen.push(Placed { text, start, end, size });
            }
        }
    }

    fn draw_path(&mut self, _: &BezPath, _: DrawProps<'_>, _: &DrawMode) {}
    fn push_clip_path(&mut self, _: &ClipPath) {}
    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'_>>, _: BlendMode) {}
    fn draw_image(&mut self, _: Image<'_, '_>, _: ImageDrawProps<'_>) {}
    fn pop_clip(&mut self) {}
    fn pop_transparency_group(&mut self) {}
}

struct Line {
    text: String,
    left: f64,
    baseline: f64,
    size: f64,
}

/// Puts glyphs into lines, in the order in which they are drawn; a gap without a glyph is a space.
fn lines(glyphs: &[Placed]) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    let mut last: Option<&Placed> = None;
    for glyph in glyphs {
        let gap = last.map(|last| {
            let size = last.size.max(glyph.size).max(f64::MIN_POSITIVE);
            let same_line = (glyph.start.y - last.start.y).abs() < size * 0.5;
            // A little way back is kerning or an accent; far back is another column.
            same_line.then(|| (glyph.start.x - last.end.x) / size).filter(|gap| (-1.0..12.0).contains(gap))
        });
        match (gap.flatten(), lines.last_mut()) {
            (Some(gap), Some(line)) => {
                if gap > 0.18 && !line.text.ends_with(' ') && !glyph.text.starts_with(' ') {
                    line.text.push(' ');
                }
                line.text.push_str(&glyph.text);
            }
            _ => lines.push(Line {
                text: glyph.text.clone(),
                left: glyph.start.x,
                baseline: glyph.start.y,
                size: glyph.size,
            }),
        }
        last = Some(glyph);
    }
    lines.retain(|line| !line.text.trim().is_empty());
    lines
}

/// Joins the lines of each paragraph; the usual distance between lines tells where one ends.
fn paragraphs(lines: &[Line]) -> String {
    let distance = |pair: &[Line]| match pair {
        [upper, lower] => (upper.baseline - lower.baseline).abs() / upper.size.max(f64::MIN_POSITIVE),
        _ => 0.0,
    };
    let mut distances: Vec<f64> =
        lines.windows(2).map(distance).filter(|distance| (0.5..4.0).contains(distance)).collect();
    distances.sort_by(f64::total_cmp);
    let usual = distances.get(distances.len() / 2).copied().unwrap_or(1.2);
    let mut text = String::new();
    let mut previous: Option<&Line> = None;
    for line in lines {
        let words = line.text.trim();
        match previous {
            None => {}
            Some(upper) => {
                let apart =
                    (upper.baseline - line.baseline).abs() / upper.size.max(f64::MIN_POSITIVE) > usual * 1.3;
                let resized = (upper.size - line.size).abs() > upper.size * 0.15;
                let indented =
                    line.left > upper.left + line.size && text.ends_with(['.', '!', '?', '”', '"']);
                if apart || resized || indented {
                    text.push_str("\n\n");
                } else if text.ends_with('-') && words.starts_with(char::is_lowercase) {
                    text.pop();
                } else {
                    text.push(' ');
                }
            }
        }
        text.push_str(words);
        previous = Some(line);
    }
    text
}
