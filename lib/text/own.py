"""A corpus of one's own: what its files may hold, and how that becomes texts and labels.

DATA_DIR/<name>/train.parquet or train.csv, test.…, and validation.… if there is one: columns `text` and `label`
"""

from collections.abc import Hashable, Iterable, Mapping
from pathlib import Path

import pandas as pd

MOST_CLASSES = 20
POSITIVE = (
    "positive",
    "pos",
    "+",
    "good",
    "yes",
    "true",
)  # else the later of two labels, in the order of the alphabet, is positive


class CorpusError(ValueError):
    """A corpus is unknown, incomplete or not what it should be; the message names the remedy."""


def file_of(folder: Path, split: str) -> Path | None:
    """The file of a split, if there is one."""
    return next((path for kind in ("parquet", "csv") if (path := folder / f"{split}.{kind}").exists()), None)


def read(name: str, folder: Path, splits: Iterable[str]) -> tuple[dict[str, pd.DataFrame], tuple[str, ...], list[str]]:
    """The splits that are there, their labels 0, 1, …; what these stand for; and sentences on what was made of the files.

    Raises CorpusError where a file is missing or is not what it should be.
    """
    tables, notes = {}, []
    for split in splits:
        path, where = file_of(folder, split), f"{name}/{split}"
        if path is None and split == "validation":
            continue
        if path is None:
            raise CorpusError(f"There is no {where}.parquet or {where}.csv under DATA_DIR: {name} needs it.")
        try:
            table = read_table(path)
        except (OSError, ValueError) as error:
            raise CorpusError(
                f"{path} cannot be read ({error}): it must be a table in UTF-8, columns text and label."
            ) from error
        check_columns(table, where)
        tables[split], told = without_gaps(table, where)
        notes += told
    labels = {split: as_numbers(table["label"]) for split, table in tables.items()}
    found, named, told = classes(labels, name)
    tables = {split: table.assign(label=labels[split].map(found.index)) for split, table in tables.items()}
    return tables, named, [*notes, told]


def read_table(path: Path) -> pd.DataFrame:
    """The rows of a file, its texts decoded. Raises OSError or ValueError where it is no table of texts in UTF-8."""
    if path.suffix == ".csv":
        types: dict[Hashable, type[str]] = {"text": str, "movie": str}
        table = pd.read_csv(path, encoding="utf-8-sig", dtype=types, keep_default_na=False, na_values=[""])
    else:
        table = pd.read_parquet(path)
    if "text" in table:
        table = table.assign(text=[text.decode() if isinstance(text, bytes) else text for text in table["text"]])
    return table


def check_columns(table: pd.DataFrame, where: str) -> None:
    """Raise CorpusError where a table has no texts or no labels."""
    for column in ("text", "label"):
        if column not in table:
            raise CorpusError(
                f'{where} has no column "{column}", but {", ".join(map(str, table)) or "none"}: it needs text and label.'
            )
    if not len(table):
        raise CorpusError(f"{where} is empty: fetch the corpus again.")
    if wrong := [text for text in table["text"] if not isinstance(text, str) and not pd.isna(text)]:
        raise CorpusError(f"{where} has a text that is {wrong[0]!r}: the column text must hold words.")


def without_gaps(table: pd.DataFrame, where: str) -> tuple[pd.DataFrame, list[str]]:
    """The rows that have a text and a label, and a sentence on how many have none."""
    labels = table["label"].map(lambda label: label.strip() or None if isinstance(label, str) else label)
    table = table.assign(label=labels)
    gaps = {
        "an empty or missing text": table["text"].isna() | (table["text"].fillna("").str.strip() == ""),
        "no label": table["label"].isna(),
    }
    told = [
        f"{where}: left out, with {what}: {gap.sum():,} of {len(table):,} documents." for what, gap in gaps.items() if gap.any()
    ]
    kept = table[~pd.concat(gaps, axis=1).any(axis=1)]
    if not len(kept):
        raise CorpusError(f"{where} has no document with a text and a label.")
    return kept, told


def as_numbers(labels: pd.Series) -> pd.Series:
    """Labels that are truth values or numbers, also where they are written as text, as numbers; others as they are."""
    words = labels.map(lambda label: str(label).lower())
    if words.isin(("true", "false")).all():
        return (words == "true").astype(int)
    numbers = pd.to_numeric(labels, errors="coerce")
    return labels if numbers.isna().any() else numbers


def classes(labels: Mapping[str, pd.Series], name: str) -> tuple[list, tuple[str, ...], str]:
    """The labels of a corpus in the order of its classes 0, 1, …, what the classes are called, and a sentence that says so.

    `labels` are those of each split; the classes are those of the training split. Raises CorpusError where they are less than
    two or too many, or another split has others.
    """
    found = list(dict.fromkeys(labels["train"]))
    numeric = all(not isinstance(label, str) for label in found)
    found.sort(key=float if numeric else lambda label: (str(label).lower(), str(label)))
    called = [f"{label:g}" if numeric else str(label) for label in found]
    if len(found) < 2:
        raise CorpusError(f"{name}/train has only the label {called[0]}: a network needs two to tell apart.")
    if len(found) > MOST_CLASSES:
        raise CorpusError(f"{name}/train has {len(found):,} different labels: there may be two to {MOST_CLASSES}.")
    for split, others in labels.items():
        if strange := set(others) - set(found):
            raise CorpusError(f"{name}/{split} has the label {min(map(str, strange))}, which {name}/train has not.")
    if len(found) > 2:
        return found, tuple(called), f"{name}: {len(found)} classes, in this order: {', '.join(called)}."
    if called[0].lower() in POSITIVE and called[1].lower() not in POSITIVE:
        found, called = found[::-1], called[::-1]
    return found, ("negative", "positive"), f'{name}: the label "{called[1]}" is read as positive, "{called[0]}" as negative.'
