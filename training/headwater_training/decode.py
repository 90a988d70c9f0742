"""What does the tagger say of a text? From probabilities to spans, events and attributions."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import torch

from .batches import PIECES_PER_BATCH, collate
from .document import Document
from .heads import BY_NAME, HEADS
from .model import Tagger, bucket_of
from .windows import Pieces, Window, windows

IMPOSSIBLE = -1e9


@dataclass(frozen=True)
class Policy:
    """Decisions that are settled on the dev files."""

    outside: dict[str, float] = field(default_factory=dict)
    """Added to the logit of O of a tag head: below 0 finds more."""
    argument_min: float = 0.5
    source_min: float = 0.3
    content_min: float = 0.3
    same_event_min: float = 0.5
    same_entity_min: float = 0.5
    relation_min: float = 0.5


@dataclass
class Seen:
    """A window with what the network made of it."""

    window: Window
    words: torch.Tensor
    """Hidden state of each word."""
    logits: dict[str, np.ndarray]
    start: torch.Tensor
    """Hidden state of [CLS]."""
    sides: dict[str, tuple[torch.Tensor, torch.Tensor]] = field(default_factory=dict)
    """What each word brings into a pair as its first and as its second, by pair head."""


@dataclass
class Reading:
    """A text as the network sees it."""

    document: Document
    seen: list[Seen]
    found: dict[tuple[str, float], list[tuple[int, int, str]]] = field(default_factory=dict)
    """Spans already decoded, by head and what was added to O: settling asks for the same ones often."""

    @cached_property
    def words(self) -> list[tuple[int, int]]:
        return [word for s in self.seen for word in s.window.words]

    def logits(self, head: str) -> np.ndarray:
        return np.concatenate([s.logits[head] for s in self.seen])

    def place(self, word: int) -> tuple[Seen, int]:
        """Returns the window of a word of the text, and the word's number there."""
        for seen in self.seen:
            if word < len(seen.window.words):
                return seen, word
            word -= len(seen.window.words)
        raise IndexError(word)

    def first_of(self, seen: Seen) -> int:
        """Returns the number of a window's first word in the text."""
        return sum(len(s.window.words) for s in self.seen[: self.seen.index(seen)])


@torch.inference_mode()
def read(tagger: Tagger, documents: list[Document], pieces: Pieces) -> list[Reading]:
    """Runs the network over documents."""
    tagger.eval()
    readings = [Reading(d, []) for d in documents]
    todo = [(r, w) for r in readings for w in windows(r.document, pieces)]
    order = sorted(range(len(todo)), key=lambda i: todo[i][1].length)
    done: list[Seen | None] = [None] * len(todo)
    at = 0
    while at < len(order):
        size = 1
        while at + size < len(order) and (size + 1) * todo[order[at + size]][1].length <= PIECES_PER_BATCH:
            size += 1
        chosen = order[at : at + size]
        batch = collate([todo[i][1] for i in chosen])
        hidden = tagger.encode(batch.ids, batch.case, batch.number, batch.mask)
        for row, i in enumerate(chosen):
            window = todo[i][1]
            words = hidden[row][window.heads_at].clone()
            logits = {
                h.name: tagger.logits(h, words).numpy() for h in HEADS if h.kind in ("tag", "class", "score")
            }
            done[i] = Seen(window, words, logits, hidden[row, 0].clone())
        at += size
    for (reading, _), seen in zip(todo, done, strict=True):
        reading.seen.append(seen)
    return readings


def softmax(logits: np.ndarray) -> np.ndarray:
    e = np.exp(logits - logits.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def best_path(logits: np.ndarray, labels: tuple[str, ...], outside: float = 0.0) -> list[int]:
    """Returns the likeliest labels in which each I follows its own B or I."""
    scores = logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)
    scores[:, 0] += outside
    allowed = np.zeros((len(labels), len(labels)))
    for j, label in enumerate(labels):
        if label.startswith("I"):
            for i, before in enumerate(labels):
                if before[0] not in "BI" or before[1:] != label[1:]:
                    allowed[i, j] = IMPOSSIBLE
    best = scores[0] + np.array([IMPOSSIBLE if x.startswith("I") else 0.0 for x in labels])
    back = []
    for row in scores[1:]:
        through = best[:, None] + allowed
        back.append(through.argmax(0))
        best = through.max(0) + row
    path = [int(best.argmax())]
    for pointers in reversed(back):
        path.append(int(pointers[path[-1]]))
    return path[::-1]


def spans(reading: Reading, head: str, policy: Policy) -> list[tuple[int, int, str]]:
    """Returns the spans of a tag head as ranges of words with their label."""
    labels = BY_NAME[head].labels
    outside = policy.outside.get(head, 0.0)
    if not reading.seen:
        return []
    if (head, outside) in reading.found:
        return reading.found[head, outside]
    out: list[tuple[int, int, str]] = []
    for word, code in enumerate(best_path(reading.logits(head), labels, outside)):
        label = labels[code]
        if label.startswith("B"):
            out.append((word, word + 1, label[2:]))
        elif label.startswith("I"):
            out[-1] = (out[-1][0], word + 1, out[-1][2])
    reading.found[head, outside] = out
    return out


def characters(reading: Reading, span: tuple[int, int]) -> list[int]:
    """Returns the character range of a range of words."""
    words = reading.words
    return [words[span[0]][0], words[span[1] - 1][1]]


@torch.inference_mode()
def pair_scores(tagger: Tagger, head: str, seen: Seen, firsts: list[int], seconds: list[int]) -> np.ndarray:
    """Returns the probabilities of each first with each second word, as [first, second, label]."""
    if not firsts or not seconds:
        return np.zeros((len(firsts), len(seconds), len(BY_NAME[head].labels)), np.float32)
    pair = tagger.pair[head]
    if head not in seen.sides:
        seen.sides[head] = (pair.a(seen.words), pair.bm(seen.words))
    one, two = seen.sides[head][0][firsts, None], seen.sides[head][1][None, seconds]
    apart = bucket_of(torch.tensor(seconds)[None] - torch.tensor(firsts)[:, None])
    return pair.score(one, two, apart).softmax(-1).numpy()


@dataclass
class Attribution:
    """Who says what, as ranges of words."""

    cue: tuple[int, int]
    source: tuple[int, int] | None
    contents: list[tuple[int, int]]


def attributions(tagger: Tagger, reading: Reading, policy: Policy) -> list[Attribution]:
    """Ties each content to its likeliest cue, and each cue to its likeliest source."""
    cues = [(a, b) for a, b, _ in spans(reading, "cue", policy)]
    sources = [(a, b) for a, b, _ in spans(reading, "source", policy)]
    contents = [(a, b) for a, b, _ in spans(reading, "content", policy)]
    mentions = [(a, b) for a, b, _ in spans(reading, "mention", policy)]
    source_code, content_code = (BY_NAME["voice"].labels.index(x) for x in ("source", "content"))
    out: list[Attribution] = []
    first = 0
    for seen in reading.seen:
        end = first + len(seen.window.words)
        here = [c for c in cues if first <= c[0] < end]
        every = list(range(end - first))
        p = pair_scores(tagger, "voice", seen, [c[0] - first for c in here], every)
        said: list[list[tuple[int, int]]] = [[] for _ in here]
        for content in contents:
            if not here or not first <= content[0] < end:
                continue
            column = p[:, content[0] - first, content_code]
            best = int(column.argmax())
            if column[best] >= policy.content_min:
                said[best].append(content)
        for i, cue in enumerate(here):
            if not said[i] and len(every):
                j = int(p[i, :, content_code].argmax())
                around = [c for c in contents if c[0] <= j + first < c[1]]
                if around and p[i, j, content_code] >= policy.content_min:
                    said[i].append((j + first, around[0][1]))
            near = [s for s in sources if first <= s[0] < end]
            named = [m for m in mentions if first <= m[0] < end]
            source = None
            for among in (near, named):  # a mention is a source where no source was found
                likely = max(among, key=lambda s: p[i, s[0] - first, source_code], default=None)
                if source is None and likely and p[i, likely[0] - first, source_code] >= policy.source_min:
                    source = likely
            out.append(Attribution(cue, source, sorted(said[i])))
        first = end
    return out


@dataclass
class Event:
    """One act with its triggers and arguments, as ranges of words."""

    triggers: list[tuple[int, int]]
    kind: str
    status: str
    arguments: dict[str, list[tuple[int, int]]]


def events(tagger: Tagger, reading: Reading, policy: Policy) -> list[Event]:
    """Finds triggers, joins those of one act, and ties mentions to them.

    Triggers of one type and the same words are taken for one act however far apart: a report that comes
    back to an act mostly calls it the same.
    """
    triggers = spans(reading, "trigger", policy)
    fillers = [*spans(reading, "mention", policy), *spans(reading, "detail", policy)]
    labels = BY_NAME["argument"].labels
    statuses = BY_NAME["status"].labels
    named: dict[tuple[str, str], Event] = {}
    out: list[Event] = []
    first = 0
    for seen in reading.seen:
        end = first + len(seen.window.words)
        here = [t for t in triggers if first <= t[0] < end]
        near = [f for f in fillers if first <= f[0] < end]
        places = [t[0] - first for t in here]
        same = pair_scores(tagger, "same_event", seen, places, places)
        roles = pair_scores(tagger, "argument", seen, places, [f[0] - first for f in near])
        event_of: list[Event] = []
        for i, (a, b, kind) in enumerate(here):
            found: dict[str, list[tuple[int, int]]] = {}
            for k, (c, d, filler_kind) in enumerate(near):
                p = roles[i, k].copy()
                fits = [
                    0.0 if role == "none" or not _fits(role, filler_kind) else p[n]
                    for n, role in enumerate(labels)
                ]
                best = int(np.argmax(fits))
                if fits[best] >= policy.argument_min:
                    found.setdefault(labels[best], []).append((c, d))
            earlier = [j for j in range(i) if here[j][2] == kind and same[i, j, 1] >= policy.same_event_min]
            words = reading.document.text[slice(*characters(reading, (a, b)))].lower()
            if earlier or (kind, words) in named:
                event = event_of[max(earlier, key=lambda j: same[i, j, 1])] if earlier else named[kind, words]
                event.triggers.append((a, b))
                for role, those in found.items():
                    known = event.arguments.setdefault(role, [])
                    known += [s for s in those if s not in known]
            else:
                status = statuses[int(seen.logits["status"][a - first].argmax())]
                event = Event([(a, b)], kind, status, found)
                out.append(event)
            event_of.append(event)
            named[kind, words] = event
        first = end
    return out


def _fits(role: str, filler: str) -> bool:
    """Times fill only times, counts only counts, people and things the rest."""
    if filler == "time":
        return role == "time"
    if filler == "count":
        return role in ("killed", "injured", "detained")
    if role == "place":
        return filler in ("place", "facility")
    if role == "weapon":
        return filler in ("weapon", "facility")
    return role != "time"
