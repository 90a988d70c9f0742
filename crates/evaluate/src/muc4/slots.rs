//! Slots: which strings and set values fill an incident's template?

use super::incident::{Article, Effect, Incident, Stage, Type};
use headwater_domain::reading::{Chain, MentionIndex, Proposition, SpeechActKind, ThingKind};
use headwater_reader::lexicon::{is_title, kind_of_noun};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Most words before a name that say who it is.
const TITLE_WORDS_MAX: usize = 5;
const NUMBERS: &[&str] =
    &["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];

impl Article<'_> {
    /// The template of an incident: its roles as recent work scores them, and all its slots.
    pub fn template(&self, incident: &Incident) -> Value {
        let perpetrators = self.strings(&incident.perpetrators);
        let organisations = self.strings(&incident.organisations);
        let mut targets: Vec<String> = Vec::new();
        for target in &incident.targets {
            let string = self.place_of_somebody(*target);
            if !targets.contains(&string) {
                targets.push(string);
            }
        }
        let weapons = self.strings(&incident.weapons);
        let victims: Vec<MentionIndex> = incident.victims.iter().map(|(it, _)| *it).collect();
        let named: Vec<MentionIndex> =
            victims.iter().copied().filter(|it| self.is_named_person(*it)).collect();
        let entities = |strings: &[String]| strings.iter().map(|string| json!([string])).collect::<Vec<_>>();
        json!({
            "incident_type": incident.kind.word(),
            "PerpInd": entities(&perpetrators),
            "PerpOrg": entities(&organisations),
            "Target": entities(&targets),
            "Victim": entities(&self.strings(&named)),
            "Weapon": entities(&weapons),
            "slots": self.slots(incident, &perpetrators, &organisations, &targets, &weapons),
        })
    }

    /// Each thing once, by its fullest name or the words of its mention.
    fn strings(&self, mentions: &[MentionIndex]) -> Vec<String> {
        let mut strings: Vec<String> = Vec::new();
        for &it in mentions {
            let string = self.string(it);
            if !string.is_empty() && !strings.contains(&string) {
                strings.push(string);
            }
        }
        strings
    }

    /// A thing with whose it is: "residence of Judge Omar Haddad".
    fn place_of_somebody(&self, it: MentionIndex) -> String {
        let string = self.string(it);
        let Some(mention) = self.mention(it) else { return string };
        if self.named(it) {
            return string;
        }
        let text = self.report.text.as_str();
        // "the mayor's house": with its owner.
        let owner = it.0.checked_sub(1).and_then(|before| self.mention(MentionIndex(before)));
        if let Some(owner) = owner
            && text.get(owner.span.end()..mention.span.start()) == Some("'s ")
            && let Some(whole) = text.get(owner.span.start()..mention.span.end())
        {
            return bare(whole);
        }
        let next =
            self.reading.mentions.iter().filter(|next| next.span.start() > mention.span.end()).find(|next| {
                matches!(next.kind, ThingKind::Person | ThingKind::Government | ThingKind::Organisation)
            });
        if let Some(next) = next
            && let Some(between) = text.get(mention.span.end()..next.span.start())
            && between.starts_with(" of ")
            && between.split_whitespace().count() <= TITLE_WORDS_MAX
            && !between.contains([',', '.'])
        {
            return text.get(mention.span.start()..next.span.end()).map(bare).unwrap_or(string);
        }
        string
    }

    fn string(&self, it: MentionIndex) -> String {
        match self.chain(it) {
            Some(chain) if chain.named && chain.kind == ThingKind::Person => chain.name.clone(),
            Some(chain) if chain.named && chain.kind == ThingKind::ArmedGroup => self.usual_name(chain),
            Some(chain) => {
                let words = bare(&self.told(it));
                let vehicle = chain.kind == ThingKind::Weapon
                    && words.starts_with("bomb")
                    && self
                        .mention(it)
                        .and_then(|mention| self.report.text.as_str().get(..mention.span.start()))
                        .is_some_and(|before| before.ends_with("car "));
                if vehicle { format!("car {words}") } else { words }
            }
            None => String::new(),
        }
    }

    /// The name that a report uses most often for an organisation, of several the longest.
    fn usual_name(&self, chain: &Chain) -> String {
        let mut times: BTreeMap<String, usize> = BTreeMap::new();
        for it in &chain.mentions {
            *times.entry(bare(&self.told(*it))).or_default() += 1;
        }
        let most = times.into_iter().max_by_key(|(name, times)| (*times, name.len()));
        most.map(|(name, _)| name).unwrap_or_default()
    }

    /// What stands before a name and says who it is: "radical party candidate".
    fn title(&self, it: MentionIndex) -> Option<String> {
        self.chain(it)?.mentions.iter().find_map(|it| {
            let span = self.mention(*it)?.span;
            let sentence = self.reading.sentence_of(span)?.span;
            let before = self.report.text.as_str().get(sentence.start()..span.start())?;
            let phrase = before.rsplit([',', '-', '(', ')', ';', ':', '"']).next()?;
            let mut words: Vec<&str> = Vec::new();
            for word in phrase.split_whitespace().rev().take(TITLE_WORDS_MAX) {
                if matches!(
                    word,
                    "the"
                        | "a"
                        | "an"
                        | "of"
                        | "and"
                        | "by"
                        | "to"
                        | "in"
                        | "that"
                        | "against"
                        | "on"
                        | "for"
                        | "with"
                        | "was"
                        | "killed"
                        | "murdered"
                        | "kidnapped"
                        | "his"
                        | "her"
                        | "their"
                        | "including"
                        | "when"
                        | "from"
                ) {
                    break;
                }
                words.insert(0, word);
            }
            let says_who = words.iter().any(|word| {
                matches!(
                    kind_of_noun(word),
                    Some(
                        ThingKind::Person
                            | ThingKind::People
                            | ThingKind::Government
                            | ThingKind::SecurityForce
                    )
                ) || is_title(word)
            });
            says_who.then(|| words.join(" "))
        })
    }

    /// The words of a mention as they stand.
    fn told(&self, it: MentionIndex) -> String {
        self.mention(it).map(|it| self.words(it.span).to_owned()).unwrap_or_default()
    }

    fn slots(
        &self,
        incident: &Incident,
        perpetrators: &[String],
        organisations: &[String],
        targets: &[String],
        weapons: &[String],
    ) -> Value {
        let mut slots = Map::new();
        let mut put = |slot: &str, values: Vec<Value>| {
            slots.insert(slot.to_owned(), Value::Array(values));
        };
        let of = |value: &str, string: &str| json!({"any": [value], "ref": [string]});
        put("incident_date", self.date(incident).into_iter().map(Value::from).collect());
        put("incident_location", self.location(incident).into_iter().map(Value::from).collect());
        let stage = match incident.stage {
            Stage::Accomplished => "ACCOMPLISHED",
            Stage::Attempted => "ATTEMPTED",
            Stage::Threatened => "THREATENED",
        };
        put("stage", vec![stage.into()]);
        put("instrument_id", weapons.iter().map(|weapon| weapon.as_str().into()).collect());
        put(
            "instrument_type",
            weapons.iter().filter_map(|weapon| Some(of(instrument(weapon)?, weapon))).collect(),
        );
        let state = incident.organisations.iter().chain(&incident.perpetrators).any(|it| {
            self.mention(*it)
                .is_some_and(|it| matches!(it.kind, ThingKind::SecurityForce | ThingKind::Government))
        });
        put("perp_category", vec![if state { "STATE-SPONSORED VIOLENCE" } else { "TERRORIST ACT" }.into()]);
        put("perp_individual", perpetrators.iter().map(|it| it.as_str().into()).collect());
        put("perp_org", organisations.iter().map(|it| it.as_str().into()).collect());
        put(
            "perp_org_confidence",
            incident.organisations.iter().map(|it| of(self.confidence(*it), &self.string(*it))).collect(),
        );
        put("phys_id", targets.iter().map(|it| it.as_str().into()).collect());
        put("phys_type", targets.iter().map(|target| of(facility(target), target)).collect());
        put("phys_number", targets.iter().map(|target| of(&number(target), target)).collect());
        put(
            "phys_effect",
            if matches!(incident.kind, Type::Bombing | Type::Arson) {
                targets.iter().map(|target| of("SOME DAMAGE", target)).collect()
            } else {
                Vec::new()
            },
        );
        let (mut names, mut descriptions, mut types, mut numbers, mut effects) =
            (Vec::new(), Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for (it, effect) in &incident.victims {
            let string = self.string(*it);
            let named = self.is_named_person(*it);
            let title = named.then(|| self.title(*it)).flatten();
            if named {
                names.push(Value::from(string.as_str()));
                descriptions.extend(title.as_ref().map(|title| of(title, &string)));
            } else {
                descriptions.push(json!({"any": [string]}));
            }
            types.push(of(person(title.as_deref().unwrap_or(&string)), &string));
            numbers.push(of(&if named { "1".to_owned() } else { number(&self.told(*it)) }, &string));
            let effect = match effect {
                Some(Effect::Death) => Some("DEATH"),
                Some(Effect::Injury) => Some("INJURY"),
                None => None,
            };
            effects.extend(effect.map(|effect| of(effect, &string)));
        }
        put("hum_name", names);
        put("hum_description", descriptions);
        put("hum_type", types);
        put("hum_number", numbers);
        put("hum_effect", effects);
        Value::Object(slots)
    }

    /// How sure the report is that an organisation did it: whether it says so itself, the organisation
    /// claims it, or somebody accuses it.
    fn confidence(&self, organisation: MentionIndex) -> &'static str {
        let chain = self.mention(organisation).map(|it| it.chain);
        let is_it = |it: Option<MentionIndex>| {
            it.is_some() && it.and_then(|it| self.mention(it)).map(|it| it.chain) == chain
        };
        let mut found = "REPORTED AS FACT";
        for claim in &self.reading.claims {
            let Proposition::SpeechAct(act) = &claim.proposition else { continue };
            if act.kind == SpeechActKind::ClaimsResponsibility && is_it(act.speaker) {
                return "CLAIMED OR ADMITTED";
            }
            if act.kind == SpeechActKind::Accuses && is_it(act.addressee) {
                let official = act.speaker.and_then(|it| self.mention(it)).is_some_and(|speaker| {
                    matches!(speaker.kind, ThingKind::Government | ThingKind::SecurityForce)
                });
                found = if official { "SUSPECTED OR ACCUSED BY AUTHORITIES" } else { "SUSPECTED OR ACCUSED" };
            }
        }
        found
    }

    /// The day, the stretch of days, or "on or before" the day of the report.
    fn date(&self, incident: &Incident) -> Option<String> {
        match incident.days {
            Some((Some(first), Some(last))) if first == last => Some(first.to_string()),
            Some((Some(first), Some(last))) => Some(format!("{first}/{last}")),
            Some((None, Some(last))) => Some(format!("../{last}")),
            _ => self.published.map(|published| format!("../{published}")),
        }
    }
}

/// A description without what counts it or doubts it.
fn bare(words: &str) -> String {
    let counts_or_doubts = |word: &str| {
        word.starts_with(|c: char| c.is_ascii_digit())
            || NUMBERS.contains(&word)
            || matches!(
                word,
                "least"
                    | "approximately"
                    | "about"
                    | "some"
                    | "over"
                    | "only"
                    | "nearly"
                    | "almost"
                    | "alleged"
                    | "suspected"
                    | "presumed"
                    | "several"
                    | "other"
                    | "another"
                    | "more"
                    | "than"
                    | "new"
            )
    };
    let rest: Vec<&str> = words.split_whitespace().skip_while(|word| counts_or_doubts(word)).collect();
    if rest.is_empty() { words.to_owned() } else { rest.join(" ") }
}

/// The type of a weapon, by its words.
fn instrument(words: &str) -> Option<&'static str> {
    const TYPES: &[(&str, &str)] = &[
        ("car bomb", "VEHICLE BOMB"),
        ("car-bomb", "VEHICLE BOMB"),
        ("truck bomb", "VEHICLE BOMB"),
        ("dynamite", "DYNAMITE"),
        ("grenade", "GRENADE"),
        ("molotov", "MOLOTOV COCKTAIL"),
        ("mine", "MINE"),
        ("mortar", "MORTAR"),
        ("rocket", "ROCKET"),
        ("rpg", "ROCKET"),
        ("missile", "MISSILE"),
        ("bomb", "BOMB"),
        ("machinegun", "MACHINE GUN"),
        ("machine gun", "MACHINE GUN"),
        ("machine-gun", "MACHINE GUN"),
        ("rifle", "RIFLE"),
        ("ak-47", "RIFLE"),
        ("pistol", "HANDGUN"),
        ("revolver", "HANDGUN"),
        ("explosive", "EXPLOSIVE"),
        ("charge", "EXPLOSIVE"),
        ("device", "EXPLOSIVE"),
        ("knife", "CUTTING DEVICE"),
        ("machete", "CUTTING DEVICE"),
        ("stone", "STONE"),
        ("gun", "GUN"),
        ("weapon", "GUN"),
        ("firearm", "GUN"),
        ("bullet", "GUN"),
    ];
    TYPES.iter().find(|(part, _)| words.contains(part)).map(|(_, value)| *value)
}

/// The type of a physical target, by its words.
fn facility(words: &str) -> &'static str {
    const TYPES: &[(&str, &str)] = &[
        ("embassy", "DIPLOMAT OFFICE OR RESIDENCE"),
        ("consulate", "DIPLOMAT OFFICE OR RESIDENCE"),
        ("bank", "FINANCIAL"),
        ("pipeline", "ENERGY"),
        ("power", "ENERGY"),
        ("electric", "ENERGY"),
        ("pylon", "ENERGY"),
        ("voltage", "ENERGY"),
        ("refinery", "ENERGY"),
        ("oil", "ENERGY"),
        ("telephone", "COMMUNICATIONS"),
        ("radio", "COMMUNICATIONS"),
        ("newspaper", "COMMUNICATIONS"),
        ("television", "COMMUNICATIONS"),
        ("telecommunications", "COMMUNICATIONS"),
        ("police", "LAW ENFORCEMENT FACILITY"),
        ("das", "LAW ENFORCEMENT FACILITY"),
        ("church", "CHURCH"),
        ("cathedral", "CHURCH"),
        ("school", "SCHOOL"),
        ("universit", "SCHOOL"),
        ("bus", "TRANSPORT VEHICLE"),
        ("car", "TRANSPORT VEHICLE"),
        ("vehicle", "TRANSPORT VEHICLE"),
        ("truck", "TRANSPORT VEHICLE"),
        ("train", "TRANSPORT VEHICLE"),
        ("plane", "TRANSPORT VEHICLE"),
        ("aircraft", "TRANSPORT VEHICLE"),
        ("helicopter", "TRANSPORT VEHICLE"),
        ("ship", "TRANSPORT VEHICLE"),
        ("boat", "TRANSPORT VEHICLE"),
        ("airport", "TRANSPORTATION FACILITY"),
        ("bridge", "TRANSPORTATION ROUTE"),
        ("road", "TRANSPORTATION ROUTE"),
        ("highway", "TRANSPORTATION ROUTE"),
        ("railway", "TRANSPORTATION ROUTE"),
        ("party", "ORGANIZATION OFFICE"),
        ("union", "ORGANIZATION OFFICE"),
        ("headquarters", "ORGANIZATION OFFICE"),
        ("ministry", "GOVERNMENT OFFICE OR RESIDENCE"),
        ("government", "GOVERNMENT OFFICE OR RESIDENCE"),
        ("presidential", "GOVERNMENT OFFICE OR RESIDENCE"),
        ("city hall", "GOVERNMENT OFFICE OR RESIDENCE"),
        ("court", "GOVERNMENT OFFICE OR RESIDENCE"),
        ("house", "CIVILIAN RESIDENCE"),
        ("home", "CIVILIAN RESIDENCE"),
        ("residence", "CIVILIAN RESIDENCE"),
        ("apartment", "CIVILIAN RESIDENCE"),
        ("hotel", "COMMERCIAL"),
        ("restaurant", "COMMERCIAL"),
        ("store", "COMMERCIAL"),
        ("shop", "COMMERCIAL"),
        ("company", "COMMERCIAL"),
        ("firm", "COMMERCIAL"),
        ("business", "COMMERCIAL"),
        ("station", "COMMERCIAL"),
        ("plant", "COMMERCIAL"),
        ("factory", "COMMERCIAL"),
    ];
    TYPES.iter().find(|(part, _)| words.contains(part)).map_or("OTHER", |(_, value)| *value)
}

/// The type of a human target, by its words.
fn person(words: &str) -> &'static str {
    const TYPES: &[(&str, &str)] = &[
        ("bodyguard", "SECURITY GUARD"),
        ("escort", "SECURITY GUARD"),
        ("watchm", "SECURITY GUARD"),
        ("security guard", "SECURITY GUARD"),
        ("guard", "SECURITY GUARD"),
        ("police", "LAW ENFORCEMENT"),
        ("detective", "LAW ENFORCEMENT"),
        ("judge", "LEGAL OR JUDICIAL"),
        ("magistrate", "LEGAL OR JUDICIAL"),
        ("attorney", "LEGAL OR JUDICIAL"),
        ("lawyer", "LEGAL OR JUDICIAL"),
        ("prosecutor", "LEGAL OR JUDICIAL"),
        ("ambassador", "DIPLOMAT"),
        ("diplomat", "DIPLOMAT"),
        ("consul", "DIPLOMAT"),
        ("soldier", "ACTIVE MILITARY"),
        ("officer", "ACTIVE MILITARY"),
        ("troop", "ACTIVE MILITARY"),
        ("military", "ACTIVE MILITARY"),
        ("marine", "ACTIVE MILITARY"),
        ("candidate", "POLITICAL FIGURE"),
        ("leader", "POLITICAL FIGURE"),
        ("politician", "POLITICAL FIGURE"),
        ("president", "GOVERNMENT OFFICIAL"),
        ("minister", "GOVERNMENT OFFICIAL"),
        ("mayor", "GOVERNMENT OFFICIAL"),
        ("governor", "GOVERNMENT OFFICIAL"),
        ("senator", "GOVERNMENT OFFICIAL"),
        ("deput", "GOVERNMENT OFFICIAL"),
        ("official", "GOVERNMENT OFFICIAL"),
        ("councilm", "GOVERNMENT OFFICIAL"),
    ];
    TYPES.iter().find(|(part, _)| words.contains(part)).map_or("CIVILIAN", |(_, value)| *value)
}

/// How many a phrase speaks of.
fn number(words: &str) -> String {
    let first = words.split_whitespace().next().unwrap_or("");
    if first.chars().all(|digit| digit.is_ascii_digit()) && !first.is_empty() {
        return first.to_owned();
    }
    if let Some(index) = NUMBERS.iter().position(|number| *number == first) {
        return (index + 1).to_string();
    }
    let last = words.split_whitespace().next_back().unwrap_or("");
    let plural = (last.ends_with('s') && !last.ends_with("ss")) || last.ends_with("men") || last == "people";
    if plural { "PLURAL".to_owned() } else { "1".to_owned() }
}
