//! Mentions and chains: who and what is named or described, and which phrases mean the same thing?

use crate::document::{Casing, Document, Shape};
use crate::lexicon::{is_armed_word, is_security_word, is_title, kind_of_noun, may_be_armed};
use crate::perception::Perception;
use crate::pos::{NounPhrase, Syntax, Tag, noun_lemma};
use headwater_domain::reading::{Chain, ChainIndex, Mention, MentionIndex, ThingKind};
use headwater_domain::text::Span;
use headwater_knowledge::actors::{ActorKind, Case, KnownActors, Via};
use headwater_knowledge::places::{FindOptions, Gazetteer, PlaceKind};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// How many chains back a definite description may reach; farther back it is a new thing.
const CHAINS_BACK_MAX: usize = 60;
/// Most words of a name that begins with a given name.
const NAME_WORDS_MAX: usize = 6;
/// Below this a phrase is no mention to the tagger.
const MENTION_MIN: f32 = 0.3;
/// At least this sure the tagger must be of a phrase that the rules do not see.
const NEW_MENTION_MIN: f32 = 0.6;
/// At least this sure the tagger must be to correct a kind or a border.
const KIND_MIN: f32 = 0.6;
/// Words that bind the parts of a person's name.
const NAME_PARTICLES: &[&str] =
    &["bin", "ibn", "al", "el", "de", "la", "del", "van", "von", "ul", "ur", "da", "dos", "abu"];

/// The mentions of a document and where they stand among its tokens.
#[derive(Debug, Clone, Default)]
pub struct Mentions {
    /// In order of the text.
    pub list: Vec<Mention>,
    /// The things they mention.
    pub chains: Vec<Chain>,
    /// The tokens of each mention.
    pub tokens: Vec<Range<usize>>,
    of_token: Vec<Option<u32>>,
    places: Vec<usize>,
}

impl Mentions {
    /// The mention that holds a token, the widest one where several do.
    pub fn at(&self, token: usize) -> Option<usize> {
        Some((*self.of_token.get(token)?)? as usize)
    }

    /// The kind of a mention.
    pub fn kind(&self, mention: usize) -> Option<ThingKind> {
        self.list.get(mention).map(|mention| mention.kind)
    }

    /// Mentions of places, in order.
    pub fn places(&self) -> &[usize] {
        &self.places
    }

    /// Mentions that begin inside a range of tokens.
    pub fn within(&self, tokens: Range<usize>) -> Range<usize> {
        let first = self.tokens.partition_point(|mention| mention.start < tokens.start);
        let end = self.tokens.partition_point(|mention| mention.start < tokens.end);
        first..end.max(first)
    }

    /// The chain of a mention, as an index.
    pub fn chain(&self, mention: usize) -> Option<usize> {
        self.list.get(mention).map(|mention| mention.chain.0 as usize)
    }
}

/// A phrase before chains are made.
#[derive(Debug, Clone)]
struct Draft {
    tokens: Range<usize>,
    head: usize,
    kind: ThingKind,
    named: bool,
    definite: bool,
    known: Vec<String>,
    usual: Option<String>,
    country: Option<String>,
    person: bool,
    titled: bool,
}

/// Finds the mentions of a document and chains them.
///
/// Where there is a tagger, it strikes out phrases that it does not take for mentions, corrects kinds that
/// rest on a noun alone, and adds phrases that the rules do not see.
pub fn find(document: &Document<'_>, syntax: &Syntax, perception: Option<&Perception<'_>>) -> Mentions {
    let names = Names::of(document);
    let mut drafts = Vec::new();
    let mut at = 0;
    while at < syntax.nouns.len() {
        at += draft(document, syntax, &names, at, &mut drafts);
    }
    drafts.sort_by_key(|draft| (draft.tokens.start, std::cmp::Reverse(draft.tokens.end)));
    drafts.dedup_by(|later, earlier| later.tokens == earlier.tokens);
    doubt_single_names(document, syntax, &mut drafts);
    let headings = headings(document);
    drafts.retain(|draft| {
        let unknown = draft.named
            && draft.known.is_empty()
            && matches!(draft.kind, ThingKind::Organisation | ThingKind::Person);
        !(unknown && document.sentence_of(draft.head).is_some_and(|sentence| headings.contains(&sentence)))
    });
    if let Some(perception) = perception {
        drafts = perceived(document, syntax, drafts, perception);
    }
    chain(document, drafts)
}

/// The phrases of the rules as the tagger sees them, in order.
fn perceived(
    document: &Document<'_>,
    syntax: &Syntax,
    mut drafts: Vec<Draft>,
    perception: &Perception<'_>,
) -> Vec<Draft> {
    drafts.retain(|draft| {
        let certain = !draft.known.is_empty() || (draft.named && draft.kind == ThingKind::Place);
        certain || perception.mentions_at(draft.head) >= MENTION_MIN
    });
    let mut added: Vec<Draft> = Vec::new();
    let mut first = 0;
    let mut phrases = perception.mentions();
    for (_, kind, tokens, score) in perception.parties() {
        if !phrases.iter().any(|(known, ..)| known.start < tokens.end && tokens.start < known.end) {
            phrases.push((tokens, kind, score));
        }
    }
    phrases.sort_by_key(|(tokens, ..)| (tokens.start, tokens.end));
    for (tokens, kind, score) in phrases {
        while drafts.get(first).is_some_and(|draft| draft.tokens.end <= tokens.start) {
            first += 1;
        }
        let touches = |draft: &Draft| draft.tokens.start < tokens.end && tokens.start < draft.tokens.end;
        let end = first + drafts[first..].iter().take_while(|draft| draft.tokens.start < tokens.end).count();
        let here = &mut drafts[first..end];
        match here.iter_mut().filter(|draft| touches(draft)).collect::<Vec<_>>().as_mut_slice() {
            [] if score >= NEW_MENTION_MIN => {
                let head = syntax
                    .noun_at(tokens.end - 1)
                    .map_or(tokens.end - 1, |phrase| phrase.head)
                    .clamp(tokens.start, tokens.end - 1);
                let named = syntax.tag(head) == Tag::Proper;
                let definite =
                    tokens.start > 0 && matches!(document.lower(tokens.start - 1), "the" | "this" | "that");
                added.push(Draft {
                    tokens: tokens.clone(),
                    head,
                    kind,
                    named,
                    definite,
                    known: Vec::new(),
                    usual: None,
                    country: None,
                    person: named && kind == ThingKind::Person,
                    titled: false,
                });
            }
            [draft] if draft.known.is_empty() && score >= KIND_MIN => {
                draft.kind = kind;
                if draft.tokens.contains(&tokens.start) && tokens.contains(&draft.head) {
                    draft.tokens = tokens.clone();
                }
            }
            _ => {}
        }
    }
    drafts.append(&mut added);
    drafts.sort_by_key(|draft| (draft.tokens.start, std::cmp::Reverse(draft.tokens.end)));
    drafts.dedup_by(|later, earlier| later.tokens == earlier.tokens);
    drafts
}

/// Sentences that are headings In Capitals Like This, where a capital is no sign of a name.
fn headings(document: &Document<'_>) -> BTreeSet<usize> {
    let is_heading = |tokens: Range<usize>| {
        let ends_open = !matches!(document.lower(tokens.end - 1), "." | "!" | "?" | "”" | "\"" | "…");
        let long = || tokens.clone().filter(|&token| document.lower(token).chars().count() > 3);
        let capital = |token: usize| document.word(token).chars().next().is_some_and(char::is_uppercase);
        ends_open && tokens.len() <= 16 && long().count() >= 2 && long().all(capital)
    };
    (0..document.sentences.len())
        .filter(|&index| is_heading(document.sentences[index].tokens.clone()))
        .collect()
}

/// A single unknown name is a person's only where the text names that person in full, or the name
/// says or does something; else it is more likely an organisation's.
fn doubt_single_names(document: &Document<'_>, syntax: &Syntax, drafts: &mut [Draft]) {
    let families: BTreeSet<String> = drafts
        .iter()
        .filter(|draft| draft.person && (draft.tokens.len() > 1 || draft.titled))
        .map(|draft| document.lower(draft.tokens.end - 1).to_owned())
        .collect();
    for draft in drafts.iter_mut().filter(|draft| draft.person && draft.tokens.len() == 1 && !draft.titled) {
        let speaks = matches!(
            crate::pos::verb_lemma(document.lower(draft.tokens.end)),
            "say" | "tell" | "add" | "speak" | "think" | "die"
        ) && syntax.tag(draft.tokens.end).is_verb();
        if !families.contains(document.lower(draft.head)) && !speaks {
            draft.person = false;
            draft.kind = ThingKind::Organisation;
        }
    }
}

/// Names of places, countries' adjectives and known actors in the text, by first token.
struct Names {
    places: BTreeMap<usize, (usize, bool)>,
    countries: BTreeMap<usize, String>,
    actors: BTreeMap<usize, KnownName>,
}

#[derive(Debug, Clone)]
struct KnownName {
    end: usize,
    keys: Vec<String>,
    kind: ThingKind,
    usual: Option<String>,
    /// Whether the name is a place's too: a state, or a capital that stands for its government.
    place: bool,
}

impl Names {
    fn of(document: &Document<'_>) -> Self {
        let gazetteer = Gazetteer::shared();
        let mut places = BTreeMap::new();
        for found in gazetteer.find(document.text, FindOptions::default()) {
            let Some(tokens) = tokens_of(document, found.range.clone()) else { continue };
            let country = found.candidates.iter().any(|&key| gazetteer.place(key).kind == PlaceKind::Country);
            places.insert(tokens.start, (tokens.end, country));
        }
        let mut countries = BTreeMap::new();
        for found in gazetteer.find_demonyms(document.text) {
            if let Some(tokens) = tokens_of(document, found.range.clone()) {
                countries.insert(tokens.start, found.country.alpha3.to_owned());
            }
        }
        Self { places, countries, actors: known_actors(document) }
    }

    /// The place whose name covers a token, as tokens, and whether it is a country.
    fn place_over(&self, token: usize) -> Option<(Range<usize>, bool)> {
        let (&start, &(end, country)) = self.places.range(..=token).next_back()?;
        (token < end).then_some((start..end, country))
    }

    fn actor_over(&self, token: usize) -> Option<(usize, &KnownName)> {
        let (&start, known) = self.actors.range(..=token).next_back()?;
        (token < known.end).then_some((start, known))
    }
}

fn known_actors(document: &Document<'_>) -> BTreeMap<usize, KnownName> {
    let case = match document.casing {
        Casing::Mixed => Case::Cased,
        Casing::Lower => Case::Lower,
        Casing::Upper => Case::Upper,
    };
    let actors = KnownActors::shared();
    let mut names = BTreeMap::new();
    for found in actors.find(document.text, case) {
        let Some(tokens) = tokens_of(document, found.range.clone()) else { continue };
        let Some(first) = found.usual.or(found.candidates.first().copied()) else { continue };
        let Some(kind) = actors.get(first).map(|actor| thing_of(actor.kind)) else { continue };
        // A name that needs its surroundings to be believed is left to them.
        if found.needs_context && found.usual.is_none() {
            continue;
        }
        names.insert(
            tokens.start,
            KnownName {
                end: tokens.end,
                keys: found.candidates.iter().map(|&key| key.to_owned()).collect(),
                usual: found.usual.map(str::to_owned),
                kind,
                place: matches!(found.via, Via::Capital)
                    || actors.get(first).is_some_and(|actor| actor.kind == ActorKind::State),
            },
        );
    }
    names
}

fn thing_of(kind: ActorKind) -> ThingKind {
    match kind {
        ActorKind::State | ActorKind::Government => ThingKind::Government,
        ActorKind::ArmedForces | ActorKind::Police | ActorKind::Intelligence => ThingKind::SecurityForce,
        ActorKind::ArmedGroup | ActorKind::Militia | ActorKind::CriminalGroup => ThingKind::ArmedGroup,
        ActorKind::International | ActorKind::Organisation | ActorKind::Media | ActorKind::Party => {
            ThingKind::Organisation
        }
    }
}

fn tokens_of(document: &Document<'_>, bytes: Range<usize>) -> Option<Range<usize>> {
    let tokens = document.tokens_in(Span::within(document.text, bytes)?);
    (!tokens.is_empty()).then_some(tokens)
}

/// Drafts the mentions of one noun phrase, joined with the next where a name goes on over *of*.
/// Returns how many noun phrases that used.
fn draft(
    document: &Document<'_>,
    syntax: &Syntax,
    names: &Names,
    at: usize,
    drafts: &mut Vec<Draft>,
) -> usize {
    let phrase = &syntax.nouns[at];
    if phrase.pronoun {
        return 1;
    }
    let mut tokens = phrase.tokens.clone();
    let head = phrase.head;
    let mut used = 1;
    // "Ministry of Defence", "University of Kabul": a name over *of*.
    if is_name_part(document, syntax, head)
        && kind_of_noun(document.lower(head)).is_some()
        && !is_title(document.lower(head))
        && document.lower(tokens.end) == "of"
        && let Some(next) = syntax.nouns.get(at + 1)
        && next.start <= tokens.end + 2
        && is_name_part(document, syntax, next.tokens.start)
    {
        tokens.end = next.tokens.end;
        used = 2;
    }
    let definite = phrase.start < phrase.tokens.start
        && matches!(
            document.lower(phrase.tokens.start - 1),
            "the" | "this" | "that" | "these" | "those" | "its" | "their" | "his"
        );
    while tokens.len() > 1 && is_date_word(document, tokens.start) {
        tokens.start += 1;
    }
    let dated = |token| is_date_word(document, token) || document.tokens[token].shape == Shape::Number;
    if is_date_word(document, head) && tokens.clone().all(dated) {
        return used;
    }
    // A known actor's name that ends the phrase is a mention; inside a phrase it says whose it is.
    if let Some((start, known)) = names.actor_over(head)
        && (!known.place || acts_here(document, syntax, start, known.end))
    {
        drafts.push(Draft {
            tokens: start..known.end,
            head,
            kind: known.kind,
            named: true,
            definite,
            known: known.keys.clone(),
            usual: known.usual.clone(),
            country: None,
            person: false,
            titled: false,
        });
        return used + syntax.nouns[at + used..].iter().take_while(|next| next.start < known.end).count();
    }
    if let Some((place, country)) = names.place_over(head)
        && used == 1
    {
        let government = country && acts_here(document, syntax, place.start, place.end);
        drafts.push(Draft {
            tokens: place.clone(),
            head,
            kind: if government { ThingKind::Government } else { ThingKind::Place },
            named: true,
            definite,
            known: Vec::new(),
            usual: None,
            country: None,
            person: false,
            titled: false,
        });
        return used + syntax.nouns[at + used..].iter().take_while(|next| next.start < place.end).count();
    }
    if syntax.tag(head) == Tag::Proper || used == 2 {
        draft_name(document, syntax, names, phrase, tokens, head, used == 2, definite, drafts);
    } else {
        draft_description(document, syntax, names, tokens, head, definite, drafts);
    }
    used
}

fn is_name_part(document: &Document<'_>, syntax: &Syntax, token: usize) -> bool {
    syntax.tag(token) == Tag::Proper
        || (document.casing == Casing::Mixed
            && document.tokens.get(token).is_some_and(|token| token.shape == Shape::Capitalised))
}

fn is_date_word(document: &Document<'_>, token: usize) -> bool {
    matches!(
        document.lower(token),
        "monday"
            | "tuesday"
            | "wednesday"
            | "thursday"
            | "friday"
            | "saturday"
            | "sunday"
            | "january"
            | "february"
            | "march"
            | "april"
            | "may"
            | "june"
            | "july"
            | "august"
            | "september"
            | "october"
            | "november"
            | "december"
            | "today"
            | "yesterday"
            | "tomorrow"
    )
}

/// Tells whether a country's or capital's name stands for its government here: as the subject of a
/// verb, or by whom something is done.
fn acts_here(document: &Document<'_>, syntax: &Syntax, start: usize, end: usize) -> bool {
    let before = start.checked_sub(1).map_or("", |before| document.lower(before));
    let before = if before == "the" && start > 1 { document.lower(start - 2) } else { before };
    if matches!(
        before,
        "in" | "at" | "near" | "from" | "to" | "of" | "across" | "into" | "outside" | "inside" | "around"
    ) {
        return false;
    }
    if matches!(before, "by" | "with" | "against") {
        return true;
    }
    let next = if document.lower(end) == "'s" { return false } else { syntax.tag(end) };
    let next = if next == Tag::Adverb { syntax.tag(end + 1) } else { next };
    match next {
        Tag::Past | Tag::Present | Tag::Modal | Tag::Base => true,
        Tag::Auxiliary => syntax.verb_at(end).is_some_and(|group| !group.passive && group.head != end),
        _ => false,
    }
}

#[expect(clippy::too_many_arguments, reason = "the parts of one phrase")]
fn draft_name(
    document: &Document<'_>,
    syntax: &Syntax,
    names: &Names,
    phrase: &NounPhrase,
    tokens: Range<usize>,
    head: usize,
    joined: bool,
    definite: bool,
    drafts: &mut Vec<Draft>,
) {
    // The run of name words that ends the phrase, ranks and offices aside.
    let mut start = tokens.start;
    if !joined {
        start = head;
        while start > tokens.start {
            let before = start - 1;
            let particle = NAME_PARTICLES.contains(&document.lower(before)) && before > tokens.start;
            if syntax.tag(before) == Tag::Proper || particle || document.word(before) == "-" {
                start = before;
            } else {
                break;
            }
        }
    }
    // "Secretary of State Mike Pompeo": the office reaches into the phrase.
    let office = phrase.start >= 2
        && document.lower(phrase.start - 1) == "of"
        && is_title(document.lower(phrase.start - 2));
    if office && start < head && kind_of_noun(document.lower(start)).is_some() {
        start += 1;
    }
    let mut titled = office || start > tokens.start && is_title(document.lower(start - 1));
    // "United States President Omar Haddad": the name begins behind the last office.
    if let Some(office) =
        (start..head).rev().find(|&token| is_title(document.lower(token).trim_end_matches('.')))
    {
        titled = true;
        start = office + 1;
        while start < head && document.word(start) == "." {
            start += 1;
        }
    }
    let last = document.lower(tokens.end - 1);
    let word_kind = kind_of_noun(document.lower(head)).or_else(|| kind_of_noun(last));
    let country = (tokens.start..head).find_map(|token| names.countries.get(&token).cloned());
    // A rank alone: "the President".
    if start == head && is_title(document.lower(head)) && word_kind != Some(ThingKind::Place) {
        drafts.push(Draft {
            tokens,
            head,
            kind: word_kind.unwrap_or(ThingKind::Person),
            named: false,
            definite,
            known: Vec::new(),
            usual: None,
            country,
            person: false,
            titled: false,
        });
        return;
    }
    // "Libyan Civil War": an act, not somebody.
    if word_kind.is_none() && crate::events::names_act(document.lower(head)) {
        return;
    }
    let letters_only = document.tokens.get(head).is_some_and(|token| token.shape == Shape::Capitals);
    let words = tokens.end - start;
    let (kind, person) = match word_kind {
        Some(kind) if words > 1 || country.is_some() => {
            let modified = tokens.clone().any(|token| is_armed_word(document.lower(token)));
            let kind = match kind {
                ThingKind::People | ThingKind::Place => kind,
                _ if modified && may_be_armed(document.lower(head)) => ThingKind::ArmedGroup,
                kind => kind,
            };
            (kind, false)
        }
        _ if titled || crate::lexicon::is_given_name(document.lower(start)) && words <= NAME_WORDS_MAX => {
            (ThingKind::Person, true)
        }
        _ if letters_only && words == 1 => (ThingKind::Organisation, false),
        _ if names.countries.contains_key(&head) => (ThingKind::People, false),
        _ if (2..=4).contains(&words) && phrase.start == phrase.tokens.start => (ThingKind::Person, true),
        _ if words == 1 && phrase.start == phrase.tokens.start => (ThingKind::Person, true),
        _ => (ThingKind::Organisation, false),
    };
    drafts.push(Draft {
        tokens: start..tokens.end,
        head,
        kind,
        named: true,
        definite,
        known: Vec::new(),
        usual: None,
        country,
        person,
        titled,
    });
    // "Taliban spokesman John Smith": what stands before the name says who he is, and is no mention of its own.
}

fn draft_description(
    document: &Document<'_>,
    syntax: &Syntax,
    names: &Names,
    tokens: Range<usize>,
    head: usize,
    definite: bool,
    drafts: &mut Vec<Draft>,
) {
    let mut known = Vec::new();
    let mut usual = None;
    let mut actor_kind = None;
    let mut country = None;
    let mut armed = false;
    let mut security = false;
    for token in tokens.start..head {
        let word = document.lower(token);
        armed |= is_armed_word(word);
        security |= is_security_word(word);
        if let Some(code) = names.countries.get(&token) {
            country = Some(code.clone());
        }
        if let Some((start, actor)) = names.actor_over(token)
            && start == token
            && !actor.place
        {
            known.clone_from(&actor.keys);
            usual.clone_from(&actor.usual);
            actor_kind = Some(actor.kind);
        }
        if let Some((place, is_country)) = names.place_over(token)
            && place.start == token
            && place.end <= head
        {
            // "US troops": the country says whose they are; "Brisa airport" says where it is.
            if is_country {
                let name = document.span(place).and_then(|span| document.text.get(span.range()));
                country = name
                    .and_then(|name| Gazetteer::shared().country(name))
                    .map(|found| found.alpha3.to_owned())
                    .or(country);
                continue;
            }
            drafts.push(Draft {
                tokens: place,
                head: token,
                kind: ThingKind::Place,
                named: true,
                definite: false,
                known: Vec::new(),
                usual: None,
                country: None,
                person: false,
                titled: false,
            });
        }
    }
    let word = document.lower(head);
    let counted = syntax.tag(head) == Tag::Number
        || (syntax.tag(head) == Tag::Adjective && matches!(word, "wounded" | "injured" | "dead" | "missing"))
        || matches!(word, "others" | "dozens" | "hundreds" | "thousands" | "scores");
    let Some(noun) = kind_of_noun(word).or(counted.then_some(ThingKind::People)) else {
        draft_modifiers(document, names, tokens.start..head, crate::events::names_act(word), drafts);
        return;
    };
    if syntax.tag(head) == Tag::Number && !is_harmed(document, &tokens) {
        return;
    }
    let kind = match noun {
        ThingKind::Organisation if may_be_armed(word) => {
            if armed || actor_kind == Some(ThingKind::ArmedGroup) {
                ThingKind::ArmedGroup
            } else {
                ThingKind::Organisation
            }
        }
        ThingKind::People | ThingKind::Organisation if armed && noun == ThingKind::People => {
            ThingKind::ArmedGroup
        }
        ThingKind::People if actor_kind.is_some_and(ThingKind::is_organised) => {
            actor_kind.unwrap_or(ThingKind::People)
        }
        ThingKind::People | ThingKind::Government if security => ThingKind::SecurityForce,
        ThingKind::Government if actor_kind == Some(ThingKind::ArmedGroup) => ThingKind::ArmedGroup,
        ThingKind::SecurityForce if armed && matches!(word, "forces" | "force" | "troops" | "commander") => {
            ThingKind::ArmedGroup
        }
        ThingKind::SecurityForce if actor_kind == Some(ThingKind::ArmedGroup) => ThingKind::ArmedGroup,
        ThingKind::People if crate::lexicon::is_single_person(word) && !counted => ThingKind::Person,
        ThingKind::Government if crate::lexicon::is_office_holder(word) => ThingKind::Person,
        kind => kind,
    };
    drafts.push(Draft {
        tokens,
        head,
        kind,
        named: false,
        definite,
        known,
        usual,
        country,
        person: false,
        titled: false,
    });
}

/// Drafts who stands before a head that is no thing itself: "a Taliban attack", "a US air strike", "police
/// raids". Before other heads only names count: "Taliban leadership".
fn draft_modifiers(
    document: &Document<'_>,
    names: &Names,
    before: Range<usize>,
    act: bool,
    drafts: &mut Vec<Draft>,
) {
    let mut at = before.start;
    while at < before.end {
        let word = document.lower(at);
        let (end, kind, named, known, usual) = if let Some((start, actor)) = names.actor_over(at)
            && start == at
            && actor.end <= before.end
            && (act || !actor.place)
        {
            (actor.end, actor.kind, true, actor.keys.clone(), actor.usual.clone())
        } else if let Some(kind) = kind_of_noun(word)
            && act
            && (kind.acts() || kind == ThingKind::Weapon || kind == ThingKind::Facility)
        {
            (at + 1, kind, false, Vec::new(), None)
        } else {
            at += 1;
            continue;
        };
        drafts.push(Draft {
            tokens: at..end,
            head: end - 1,
            kind,
            named,
            definite: false,
            known,
            usual,
            country: None,
            person: false,
            titled: false,
        });
        at = end;
    }
}

/// Tells whether a bare number stands beside a word for harm or arrest, so that it counts people.
fn is_harmed(document: &Document<'_>, tokens: &Range<usize>) -> bool {
    let near = (tokens.start.saturating_sub(2)..tokens.start).chain(tokens.end..tokens.end + 3);
    near.into_iter().any(|token| {
        matches!(
            crate::pos::verb_lemma(document.lower(token)),
            "kill"
                | "wound"
                | "injure"
                | "die"
                | "dead"
                | "arrest"
                | "detain"
                | "hurt"
                | "kidnap"
                | "shoot"
                | "stab"
        )
    })
}

/// Chains drafts that mean the same thing. Looks back a bounded number of chains.
fn chain(document: &Document<'_>, drafts: Vec<Draft>) -> Mentions {
    let mut mentions = Mentions { of_token: vec![None; document.tokens.len()], ..Mentions::default() };
    let mut chains: Vec<Growing> = Vec::new();
    let mut by_name: BTreeMap<String, usize> = BTreeMap::new();
    for draft in drafts {
        let (Some(span), Some(head)) = (document.span(draft.tokens.clone()), document.tokens.get(draft.head))
        else {
            continue;
        };
        let head_span = if draft.named { span } else { head.span };
        let name = folded(document, &draft.tokens);
        let found = if draft.named {
            named_chain(document, &draft, &name, &chains, &by_name)
        } else {
            described_chain(document, &draft, &chains)
        };
        let index = found.unwrap_or_else(|| {
            chains.push(Growing::default());
            chains.len() - 1
        });
        let mention = u32::try_from(mentions.list.len()).unwrap_or(u32::MAX);
        let growing = &mut chains[index];
        growing.take(document, &draft, mention, &name);
        if draft.named {
            by_name.entry(name).or_insert(index);
            if let Some(short) = abbreviation_after(document, draft.tokens.end) {
                by_name.entry(short).or_insert(index);
            }
            if draft.person && draft.tokens.len() > 1 {
                // Any later part may stand for the whole: "Galdos Rey", "Galdos", "Rey".
                for start in draft.tokens.start + 1..draft.tokens.end {
                    let part = folded(document, &(start..draft.tokens.end));
                    by_name.entry(part).or_insert(index);
                    let word = document.lower(start);
                    if word.len() > 3 && !crate::lexicon::is_given_name(word) {
                        by_name.entry(word.to_owned()).or_insert(index);
                    }
                }
            }
        }
        for token in draft.tokens.clone() {
            if mentions.of_token[token].is_none() {
                mentions.of_token[token] = Some(mention);
            }
        }
        if draft.kind == ThingKind::Place {
            mentions.places.push(mentions.list.len());
        }
        let chain = ChainIndex(u32::try_from(index).unwrap_or(u32::MAX));
        mentions.list.push(Mention { span, head: head_span, kind: draft.kind, chain });
        mentions.tokens.push(draft.tokens);
    }
    mentions.chains = chains
        .into_iter()
        .map(|growing| Chain {
            kind: growing.kind.unwrap_or(ThingKind::Organisation),
            name: growing.name,
            named: growing.named,
            known: growing.known,
            usual: growing.usual,
            country: growing.country,
            mentions: growing.mentions,
        })
        .collect();
    mentions
}

/// A chain while it grows.
#[derive(Debug, Default)]
struct Growing {
    kind: Option<ThingKind>,
    name: String,
    named: bool,
    person: bool,
    known: Vec<String>,
    usual: Option<String>,
    country: Option<String>,
    heads: Vec<String>,
    mentions: Vec<MentionIndex>,
}

impl Growing {
    fn take(&mut self, document: &Document<'_>, draft: &Draft, mention: u32, name: &str) {
        let words = document
            .span(draft.tokens.clone())
            .and_then(|span| document.text.get(span.range()))
            .unwrap_or("")
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ");
        if self.kind.is_none() || (draft.named && !self.named) {
            self.kind = Some(draft.kind);
            self.name = words;
        } else if draft.named == self.named && words.len() > self.name.len() && draft.named {
            self.name = words;
        }
        self.named |= draft.named;
        self.person |= draft.person;
        if self.known.is_empty() {
            self.known.clone_from(&draft.known);
            self.usual.clone_from(&draft.usual);
        }
        if self.country.is_none() {
            self.country.clone_from(&draft.country);
        }
        let head = if draft.named { name.to_owned() } else { noun_lemma(document.lower(draft.head)) };
        if !self.heads.contains(&head) && self.heads.len() < 8 {
            self.heads.push(head);
        }
        self.mentions.push(MentionIndex(mention));
    }
}

fn folded(document: &Document<'_>, tokens: &Range<usize>) -> String {
    tokens
        .clone()
        .map(|token| document.lower(token))
        .filter(|word| *word != "." && *word != "-")
        .collect::<Vec<_>>()
        .join(" ")
}

/// Tells whether a chain's name so far is no more than this part of a longer name.
fn folded_name_ends(part: &str, name: &str) -> bool {
    name.to_lowercase() == part
}

/// "Tehreek-e-Taliban Pakistan (TTP)": the abbreviation in brackets.
fn abbreviation_after(document: &Document<'_>, end: usize) -> Option<String> {
    (document.word(end) == "(" && document.word(end + 2) == ")").then(|| document.lower(end + 1).to_owned())
}

fn named_chain(
    document: &Document<'_>,
    draft: &Draft,
    name: &str,
    chains: &[Growing],
    by_name: &BTreeMap<String, usize>,
) -> Option<usize> {
    let same_sort = |index: &usize| {
        let other = &chains[*index];
        (other.kind == Some(ThingKind::Place)) == (draft.kind == ThingKind::Place)
            || draft.person == other.person
    };
    if let Some(index) = by_name.get(name).filter(|index| same_sort(index)) {
        return Some(*index);
    }
    if draft.person && draft.tokens.len() > 1 {
        // "Khan" before "Imran Khan" was named in full.
        let parts = draft.tokens.clone().skip(1).flat_map(|start| {
            [folded(document, &(start..draft.tokens.end)), document.lower(start).to_owned()]
        });
        for part in parts {
            if let Some(&index) = by_name.get(&part)
                && chains[index].person
                && draft.tokens.len() > chains[index].name.split_whitespace().count()
                && folded_name_ends(&part, &chains[index].name)
            {
                return Some(index);
            }
        }
    }
    if !draft.known.is_empty() {
        return chains.iter().rposition(|chain| chain.named && chain.known == draft.known);
    }
    None
}

fn described_chain(document: &Document<'_>, draft: &Draft, chains: &[Growing]) -> Option<usize> {
    let word = document.lower(draft.head);
    let head = noun_lemma(word);
    let back = || chains.iter().enumerate().rev().take(CHAINS_BACK_MAX);
    if !draft.known.is_empty()
        && let Some((index, _)) = back()
            .find(|(_, chain)| !chain.named && chain.known == draft.known && chain.heads.contains(&head))
    {
        return Some(index);
    }
    if !draft.definite || !draft.known.is_empty() {
        return None;
    }
    let single = draft.tokens.len() == 1;
    if single && may_be_armed(word) {
        let fits = |chain: &Growing, kind| chain.named && chain.kind == Some(kind);
        // The group that a report is about, rather than the one it named last.
        return back()
            .filter(|(_, chain)| fits(chain, ThingKind::ArmedGroup))
            .max_by_key(|(index, chain)| (chain.mentions.len(), *index))
            .or_else(|| back().find(|(_, chain)| fits(chain, ThingKind::Organisation) && !chain.person))
            .map(|(index, _)| index);
    }
    back()
        .find(|(_, chain)| {
            chain.kind == Some(draft.kind)
                && chain.heads.contains(&head)
                && (draft.country.is_none() || chain.country == draft.country)
        })
        .map(|(index, _)| index)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(String, ThingKind, u32)> {
        let document = Document::new(text);
        let syntax = Syntax::of(&document);
        let mentions = find(&document, &syntax, None);
        mentions
            .list
            .iter()
            .map(|mention| (text[mention.span.range()].to_owned(), mention.kind, mention.chain.0))
            .collect()
    }

    #[test]
    fn a_short_name_means_the_full_one() {
        let found = read("President Omar Haddad spoke on Monday. Haddad blamed masked gunmen.");
        assert_eq!(found[0].0, "Omar Haddad");
        assert_eq!(found[0].2, found[1].2);
        assert_eq!((found[2].0.as_str(), found[2].1), ("masked gunmen", ThingKind::ArmedGroup));
    }

    #[test]
    fn the_words_before_the_head_tell_whose_it_is() {
        let found = read("Rebel fighters stormed an army base near the police station.");
        let kinds: Vec<_> = found.iter().map(|(words, kind, _)| (words.as_str(), *kind)).collect();
        assert_eq!(
            kinds,
            [
                ("Rebel fighters", ThingKind::ArmedGroup),
                ("army base", ThingKind::Facility),
                ("police station", ThingKind::Facility)
            ]
        );
    }
}
