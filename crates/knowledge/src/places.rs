//! Which places are there, what are they called, where do they lie, and which of them does a report mean?
//!
//! The places come from one compressed table (`data/places.table.zst`, see `data/NOTICE.md`), which is
//! decompressed at the first question and read in place. [`Gazetteer::named`] looks a name up,
//! [`Gazetteer::find`] finds names in a text, and [`Gazetteer::resolve`] chooses among places of one name.

mod find;
mod fold;
mod resolve;
mod short;
mod table;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::LazyLock;

pub use find::{Demonym, FindOptions, Found};
pub use fold::fold;
pub use resolve::{DocumentPlaces, PlaceMention, Precision, Resolution, RunnerUp, Weights};
use table::{Section, Table};

/// Which row of this version of the table; not to be kept, for which see [`Gazetteer::id`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PlaceKey(pub(crate) u32);

/// What sort of place a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PlaceKind {
    /// A country or dependent territory with an ISO code.
    Country,
    /// A state, province, governorate: the level under the country.
    Division1,
    /// A county, district: the level under that.
    Division2,
    /// A city, town or village.
    Populated,
    /// A region with no administration of its own, or across several.
    Region,
    /// A sea, river or lake.
    Water,
    /// A mountain, square, base or other named spot.
    Feature,
}

impl PlaceKind {
    fn from_byte(byte: u8) -> Self {
        match byte & 7 {
            0 => Self::Country,
            1 => Self::Division1,
            2 => Self::Division2,
            3 => Self::Populated,
            4 => Self::Region,
            5 => Self::Water,
            _ => Self::Feature,
        }
    }
}

/// What is known of one place.
#[derive(Clone, Debug, PartialEq)]
pub struct Place<'a> {
    /// The row of this place.
    pub key: PlaceKey,
    /// Its main name.
    pub name: &'a str,
    /// What sort of place it is.
    pub kind: PlaceKind,
    /// The two-letter ISO code of the country it lies in, if one holds it.
    pub country: Option<&'a str>,
    /// The division or country it lies in.
    pub parent: Option<PlaceKey>,
    /// Degrees north; to about 150 m for towns, a point well inside for areas.
    pub latitude: f64,
    /// Degrees east; to about 300 m.
    pub longitude: f64,
    /// How many people live there, to three digits; for a division, the sum of its towns.
    pub population: Option<u32>,
    /// Within how many kilometres of the point the place lies, by its kind and size.
    pub radius_km: f32,
    /// Whether it is the capital of its country.
    pub is_capital: bool,
}

impl Place<'_> {
    /// Returns the great-circle distance to another place.
    pub fn distance_km(&self, other: &Place<'_>) -> f64 {
        distance_km((self.latitude, self.longitude), (other.latitude, other.longitude))
    }
}

/// A place that bears a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlaceRef {
    /// Which place.
    pub key: PlaceKey,
    /// Whether the name is one of its other names rather than its main one.
    pub other_name: bool,
}

/// A country's codes and name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Country<'a> {
    /// Its row among the places.
    pub key: PlaceKey,
    /// ISO 3166-1 alpha-2.
    pub alpha2: &'a str,
    /// ISO 3166-1 alpha-3.
    pub alpha3: &'a str,
    /// The name used in English reports.
    pub name: &'a str,
}

/// What else a place name may be, so that it needs help from its surroundings to be believed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NameDoubts {
    /// A common English word ("Reading", "Most").
    pub word: bool,
    /// A less common English word ("Split", "Mobile").
    pub rare_word: bool,
    /// A person's first name ("Florence", "Jordan").
    pub given_name: bool,
    /// A common family name ("Lincoln", "Jackson").
    pub family_name: bool,
}

impl NameDoubts {
    /// Whether there is any doubt at all.
    pub fn any(self) -> bool {
        self.word || self.rare_word || self.given_name || self.family_name
    }
}

/// The list of places.
pub struct Gazetteer {
    table: Table,
    /// Sorted by alpha-2, which is also their order in the table.
    countries: Vec<CountryRow>,
    /// ISO codes of divisions, by row.
    codes: BTreeMap<u32, (u32, u32)>,
    /// The same, by code.
    rows_by_code: BTreeMap<String, PlaceKey>,
    /// Names of peoples and adjectives, folded, with the number of the country.
    demonyms: BTreeMap<String, u8>,
    /// Common first names, folded, whether they are names of places or not.
    given_names: BTreeSet<String>,
    /// Typical radius of a first- and second-level division, by country.
    radii_km: Vec<[f32; 2]>,
}

struct CountryRow {
    alpha2: String,
    alpha3: String,
    radius_km: f32,
}

static SHARED: LazyLock<Gazetteer> = LazyLock::new(Gazetteer::load);

impl fmt::Debug for Gazetteer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gazetteer").field("places", &self.table.places).finish_non_exhaustive()
    }
}

impl Gazetteer {
    /// Returns the list of places, which is loaded when first asked for.
    pub fn shared() -> &'static Self {
        &SHARED
    }

    fn load() -> Self {
        let table = Table::load();
        let countries: Vec<CountryRow> = table
            .lines(Section::Countries)
            .map(|line| {
                let mut columns = line.split('\t');
                let mut next = || columns.next().unwrap_or_default();
                CountryRow {
                    alpha2: next().to_owned(),
                    alpha3: next().to_owned(),
                    radius_km: next().parse().unwrap_or(1.0),
                }
            })
            .collect();
        let text = table.section(Section::Codes).as_ptr() as usize;
        let codes = table
            .lines(Section::Codes)
            .filter_map(|line| {
                let (index, code) = line.split_once('\t')?;
                let start = code.as_ptr() as usize - text;
                Some((index.parse().ok()?, (start as u32, (start + code.len()) as u32)))
            })
            .collect();
        let rows_by_code = table
            .lines(Section::Codes)
            .filter_map(|line| {
                let (index, code) = line.split_once('\t')?;
                Some((code.to_owned(), PlaceKey(index.parse().ok()?)))
            })
            .collect();
        let demonyms = table
            .lines(Section::Demonyms)
            .filter_map(|line| {
                let (name, alpha2) = line.split_once('\t')?;
                let number = countries.binary_search_by(|c| c.alpha2.as_str().cmp(alpha2)).ok()?;
                Some((name.to_owned(), u8::try_from(number).ok()?))
            })
            .collect();
        let given_names = table.lines(Section::GivenNames).map(str::to_owned).collect();
        let mut divisions = vec![[0f32; 2]; countries.len()];
        for index in 0..table.places {
            let level = match PlaceKind::from_byte(table.byte(Section::Kinds, index)) {
                PlaceKind::Division1 => 0,
                PlaceKind::Division2 => 1,
                _ => continue,
            };
            if let Some(counts) = divisions.get_mut(usize::from(table.byte(Section::CountryNumbers, index))) {
                counts[level] += 1.0;
            }
        }
        let radii_km = divisions
            .iter()
            .zip(&countries)
            .map(|(counts, country)| counts.map(|count| (country.radius_km / count.max(1.0).sqrt()).max(3.0)))
            .collect();
        Self { table, countries, codes, rows_by_code, demonyms, given_names, radii_km }
    }

    /// Returns how many places there are.
    pub fn len(&self) -> usize {
        self.table.places
    }

    /// Whether the list is empty, which it never is.
    pub fn is_empty(&self) -> bool {
        self.table.places == 0
    }

    /// Returns every place that bears `name`, whatever its case, accents, hyphens or "St." for "Saint".
    pub fn named(&self, name: &str) -> Vec<PlaceRef> {
        self.named_folded(&fold(name))
    }

    fn named_folded(&self, folded: &str) -> Vec<PlaceRef> {
        let Ok(at) = self.table.search(folded) else { return Vec::new() };
        self.table.bearers(at).into_iter().map(|(key, other_name)| PlaceRef { key, other_name }).collect()
    }

    /// Returns what else `name` may be; nothing if it is no name of a place.
    pub fn doubts(&self, name: &str) -> NameDoubts {
        self.doubts_folded(&fold(name))
    }

    fn doubts_folded(&self, folded: &str) -> NameDoubts {
        let flags = self.table.search(folded).map_or(0, |at| self.table.byte(Section::KeyFlags, at));
        NameDoubts {
            word: flags & 1 != 0,
            given_name: flags & 2 != 0,
            family_name: flags & 4 != 0,
            rare_word: flags & 8 != 0,
        }
    }

    /// Returns how many of `words` (each folded, see [`fold`]) make the longest name that starts with the first.
    pub fn longest_match(&self, words: &[&str]) -> Option<usize> {
        let mut longest = None;
        let mut name = String::new();
        for (k, word) in words.iter().take(table::NAME_WORDS_MAX).enumerate() {
            if k > 0 {
                name.push(' ');
            }
            name.push_str(word);
            let at = self.table.search(&name);
            if at.is_ok() {
                longest = Some(k + 1);
            }
            if !self.table.goes_on(&name, at) {
                break;
            }
        }
        longest
    }

    /// Returns what is known of a place.
    pub fn place(&self, key: PlaceKey) -> Place<'_> {
        let index = key.0 as usize;
        let kinds = self.table.byte(Section::Kinds, index);
        let kind = PlaceKind::from_byte(kinds);
        let country_number = usize::from(self.table.byte(Section::CountryNumbers, index));
        let rounded = self.table.number(Section::Populations, index, 2);
        let count = (rounded & 1023).saturating_mul(10u32.saturating_pow(rounded >> 10));
        let is_area = matches!(kind, PlaceKind::Region | PlaceKind::Water | PlaceKind::Feature);
        let radii = self.radii_km.get(country_number).copied().unwrap_or([100.0, 30.0]);
        Place {
            key,
            name: self.table.name(index),
            kind,
            country: self.countries.get(country_number).map(|c| c.alpha2.as_str()),
            parent: self.table.number(Section::Parents, index, 3).checked_sub(1).map(PlaceKey),
            latitude: f64::from(self.table.number(Section::Latitudes, index, 2)) / 65535.0 * 180.0 - 90.0,
            longitude: f64::from(self.table.number(Section::Longitudes, index, 2)) / 65535.0 * 360.0 - 180.0,
            population: (count > 0 && !is_area).then_some(count),
            radius_km: match kind {
                PlaceKind::Country => self.countries.get(country_number).map_or(300.0, |c| c.radius_km),
                PlaceKind::Division1 => radii[0],
                PlaceKind::Division2 => radii[1],
                // A town of 3 000 people a square kilometre, and never less than the table's own error.
                PlaceKind::Populated => ((count as f32) / 9_400.0).sqrt().clamp(1.0, 30.0),
                PlaceKind::Region | PlaceKind::Water | PlaceKind::Feature => count as f32,
            },
            is_capital: kinds & 8 != 0,
        }
    }

    /// Returns what a place lies in, from the nearest division up to the country.
    pub fn within(&self, key: PlaceKey) -> Vec<PlaceKey> {
        let mut chain = Vec::new();
        let mut next = self.parent(key);
        // Four levels are the most there are; the limit keeps a damaged table from going round.
        while let Some(key) = next.filter(|_| chain.len() < 4) {
            chain.push(key);
            next = self.parent(key);
        }
        chain
    }

    fn parent(&self, key: PlaceKey) -> Option<PlaceKey> {
        self.table.number(Section::Parents, key.0 as usize, 3).checked_sub(1).map(PlaceKey)
    }

    /// Returns the first-level division a place lies in or is.
    pub fn division1(&self, key: PlaceKey) -> Option<PlaceKey> {
        std::iter::once(key).chain(self.within(key)).find(|&k| self.kind(k) == PlaceKind::Division1)
    }

    fn kind(&self, key: PlaceKey) -> PlaceKind {
        PlaceKind::from_byte(self.table.byte(Section::Kinds, key.0 as usize))
    }

    /// Returns an id that later versions of the table keep: `gn:2988507` (GeoNames), `iso:FR`, `iso:FR-IDF`, or,
    /// for places that have neither, `at:48.86,2.35:paris`.
    pub fn id(&self, key: PlaceKey) -> String {
        if let Some(code) = self.code(key) {
            return format!("iso:{code}");
        }
        match self.geoname_id(key) {
            Some(id) => format!("gn:{id}"),
            None => {
                let place = self.place(key);
                format!(
                    "at:{:.2},{:.2}:{}",
                    place.latitude,
                    place.longitude,
                    fold(place.name).replace(' ', "-")
                )
            }
        }
    }

    /// Returns the number of a place in GeoNames, where it is known.
    pub fn geoname_id(&self, key: PlaceKey) -> Option<u32> {
        Some(self.table.number(Section::GeonameIds, key.0 as usize, 3)).filter(|&id| id > 0)
    }

    fn code(&self, key: PlaceKey) -> Option<&str> {
        if let Some(country) = self.countries.get(key.0 as usize) {
            return Some(&country.alpha2);
        }
        let &(start, end) = self.codes.get(&key.0)?;
        let code = self.table.section(Section::Codes).get(start as usize..end as usize)?;
        // A dot instead of a hyphen marks a GeoNames code of a division for which no ISO code is known.
        std::str::from_utf8(code).ok().filter(|code| code.contains('-'))
    }

    /// Returns the place with an id as given by [`Gazetteer::id`].
    pub fn by_id(&self, id: &str) -> Option<PlaceKey> {
        if let Some(code) = id.strip_prefix("iso:") {
            if !code.contains('-') {
                return self.country(code).map(|c| c.key);
            }
            return self.rows_by_code.get(code).copied();
        }
        if let Some(number) = id.strip_prefix("gn:") {
            let number: u32 = number.parse().ok().filter(|&n| n > 0)?;
            return (0..self.table.places as u32).map(PlaceKey).find(|&k| self.geoname_id(k) == Some(number));
        }
        let (_, slug) = id.strip_prefix("at:")?.split_once(':')?;
        self.named(&slug.replace('-', " ")).into_iter().map(|r| r.key).find(|&k| self.id(k) == id)
    }

    /// Returns a country by its two-letter code, its three-letter code or any of its names.
    pub fn country(&self, name: &str) -> Option<Country<'_>> {
        let number = match name.len() {
            2 => self.countries.binary_search_by(|c| c.alpha2.as_str().cmp(name)).ok(),
            3 => self.countries.iter().position(|c| c.alpha3 == name),
            _ => None,
        };
        let number = number.or_else(|| {
            let named = self.named(name).into_iter().find(|r| self.kind(r.key) == PlaceKind::Country)?;
            Some(named.key.0 as usize)
        })?;
        let row = self.countries.get(number)?;
        Some(Country {
            key: PlaceKey(number as u32),
            alpha2: &row.alpha2,
            alpha3: &row.alpha3,
            name: self.table.name(number),
        })
    }

    /// Returns the country that a people's name or an adjective means: "Afghan", "Iraqis", "Dutch".
    pub fn country_by_demonym(&self, demonym: &str) -> Option<Country<'_>> {
        self.country_by_folded_demonym(&fold(demonym))
    }

    fn country_by_folded_demonym(&self, folded: &str) -> Option<Country<'_>> {
        self.demonyms
            .get(folded)
            .and_then(|&number| self.country(&self.countries.get(usize::from(number))?.alpha2))
    }
}

/// Returns the great-circle distance between two points given as degrees north and east.
pub fn distance_km(a: (f64, f64), b: (f64, f64)) -> f64 {
    let (p, q) = (a.0.to_radians(), b.0.to_radians());
    let turn = (b.1 - a.1).to_radians();
    let x = ((q - p) / 2.0).sin().powi(2) + p.cos() * q.cos() * (turn / 2.0).sin().powi(2);
    2.0 * 6371.0 * x.min(1.0).sqrt().asin()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gazetteer() -> &'static Gazetteer {
        Gazetteer::shared()
    }

    fn ids(text: &str) -> Vec<(String, String)> {
        let names: Vec<_> =
            gazetteer().find(text, FindOptions::default()).into_iter().map(|f| f.range).collect();
        let places = gazetteer().resolve(&gazetteer().document_places(text, &names), &Weights::default());
        names
            .into_iter()
            .zip(places)
            .map(|(range, place)| {
                let id = place.map_or_else(|| "none".to_owned(), |p| gazetteer().id(p.key));
                (text.get(range).unwrap_or_default().to_owned(), id)
            })
            .collect()
    }

    fn found(text: &str) -> Vec<String> {
        ids(text).into_iter().map(|(name, _)| name).collect()
    }

    #[test]
    fn a_name_is_known_whatever_its_case_accents_and_hyphens() {
        let bearers =
            |name| gazetteer().named(name).into_iter().map(|r| gazetteer().id(r.key)).collect::<Vec<_>>();
        assert!(bearers("paris").contains(&"gn:2988507".to_owned()));
        assert_eq!(bearers("São Paulo"), bearers("sao paulo"));
        assert_eq!(bearers("St. Louis"), bearers("Saint-Louis"));
        assert!(bearers("nowhere at all").is_empty());
        assert!(bearers("").is_empty());
    }

    #[test]
    fn a_town_lies_in_its_division_and_its_country() {
        let austin = gazetteer().by_id("gn:4671654").expect("Austin is a large city");
        let chain: Vec<String> = gazetteer().within(austin).into_iter().map(|k| gazetteer().id(k)).collect();
        assert!(chain.contains(&"iso:US-TX".to_owned()), "{chain:?}");
        assert_eq!(chain.last().map(String::as_str), Some("iso:US"));
    }

    #[test]
    fn every_place_ends_in_a_country_or_is_a_region() {
        for index in 0..gazetteer().len() as u32 {
            let place = gazetteer().place(PlaceKey(index));
            assert!(
                !place.name.is_empty() && place.latitude.abs() <= 90.0 && place.longitude.abs() <= 180.0,
                "{place:?}"
            );
            let outermost = gazetteer().within(place.key).last().map(|&k| gazetteer().place(k).kind);
            match place.kind {
                PlaceKind::Country => assert_eq!(outermost, None),
                PlaceKind::Region | PlaceKind::Water | PlaceKind::Feature => {}
                _ => assert_eq!(outermost, Some(PlaceKind::Country), "{place:?}"),
            }
        }
    }

    #[test]
    fn an_id_leads_back_to_its_place() {
        for index in (0..gazetteer().len() as u32).step_by(30_011) {
            let id = gazetteer().id(PlaceKey(index));
            let back = gazetteer().by_id(&id).map(|k| gazetteer().id(k));
            assert_eq!(back, Some(id));
        }
    }

    #[test]
    fn a_country_is_known_by_its_codes_its_names_and_its_people() {
        let alpha2 = |name| gazetteer().country(name).map(|c| c.alpha2);
        assert_eq!(alpha2("AFG"), Some("AF"));
        assert_eq!(alpha2("Burma"), Some("MM"));
        assert_eq!(alpha2("Democratic Republic of the Congo"), Some("CD"));
        assert_eq!(gazetteer().country_by_demonym("Iraqis").map(|c| c.alpha3), Some("IRQ"));
        assert_eq!(gazetteer().country_by_demonym("Dutch").map(|c| c.alpha3), Some("NLD"));
        assert_eq!(gazetteer().country_by_demonym("Tuesday"), None);
    }

    #[test]
    fn country_points_lie_near_the_capital_of_small_countries() {
        for code in ["BE", "LB", "RW", "SV", "QA", "IL", "XK", "GM", "BI", "SZ"] {
            let country = gazetteer().country(code).expect("an ISO code");
            let middle = gazetteer().place(country.key);
            let capital = (0..gazetteer().len() as u32)
                .map(|index| gazetteer().place(PlaceKey(index)))
                .find(|p| p.is_capital && p.country == Some(code));
            let distance_km = capital.map(|c| c.distance_km(&middle));
            assert!(distance_km.is_some_and(|km| km < 250.0), "{code}: {distance_km:?}");
        }
    }

    #[test]
    fn the_longest_name_wins() {
        assert_eq!(gazetteer().longest_match(&["new", "york", "city", "hall"]), Some(3));
        assert_eq!(gazetteer().longest_match(&["kandahar", "was"]), Some(1));
        assert_eq!(gazetteer().longest_match(&["xqzt"]), None);
        assert_eq!(gazetteer().longest_match(&[]), None);
    }

    #[test]
    fn names_that_are_words_or_persons_are_marked() {
        assert!(gazetteer().doubts("Reading").word);
        assert!(gazetteer().doubts("Jordan").given_name);
        assert!(gazetteer().doubts("Jackson").family_name);
        assert!(!gazetteer().doubts("Mogadishu").any());
    }

    #[test]
    fn a_container_decides_between_towns_of_one_name() {
        let text = "Two men were shot dead in Paris, Texas, on Monday.";
        assert_eq!(ids(text).first(), Some(&("Paris".to_owned(), "gn:4717560".to_owned())));
        let text = "Two men were shot dead in Paris on Monday.";
        assert_eq!(ids(text).first(), Some(&("Paris".to_owned(), "gn:2988507".to_owned())));
    }

    #[test]
    fn a_district_that_is_not_listed_is_placed_in_its_province() {
        let text = "Gunmen attacked a checkpoint in Andar district, Ghazni province, officials said.";
        assert_eq!(ids(text).first(), Some(&("Andar".to_owned(), "iso:AF-GHA".to_owned())));
    }

    #[test]
    fn the_other_places_of_a_report_decide_where_nothing_else_does() {
        let text = "Fighters left Tripoli and Sidon for Beirut after the army entered Baalbek.";
        let tripoli = ids(text).into_iter().find(|(name, _)| name == "Tripoli").map(|(_, id)| id);
        let country =
            tripoli.and_then(|id| gazetteer().by_id(&id)).and_then(|k| gazetteer().place(k).country);
        assert_eq!(country, Some("LB"));
    }

    #[test]
    fn persons_and_ordinary_words_are_no_places() {
        assert!(found("Mr. Jackson told Florence that reading is most nice.").is_empty());
        assert!(found("Jack London wrote. London later moved.").is_empty());
        assert_eq!(found("He was reading in Reading."), ["Reading"]);
        assert_eq!(found("Aid reached us in the US on Monday."), ["US"]);
    }

    #[test]
    fn a_dateline_a_possessive_and_a_container_speak_for_a_place() {
        let text = "KABUL (Agency) - Gunmen shot two guards in Helmand's Sangin district.";
        assert_eq!(found(text), ["KABUL", "Helmand", "Sangin"]);
        assert_eq!(found("Fighters raided Gwoza in Borno State."), ["Gwoza", "Borno"]);
        assert!(found("You'd say SWAT teams did not ACT.").is_empty());
    }

    #[test]
    fn the_capital_is_meant_rather_than_the_state_of_the_same_name() {
        let washington = ids("Diplomats in Washington denied it.").into_iter().next().map(|(_, id)| id);
        let place = washington.and_then(|id| gazetteer().by_id(&id)).map(|key| gazetteer().place(key));
        assert!(place.is_some_and(|p| p.is_capital));
    }

    #[test]
    fn names_inside_organisations_are_found_only_when_asked_for() {
        let text = "Students of Kabul University marched.";
        let inside = FindOptions { inside_names: true, peoples: false };
        assert!(gazetteer().find(text, FindOptions::default()).is_empty());
        assert_eq!(gazetteer().find(text, inside).len(), 1);
    }

    #[test]
    fn peoples_are_found_apart_from_places() {
        let text = "Iraqi and South Sudanese officers met in Amman.";
        let codes: Vec<&str> = gazetteer().find_demonyms(text).iter().map(|d| d.country.alpha2).collect();
        assert_eq!(codes, ["IQ", "SS"]);
        assert_eq!(found(text), ["Amman"]);
    }

    #[test]
    fn odd_text_does_no_harm() {
        let long = "Paris, ".repeat(3000);
        for text in [
            "",
            "St",
            "St.",
            "U.",
            "É",
            "’s",
            "\u{301}",
            "Ünïcödé’s Zürich",
            "🙂Paris🙂,🙂",
            "U.S.S.R.",
            &long,
        ] {
            for options in [FindOptions::default(), FindOptions { inside_names: true, peoples: true }] {
                for found in gazetteer().find(text, options) {
                    assert!(text.get(found.range).is_some());
                }
            }
            ids(text);
        }
    }
}
