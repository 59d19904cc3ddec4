"""A corpus of the reader's own: a folder of tables with the columns `text` and `label`, as they come."""

import math
import sys
import zlib
from pathlib import Path

import numpy as np
import pandas as pd

from lib.text.corpora import SPLITS, VALIDATION_SHARE, Corpus, CorpusError, Documents, fingerprint

KINDS = {".parquet": pd.read_parquet, ".csv": pd.read_csv}
POSITIVE = (
    "positive",
    "pos",
    "good",
    "true",
    "yes",
    "1",
    "spam",
    "toxic",
)  # which of two words is the positive label, if one is here


def is_own(name: str, data_dir: Path | None) -> bool:
    """Whether DATA_DIR has a folder of that name with a table of training documents."""
    return data_dir is not None and any(Path(data_dir, name, f"train{kind}").exists() for kind in KINDS)


def load_own(name: str, data_dir: Path) -> Corpus:
    """The corpus in `<data_dir>/<name>/{train,validation,test}.{parquet,csv}`; validation may be missing, then one document in
    ten of the training split is held out, by a checksum of its text.

    Labels are two numbers, booleans, or two words: of numbers the larger is positive, of words one of `POSITIVE`, else the
    second in the alphabet. Documents without a text or a label are left out. What was decided is said on stderr.

    Raises CorpusError where a table is missing or cannot be read, or where there are not two labels.
    """
    tables = {
        split: _read(Path(data_dir, name), split) for split in SPLITS if split != "validation" or _path(data_dir, name, split)
    }
    positive = _positive(name, tables)
    parts = {split: _documents(f"{name}/{split}", table, positive) for split, table in tables.items()}
    if "validation" not in parts:
        train = parts["train"]
        held = np.array([zlib.crc32(text.encode()) % VALIDATION_SHARE == 0 for text in train.texts], dtype=bool)
        parts |= {"train": train.take(np.flatnonzero(~held)), "validation": train.take(np.flatnonzero(held))}
        _say(f"{name}: {held.sum():,} of {len(held):,} training documents are held out for validation.")
    for split, part in parts.items():
        if len(set(part.labels.tolist())) < 2:
            raise CorpusError(f"{name}/{split} has documents of one label only: it needs some of both.")
    marks = {split: fingerprint(part.texts, part.labels) for split, part in parts.items()}
    return Corpus(name, parts["train"], parts["validation"], parts["test"], marks)


def _path(data_dir: Path, name: str, split: str) -> Path | None:
    return next((path for kind in KINDS if (path := Path(data_dir, name, f"{split}{kind}")).exists()), None)


def _read(folder: Path, split: str) -> pd.DataFrame:
    path = _path(folder.parent, folder.name, split)
    if path is None:
        raise CorpusError(f"There is no {folder.name}/{split}: DATA_DIR needs {split}.parquet or {split}.csv in that folder.")
    try:
        table = KINDS[path.suffix](path)
    except (OSError, ValueError) as error:
        raise CorpusError(f"{folder.name}/{path.name} cannot be read ({error}): write it again.") from error
    if missing := {"text", "label"} - set(table):
        raise CorpusError(f'{folder.name}/{path.name} has no column "{min(missing)}": it needs text and label.')
    return table


def _key(label: object) -> str | float | None:
    """A label as a number where it is one, else as a word in lower case; None where it is missing."""
    label = label.decode() if isinstance(label, bytes) else label
    if pd.isna(label) or str(label).strip() == "":
        return None
    try:
        number = float(int(label) if isinstance(label, bool | np.bool_) else str(label))
    except ValueError:
        number = math.nan
    return number if math.isfinite(number) else str(label).strip().lower()


def _positive(name: str, tables: dict[str, pd.DataFrame]) -> str | float:
    """Which label is positive; there must be two in all splits together."""
    labels = {key for table in tables.values() for key in map(_key, table["label"]) if key is not None}
    if len(labels) != 2:
        shown = ", ".join(map(str, sorted(labels, key=str)[:5]))
        raise CorpusError(f"{name} has {len(labels)} different labels ({shown}): two are needed.")
    found = sorted(labels, key=lambda label: (isinstance(label, str), label in POSITIVE, label))
    _say(f"{name}: the label {found[1]} is positive, {found[0]} negative.")
    return found[1]


def _documents(where: str, table: pd.DataFrame, positive: str | float) -> Documents:
    """The documents of a split that have a text and a label."""
    try:
        texts = [text.decode() if isinstance(text, bytes) else text for text in table["text"]]
    except UnicodeDecodeError as error:
        raise CorpusError(f"{where} has a text that is not UTF-8 ({error}): write it again.") from error
    keys = list(map(_key, table["label"]))
    whole = [
        i
        for i, (text, key) in enumerate(zip(texts, keys, strict=True))
        if isinstance(text, str) and text.strip() and key is not None
    ]
    if len(whole) < len(table):
        _say(f"{where}: {len(table) - len(whole):,} of {len(table):,} documents have no text or no label and are left out.")
    return Documents([texts[i] for i in whole], np.array([keys[i] == positive for i in whole], dtype=np.int8))


def _say(told: str) -> None:
    print(told, file=sys.stderr)
