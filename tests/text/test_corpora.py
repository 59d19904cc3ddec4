import datasets
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.text import corpora, languages, synthetic
from lib.text.corpora import (
    Corpus,
    CorpusError,
    Documents,
    Edition,
    Grading,
    Source,
    classes_of,
    fingerprint,
    load_corpus,
)

SPLITS = ("train", "validation", "test")


def table(n, first=0, **columns):
    return pd.DataFrame({"text": [f"review {first + i}" for i in range(n)], "label": [i % 2 for i in range(n)], **columns})


@pytest.fixture
def toy(tmp_path, monkeypatch):
    """A corpus of 4 + 2 + 2 documents under DATA_DIR; returns a function that rewrites one split."""
    tables = {"train": table(4), "validation": table(2, 10), "test": table(2, 20)}
    marks = {split: fingerprint(content["text"], content["label"]) for split, content in tables.items()}
    edition = Edition("Toy", {split: len(content) for split, content in tables.items()}, marks)
    monkeypatch.setitem(corpora.CORPORA, "toy", Source("someone/toy", edition, edition))

    def write(split, content):
        (tmp_path / "toy").mkdir(exist_ok=True)
        content.to_parquet(tmp_path / "toy" / f"{split}.parquet")

    for split, content in tables.items():
        write(split, content)
    return write


def test_a_corpus_is_read_from_its_files(toy, tmp_path):
    corpus = load_corpus("toy", tmp_path)
    assert corpus.title == "Toy"
    assert [len(getattr(corpus, split)) for split in SPLITS] == [4, 2, 2]
    assert corpus.test.texts == ["review 20", "review 21"] and corpus.test.labels.tolist() == [0, 1]
    assert corpus.fingerprints == corpora.CORPORA["toy"].local_edition.fingerprints


def test_without_a_folder_the_hub_is_asked(toy, tmp_path, monkeypatch):
    asked = []

    def load_dataset(name, split):
        asked.append((name, split))
        return datasets.Dataset.from_parquet(str(tmp_path / "toy" / f"{split}.parquet"), cache_dir=str(tmp_path))

    monkeypatch.setattr(datasets, "load_dataset", load_dataset)
    assert load_corpus("toy").train.texts == load_corpus("toy", tmp_path).train.texts
    assert asked == [("someone/toy", split) for split in SPLITS]


def test_an_unreachable_hub_is_one_sentence(toy, monkeypatch):
    def load_dataset(name, split):
        raise ConnectionError("no network")

    monkeypatch.setattr(datasets, "load_dataset", load_dataset)
    with pytest.raises(CorpusError, match=r"someone/toy cannot be fetched \(no network\).* DATA_DIR"):
        load_corpus("toy")


@pytest.mark.parametrize("kind", [bool, float, str])
def test_labels_and_texts_may_be_of_another_type(toy, tmp_path, kind):
    changed = table(4)
    toy("train", changed.assign(label=changed["label"].map(kind), text=changed["text"].str.encode("utf-8")))
    corpus = load_corpus("toy", tmp_path)
    assert corpus.train.labels.tolist() == [0, 1, 0, 1] and corpus.train.texts == table(4)["text"].tolist()


def test_an_unknown_corpus_is_refused():
    with pytest.raises(CorpusError, match=r'no corpus "news": choose one of imdb, .*synthetic.*, yelp'):
        load_corpus("news")


@pytest.fixture
def graded(toy, monkeypatch):
    """The corpus `toy` with a column of stars, and `toy3`, its three classes; 0 stars are unknown."""
    monkeypatch.setitem(corpora.GRADED, "toy3", Grading("toy", "stars", {"bad": (1,), "fair": (2, 4), "good": (5,)}))
    for split, content in (("train", table(4)), ("validation", table(2, 10)), ("test", table(2, 20))):
        toy(split, content.assign(stars=[5, 4, 0, 2][: len(content)]))
    return toy


def test_finer_classes_replace_the_labels_and_leave_out_what_is_in_none(graded, tmp_path):
    corpus = load_corpus("toy3", tmp_path)
    assert corpus.train.texts == ["review 0", "review 1", "review 3"]
    assert corpus.train.labels.tolist() == [2, 1, 1] and corpus.test.labels.tolist() == [2, 1]
    assert classes_of("toy3") == ("bad", "fair", "good") and "3 classes" in corpus.title


def test_grades_need_a_folder_that_has_them(graded, tmp_path):
    with pytest.raises(CorpusError, match="in no public edition: let DATA_DIR name a folder"):
        load_corpus("toy3")
    graded("validation", table(2, 10))
    with pytest.raises(CorpusError, match='toy/validation has no column "stars"'):
        load_corpus("toy3", tmp_path)


@pytest.mark.parametrize("name", corpora.LANGUAGES)
def test_a_language_is_a_corpus_of_its_classes(name, monkeypatch):
    splits = {"train": slice(0, 200), "validation": slice(200, 250), "test": slice(250, 300)}
    monkeypatch.setattr(languages, "SPLITS", splits)
    corpus = load_corpus(name)
    assert [len(getattr(corpus, split)) for split in SPLITS] == [200, 50, 50]
    assert set(corpus.train.labels.tolist()) == set(range(len(classes_of(name))))


def test_a_missing_file_is_refused(toy, tmp_path):
    (tmp_path / "toy" / "test.parquet").unlink()
    with pytest.raises(CorpusError, match=r"toy/test\.parquet cannot be read .* DATA_DIR must hold toy/<split>\.parquet"):
        load_corpus("toy", tmp_path)


def test_a_file_that_is_no_table_is_refused(toy, tmp_path):
    (tmp_path / "toy" / "test.parquet").write_text("garbage")
    with pytest.raises(CorpusError, match=r"toy/test\.parquet cannot be read"):
        load_corpus("toy", tmp_path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (table(4).drop(columns="label"), 'toy/train has no column "label"'),
        (table(4).rename(columns={"text": "review"}), 'toy/train has no column "text"'),
        (table(0), "toy/train is empty"),
        (table(4).assign(text=["a", None, "b", "c"]), "without a text or with a label other than 0 and 1"),
        (table(4).assign(label=[0, 1, 2, 1]), "without a text or with a label other than 0 and 1"),
        (table(4).assign(label=[0, 1, None, 1]), "without a text or with a label other than 0 and 1"),
        (table(5), "toy/train has 5 documents where 4 were expected"),
        (table(4, 1), "toy/train has the fingerprint .* where .* was expected"),
    ],
)
def test_a_table_that_is_not_what_it_should_be_is_refused(toy, tmp_path, content, message):
    toy("train", content)
    with pytest.raises(CorpusError, match=message):
        load_corpus("toy", tmp_path)


def test_a_movie_stands_on_one_side_of_the_validation_split(toy, tmp_path, monkeypatch):
    edition = Edition("Toy", {"train": 600, "test": 2})
    monkeypatch.setitem(corpora.CORPORA, "toy", Source("someone/toy", edition, edition))
    movies = [f"film {i % 100}" for i in range(600)]
    toy("train", table(600, movie=movies))
    corpus = load_corpus("toy", tmp_path)
    train, held_out = ({movies[int(text.split()[1])] for text in part.texts} for part in (corpus.train, corpus.validation))
    assert not train & held_out and len(train | held_out) == 100
    assert len(corpus.train) + len(corpus.validation) == 600 and 20 <= len(corpus.validation) <= 120


def test_without_movies_a_tenth_of_the_texts_is_held_out(toy, tmp_path, monkeypatch):
    edition = Edition("Toy", {"train": 600, "test": 2})
    monkeypatch.setitem(corpora.CORPORA, "toy", Source("someone/toy", edition, edition))
    toy("train", table(600))
    corpus = load_corpus("toy", tmp_path)
    assert sorted([*corpus.train.texts, *corpus.validation.texts]) == sorted(table(600)["text"])
    assert 30 <= len(corpus.validation) <= 90


REVIEWS = st.lists(st.tuples(st.text("abc D.", min_size=1), st.integers(0, 1)), min_size=1)


@given(REVIEWS, st.randoms())
def test_fingerprint_ignores_order_case_and_spacing(reviews, random):
    changed = [("  ".join(text.upper().split(" ")) + " !", label) for text, label in reviews]
    random.shuffle(changed)
    assert fingerprint(*zip(*changed, strict=True)) == fingerprint(*zip(*reviews, strict=True))


def test_fingerprint_sees_letters_labels_and_repetition():
    seen = {fingerprint(*review) for review in [(["ab"], [0]), (["ac"], [0]), (["ab"], [1]), (["ab", "ab"], [0, 0])]}
    assert len(seen) == 4


def test_the_synthetic_corpus_brings_its_truth(monkeypatch):
    splits = {"train": slice(0, 30), "validation": slice(30, 40), "test": slice(40, 60)}
    monkeypatch.setattr(synthetic, "SPLITS", splits)
    corpus = load_corpus("synthetic")
    assert [len(getattr(corpus, split)) for split in SPLITS] == [30, 10, 20]
    assert corpus.evidence["good59"] == -corpus.evidence["bad59"] == 2.0


@pytest.mark.parametrize(
    ("name", "sizes"), [("sst", (6920, 872, 1821)), ("yelp", (20980, 1326, 3884)), ("imdb", (None, None, 25000))]
)
def test_real_corpora_are_what_they_should_be(data_dir, name, sizes):
    corpus = load_corpus(name, data_dir)
    found = [len(getattr(corpus, split)) for split in SPLITS]
    assert all(size in (None, n) for size, n in zip(sizes, found, strict=True))
    assert corpus.fingerprints == corpora.CORPORA[name].local_edition.fingerprints
    assert abs(np.mean(corpus.test.labels) - 0.5) < 0.01


def test_another_validation_split_holds_out_a_random_share_and_loses_no_document():
    texts = [f"text {i}" for i in range(40)]
    parts = Documents(texts[:30], np.arange(30) % 2), Documents(texts[30:], np.arange(10) % 2)
    corpus = Corpus("toy", *parts, Documents(["test"], np.array([1])), {})
    other = corpus.drawn(0.25, None)
    assert len(other.validation) == 10 and sorted([*other.train.texts, *other.validation.texts]) == sorted(texts)
    assert all(label == int(text.split()[1]) % 2 for text, label in zip(other.train.texts, other.train.labels, strict=True))
    assert corpus.drawn(None, None).train.texts == parts[0].texts


def test_fewer_training_documents_leave_the_other_splits_alone():
    corpus = Corpus("toy", *(Documents([str(i) for i in range(n)], np.zeros(n)) for n in (30, 5, 4)), {})
    fewer = corpus.drawn(None, 7)
    assert len(set(fewer.train.texts)) == 7 and len(fewer.validation) == 5 and len(fewer.test) == 4
