"""From text to token ids: the tokenizer, the vocabulary and the pretrained word vectors."""

import gzip
import io
import math
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from lib.text.corpora import CorpusError

PADDING, UNKNOWN = "<pad>", "<unk>"
GLOVE = "https://nlp.stanford.edu/data/glove.6B.zip"
GLOVE_SHA256 = "617afb2fe6cbd085c235baf7a465b96f4112bd7f7ccb2b2cbd649fed9cbcf2fb"
_SPACE = re.compile(r"[ \t]+")
_BREAK = re.compile(r"<br\s*/?>")
_TOKEN = re.compile(r"\w+(?=n't)|n't|'(?:s|m|d|re|ve|ll)\b|\w+|([^\w\s])\1*")


def tokenize(text: str) -> list[str]:
    """Lower-cased words and punctuation marks, cut as the GloVe vectors expect.

    `<br />` separates words; contractions are split ("don't" → "do", "n't"; "it's" → "it", "'s"); every punctuation
    mark is a token and a run of the same mark is one token ("!!!" → "!").
    """
    text = _BREAK.sub(" ", text.lower().replace("’", "'"))
    return [match.group(1) or match.group() for match in _TOKEN.finditer(text)]


@dataclass(frozen=True)
class Vocabulary:
    """The words a network knows; a word's token id is its place in `words` (0 is padding, 1 any unknown word)."""

    words: Sequence[str]

    @cached_property
    def index(self) -> dict[str, int]:
        return {word: i for i, word in enumerate(self.words)}

    def __len__(self) -> int:
        return len(self.words)

    @classmethod
    def of(cls, documents: Iterable[Sequence[str]], size: int) -> "Vocabulary":
        """The `size` − 2 most frequent words seen at least twice; ties in alphabetical order."""
        counts = Counter(word for document in documents for word in document)
        frequent = sorted((-count, word) for word, count in counts.items() if count > 1)
        return cls((PADDING, UNKNOWN, *(word for _, word in frequent[: size - 2])))

    def encode(self, tokens: Sequence[str]) -> np.ndarray:
        """Token ids [time] of a document."""
        return np.array([self.index.get(token, 1) for token in tokens], dtype=np.int32)


def word_vectors(vocabulary: Vocabulary, dimension: int, data_dir: Path | None = None) -> np.ndarray:
    """GloVe 6B vectors of the vocabulary [word, dimension]; zero for padding, unknown and words without a vector.

    Read from `<data_dir>/glove/`, or fetched once from Stanford and checked against its SHA-256. The text formats of word2vec
    and fastText are read as well: a heading, tabs, a byte-order mark.
    Source: Pennington, Socher & Manning 2014. Raises CorpusError where the file is missing or a line that is needed is damaged.
    """
    vectors = np.zeros((len(vocabulary), dimension), dtype=np.float32)
    known = {word: i for word, i in vocabulary.index.items() if i > 1}
    found = 0
    try:
        for number, line in enumerate(_glove_lines(dimension, data_dir), 1):
            word, *rest = _SPACE.split(line.removeprefix("\ufeff").rstrip(), 1)
            if word in known and (vector := _vector(word, rest, dimension, number)) is not None:
                vectors[known[word]] = vector
                found += 1
        if known and not found:
            raise ValueError("no line begins with a word of the vocabulary")
    except (OSError, EOFError, ValueError, zlib.error, zipfile.BadZipFile, KeyError) as error:
        raise CorpusError(
            f"The {dimension}-dimensional GloVe vectors cannot be read ({error}): "
            f"place glove/glove.6B.{dimension}d.txt.gz under DATA_DIR, or unset DATA_DIR to fetch them."
        ) from error
    return vectors


def _vector(word: str, rest: Sequence[str], dimension: int, number: int) -> np.ndarray | None:
    """The vector of a word from the rest of its line; None where the line is the file's heading, or has more words in front."""
    fields = rest[0].split() if rest else []
    if number == 1 and word.isdecimal() and len(fields) == 1 != dimension:
        return None
    if len(fields) > dimension and not all(map(_is_number, fields[:-dimension])):
        return None
    if len(fields) != dimension or not all(map(_is_number, fields)):
        raise ValueError(f'line {number}, of the word "{word}", does not hold {dimension} numbers')
    return np.array(fields, dtype=np.float32)


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def _glove_lines(dimension: int, data_dir: Path | None) -> Iterable[str]:
    if data_dir is not None:
        with gzip.open(Path(data_dir, "glove", f"glove.6B.{dimension}d.txt.gz"), "rt", encoding="utf-8") as lines:
            yield from lines
        return
    import pooch  # only a first download needs it

    archive = pooch.retrieve(GLOVE, known_hash=f"sha256:{GLOVE_SHA256}", progressbar=True)
    with zipfile.ZipFile(archive) as files, files.open(f"glove.6B.{dimension}d.txt") as raw:
        yield from io.TextIOWrapper(raw, encoding="utf-8")
