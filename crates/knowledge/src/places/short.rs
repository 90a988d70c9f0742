//! Which short forms stand for a place, given that "us", "in" and "me" are words as well?
//!
//! The case counts here, unlike elsewhere: "US" is a country and "us" is not.

use super::{Gazetteer, PlaceKey};

/// How far a short form can be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trust {
    /// Stands for the place wherever it is written.
    Anywhere,
    /// Stands for the place only after the name of a town and a comma: "Gary, Ind.", "Austin, TX".
    AfterTown,
}

const SHORT_FORMS: &[(&str, &str, Trust)] = &[
    ("U.S.", "US", Trust::Anywhere),
    ("US", "US", Trust::Anywhere),
    ("U.S", "US", Trust::Anywhere),
    ("U.S.A.", "US", Trust::Anywhere),
    ("USA", "US", Trust::Anywhere),
    ("U.K.", "GB", Trust::Anywhere),
    ("UK", "GB", Trust::Anywhere),
    ("U.K", "GB", Trust::Anywhere),
    ("UAE", "AE", Trust::Anywhere),
    ("U.A.E.", "AE", Trust::Anywhere),
    ("DRC", "CD", Trust::Anywhere),
    ("DPRK", "KP", Trust::Anywhere),
    ("KSA", "SA", Trust::Anywhere),
    ("CAR", "CF", Trust::Anywhere),
    ("USSR", "RU", Trust::Anywhere),
    ("D.C.", "US-DC", Trust::Anywhere),
    ("DC", "US-DC", Trust::Anywhere),
    ("B.C.", "CA-BC", Trust::AfterTown),
    ("NSW", "AU-NSW", Trust::Anywhere),
    ("Ala.", "US-AL", Trust::Anywhere),
    ("Ariz.", "US-AZ", Trust::Anywhere),
    ("Ark.", "US-AR", Trust::Anywhere),
    ("Calif.", "US-CA", Trust::Anywhere),
    ("Colo.", "US-CO", Trust::Anywhere),
    ("Conn.", "US-CT", Trust::Anywhere),
    ("Del.", "US-DE", Trust::AfterTown),
    ("Fla.", "US-FL", Trust::Anywhere),
    ("Ga.", "US-GA", Trust::AfterTown),
    ("Ill.", "US-IL", Trust::AfterTown),
    ("Ind.", "US-IN", Trust::AfterTown),
    ("Kan.", "US-KS", Trust::AfterTown),
    ("Kans.", "US-KS", Trust::Anywhere),
    ("Ky.", "US-KY", Trust::Anywhere),
    ("La.", "US-LA", Trust::AfterTown),
    ("Mass.", "US-MA", Trust::AfterTown),
    ("Md.", "US-MD", Trust::AfterTown),
    ("Mich.", "US-MI", Trust::Anywhere),
    ("Minn.", "US-MN", Trust::Anywhere),
    ("Miss.", "US-MS", Trust::AfterTown),
    ("Mo.", "US-MO", Trust::AfterTown),
    ("Mont.", "US-MT", Trust::AfterTown),
    ("Neb.", "US-NE", Trust::Anywhere),
    ("Nev.", "US-NV", Trust::AfterTown),
    ("N.C.", "US-NC", Trust::Anywhere),
    ("N.D.", "US-ND", Trust::Anywhere),
    ("N.H.", "US-NH", Trust::Anywhere),
    ("N.J.", "US-NJ", Trust::Anywhere),
    ("N.M.", "US-NM", Trust::Anywhere),
    ("N.Y.", "US-NY", Trust::Anywhere),
    ("Okla.", "US-OK", Trust::Anywhere),
    ("Ore.", "US-OR", Trust::AfterTown),
    ("Pa.", "US-PA", Trust::AfterTown),
    ("R.I.", "US-RI", Trust::Anywhere),
    ("S.C.", "US-SC", Trust::Anywhere),
    ("S.D.", "US-SD", Trust::Anywhere),
    ("Tenn.", "US-TN", Trust::Anywhere),
    ("Tex.", "US-TX", Trust::AfterTown),
    ("Vt.", "US-VT", Trust::AfterTown),
    ("Va.", "US-VA", Trust::AfterTown),
    ("Wash.", "US-WA", Trust::AfterTown),
    ("W.Va.", "US-WV", Trust::Anywhere),
    ("W. Va.", "US-WV", Trust::Anywhere),
    ("Wis.", "US-WI", Trust::AfterTown),
    ("Wyo.", "US-WY", Trust::Anywhere),
    ("Ont.", "CA-ON", Trust::AfterTown),
    ("Que.", "CA-QC", Trust::AfterTown),
    ("Alta.", "CA-AB", Trust::AfterTown),
    ("Sask.", "CA-SK", Trust::AfterTown),
    ("Man.", "CA-MB", Trust::AfterTown),
];

/// The two letters of the United States' post, trusted after a town only.
const STATES: &str = "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY \
                      NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY";

/// Returns the place that a short form stands for.
pub(super) fn short_form(gazetteer: &Gazetteer, text: &str) -> Option<(PlaceKey, Trust)> {
    if text.len() > 6 {
        return None;
    }
    if let Some((_, code, trust)) = SHORT_FORMS.iter().find(|(form, ..)| *form == text) {
        return Some((gazetteer.by_code(code)?, *trust));
    }
    if text.len() == 2 && STATES.split(' ').any(|state| state == text) {
        return Some((gazetteer.by_code(&format!("US-{text}"))?, Trust::AfterTown));
    }
    None
}

/// Returns the longest short form that `text` starts with, as its length and its place.
pub(super) fn short_form_at(gazetteer: &Gazetteer, text: &str) -> Option<(usize, PlaceKey, Trust)> {
    let ends = text.char_indices().map(|(at, c)| at + c.len_utf8()).take(6).collect::<Vec<_>>();
    ends.into_iter().rev().find_map(|end| {
        let (form, rest) = text.split_at_checked(end)?;
        if rest.chars().next().is_some_and(char::is_alphanumeric) {
            return None;
        }
        short_form(gazetteer, form).map(|(key, trust)| (end, key, trust))
    })
}
