"""Readers of the tagged corpora that the tagger and the lemma table are made from."""

from __future__ import annotations

import gzip
import io
import tarfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

CASES = ("-", "Nom", "Gen", "Dat", "Acc")
_FEWEST_COLUMNS = 8


@dataclass(frozen=True, slots=True)
class TaggedWord:
    """A word with its STTS tag (finite verbs with `.S` or `.I` for the mood), lemma and case.

    `case` is None where the corpus does not tell.
    """

    word: str
    tag: str
    lemma: str
    case: str | None


Sentence = list[TaggedWord]


def read_conllu(path: Path) -> list[Sentence]:
    """Read a gzipped CoNLL-U file whose fifth column holds STTS tags."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [sentence for block in _blocks(lines) if (sentence := list(_conllu_words(block)))]


def _blocks(lines: Iterable[str]) -> Iterator[list[list[str]]]:
    block: list[list[str]] = []
    for line in lines:
        if line.strip() and not line.startswith("#"):
            block.append(line.rstrip("\n").split("\t"))
        elif not line.strip() and block:
            yield block
            block = []
    if block:
        yield block


def _conllu_words(block: list[list[str]]) -> Iterator[TaggedWord]:
    """Give surface words: `zum` once, and not its two parts."""
    parts: set[str] = set()
    for number, word, lemma, _, tag, features, *_ in block:
        if "-" in number:
            first, last = number.split("-")
            parts = {str(part) for part in range(int(first), int(last) + 1)}
            yield TaggedWord(word, "APPRART", word.lower(), "-")
        elif "." not in number and number not in parts:
            known = dict(pair.split("=", 1) for pair in features.split("|") if "=" in pair)
            mood = ".S" if known.get("Mood") == "Sub" else ".I"
            yield TaggedWord(word, _stts(tag, mood), lemma, known.get("Case", "-"))


def _stts(tag: str, mood: str) -> str:
    tag = tag.replace("PROAV", "PAV")
    return tag + mood if tag.endswith("FIN") else tag


def read_redewiedergabe(path: Path) -> list[Sentence]:
    """Read the corpus archive (a .tar.xz of .tsv files) in the order of the file names."""
    sentences: list[Sentence] = []
    with tarfile.open(path) as archive:
        members = [member for member in archive.getmembers() if "/tsv/rwk_" in member.name]
        for member in sorted(members, key=lambda member: member.name):
            content = archive.extractfile(member)
            assert content is not None
            sentences += _tsv_sentences(io.TextIOWrapper(content, encoding="utf-8-sig"))
    return sentences


def _tsv_sentences(lines: Iterable[str]) -> Iterator[Sentence]:
    rows = (line.rstrip("\n").split("\t") for line in lines)
    header = next(rows)
    sentence: Sentence = []
    for row in rows:
        if len(row) < _FEWEST_COLUMNS:
            continue
        cells = dict(zip(header, row, strict=False))
        if cells.get("sentstart") == "yes" and sentence:
            yield sentence
            sentence = []
        if cells.get("pos") and cells.get("tok"):
            sentence.append(_tsv_word(cells))
    if sentence:
        yield sentence


def _tsv_word(cells: dict[str, str]) -> TaggedWord:
    tag = "FM" if cells["pos"].startswith("FM") else cells["pos"].split(".xy")[0]
    morphology = cells["rfpos"].split(".")
    mood = ".S" if morphology[-1] == "Subj" else ".I"
    case = next((case for case in CASES[1:] if case in morphology), "-")
    return TaggedWord(cells["tok"], _stts(tag, mood), cells["lemma"], case)
