"""What training rests on."""

from __future__ import annotations

import random
import unittest
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import torch
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

from headwater_training import batches, compose, corpora, decode, export, model, windows
from headwater_training.document import Document, Pairs, Span, apart

VOCABULARY = ["[PAD]", "[UNK]", "police", "said", "gun", "##men", "killed", "two", "people", ".", ","]


def pieces() -> windows.Pieces:
    """Returns a tokeniser of a few words."""
    made = windows.Pieces.__new__(windows.Pieces)
    ids = {piece: number for number, piece in enumerate(VOCABULARY)}
    made.tokenizer = Tokenizer(models.WordPiece(ids, unk_token="[UNK]"))
    made.tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    made.tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    return made


class Windows(unittest.TestCase):
    def test_every_piece_is_in_just_one_window(self) -> None:
        text = "Gunmen killed two people. " * 90
        found = windows.windows(Document("d", text, "own"), pieces())
        self.assertGreater(len(found), 1)
        self.assertEqual(sum(len(w.ids) - 2 for w in found), 6 * 90)
        self.assertTrue(all(len(w.ids) <= windows.PIECES_MAX + 2 for w in found))
        self.assertEqual([w.number for w in found][:2], [1, 2])

    def test_a_sentence_longer_than_a_window_is_cut_between_words(self) -> None:
        found = windows.windows(Document("d", "gunmen " * 300, "own"), pieces())
        self.assertEqual(sum(len(w.words) for w in found), 300)

    def test_a_span_that_goes_on_in_the_next_window_begins_only_once(self) -> None:
        text = "Gunmen killed two people. " * 90
        document = Document("d", text, "own", tags={"content": [Span(0, len(text))]})
        labels = np.concatenate([w.tags["content"] for w in windows.windows(document, pieces())])
        self.assertEqual([labels[0], *set(labels[1:])], [1, 2])

    def test_case_is_told_by_letters(self) -> None:
        words = {"the": 1, "Police": 2, "ISIS": 3, "A": 2, "McCain": 4, "F-16": 5, ",": 0, "U": 2, "eBay": 4}
        self.assertEqual({w: windows.case_of(w) for w in words}, words)

    def test_pairs_that_are_not_annotated_are_left_out(self) -> None:
        text = "gunmen killed two people"
        pairs = Pairs([7], [0, 14, 18], {(7, 0): "actor"}, {(7, 14)})
        document = Document("d", text, "own", pairs={"argument": pairs})
        found = windows.windows(document, pieces())[0].pairs["argument"]
        self.assertEqual(list(zip(found.second, found.label, strict=True)), [(0, 1), (3, 0)])


class Loss(unittest.TestCase):
    def test_a_word_that_may_be_one_of_two_things_has_both_allowed(self) -> None:
        document = Document("d", "gunmen killed two people", "own", tags={"mention": []})
        document.choices["mention"] = [(0, 6, ("people", "armed_group")), (7, 13, ())]
        batch = batches.collate(windows.windows(document, pieces()))
        rows, codes, _ = batch.tags["mention"]
        self.assertEqual(rows.tolist(), [0, 2, 3])  # nothing is known of "killed"
        self.assertEqual(int(batch.tables["mention"][codes[0]].sum()), 2)

    def test_a_schedule_depends_on_the_seed_alone(self) -> None:
        found = windows.windows(Document("d", "Gunmen killed two people. " * 400, "own"), pieces())
        made = [batches.schedule({"own": found}, {"own": batches.Part(2.5)}, seed) for seed in (1, 1, 2)]
        self.assertEqual(made[0], made[1])
        self.assertNotEqual(made[0], made[2])


class Decode(unittest.TestCase):
    def test_an_inside_never_follows_an_outside(self) -> None:
        logits = np.array([[2.0, 0.0, 0.0], [1.0, 0.0, 1.5], [0.0, 0.0, 3.0]])
        self.assertEqual(decode.best_path(logits, ("O", "B", "I")), [0, 1, 2])

    def test_a_distance_bucket_is_the_bit_length_with_the_sign(self) -> None:
        distance = torch.tensor([0, 1, -1, 2, 3, 4, -63, 64, -190])
        self.assertEqual(model.bucket_of(distance).tolist(), [7, 8, 6, 9, 9, 10, 1, 14, 0])


class Export(unittest.TestCase):
    def test_rounding_twice_is_rounding_once(self) -> None:
        weight = torch.randn(4, 16)
        whole, scale = export.quantise(weight)
        again, _ = export.quantise(whole.float() * scale[:, None])
        self.assertTrue(torch.equal(whole, again))
        self.assertLess(float((whole.float() * scale[:, None] - weight).abs().max()), float(scale.max()))


class Corpora(unittest.TestCase):
    def test_a_test_file_is_refused(self) -> None:
        with self.assertRaises(ValueError):
            corpora.path_of(Path("data"), "muc4", "test")

    def test_the_longer_of_two_spans_that_overlap_is_kept(self) -> None:
        self.assertEqual(apart([Span(0, 5), Span(3, 20), Span(21, 22)]), [Span(3, 20), Span(21, 22)])

    def test_marks_become_spans(self) -> None:
        marked = "[[Two] {plain} "
        with self.assertRaises(ValueError):
            compose._parse(marked, "k")
        with TemporaryDirectory() as folder:
            source = Path(folder) / "composed.txt"
            source.write_text(
                "<n> = two\n\n[Gunmen]{ag actor} [killed]{!ASSAULT} [<n> [men]{pp victim}]{killed}.\n"
            )
            (made, *_) = compose.compose(source, 1)
        text = made["text"].lower()
        self.assertEqual(text, "gunmen killed two men.")
        event = made["events"][0]
        self.assertEqual(text[slice(*event["args"]["killed"][0])], "two men")
        self.assertEqual(text[slice(*event["args"]["victim"][0])], "men")

    def test_capitals_come_from_other_texts(self) -> None:
        case = corpora.CaseByVocabulary(iter(["it was, Bogota said, the police of Bogota"]))
        self.assertEqual(case.restore("the police of bogota. they"), "The police of Bogota. They")


class Reproducible(unittest.TestCase):
    def test_what_is_dropped_depends_on_the_step_alone(self) -> None:
        found = windows.windows(Document("d", "Gunmen killed two people. " * 40, "own"), pieces())
        ids = [batches.collate(found, random.Random("11-3")).ids for _ in range(2)]
        self.assertTrue(torch.equal(*ids))


if __name__ == "__main__":
    unittest.main()
