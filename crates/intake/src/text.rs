//! Which characters are these bytes, and which of them may a text hold?

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

use crate::found::Language;

/// Replaces what a text must not hold, one character for one, so that character offsets stay.
///
/// Control characters other than line feed and tab become spaces. A line ends with a line feed: a
/// carriage return before one becomes a space, a lone one becomes a line feed.
pub fn normalise(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        out.push(match character {
            '\n' | '\t' => character,
            '\r' if characters.peek() == Some(&'\n') => ' ',
            '\r' => '\n',
            _ if character.is_control() => ' ',
            _ => character,
        });
    }
    out
}

/// Text out of bytes, and what it took.
#[derive(Debug)]
pub(crate) struct Decoded {
    pub text: String,
    pub encoding: &'static str,
    /// Whether some bytes stood for no character and were replaced.
    pub lossy: bool,
}

/// Turns bytes into text: by byte order mark, as UTF-8, as declared, or by the looks of them.
pub(crate) fn decode(bytes: &[u8], declared: Option<&str>) -> Decoded {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return decode_as(encoding, bytes.get(mark..).unwrap_or_default());
    }
    if let Some(encoding) = utf16_without_mark(bytes) {
        return decode_as(encoding, bytes);
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Decoded { text: text.to_owned(), encoding: UTF_8.name(), lossy: false };
    }
    if mostly_utf8(bytes) {
        return decode_as(UTF_8, bytes);
    }
    if let Some(encoding) = declared.and_then(|label| Encoding::for_label(label.as_bytes())) {
        let decoded = decode_as(encoding, bytes);
        if !decoded.lossy {
            return decoded;
        }
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    decode_as(detector.guess(None, Utf8Detection::Deny), bytes)
}

fn decode_as(encoding: &'static Encoding, bytes: &[u8]) -> Decoded {
    let (text, lossy) = encoding.decode_without_bom_handling(bytes);
    Decoded { text: text.into_owned(), encoding: encoding.name(), lossy }
}

/// Tells UTF-8 with a few broken characters from an eight-bit encoding.
fn mostly_utf8(bytes: &[u8]) -> bool {
    let (mut good, mut broken) = (0usize, 0usize);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|character| !character.is_ascii()).count();
        broken += usize::from(!chunk.invalid().is_empty());
    }
    good > broken * 2
}

/// Returns the byte order of UTF-16 text that carries no mark: every second byte is mostly zero.
pub(crate) fn utf16_without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes.get(..bytes.len().min(4096))?;
    if head.len() < 8 {
        return None;
    }
    let zeros = |start: usize| head.iter().skip(start).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd, half) = (zeros(0), zeros(1), head.len() / 2);
    match (even * 10 > half * 6, odd * 10 > half * 6) {
        (true, false) if odd * 20 < half => Some(UTF_16BE),
        (false, true) if even * 20 < half => Some(UTF_16LE),
        _ => None,
    }
}

/// Returns the language of a text, if it is long enough to tell.
pub(crate) fn detect_language(text: &str) -> Option<Language> {
    const BYTES_MIN: usize = 60;
    const BYTES_MAX: usize = 4000;
    if text.trim().len() < BYTES_MIN {
        return None;
    }
    let found = whatlang::detect(prefix(text, BYTES_MAX))?;
    Some(Language { tag: tag(found.lang())?.to_owned(), confidence: found.confidence(), stated: false })
}

/// Returns a language tag as stated by a source, tidied: `EN_us` becomes `en-US`.
pub(crate) fn stated_language(words: &str) -> Option<Language> {
    let mut parts = words.trim().split(['-', '_']);
    let primary = parts.next()?.to_ascii_lowercase();
    let primary = match primary.as_str() {
        "english" => "en".to_owned(),
        _ if matches!(primary.len(), 2 | 3) && primary.bytes().all(|byte| byte.is_ascii_lowercase()) => {
            primary
        }
        _ => return None,
    };
    let mut tag = primary;
    for part in parts.filter(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric()))
    {
        tag.push('-');
        tag.push_str(&if part.len() == 2 { part.to_ascii_uppercase() } else { part.to_owned() });
    }
    Some(Language { tag, confidence: 1.0, stated: true })
}

/// Returns at most `bytes_max` of the beginning, ending between characters.
pub(crate) fn prefix(text: &str, bytes_max: usize) -> &str {
    let mut end = text.len().min(bytes_max);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}

/// Joins words split by any white space with single spaces.
pub(crate) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns the tidied line, or none if nothing is left of it.
pub(crate) fn some_line(text: &str) -> Option<String> {
    Some(one_line(&normalise(text))).filter(|line| !line.is_empty())
}

/// Returns the BCP 47 tag: two letters where the language has them.
fn tag(language: whatlang::Lang) -> Option<&'static str> {
    const TWO_LETTERS: &[(&str, &str)] = &[
        ("afr", "af"),
        ("aka", "ak"),
        ("amh", "am"),
        ("ara", "ar"),
        ("aze", "az"),
        ("bel", "be"),
        ("ben", "bn"),
        ("bul", "bg"),
        ("cat", "ca"),
        ("ces", "cs"),
        ("cmn", "zh"),
        ("cym", "cy"),
        ("dan", "da"),
        ("deu", "de"),
        ("ell", "el"),
        ("eng", "en"),
        ("epo", "eo"),
        ("est", "et"),
        ("fin", "fi"),
        ("fra", "fr"),
        ("guj", "gu"),
        ("heb", "he"),
        ("hin", "hi"),
        ("hrv", "hr"),
        ("hun", "hu"),
        ("hye", "hy"),
        ("ind", "id"),
        ("ita", "it"),
        ("jav", "jv"),
        ("jpn", "ja"),
        ("kan", "kn"),
        ("kat", "ka"),
        ("khm", "km"),
        ("kor", "ko"),
        ("lat", "la"),
        ("lav", "lv"),
        ("lit", "lt"),
        ("mal", "ml"),
        ("mar", "mr"),
        ("mkd", "mk"),
        ("mya", "my"),
        ("nep", "ne"),
        ("nld", "nl"),
        ("nob", "nb"),
        ("ori", "or"),
        ("pan", "pa"),
        ("pes", "fa"),
        ("pol", "pl"),
        ("por", "pt"),
        ("ron", "ro"),
        ("rus", "ru"),
        ("sin", "si"),
        ("slk", "sk"),
        ("slv", "sl"),
        ("sna", "sn"),
        ("spa", "es"),
        ("srp", "sr"),
        ("swe", "sv"),
        ("tam", "ta"),
        ("tel", "te"),
        ("tgl", "tl"),
        ("tha", "th"),
        ("tuk", "tk"),
        ("tur", "tr"),
        ("ukr", "uk"),
        ("urd", "ur"),
        ("uzb", "uz"),
        ("vie", "vi"),
        ("yid", "yi"),
        ("zul", "zu"),
    ];
    let code = language.code();
    Some(TWO_LETTERS.iter().find(|(long, _)| *long == code).map_or(code, |(_, short)| short))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normalising_keeps_every_character_in_its_place() {
        let given = "a\r\nb\rc\u{0}d\u{85}e\u{fffd}\tf\u{feff}";
        let kept = normalise(given);
        assert_eq!(kept, "a \nb\nc d e\u{fffd}\tf\u{feff}");
        assert_eq!(kept.chars().count(), given.chars().count());
    }

    #[test]
    fn text_in_old_encodings_is_read() {
        let (bytes, _, _) = encoding_rs::WINDOWS_1252
            .encode("Ein Überfall auf die Straße nach Brüssel, sagte Müller später.");
        let decoded = decode(&bytes, None);
        assert!(decoded.text.contains("Überfall"), "{decoded:?}");
        let (bytes, _, _) =
            encoding_rs::WINDOWS_1251.encode("Вооружённые люди напали на конвой, сообщила полиция.");
        assert!(decode(&bytes, Some("windows-1251")).text.contains("конвой"));
        let utf16: Vec<u8> = "Gunmen attacked the convoy".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(decode(&utf16, None).text, "Gunmen attacked the convoy");
    }

    #[test]
    fn a_mark_at_the_start_is_no_character() {
        assert_eq!(decode(b"\xef\xbb\xbfone", None).text, "one");
    }

    #[test]
    fn a_broken_character_does_not_turn_utf8_into_another_encoding() {
        let mut bytes = "Überfälle in Österreich, ärgerlich für Müßiggänger".as_bytes().to_vec();
        bytes.push(0xff);
        let decoded = decode(&bytes, None);
        assert!(decoded.lossy && decoded.text.starts_with("Überfälle") && decoded.text.ends_with('\u{fffd}'));
    }

    #[test]
    fn languages_are_told_apart_and_short_texts_are_left_alone() {
        let english = "Armed men attacked a convoy near the harbour on Monday, the police said.";
        assert_eq!(detect_language(english).unwrap().tag, "en");
        let spanish = "Hombres armados atacaron un convoy cerca del puerto el lunes, dijo la policía local.";
        assert_eq!(detect_language(spanish).unwrap().tag, "es");
        assert_eq!(detect_language("Attack"), None);
        assert_eq!(stated_language("EN_us").unwrap().tag, "en-US");
        assert_eq!(stated_language("???"), None);
    }
}
