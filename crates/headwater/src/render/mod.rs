//! Render: how is an answer laid out on a terminal?
//!
//! Everything is laid out with colour; the stream takes colour out where nobody can see it.

pub mod lists;
pub mod overview;
pub mod sheets;
pub mod words;

use anstyle::{AnsiColor, Style};
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

/// What can be shown as text.
pub trait Render {
    /// Lays it out.
    fn render(&self, page: &mut Page);
}

/// How wide a page is where nobody looks, such as a pipe.
const WIDTH_OF_A_PIPE: usize = 100;
/// Lines longer than this are hard to read, however wide the terminal.
const WIDTH_MAX: usize = 140;
const WIDTH_MIN: usize = 40;

/// The width to lay out for.
pub fn width() -> usize {
    let terminal = terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    terminal.unwrap_or(WIDTH_OF_A_PIPE).clamp(WIDTH_MIN, WIDTH_MAX)
}

/// Marks of a piece of text: what it is, not what it looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tone {
    Plain,
    Heading,
    Strong,
    Faint,
    Id,
    Good,
    Doubt,
    Bad,
    Mark,
}

impl Tone {
    fn style(self) -> Style {
        let colour = |colour: AnsiColor| Style::new().fg_color(Some(colour.into()));
        match self {
            Self::Plain => Style::new(),
            Self::Heading => colour(AnsiColor::Cyan).bold(),
            Self::Strong => Style::new().bold(),
            Self::Faint => Style::new().dimmed(),
            Self::Id => colour(AnsiColor::Blue),
            Self::Good => colour(AnsiColor::Green),
            Self::Doubt => colour(AnsiColor::Yellow),
            Self::Bad => colour(AnsiColor::Red),
            Self::Mark => Style::new().underline().bold(),
        }
    }
}

/// One line before it is laid out: words, each with its tone.
#[derive(Debug, Clone, Default)]
pub struct Line {
    pieces: Vec<(Tone, String)>,
}

macro_rules! tones {
    ($($(#[$doc:meta])* $name:ident => $tone:ident),+ $(,)?) => {
        $($(#[$doc])* #[must_use] pub fn $name(self, text: impl AsRef<str>) -> Self {
            self.with(Tone::$tone, text.as_ref())
        })+
    };
}

impl Line {
    /// An empty line.
    pub fn new() -> Self {
        Self::default()
    }

    tones! {
        /// Ordinary words.
        plain => Plain,
        /// What stands out.
        strong => Strong,
        /// What may be passed over.
        faint => Faint,
        /// An id to ask for.
        id => Id,
        /// What is well supported.
        good => Good,
        /// What is not certain.
        doubt => Doubt,
        /// What does not go together.
        bad => Bad,
        /// The words meant within a passage.
        mark => Mark,
    }

    fn with(mut self, tone: Tone, text: &str) -> Self {
        if !text.is_empty() {
            // A report is a stranger's: nothing in it may steer the terminal.
            let safe = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
            self.pieces.push((tone, safe));
        }
        self
    }

    /// Adds another line's words.
    #[must_use]
    pub fn then(mut self, other: Self) -> Self {
        self.pieces.extend(other.pieces);
        self
    }

    fn width(&self) -> usize {
        self.pieces.iter().map(|(_, text)| text.width()).sum()
    }

    /// Words with the spaces after them, so that a line can be broken between them.
    fn words(&self) -> Vec<(Tone, &str)> {
        let mut words = Vec::new();
        for (tone, text) in &self.pieces {
            words.extend(text.split_inclusive(' ').map(|word| (*tone, word)));
        }
        words
    }
}

impl From<&str> for Line {
    fn from(text: &str) -> Self {
        Self::new().plain(text)
    }
}

impl From<String> for Line {
    fn from(text: String) -> Self {
        Self::new().plain(text)
    }
}

/// A page that is being laid out.
#[derive(Debug)]
pub struct Page {
    width: usize,
    out: String,
}

impl Page {
    /// An empty page of this width.
    pub fn new(width: usize) -> Self {
        Self { width: width.max(WIDTH_MIN), out: String::new() }
    }

    /// The page as it is written, with colour.
    pub fn finish(self) -> String {
        self.out
    }

    /// How wide it is.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Starts a section, with a remark beside its name.
    pub fn heading(&mut self, name: &str, remark: &str) {
        if !self.out.is_empty() {
            self.out.push('\n');
        }
        let mut line = Line::new().with(Tone::Heading, name);
        if !remark.is_empty() {
            line = line.faint(format!("  {remark}"));
        }
        self.wrapped(0, 2, line);
    }

    /// Leaves a line empty.
    pub fn gap(&mut self) {
        self.out.push('\n');
    }

    /// Writes a line, going on in further lines where it is too long. All are indented by `indent`,
    /// the further ones by `hang` more.
    pub fn wrapped(&mut self, indent: usize, hang: usize, line: impl Into<Line>) {
        let line = line.into();
        let mut room = self.width.saturating_sub(indent).max(1);
        self.spaces(indent);
        let mut used = 0;
        let mut open = String::new();
        for (tone, word) in line.words() {
            let mut bare = word.trim_end_matches(' ');
            let spaces = word.len() - bare.len();
            if used > 0 && used + bare.width() > room {
                open.clear();
                used = 0;
                room = self.next_line(indent + hang);
            }
            flush(&mut self.out, &mut open);
            // What is too long for any line is broken where it must be.
            while bare.width() > room && !fitting(bare, room).is_empty() {
                let (part, rest) = bare.split_at(fitting(bare, room).len());
                put(&mut self.out, tone, part);
                bare = rest;
                room = self.next_line(indent + hang);
            }
            put(&mut self.out, tone, bare);
            // Held back, since a line must not end in spaces.
            open = " ".repeat(spaces);
            used += bare.width() + spaces;
        }
        self.out.push('\n');
    }

    /// Goes to a further line and tells how much room it has.
    fn next_line(&mut self, indent: usize) -> usize {
        self.out.push('\n');
        self.spaces(indent);
        self.width.saturating_sub(indent).max(1)
    }

    /// Writes a line, cut off with an ellipsis where it is too long.
    pub fn cut(&mut self, indent: usize, line: impl Into<Line>) {
        let line = line.into();
        let room = self.width.saturating_sub(indent);
        self.spaces(indent);
        if line.width() <= room {
            for (tone, text) in &line.pieces {
                put(&mut self.out, *tone, text);
            }
        } else {
            let mut left = room.saturating_sub(1);
            for (tone, text) in &line.pieces {
                let part = fitting(text, left);
                put(&mut self.out, *tone, part);
                left -= part.width();
                if part.len() < text.len() {
                    break;
                }
            }
            self.out.push('…');
        }
        self.out.push('\n');
    }

    /// Writes rows with their columns under one another; the last column is wrapped.
    pub fn table(&mut self, indent: usize, rows: Vec<Vec<Line>>) {
        let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
        if columns == 0 {
            return;
        }
        // No column but the last may take more than its share.
        let share = self.width / columns.max(2);
        let widths: Vec<usize> = (0..columns - 1)
            .map(|column| rows.iter().filter_map(|row| row.get(column)).map(Line::width).max().unwrap_or(0))
            .map(|width| width.min(share))
            .collect();
        let hang = widths.iter().map(|width| width + 2).sum();
        for row in rows {
            let mut line = Line::new();
            let last = row.len().saturating_sub(1);
            for (column, cell) in row.into_iter().enumerate() {
                let Some(&width) = widths.get(column).filter(|_| column < last) else {
                    line = line.then(cell);
                    continue;
                };
                let missing = width.saturating_sub(cell.width());
                line = line.then(shortened(cell, width)).plain(" ".repeat(missing + 2));
            }
            self.aligned(indent, hang, line);
        }
    }

    /// As [`Self::wrapped`], for a line that begins with columns whose spaces must stay.
    fn aligned(&mut self, indent: usize, hang: usize, line: Line) {
        if line.width() + indent <= self.width {
            self.spaces(indent);
            for (tone, text) in &line.pieces {
                put(&mut self.out, *tone, text);
            }
            while self.out.ends_with(' ') {
                self.out.pop();
            }
            self.out.push('\n');
        } else {
            self.wrapped(indent, hang, line);
        }
    }

    fn spaces(&mut self, count: usize) {
        self.out.extend(std::iter::repeat_n(' ', count));
    }
}

fn flush(out: &mut String, held: &mut String) {
    out.push_str(held);
    held.clear();
}

fn put(out: &mut String, tone: Tone, text: &str) {
    if tone == Tone::Plain || text.is_empty() {
        out.push_str(text);
    } else {
        let style = tone.style();
        out.push_str(&format!("{style}{text}{style:#}"));
    }
}

/// The beginning of a text that is no wider than `room`.
fn fitting(text: &str, room: usize) -> &str {
    let mut used = 0;
    for (at, c) in text.char_indices() {
        used += c.width().unwrap_or(0);
        if used > room {
            return text.get(..at).unwrap_or_default();
        }
    }
    text
}

fn shortened(line: Line, width: usize) -> Line {
    if line.width() <= width {
        return line;
    }
    let mut left = width.saturating_sub(1);
    let mut short = Line::new();
    for (tone, text) in &line.pieces {
        let part = fitting(text, left);
        left -= part.width();
        short = short.with(*tone, part);
    }
    short.plain("…")
}

/// The beginning of a passage, cut after a word, at most so many characters wide.
pub fn brief(passage: &str, width: usize) -> String {
    let flat = passage.split_whitespace().collect::<Vec<_>>().join(" ");
    if flat.width() <= width {
        return flat;
    }
    let part = fitting(&flat, width.saturating_sub(1));
    let at_word = part.rfind(' ').map_or(part, |at| part.get(..at).unwrap_or(part));
    format!("{}…", at_word.trim_end_matches([',', ';', ':', ' ']))
}

/// As [`brief`], for a passage of which the words at byte `at` matter most.
pub fn brief_around(passage: &str, at: usize, width: usize) -> String {
    let before = passage.get(..at).unwrap_or_default();
    if passage.width() <= width || before.width() <= width / 2 {
        return brief(passage, width);
    }
    // Some words before, so that it can be seen who does it.
    let lead: Vec<&str> = before.split(' ').collect();
    let mut from = at;
    for word in lead.iter().rev() {
        if at - from + word.len() > width / 3 {
            break;
        }
        from = from.saturating_sub(word.len() + 1);
    }
    format!("…{}", brief(passage.get(from..).unwrap_or(passage), width - 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bare(page: Page) -> String {
        anstream::adapter::strip_str(&page.finish()).to_string()
    }

    #[test]
    fn no_line_is_wider_than_the_page() {
        let mut page = Page::new(40);
        let line = Line::new()
            .id("evt-4n2k7q")
            .plain(" ")
            .strong("Gunmen attacked the town of Brisa ")
            .plain("x".repeat(30));
        page.wrapped(2, 4, line.clone());
        page.cut(2, line.clone());
        page.table(
            1,
            vec![vec!["a".into(), "b".into(), line], vec!["long cell".into(), "c".into(), "d".into()]],
        );
        let text = bare(page);
        assert!(text.lines().all(|line| line.width() <= 40), "{text}");
        assert!(text.lines().all(|line| !line.ends_with(' ')), "{text}");
        assert!(text.contains("…"));
    }

    #[test]
    fn a_report_cannot_steer_the_terminal() {
        let mut page = Page::new(80);
        page.wrapped(0, 0, Line::new().plain("\u{1b}[2Jgone\u{7}"));
        assert_eq!(bare(page), " [2Jgone\n");
    }

    #[test]
    fn a_passage_is_cut_after_a_word() {
        assert_eq!(brief("Gunmen attacked,  the town", 18), "Gunmen attacked…");
        assert_eq!(brief("short", 18), "short");
    }

    #[test]
    fn the_words_that_matter_are_not_cut_off() {
        let passage =
            "Long after the day on which all this was said to have begun, the army denied that it had fired.";
        let shown = brief_around(passage, passage.find("denied").unwrap(), 40);
        assert!(shown.contains("army denied") && shown.width() <= 40, "{shown}");
        assert_eq!(brief_around("the army denied", 9, 40), "the army denied");
    }
}
