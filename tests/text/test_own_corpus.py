"""A corpus of the reader's own, as such tables come."""

import numpy as np
import pandas as pd
import pytest

from lib.text.corpora import CorpusError
from lib.text.own_corpus import is_own, load_own
from lib.training.catalogue import spec_of
from lib.training.publication import read


@pytest.fixture
def own(tmp_path):
    """Writes the tables of a corpus `mine`, 200 + 10 documents with these two labels, or others that are given."""

    def write(labels=(0, 1), kind="csv", **others):
        (tmp_path / "mine").mkdir(exist_ok=True)
        for split, n in {"train": 200, "test": 10}.items():
            table = pd.DataFrame({"text": [f"{split} text {i}" for i in range(n)], "label": [labels[i % 2] for i in range(n)]})
            table = others.get(split, lambda table: table)(table)
            path = tmp_path / "mine" / f"{split}.{kind}"
            table.to_csv(path, index=False) if kind == "csv" else table.to_parquet(path)
        return tmp_path

    return write


@pytest.mark.parametrize("kind", ["csv", "parquet"])
@pytest.mark.parametrize(
    ("labels", "positive", "told"),
    [
        ((0, 1), 1, "1.0"),
        ((1.0, 0.0), 0, "1.0"),
        ((False, True), 1, "1.0"),
        ((1, 2), 1, "2.0"),
        ((1, -1), 0, "1.0"),
        (("neg", "pos"), 1, "pos"),
        (("Positive", "Negative"), 0, "positive"),
        (("spam", "ham"), 0, "spam"),
        (("apple", "pear"), 1, "pear"),
    ],
)
def test_two_labels_of_any_kind_are_read_and_it_is_said_which_is_positive(own, capsys, labels, positive, told, kind):
    corpus = load_own("mine", own(labels, kind))
    assert f"mine: the label {told} is positive" in capsys.readouterr().err
    assert corpus.test.labels.tolist() == [int(i % 2 == positive) for i in range(10)]


def test_validation_is_held_out_where_there_is_none_and_taken_where_there_is(own, capsys):
    folder = own()
    corpus = load_own("mine", folder)
    assert 5 < len(corpus.validation) < 40 and len(corpus.train) + len(corpus.validation) == 200
    assert "training documents are held out for validation" in capsys.readouterr().err
    assert load_own("mine", folder).validation.texts == corpus.validation.texts
    pd.DataFrame({"text": ["a", "b"], "label": [0, 1]}).to_csv(folder / "mine" / "validation.csv", index=False)
    assert load_own("mine", folder).validation.texts == ["a", "b"]


def test_documents_without_text_or_label_are_left_out_and_counted(own, capsys):
    def damaged(table):
        return table.assign(text=[None, "  ", *table.text[2:]], label=[*table.label[:3], np.nan, *table.label[4:]])

    corpus = load_own("mine", own(train=damaged))
    assert "mine/train: 3 of 200 documents have no text or no label and are left out" in capsys.readouterr().err
    assert len(corpus.train) + len(corpus.validation) == 197


def test_texts_as_bytes_are_read(own):
    corpus = load_own("mine", own(kind="parquet", test=lambda table: table.assign(text=[t.encode() for t in table.text])))
    assert corpus.test.texts[0] == "test text 0"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda table: table.drop(columns="label"), 'mine/train.csv has no column "label"'),
        (lambda table: table.assign(label=range(len(table))), "mine has 200 different labels"),
        (lambda table: table.assign(label=1), "mine/train has documents of one label only"),
        (lambda table: table.iloc[:0], "mine/train"),
    ],
)
def test_what_is_no_corpus_of_two_labels_is_refused_in_a_sentence(own, change, told):
    with pytest.raises(CorpusError, match=told):
        load_own("mine", own(train=change))


def test_a_missing_split_is_named(own):
    folder = own()
    (folder / "mine" / "test.csv").unlink()
    with pytest.raises(CorpusError, match=r"There is no mine/test: DATA_DIR needs test\.parquet or test\.csv"):
        load_own("mine", folder)


def test_a_network_of_ones_own_corpus_has_a_name_and_reads_it(own, monkeypatch):
    with pytest.raises(ValueError, match='the corpus "mine"'):
        spec_of("mine-gru-seed0")
    monkeypatch.setenv("DATA_DIR", str(own()))
    material = read(spec_of("mine-gru-seed0"))
    assert material.corpus.title == "mine" and "text" in material.vocabulary.index
    assert is_own("mine", own()) and not is_own("yours", own())
