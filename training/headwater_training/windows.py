"""How is a text cut into windows of word pieces?"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

from .document import Document, Pairs
from .heads import BY_NAME

CLS, SEP, MASK = 101, 102, 103
PIECES_MAX = 190
UNKNOWN = -100
SENTENCE_END = re.compile(r"(?<=[.?!\"”’])\s+(?=[^\sa-z])|(?<=[.?!\"])\s{2,}|\s*\n\s*|\s{4,}")
CASE_OTHER, CASE_LOWER, CASE_TITLE, CASE_UPPER, CASE_MIXED, CASE_DIGIT = range(6)


class Pieces:
    """The WordPiece tokeniser of uncased BERT, without truncation or padding."""

    def __init__(self, vocabulary: Path) -> None:
        self.tokenizer = Tokenizer(
            models.WordPiece.from_file(str(vocabulary), unk_token="[UNK]", max_input_chars_per_word=100)
        )
        self.tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
        self.tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()

    def cut(self, text: str) -> tuple[list[int], list[int], list[tuple[int, int]]]:
        """Returns piece ids, the word of each piece, and each word's characters."""
        encoding = self.tokenizer.encode(text, add_special_tokens=False)
        words: list[tuple[int, int]] = []
        word_of: list[int] = []
        last = None
        for (start, end), word in zip(encoding.offsets, encoding.word_ids, strict=True):
            if word == last:
                words[-1] = (words[-1][0], end)
            else:
                words.append((start, end))
                last = word
            word_of.append(len(words) - 1)
        return encoding.ids, word_of, words


def case_of(word: str) -> int:
    """Returns the row of the case embedding for a word as it stands in the text."""
    if any(c.isnumeric() for c in word):
        return CASE_DIGIT
    letters = [c for c in word if c.isalpha()]
    upper = sum(c.isupper() for c in letters)
    lower = sum(c.islower() for c in letters)
    if upper == 0:
        return CASE_LOWER if lower else CASE_OTHER
    if lower == 0:
        return CASE_UPPER if upper > 1 else CASE_TITLE
    return CASE_TITLE if upper == 1 and letters[0].isupper() else CASE_MIXED


def sentences(text: str) -> list[tuple[int, int]]:
    """Returns the stretches between sentence ends, plainly found."""
    out, start = [], 0
    for end in SENTENCE_END.finditer(text):
        if text[start : end.start()].strip():
            out.append((start, end.start()))
        start = end.end()
    if text[start:].strip():
        out.append((start, len(text)))
    return out


@dataclass
class PairItems:
    """Pairs of words with their labels; UNKNOWN pairs were left out."""

    first: list[int] = field(default_factory=list)
    second: list[int] = field(default_factory=list)
    label: list[int] = field(default_factory=list)


@dataclass
class Window:
    """What the network sees at once, with its targets; words count from 0 in the window."""

    document: Document
    number: int
    first_word: int
    ids: np.ndarray
    case: np.ndarray
    heads_at: np.ndarray
    """Where each word's first piece stands, [CLS] included."""
    words: list[tuple[int, int]]
    tags: dict[str, np.ndarray] = field(default_factory=dict)
    choices: dict[str, dict[int, tuple[int, ...]]] = field(default_factory=dict)
    classes: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    scores: dict[str, list[tuple[int, float]]] = field(default_factory=dict)
    pairs: dict[str, PairItems] = field(default_factory=dict)

    @property
    def length(self) -> int:
        return len(self.ids)


def windows(document: Document, pieces: Pieces) -> list[Window]:
    """Packs whole sentences into windows; a longer sentence is cut."""
    ids, word_of, words = pieces.cut(document.text)
    if not ids:
        return []
    cases = [case_of(document.text[a:b]) for a, b in words]
    out: list[Window] = []
    for begin, end in _stretches(document.text, word_of, words):
        first, last = word_of[begin], word_of[end - 1]
        heads_at, seen = [], -1
        for position in range(begin, end):
            if word_of[position] != seen:
                seen = word_of[position]
                heads_at.append(position - begin + 1)
        case = [0, *(cases[word_of[p]] for p in range(begin, end)), 0]
        window = Window(
            document,
            min(len(out) + 1, 4) if document.in_order else 0,
            first,
            np.array([CLS, *ids[begin:end], SEP], np.int64),
            np.array(case, np.int64),
            np.array(heads_at, np.int64),
            words[first : last + 1],
        )
        out.append(window)
    for window in out:
        _set_targets(window)
    return out


def _stretches(text: str, word_of: list[int], words: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Returns the piece range of each window."""
    ends = [end for _, end in sentences(text)]
    sizes: list[tuple[int, int]] = []
    begin, sentence = 0, 0
    for piece in range(len(word_of)):
        start = words[word_of[piece]][0]
        moved = False
        while sentence < len(ends) - 1 and start >= ends[sentence]:
            sentence += 1
            moved = True
        if moved and piece > begin:
            sizes.append((begin, piece))
            begin = piece
    sizes.append((begin, len(word_of)))
    out: list[tuple[int, int]] = []
    for begin, end in sizes:
        if out and end - out[-1][0] <= PIECES_MAX:
            out[-1] = (out[-1][0], end)
            continue
        while end - begin > PIECES_MAX:
            cut = begin + PIECES_MAX
            while cut > begin + 1 and word_of[cut] == word_of[cut - 1]:
                cut -= 1
            out.append((begin, cut))
            begin = cut
        out.append((begin, end))
    return out


def _set_targets(window: Window) -> None:
    document = window.document
    starts = np.array([a for a, _ in window.words])
    ends = np.array([b for _, b in window.words])

    def covered(start: int, end: int) -> np.ndarray:
        return np.flatnonzero((starts < end) & (ends > start))

    def word_at(offset: int) -> int | None:
        found = np.flatnonzero((starts <= offset) & (ends > offset))
        return int(found[0]) if len(found) else None

    for name, spans in document.tags.items():
        labels = BY_NAME[name].labels
        row = np.zeros(len(starts), np.int64)
        for start, end, label in spans:
            found = covered(start, end)
            if not len(found):
                continue
            suffix = f"-{label}" if label else ""
            row[found] = labels.index("I" + suffix)
            if start >= starts[0]:  # else it began in an earlier window
                row[found[0]] = labels.index("B" + suffix)
        window.tags[name] = row
    for name, stretches in document.choices.items():
        labels = BY_NAME[name].labels
        open_to: dict[int, tuple[int, ...]] = {}
        for start, end, allowed in stretches:
            for place, word in enumerate(covered(start, end)):
                mark = "B-" if place == 0 else "I-"
                open_to[int(word)] = tuple(labels.index(a if a == "O" else mark + a) for a in allowed)
        window.choices[name] = open_to
    for name, points in document.classes.items():
        labels = BY_NAME[name].labels
        window.classes[name] = [(w, labels.index(x)) for o, x in points if (w := word_at(o)) is not None]
    for name, values in document.scores.items():
        window.scores[name] = [(w, x) for o, x in values if (w := word_at(o)) is not None]
    for name, pairs in document.pairs.items():
        window.pairs[name] = _pair_items(name, pairs, window, word_at)


def _pair_items(name: str, pairs: Pairs, window: Window, word_at: Callable[[int], int | None]) -> PairItems:
    labels = BY_NAME[name].labels
    earlier_only = name in ("coref", "same_event")
    anchors = {o: w for o in pairs.anchors if (w := word_at(o)) is not None}
    every = pairs.candidates is None
    known: dict[tuple[int, int], int] = {}
    if every:
        seconds = list(range(len(window.words)))
    else:
        seconds = sorted({w for o in pairs.candidates if (w := word_at(o)) is not None})
    for first in anchors.values():
        for second in seconds:
            if (not every and second == first) or (earlier_only and second >= first):
                continue
            known[first, second] = 0
    for (a, b), label in pairs.labels.items():
        first, second = word_at(a), word_at(b)
        if first is not None and second is not None and (first, second) in known:
            known[first, second] = labels.index(label)
    for a, b in pairs.ignored:
        first, second = word_at(a), word_at(b)
        if first is not None and second is not None and known.get((first, second)) == 0:
            del known[first, second]
    items = PairItems()
    for (first, second), label in known.items():
        items.first.append(first)
        items.second.append(second)
        items.label.append(label)
    return items
