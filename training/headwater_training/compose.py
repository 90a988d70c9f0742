"""Which sentences of our own are learnt? Makes `corpus/composed.jsonl` from the marked text beside it.

The marks are explained in `corpus/README.md`.
"""

from __future__ import annotations

import json
import random
import re
from pathlib import Path

from .heads import ROLES, SIGNS

TYPES = {
    "pe": "person",
    "ag": "armed_group",
    "sf": "security_force",
    "go": "government",
    "or": "organisation",
    "pp": "people",
    "pl": "place",
    "fa": "facility",
    "we": "weapon",
}
SLOT = re.compile(r"^<(\w+)> = (.+)\n", re.MULTILINE)
COPIES = 4
MARK = re.compile(r"\[|\]\{([^{}]*)\}")
PLAIN = 0.12
"""Share of copies written in lower case or in capitals, as some feeds are."""


def compose(source: Path, seed: int) -> list[dict]:
    """Returns documents in the format of reading."""
    rng = random.Random(seed)
    written = source.read_text(encoding="utf-8")
    slots = {found[1]: found[2].split(" | ") for found in SLOT.finditer(written)}
    out = []
    blocks = re.split(r"\n\s*\n", SLOT.sub("", written))
    for number, block in enumerate(blocks):
        lines = [line for line in block.splitlines() if line.strip() and not line.startswith("#")]
        if not lines:
            continue
        copies = COPIES if "<" in block else 1
        for copy in range(copies):
            out.append(_document(f"composed-{number}-{copy}", "\n".join(lines), slots, rng))
    return out


def _document(key: str, marked: str, slots: dict[str, list[str]], rng: random.Random) -> dict:
    chosen = {slot: rng.choice(values) for slot, values in slots.items()}
    chosen |= {slot.upper(): value.upper() for slot, value in chosen.items()}
    marked = re.sub(r"<(\w+)>", lambda found: chosen[found.group(1)], marked)
    marked, *relations = marked.split(";;")
    text, stretches = _parse(marked.strip(), key)
    if rng.random() < PLAIN:
        text = text.lower() if rng.random() < 0.5 else text.upper()
    if len(text) != max([len(text), *(b for _, b, _ in stretches)]):
        raise ValueError(f"cannot mark {key}: the length changed")
    entities: dict[str, dict] = {}
    events: dict[str, dict] = {}
    said: dict[str, dict] = {}
    for start, end, labels in stretches:
        for label in labels:
            _add(label, [start, end], text, entities, events, said, key)
    for event in events.values():
        if "trigger" not in event:
            raise ValueError(f"cannot mark {key}: a role without an event")
    return {
        "id": key,
        "text": text,
        "in_order": False,
        "licence": "as the program",
        "entities": list(entities.values()),
        "events": list(events.values()),
        "attributions": [s for s in said.values() if s["cue"] or s["content"]],
        "relations": [_relation(r, text, key) for r in relations],
    }


def _parse(marked: str, key: str) -> tuple[str, list[tuple[int, int, list[str]]]]:
    text, last, open_at, out = "", 0, [], []
    for found in MARK.finditer(marked):
        text += marked[last : found.start()]
        last = found.end()
        if found.group() == "[":
            open_at.append(len(text))
        elif not open_at:
            raise ValueError(f"cannot mark {key}: a bracket is not opened")
        else:
            out.append((open_at.pop(), len(text), found.group(1).split()))
    text += marked[last:]
    if open_at or re.search(r"[{}]", text):
        raise ValueError(f"cannot mark {key}: a bracket is not closed")
    return text, out


def _add(label: str, span: list[int], text: str, entities: dict, events: dict, said: dict, key: str) -> None:
    name, _, entity = label.partition("=")
    if name in TYPES:
        words = text[span[0] : span[1]].casefold()
        known = entities.setdefault(
            entity or f"{name} {words}",
            {
                "id": entity or f"x{len(entities)}",
                "type": TYPES[name],
                "name": text[slice(*span)],
                "mentions": [],
            },
        )
        known["mentions"].append(span)
        return
    event_mark = re.fullmatch(r"(\d?)!([A-Z]+)(?:/(\w+))?", label)
    role_mark = re.fullmatch(rf"(\d?)({'|'.join(ROLES)})", label)
    voice_mark = re.fullmatch(r"([scq])(\d?)(?::(\w+):(\w+)(:h)?)?", label)
    if event_mark:
        event = _event(events, event_mark.group(1) or "1")
        if "trigger" in event:
            event["same_as"].append(span)
        else:
            event |= {
                "trigger": span,
                "type": event_mark.group(2),
                "status": event_mark.group(3) or "happened",
            }
    elif role_mark:
        _event(events, role_mark.group(1) or "1")["args"].setdefault(role_mark.group(2), []).append(span)
    elif voice_mark:
        part, number, stance, kind, hedge = voice_mark.groups()
        item = said.setdefault(
            number or "1",
            {
                "source": None,
                "cue": None,
                "content": None,
                "stance": "asserts",
                "source_kind": "unnamed",
                "hedged": False,
            },
        )
        item[{"s": "source", "q": "cue", "c": "content"}[part]] = span
        if part == "q":
            item |= {"stance": stance, "source_kind": kind, "hedged": bool(hedge)}
    else:
        raise ValueError(f"cannot mark {key}: unknown label {label}")


def _event(events: dict, number: str) -> dict:
    return events.setdefault(number, {"id": f"e{number}", "kind": "", "args": {}, "same_as": []})


def _relation(written: str, text: str, key: str) -> dict:
    sign, a, b = written.split()
    if sign not in SIGNS:
        raise ValueError(f"cannot mark {key}: unknown sign {sign}")
    return {"a": a, "b": b, "sign": sign, "evidence": [0, len(text)], "said_by": None}


def write(source: Path, target: Path, seed: int) -> int:
    """Writes the corpus and returns how many documents it has."""
    documents = compose(source, seed)
    with target.open("w", encoding="utf-8") as out:
        for document in documents:
            out.write(json.dumps(document, ensure_ascii=False) + "\n")
    return len(documents)
