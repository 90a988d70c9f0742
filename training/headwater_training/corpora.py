"""What is there to learn from? One loader a corpus, train and dev files only."""

from __future__ import annotations

import gzip
import hashlib
import json
import random
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from .document import Document, Pairs, Span, apart
from .heads import MUC_ROLES

ACTORS = ("armed_group", "security_force", "government", "organisation", "people")
ARTICLE = re.compile(r"(?:the|an?|his|her|its|their)\s+", re.IGNORECASE)

FILES = {
    "reading": "reading/{}.jsonl",
    "polnear": "attribution-polnear/{}.jsonl",
    "muc4": "muc4/{}.jsonl",
    "uw": "factuality/uw.{}.jsonl",
    "uds": "factuality/uds-ih2.{}.jsonl",
    "meantime": "factuality/meantime.{}.jsonl",
    "commitment": "factuality/commitmentbank.{}.jsonl",
    "geneva": "train/geneva.jsonl.gz",
    "re3d": "train/re3d.jsonl",
    "crossner": "train/crossner_politics.jsonl.gz",
    "ecb": "event-coref/ecbplus_{}.jsonl.gz",
    "ngec": "train/ngec_synthetic.jsonl.gz",
}


def records(path: Path) -> Iterator[dict]:
    """Yields the JSON objects of a file with one a line, gzipped or not."""
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            if line.strip():
                yield json.loads(line)


def path_of(data: Path, corpus: str, split: str = "train") -> Path:
    """Returns where a corpus lies; refuses the test files, which are for evaluation alone."""
    if split not in ("train", "dev"):
        raise ValueError(f"cannot train on the split {split}")
    return data / FILES[corpus].format(split)


def digests(data: Path) -> dict[str, str]:
    """Returns the SHA-256 digest of every training file."""
    return {
        str(path.relative_to(data)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in (path_of(data, corpus) for corpus in FILES)
    }


def reading(path: Path, corpus: str = "reading") -> list[Document]:
    """Reads documents in Headwater's own terms."""
    return [_reading_document(record, corpus) for record in records(path)]


def _reading_document(record: dict, corpus: str) -> Document:
    text = record["text"]
    document = Document(record["id"], text, corpus, gold=record)
    document.in_order = record.get("in_order", True)
    mentions: list[Span] = []
    entity_of: dict[int, int] = {}
    mentions_of: list[list[int]] = []
    for number, entity in enumerate(record["entities"]):
        spans = [Span(a, b, entity["type"]) for a, b in entity["mentions"]]
        mentions += spans
        mentions_of.append([s.start for s in spans])
        for span in spans:
            entity_of[span.start] = number
    mentions = apart(mentions)
    starts = sorted({m.start for m in mentions})
    triggers: list[Span] = []
    details: list[Span] = []
    statuses: list[tuple[int, str]] = []
    argument = Pairs(candidates=list(starts))
    same_event = Pairs()
    for event in record["events"]:
        own = [event["trigger"], *(s for s in event.get("same_as", []) if s)]
        triggers += [Span(a, b, event["type"]) for a, b in own]
        statuses += [(a, event["status"]) for a, _ in own]
        for i, (first, _) in enumerate(own):
            argument.anchors.append(first)
            same_event.anchors.append(first)
            same_event.candidates.append(first)
            for other, _ in own:
                same_event.labels[first, other] = "same"
            for role, fillers in event["args"].items():
                for a, b in fillers:
                    argument.candidates.append(a)
                    if role == "time":
                        details.append(Span(a, b, "time"))
                    if role in ("killed", "injured", "detained"):
                        details.append(Span(a, b, "count"))
                    near = i == 0 or _same_sentence(text, first, a)
                    if near and argument.labels.get((first, a)) not in ("killed", "injured", "detained"):
                        argument.labels[first, a] = role
                    else:
                        argument.ignored.add((first, a))
                    for twin in mentions_of[entity_of[a]] if a in entity_of else ():
                        argument.ignored.add((first, twin))
    document.tags["mention"] = mentions
    document.tags["trigger"] = apart(triggers)
    document.tags["detail"] = apart(details)
    document.classes["status"] = statuses
    document.pairs["argument"] = argument
    document.pairs["same_event"] = same_event
    document.pairs["coref"] = Pairs(
        anchors=starts,
        candidates=starts,
        labels={(a, b): "same" for m in mentions_of for a in m for b in m if a != b},
    )
    _set_attributions(document, record["attributions"])
    _set_relations(document, record, mentions_of)
    violent = [
        e for e in record["events"] if e["type"] in ("ASSAULT", "CLAIM", "PROTEST", "THREATEN", "MOBILIZE")
    ]
    if any(e["status"] != "background" for e in violent):
        document.relevant = True
    elif not violent:
        document.relevant = False
    return document


def _same_sentence(text: str, a: int, b: int) -> bool:
    between = text[min(a, b) : max(a, b)]
    return "\n" not in between and not re.search(r"[.?!][\"”’]?\s+[A-Z]", between)


def _set_attributions(document: Document, attributions: list[dict]) -> None:
    sources, cues, contents = [], [], []
    stances, kinds, hedges = [], [], []
    voice = Pairs(candidates=None)
    for item in attributions:
        source, cue, content = item.get("source"), item.get("cue"), item.get("content")
        read_at = (cue or content)[0] if cue or content else None
        if read_at is None:
            continue
        stances.append((read_at, item["stance"]))
        kinds.append((read_at, item["source_kind"]))
        hedges.append((read_at, "yes" if item["hedged"] else "no"))
        if source:
            sources.append(Span(*source))
        if content:
            contents.append(Span(*content))
        if cue:
            cues.append(Span(*cue))
            voice.anchors.append(cue[0])
            if content:
                voice.labels[cue[0], content[0]] = "content"
            if source:
                voice.labels[cue[0], source[0]] = "source"
    document.tags |= {"source": apart(sources), "cue": apart(cues)}
    if any(item.get("cue") and not item.get("content") for item in attributions):
        voice = Pairs()  # what is said is not marked, so nothing is known of it
    else:
        document.tags["content"] = apart(contents)
    document.classes |= {"stance": stances, "source_kind": kinds, "hedged": hedges}
    document.pairs["voice"] = voice
    # PolNeAR has whole noun phrases and verb groups where these have heads; spans are learnt from it.
    document.weights |= {"source": 0.3, "cue": 0.5}


def _set_relations(document: Document, record: dict, mentions_of: list[list[int]]) -> None:
    number_of = {e["id"]: i for i, e in enumerate(record["entities"])}
    pairs = Pairs()
    for i, entity in enumerate(record["entities"]):
        if entity["type"] in ACTORS:
            pairs.anchors += mentions_of[i]
    pairs.candidates = list(pairs.anchors)
    for relation in record["relations"]:
        left = mentions_of[number_of[relation["a"]]]
        right = mentions_of[number_of[relation["b"]]]
        a, b = relation["evidence"]
        for one in left:
            for two in right:
                inside = a <= one < b and a <= two < b
                near = inside or (_same_sentence(document.text, one, two) and abs(one - a) < 400)
                for pair in ((one, two), (two, one)):
                    if not near:
                        pairs.ignored.add(pair)
                    elif relation["sign"] != "controls" or pair == (one, two):
                        pairs.labels[pair] = relation["sign"]
    document.pairs["relation"] = pairs


def polnear(path: Path) -> list[Document]:
    """Reads PolNeAR: source, cue and content of attributions."""
    out = []
    for record in records(path):
        document = Document(record["id"], record["text"], "polnear", gold=record)
        spans: dict[str, list[Span]] = {"source": [], "cue": [], "content": []}
        voice = Pairs(candidates=None)
        for item in record["annotations"][record["primary"]]:
            for role in spans:
                spans[role] += [Span(a, b) for a, b in item[role]]
            if not item["cue"]:
                continue
            anchor = item["cue"][0][0]
            voice.anchors.append(anchor)
            for role in ("source", "content"):
                for a, _ in item[role]:
                    voice.labels[anchor, a] = role
        document.tags = {role: apart(s) for role, s in spans.items()}
        document.pairs["voice"] = voice
        aside = [(a, b, ()) for _, a, b in record.get("aside", [])]
        document.choices = {role: aside for role in spans}
        out.append(document)
    return out


class CaseByVocabulary:
    """Gives lower-cased text its capitals back, as far as other text shows them."""

    def __init__(self, texts: Iterator[str]) -> None:
        self.lower: Counter[str] = Counter()
        self.other: dict[str, Counter[str]] = {}
        for text in texts:
            for found in re.finditer(r"(?<=[a-z,;] )[A-Za-z][\w.-]*\w|(?<=[a-z,;] )[A-Za-z]\b", text):
                word = found.group()
                if word.islower():
                    self.lower[word] += 1
                else:
                    self.other.setdefault(word.lower(), Counter())[word] += 1

    def restore(self, text: str) -> str:
        def word_in_place(found: re.Match[str]) -> str:
            word = found.group()
            begins = not text[: found.start()].rstrip() or text[: found.start()].rstrip()[-1] in '.?!"'
            seen = self.other.get(word)
            if seen and sum(seen.values()) > self.lower[word]:
                return seen.most_common(1)[0][0] if len(seen.most_common(1)[0][0]) == len(word) else word
            if begins or (not self.lower[word] and len(word) > 2 and word.isalpha()):
                return word[0].upper() + word[1:]
            return word

        return re.sub(r"[a-z][\w.-]*\w|[a-z]", word_in_place, text)


def muc4(path: Path, cased: CaseByVocabulary | None = None) -> list[Document]:
    """Reads MUC-4: fillers of five roles, every occurrence marked."""
    out = []
    for record in records(path):
        text = record["text"]
        if cased:
            restored = cased.restore(text)
            if len(restored) != len(text):
                raise ValueError("cannot restore case: the length changed")
        document = Document(record["docid"], restored if cased else text, "muc4", gold=record)
        for role, head in MUC_ROLES.items():
            spans = []
            for entity in record["entities"][role]:
                for mention in entity["mentions"]:
                    pattern = r"(?<!\w)" + re.escape(mention["text"]) + r"(?!\w)"
                    spans += [Span(*found.span()) for found in re.finditer(pattern, text)]
            document.tags[head] = apart(spans)
        if not record["templates"]:
            document.relevant = False
        elif not all(t["optional"] for t in record["templates"]):
            document.relevant = True
        out.append(document)
    return out


def factuality(path: Path, corpus: str) -> list[Document]:
    """Reads sentences whose events have a score from -3 to 3."""
    out = []
    for record in records(path):
        document = Document(record["id"], record["text"], corpus, in_order=False, gold=record)
        document.scores["factuality"] = [(t["start"], t["score"]) for t in record["targets"]]
        out.append(document)
    return out


# Frames of GENEVA as event types: several where it covers more than one, "O" where also none.
FRAMES: dict[str, tuple[str, ...]] = {
    "Attack": ("ASSAULT",),
    "Hostile_encounter": ("ASSAULT", "O"),
    "Killing": ("ASSAULT",),
    "Conquering": ("ASSAULT", "O"),
    "Terrorism": ("ASSAULT", "O"),
    "Bodily_harm": ("ASSAULT", "O"),
    "Destroying": ("ASSAULT", "COERCE", "O"),
    "Damaging": ("ASSAULT", "COERCE", "O"),
    "Revenge": ("ASSAULT", "O"),
    "Defending": ("ASSAULT", "O"),
    "Committing_crime": ("ASSAULT", "ACCUSE", "O"),
    "Arrest": ("COERCE",),
    "Theft": ("COERCE", "O"),
    "Hindering": ("COERCE", "O"),
    "Preventing_or_letting": ("COERCE", "O"),
    "Protest": ("PROTEST",),
    "Request": ("REQUEST", "O"),
    "Commitment": ("AGREE", "THREATEN", "O"),
    "Sign_agreement": ("AGREE",),
    "Ratification": ("AGREE", "O"),
    "Agree_or_refuse_to_act": ("AGREE", "REJECT"),
    "Judgment_communication": ("ACCUSE", "SUPPORT", "O"),
    "Criminal_investigation": ("ACCUSE",),
    "Supporting": ("SUPPORT", "O"),
    "Collaboration": ("COOPERATE", "O"),
    "Supply": ("AID", "O"),
    "Assistance": ("AID", "SUPPORT", "O"),
    "Come_together": ("CONSULT", "O"),
    "Social_event": ("CONSULT", "O"),
    "Sending": ("MOBILIZE", "AID", "O"),
    "Departing": ("YIELD", "O"),
    "Change_of_leadership": ("YIELD", "ASSAULT", "O"),
    "Response": ("REJECT", "O"),
    "Control": ("ASSAULT", "O"),
}
FRAME_ROLES = {
    ("Attack", "Assailant"): "actor",
    ("Attack", "Victim"): "target",
    ("Attack", "Weapon"): "weapon",
    ("Hostile_encounter", "Side_1"): "actor",
    ("Hostile_encounter", "Side_2"): "target",
    ("Hostile_encounter", "Sides"): "actor",
    ("Killing", "Killer"): "actor",
    ("Killing", "Victim"): "victim",
    ("Killing", "Instrument"): "weapon",
    ("Destroying", "Destroyer"): "actor",
    ("Destroying", "Patient"): "target",
    ("Arrest", "Authorities"): "actor",
    ("Arrest", "Suspect"): "target",
    ("Protest", "Protester"): "actor",
    ("Sign_agreement", "Signatory"): "actor",
}


def geneva(path: Path) -> list[Document]:
    """Reads GENEVA: triggers whose frames have a counterpart here, and their arguments."""
    out = []
    for record in records(path):
        if record["split"] == "test":
            continue
        document = Document(record["id"], record["text"], "geneva", in_order=False)
        triggers, open_to = [], []
        argument = Pairs()
        for event in record["events"]:
            start, end = event["trigger"]["start"], event["trigger"]["end"]
            types = FRAMES.get(event["type"], ("O",))
            if len(types) > 1:
                open_to.append((start, end, types))
            elif types != ("O",):
                triggers.append(Span(start, end, types[0]))
            roles = {role for frame, role in FRAME_ROLES if frame == event["type"]}
            if not roles:
                continue
            argument.anchors.append(start)
            for filler in event["arguments"]:
                offset = _after_article(record["text"], filler["start"])
                argument.candidates.append(offset)
                role = FRAME_ROLES.get((event["type"], filler["role"]))
                if role:
                    argument.labels[start, offset] = role
                else:
                    argument.ignored.add((start, offset))
        document.tags["trigger"] = apart(triggers)
        document.choices["trigger"] = open_to
        document.pairs["argument"] = argument
        document.weights["trigger"] = 0.5
        out.append(document)
    return out


def _after_article(text: str, start: int) -> int:
    found = ARTICLE.match(text, start)
    return found.end() if found else start


# Types of re3d as entity types.
RE3D_TYPES: dict[str, tuple[str, ...]] = {
    "Organisation": ("organisation", "armed_group", "security_force", "government", "people"),
    "Person": ("person", "people"),
    "Location": ("place", "facility"),
    "Weapon": ("weapon",),
    "MilitaryPlatform": ("weapon", "facility", "O"),
    "Vehicle": ("facility", "weapon", "O"),
}
RE3D_GROUPS = re.compile(
    r"\b(?:ISI[LS]|Daesh|Da.esh|Islamic State|al[- ]Qa.?ida|al[- ]Qaeda|Nusrah?|Hi?zb[aou]ll?ah|Taliban"
    r"|terrorists?|militants?)\b",
    re.IGNORECASE,
)
RE3D_SIGNS = {"FightingAgainst": "hostile", "AlliesOf": "cooperative"}


def re3d(path: Path) -> list[Document]:
    """Reads re3d, on the war in Syria and Iraq: entities, some of unsure type, and who fights whom."""
    out = []
    for record in records(path):
        text = record["text"]
        document = Document(record["id"], text, "re3d")
        spans: list[Span] = []
        unsure: list[tuple[int, int, tuple[str, ...]]] = []
        for entity in record["entities"]:
            start, end = _after_article(text, entity["start"]), entity["end"]
            if entity["confidence"] < 0.5:
                continue
            types = RE3D_TYPES.get(entity["type"])
            if types is None:
                continue
            if entity["type"] == "Organisation" and RE3D_GROUPS.search(text[start:end]):
                types = ("armed_group",)
            if start < end:
                spans.append(Span(start, end, "|".join(types)))
        doubted = [(e["start"], e["end"], ()) for e in record["entities"] if e["confidence"] < 0.5]
        kept = apart(spans)
        inside = [d for d in doubted if all(d[1] <= k.start or k.end <= d[0] for k in kept)]
        for span in kept:
            types = tuple(span.label.split("|"))
            if len(types) > 1:
                unsure.append((span.start, span.end, types))
        document.tags["mention"] = [s for s in kept if "|" not in s.label]
        document.choices["mention"] = unsure + inside
        document.weights["mention"] = 0.4
        actors = sorted(
            {_after_article(text, e["start"]) for e in record["entities"] if e["type"] == "Organisation"}
        )
        relation = Pairs(anchors=actors, candidates=actors)
        for item in record["relations"]:
            pair = (_after_article(text, item["source"][0]), _after_article(text, item["target"][0]))
            for ends in (pair, pair[::-1]):
                if item["type"] in RE3D_SIGNS:
                    relation.labels[ends] = RE3D_SIGNS[item["type"]]
                else:
                    relation.ignored.add(ends)
        document.pairs["relation"] = relation
        document.weights["relation"] = 0.5
        out.append(document)
    return out


CROSSNER_TYPES: dict[str, tuple[str, ...]] = {
    "politician": ("person",),
    "person": ("person",),
    "politicalparty": ("organisation",),
    "organisation": ("organisation", "government", "security_force", "armed_group", "facility"),
    "country": ("place", "government"),
    "location": ("place", "facility"),
    "event": ("O",),
}


def crossner(path: Path) -> list[Document]:
    """Reads the politics part of CrossNER, train split: named entities."""
    out = []
    for record in records(path):
        if record["split"] == "test":
            continue
        document = Document(record["id"], record["text"], "crossner", in_order=False)
        spans, open_to = [], []
        for entity in record["entities"]:
            types = CROSSNER_TYPES.get(entity["type"], ())
            if len(types) == 1 and types != ("O",):
                spans.append(Span(entity["start"], entity["end"], types[0]))
            else:
                open_to.append((entity["start"], entity["end"], types))
        document.tags["mention"] = apart(spans)
        document.choices["mention"] = open_to
        document.weights["mention"] = 0.3
        out.append(document)
    return out


# Words of ECB+ event mentions that say what type of event it is; other mentions stay unknown.
ECB_WORDS: dict[str, str] = {
    "ASSAULT": r"kill|shoot|shot|murder|attack|bomb|stab|assassinat|slay|slain|massacre|rampage|"
    r"clash|air ?strike|raid|opened fire|gunned|wounding|injuring|explosion|blast|blew|exploded|hurl|rammed|"
    r"assault|rape|abduct|kidnap|beat to",
    "COERCE": r"arrest|detain|custody|caught|captured|vandal|arson|smash|loot",
    "TRIAL": r"charg|trial|convict|sentenc|guilty|indict|plead|execut|hang|verdict|acquit",
    "PROTEST": r"riot|protest|demonstrat|rally|march",
    "ACCUSE": r"accus|investigat|alleg|suspected|blam",
    "CONSULT": r"negotiation|talks|summit",
    "AGREE": r"cease-?fire|truce|peace deal|treaty",
    "YIELD": r"surrender|resign|withdr",
    "THREATEN": r"threat",
    "MOBILIZE": r"deploy|mobiliz",
}
ECB_NEVER = re.compile(
    r"said|says|say|told|reported|fire$|earthquake|quake|win|won|wins|victory|game|sequel|playoff|record|"
    r"rehab|outage|check|offer|scored|star|film|movie|acqui|merger|launch|tremor|magnitude|dies|died|death",
    re.IGNORECASE,
)


def ecb(path: Path) -> list[Document]:
    """Reads ECB+: event mentions in the sentences that were annotated whole, typed by their words."""
    sure = {kind: re.compile(rf"\b(?:{words})", re.IGNORECASE) for kind, words in ECB_WORDS.items()}
    out = []
    for record in records(path):
        document = Document(record["doc_id"], record["text"], "ecb", in_order=False)
        spans: list[Span] = []
        open_to: list[tuple[int, int, tuple[str, ...]]] = []
        for sentence in record["sentences"]:
            if not sentence["selected"]:
                open_to.append((sentence["start"], sentence["end"], ()))
        for mention in record["mentions"]:
            if mention["kind"] != "event" or not mention["selected"]:
                continue
            kinds = [kind for kind, words in sure.items() if words.search(mention["text"])]
            span = (mention["start"], mention["end"])
            if len(kinds) == 1 and not mention.get("parts"):
                spans.append(Span(*span, kinds[0]))
            elif kinds or not ECB_NEVER.match(mention["text"]):
                open_to.append((*span, ()))
        document.tags["trigger"] = apart(spans)
        document.choices["trigger"] = open_to
        document.weights["trigger"] = 0.3
        if spans or any(s["selected"] for s in record["sentences"]):
            out.append(document)
    return out


NGEC_RELEVANT = {
    "ASSAULT": True,
    "PROTEST": True,
    "AID": False,
    "COOPERATE": False,
    "SUPPORT": False,
    "AGREE": False,
}


def ngec(path: Path, seed: int, documents_max: int = 400) -> list[Document]:
    """Reads some of the stories written by a language model: only whether they tell of violence."""
    found = [r for r in records(path) if r["event"] in NGEC_RELEVANT]
    out = []
    for record in random.Random(seed).sample(found, min(documents_max, len(found))):
        document = Document(record["id"], record["text"], "ngec")
        document.relevant = NGEC_RELEVANT[record["event"]]
        document.weights["relevant"] = 0.3
        out.append(document)
    return out


def training_documents(data: Path, composed: Path, seed: int) -> dict[str, list[Document]]:
    """Reads everything that is trained on, by name of the part in the schedule."""
    own = reading(path_of(data, "reading"))
    quotes = polnear(path_of(data, "polnear"))
    web = factuality(path_of(data, "uds"), "uds")
    case = CaseByVocabulary(d.text for d in [*own, *quotes, *web])
    return {
        "reading": own,
        "composed": reading(composed, "composed"),
        "polnear": quotes,
        "muc4-lower": muc4(path_of(data, "muc4")),
        "muc4-cased": muc4(path_of(data, "muc4"), case),
        "uw": factuality(path_of(data, "uw"), "uw"),
        "uds": web,
        "meantime": factuality(path_of(data, "meantime"), "meantime"),
        "commitment": factuality(path_of(data, "commitment"), "commitment"),
        "geneva": geneva(path_of(data, "geneva")),
        "re3d": re3d(path_of(data, "re3d")),
        "crossner": crossner(path_of(data, "crossner")),
        "ecb": ecb(path_of(data, "ecb")),
        "ngec": ngec(path_of(data, "ngec"), seed),
    }
