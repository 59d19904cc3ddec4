"""A corpus as text and label: IMDB, Yelp, SST, some of them in finer grades, and synthetic languages with a known answer.

A folder of DATA_DIR with files of the same kind is a corpus too (`lib.text.own`). To add one that is checked, add its entry to
`CORPORA`; `fingerprint` prints the checksum that the entry needs. To add finer classes of one, add an entry to `GRADED`.
"""

import hashlib
import re
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pandas as pd

from lib.text import languages, own, synthetic
from lib.text.languages import LANGUAGES
from lib.text.own import CorpusError

SPLITS = ("train", "validation", "test")
VALIDATION_SHARE = 10  # one group of documents in ten, where the corpus brings no validation split of its own


@dataclass(frozen=True)
class Edition:
    """What a published version of a corpus must contain: documents and content fingerprint of each split."""

    title: str
    counts: Mapping[str, int]
    fingerprints: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Source:
    """Where a corpus comes from: the public hub, or the files of DATA_DIR."""

    hub: str
    hub_edition: Edition
    local_edition: Edition


_IMDB = Edition(
    "IMDB",
    {"train": 25_000, "test": 25_000},
    {"train": "e506a5665e3ef589", "test": "e6df39e0dc99e3b5"},
)
_SST = Edition(
    "SST",
    {"train": 6_920, "validation": 872, "test": 1_821},
    {"train": "538628eda491fd3d", "validation": "cb1a1924cc70adaf", "test": "d3c009aac7309277"},
)
CORPORA = {
    "imdb": Source("stanfordnlp/imdb", _IMDB, _IMDB),
    "sst": Source("SetFit/sst2", _SST, _SST),
    "yelp": Source(
        "fancyzhx/yelp_polarity",
        Edition("Yelp polarity", {"train": 560_000, "test": 38_000}),
        Edition(
            "Yelp subset",
            {"train": 20_980, "validation": 1_326, "test": 3_884},
            {"train": "7d3f5fff7e1cc510", "validation": "359f62e29949b527", "test": "21a630b795277d43"},
        ),
    ),
}


@dataclass(frozen=True)
class Grading:
    """Finer classes of a corpus: the column of its files that holds a grade, and the grades of each class, in order.

    A document of any other grade is left out.
    """

    corpus: str
    column: str
    classes: Mapping[str, tuple[int, ...]]


GRADED = {  # SST's neutral sentences are not in our data, nor is a review of three stars
    "sst4": Grading("sst", "label5", {"very negative": (0,), "negative": (1,), "positive": (3,), "very positive": (4,)}),
    "yelp4": Grading("yelp", "stars", {"1 star": (1,), "2 stars": (2,), "4 stars": (4,), "5 stars": (5,)}),
    "yelp3": Grading("yelp", "stars", {"1 star": (1,), "2 or 4 stars": (2, 4), "5 stars": (5,)}),
}
BINARY = ("negative", "positive")
NAMES = (*CORPORA, *GRADED, "synthetic", *LANGUAGES)


def classes_of(name: str) -> tuple[str, ...]:
    """What the labels 0, 1, … of the corpus `name` stand for; negative and positive where it is no corpus of more classes."""
    if name in GRADED:
        return tuple(GRADED[name].classes)
    if name in LANGUAGES:
        return tuple(f"class {c + 1}" for c in range(LANGUAGES[name].n_classes))
    return BINARY


@dataclass(frozen=True)
class Documents:
    """Texts with their labels [document]: the number of the class."""

    texts: Sequence[str]
    labels: np.ndarray

    def __len__(self) -> int:
        return len(self.texts)

    def take(self, chosen: np.ndarray) -> "Documents":
        """Some of the documents, by index."""
        return Documents([self.texts[i] for i in chosen], self.labels[chosen])


@dataclass(frozen=True)
class Corpus:
    """A corpus in its three splits, with the fingerprints of what was read and what its labels stand for; `notes` are sentences
    for who reads it for the first time, `evidence` is that of each word where it is known."""

    title: str
    train: Documents
    validation: Documents
    test: Documents
    fingerprints: Mapping[str, str]
    evidence: Mapping[str, float] | None = None
    classes: tuple[str, ...] = BINARY
    notes: tuple[str, ...] = ()

    def drawn(self, validation_share: float | None, n_documents: int | None) -> "Corpus":
        """The corpus with another validation split, a random share of all that is not test, and with fewer training documents.

        None leaves the split, or all training documents, as they are.
        """
        train, validation = self.train, self.validation
        if validation_share is not None:
            texts, labels = [*train.texts, *validation.texts], np.concatenate([train.labels, validation.labels])
            order = np.random.default_rng(0).permutation(len(texts))
            n_held = round(validation_share * len(texts))
            validation, train = (Documents(texts, labels).take(part) for part in (order[:n_held], order[n_held:]))
        if n_documents is not None:
            train = train.take(np.random.default_rng(0).permutation(len(train))[:n_documents])
        return replace(self, train=train, validation=validation)


def load_corpus(name: str, data_dir: Path | None = None) -> Corpus:
    """The corpus `name`, one of `NAMES`, or one of your own in `data_dir` (see `lib.text.own`).

    With `data_dir`, read from `<data_dir>/<name>/<split>.parquet` (columns text, label), no network asked; without, from
    the public hub. What was read is checked against the known counts and content fingerprints. A corpus without a
    validation split gives up a tenth of its training documents, chosen by a checksum of the movie (all reviews of a movie
    stand on one side) or, where there is no such column, of the text. The grades of `GRADED` are columns of the files in
    `data_dir`; the public hub does not have them.

    Raises CorpusError where a corpus is unknown, incomplete or another.
    """
    if name in LANGUAGES:
        texts, labels = LANGUAGES[name].documents()
        parts = [Documents(texts[part], labels[part]) for part in languages.SPLITS.values()]
        marks = {split: fingerprint(part.texts, part.labels) for split, part in zip(SPLITS, parts, strict=True)}
        order = "ordered" if LANGUAGES[name].ordered else "unordered"
        return _corpus(f"language of {len(classes_of(name))} {order} classes", parts, marks, classes_of(name))
    if name in GRADED:
        return _graded(GRADED[name], data_dir, classes_of(name))
    if name == "synthetic":
        texts, labels = synthetic.documents()
        parts = [Documents(texts[part], labels[part]) for part in synthetic.SPLITS.values()]
        marks = {split: fingerprint(part.texts, part.labels) for split, part in zip(SPLITS, parts, strict=True)}
        return replace(_corpus("synthetic language", parts, marks), evidence=synthetic.EVIDENCE)
    if name not in CORPORA:
        if data_dir is not None and own.file_of(folder := Path(data_dir, name), "train"):
            return _own(name, folder)
        raise CorpusError(
            f'There is no corpus "{name}": choose one of {", ".join(sorted(NAMES))}, or let DATA_DIR name a folder that has '
            f"{name}/train.parquet or {name}/train.csv."
        )
    edition, tables, marks = _tables(name, data_dir)
    if "validation" not in tables:
        tables |= _split_off(tables["train"])
    return _corpus(edition.title, [_documents(tables[split]) for split in SPLITS], marks)


def _split_off(train: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Training documents in two, the validation split by a checksum of the movie or of the text."""
    held_out = train.get("movie", train["text"]).map(lambda group: zlib.crc32(str(group).encode()) % VALIDATION_SHARE == 0)
    return {"train": train[~held_out], "validation": train[held_out]}


def _own(name: str, folder: Path) -> Corpus:
    """A corpus of one's own, no fingerprint asked. Raises CorpusError where it cannot be trained on."""
    tables, classes, notes = own.read(name, folder, SPLITS)
    marks = {split: fingerprint(table["text"], table["label"]) for split, table in tables.items()}
    if "validation" not in tables:
        tables |= _split_off(tables["train"])
        notes.append(f"{name}: {len(tables['validation']):,} training documents are held out for validation.")
    if not len(tables["validation"]) or tables["train"]["label"].nunique() < len(classes):
        raise CorpusError(
            f"{name}/train has too few documents to hold some out: add documents, or a file {name}/validation.csv."
        )
    return replace(_corpus(name, [_documents(tables[split]) for split in SPLITS], marks, classes), notes=tuple(notes))


def _corpus(
    title: str, parts: Sequence[Documents], fingerprints: Mapping[str, str], classes: tuple[str, ...] = BINARY
) -> Corpus:
    """A corpus from its three splits."""
    train, validation, test = parts
    return Corpus(title, train, validation, test, fingerprints, classes=classes)


def _tables(name: str, data_dir: Path | None) -> tuple[Edition, dict[str, pd.DataFrame], dict[str, str]]:
    """The splits of a corpus as they come, checked, and their fingerprints."""
    source = CORPORA[name]
    edition = source.local_edition if data_dir else source.hub_edition
    tables = {split: _with_numbers(_read(name, split, source, data_dir)) for split in edition.counts}
    marks = {
        split: _check(table, f"{name}/{split}", edition.counts[split], edition.fingerprints.get(split))
        for split, table in tables.items()
    }
    return edition, tables, marks


def _graded(grading: Grading, data_dir: Path | None, classes: tuple[str, ...]) -> Corpus:
    """A corpus with the labels of finer classes, without the documents that are in none."""
    if data_dir is None:
        raise CorpusError(
            f'The grades of {grading.corpus} ("{grading.column}") are in no public edition: let DATA_DIR name a folder whose '
            f"{grading.corpus}/<split>.parquet have that column."
        )
    label_of = {grade: label for label, grades in enumerate(grading.classes.values()) for grade in grades}
    edition, tables, marks = _tables(grading.corpus, data_dir)
    parts = []
    for split in SPLITS:
        table = tables[split]
        if grading.column not in table:
            raise CorpusError(f'{grading.corpus}/{split} has no column "{grading.column}", which holds its grades.')
        table = table[table[grading.column].isin(label_of)]
        parts.append(_documents(table.assign(label=table[grading.column].map(label_of))))
    return _corpus(f"{edition.title}, {len(grading.classes)} classes", parts, marks, classes)


def fingerprint(texts: Iterable[str], labels: Iterable) -> str:
    """A checksum of labelled texts that depends on their letters and digits only, not on order, case or spacing."""
    letters = re.compile(r"[\W_]+")
    digests = sorted(
        hashlib.sha256(f"{label} {letters.sub('', text).lower()}".encode()).digest()
        for text, label in zip(texts, labels, strict=True)
    )
    return hashlib.sha256(b"".join(digests)).hexdigest()[:16]


def _read(name: str, split: str, source: Source, data_dir: Path | None) -> pd.DataFrame:
    if data_dir is None:
        import datasets  # slow to import, and only a first download needs it

        try:
            return pd.DataFrame(datasets.load_dataset(source.hub, split=split).to_pandas())
        except OSError as error:
            raise CorpusError(
                f"{source.hub} cannot be fetched ({error}): check the connection, or let DATA_DIR name its folder."
            ) from error
    path = Path(data_dir, name, f"{split}.parquet")
    try:
        return own.read_table(path)
    except (OSError, ValueError) as error:
        raise CorpusError(
            f"{path} cannot be read ({error}): DATA_DIR must hold {name}/<split>.parquet; unset it to fetch the corpus."
        ) from error


def _check(table: pd.DataFrame, where: str, count: int, expected: str | None) -> str:
    """Raise where a split is not what it should be; its fingerprint otherwise."""
    own.check_columns(table, where)
    if not table["label"].isin((0, 1)).all() or table["text"].isna().any():
        raise CorpusError(f"{where} has documents without a text or with a label other than 0 and 1: fetch it again.")
    if len(table) != count:
        raise CorpusError(f"{where} has {len(table):,} documents where {count:,} were expected: fetch the corpus again.")
    found = fingerprint(table["text"], table["label"])
    if expected is not None and found != expected:
        raise CorpusError(f"{where} has the fingerprint {found} where {expected} was expected: its content differs.")
    return found


def _with_numbers(table: pd.DataFrame) -> pd.DataFrame:
    """A table with labels 0 and 1 where they are true and false, 0.0 and 1.0 or the like."""
    if "label" not in table or not (labels := own.as_numbers(table["label"])).isin((0, 1)).all():
        return table
    return table.assign(label=labels.astype(int))


def _documents(table: pd.DataFrame) -> Documents:
    return Documents(table["text"].tolist(), table["label"].to_numpy(dtype=np.int8))
