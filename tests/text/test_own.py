"""A corpus of one's own: what its files may hold, and what is said of the rest."""

import numpy as np
import pandas as pd
import pytest

from lib.text import CorpusError, load_corpus

TEXTS = [f"review {i} of many" for i in range(60)]


@pytest.fixture
def write(tmp_path):
    """Writes a split of the corpus `mine`; returns the folder that DATA_DIR names."""

    def written(split, labels, texts=None, kind="parquet", **columns):
        folder = tmp_path / "mine"
        folder.mkdir(exist_ok=True)
        table = pd.DataFrame({"text": texts or TEXTS[: len(labels)], "label": labels, **columns})
        table.to_csv(folder / f"{split}.csv", index=False) if kind == "csv" else table.to_parquet(folder / f"{split}.parquet")
        return tmp_path

    return written


@pytest.mark.parametrize("kind", ["parquet", "csv"])
@pytest.mark.parametrize(
    ("negative", "positive"),
    [
        *((0, 1), (0.0, 1.0), (False, True), ("0", "1"), ("False", "True"), (-1, 1), (1, 5), ("1.0", "2.0")),
        *(
            ("neg", "pos"),
            ("negative", "positive"),
            ("bad", "good"),
            ("no", "yes"),
            ("-", "+"),
            ("ham", "spam"),
            (" neg ", "pos"),
        ),
    ],
)
def test_two_labels_are_negative_and_positive_and_a_sentence_says_which(write, kind, negative, positive):
    write("train", [negative, positive] * 30, kind=kind)
    corpus = load_corpus("mine", write("test", [positive, negative, positive], kind=kind))
    assert corpus.test.labels.tolist() == [1, 0, 1] and corpus.classes == ("negative", "positive")
    assert any("is read as positive" in note for note in corpus.notes)


def test_the_sentence_names_both_labels(write):
    write("train", ["ham", "spam"] * 30)
    corpus = load_corpus("mine", write("test", ["spam", "ham"]))
    assert 'mine: the label "spam" is read as positive, "ham" as negative.' in corpus.notes


def test_a_validation_split_is_used_or_split_off(write):
    write("train", [0, 1] * 30)
    corpus = load_corpus("mine", write("test", [0, 1]))
    assert sorted([*corpus.train.texts, *corpus.validation.texts]) == sorted(TEXTS) and 0 < len(corpus.validation) < 20
    assert f"mine: {len(corpus.validation)} training documents are held out for validation." in corpus.notes
    corpus = load_corpus("mine", write("validation", [1, 0, 1]))
    assert len(corpus.train) == 60 and corpus.validation.labels.tolist() == [1, 0, 1]


def test_movies_that_are_numbers_stand_on_one_side(write):
    write("train", [0, 1] * 30, movie=[i // 2 for i in range(60)])
    corpus = load_corpus("mine", write("test", [0, 1]))
    sides = [{int(text.split()[1]) // 2 for text in part.texts} for part in (corpus.train, corpus.validation)]
    assert not sides[0] & sides[1] and len(sides[0] | sides[1]) == 30


@pytest.mark.parametrize("kind", ["parquet", "csv"])
def test_gaps_are_counted_and_left_out(write, kind):
    write("train", [0, 1] * 30, kind=kind)
    texts = ["good", "", None, "  ", "NA", "bad"]
    corpus = load_corpus("mine", write("test", ["1", "0", "1", "0", "1", None], texts, kind))
    assert corpus.test.texts == ["good", "NA"]
    assert "mine/test: left out, with an empty or missing text: 3 of 6 documents." in corpus.notes
    assert "mine/test: left out, with no label: 1 of 6 documents." in corpus.notes


def test_texts_may_be_bytes_in_utf_8(write):
    write("train", [0, 1] * 30)
    corpus = load_corpus("mine", write("test", [0, 1], ["très bon".encode(), b"bad"]))
    assert corpus.test.texts == ["très bon", "bad"]
    with pytest.raises(CorpusError, match=r"test\.parquet cannot be read .*utf-8.* it must be a table in UTF-8"):
        load_corpus("mine", write("test", [0, 1], ["très bon".encode("latin-1"), b"bad"]))


def test_a_csv_may_begin_with_a_byte_order_mark(write):
    folder = write("train", [0, 1] * 30)
    (folder / "mine" / "test.csv").write_text('text,label\n"good, really",1\nbad,0\n', encoding="utf-8-sig")
    assert load_corpus("mine", folder).test.texts == ["good, really", "bad"]


def test_more_than_two_labels_are_classes_in_their_order(write):
    write("train", [1, 10, 2] * 20)
    corpus = load_corpus("mine", write("test", [10, 1]))
    assert corpus.classes == ("1", "2", "10") and corpus.test.labels.tolist() == [2, 0]
    write("train", ["b", "a", "c"] * 20)
    assert load_corpus("mine", write("test", ["c", "a"])).classes == ("a", "b", "c")


@pytest.mark.parametrize(
    ("train", "test", "message"),
    [
        ([1] * 60, [1], "mine/train has only the label 1: a network needs two"),
        (list(np.linspace(0, 1, 60)), [0.5], "mine/train has 60 different labels: there may be two to 20"),
        ([0, 1] * 30, [0, 2], "mine/test has the label 2, which mine/train has not"),
        (["neg", "pos"] * 30, ["Pos"], "mine/test has the label Pos, which"),
        ([0, 1], [0], "mine/train has too few documents to hold some out"),
        ([None] * 60, [0], "mine/train has no document with a text and a label"),
    ],
)
def test_what_cannot_be_trained_on_is_refused(write, train, test, message):
    write("train", train)
    with pytest.raises(CorpusError, match=message):
        load_corpus("mine", write("test", test))


def test_missing_files_and_columns_are_named(write, tmp_path):
    with pytest.raises(
        CorpusError, match=r'There is no corpus "mine": .*a folder that has mine/train\.parquet or mine/train\.csv'
    ):
        load_corpus("mine", tmp_path)
    write("train", [0, 1] * 30)
    with pytest.raises(CorpusError, match=r"There is no mine/test\.parquet or mine/test\.csv under DATA_DIR"):
        load_corpus("mine", tmp_path)
    (tmp_path / "mine" / "test.csv").write_text("review;stars\ngood;5\n", encoding="utf-8")
    with pytest.raises(CorpusError, match='mine/test has no column "text", but review;stars'):
        load_corpus("mine", tmp_path)
    with pytest.raises(CorpusError, match="mine/test has a text that is 3"):
        load_corpus("mine", write("test", [0, 1], [3, 4]))
