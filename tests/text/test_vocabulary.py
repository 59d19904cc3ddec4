import gzip
import re

import numpy as np
import pytest
from hypothesis import given
from tokenizer_cases import EXAMPLES, REVIEWS

from lib.text.corpora import CorpusError
from lib.text.vocabulary import Vocabulary, tokenize, word_vectors


@pytest.mark.parametrize(("text", "tokens"), EXAMPLES)
def test_stated_examples(text, tokens):
    assert tokenize(text) == tokens.split()


@given(REVIEWS)
def test_tokens_are_their_own_tokens(text):
    tokens = tokenize(text)
    assert tokenize(" ".join(tokens)) == tokens


@given(REVIEWS)
def test_no_token_is_empty_or_holds_a_space(text):
    assert all(token and not re.search(r"\s", token) for token in tokenize(text))


def test_vocabulary_holds_frequent_words_and_breaks_ties_by_the_alphabet():
    documents = ["the cat the dog the cow".split(), "a dog a cat once".split()]
    vocabulary = Vocabulary.of(documents, size=5)
    assert vocabulary.words == ("<pad>", "<unk>", "the", "a", "cat")
    assert len(vocabulary) == 5


def test_words_seen_once_are_unknown():
    vocabulary = Vocabulary.of(["the cat the".split()], size=100)
    assert vocabulary.words == ("<pad>", "<unk>", "the")
    assert vocabulary.encode(["cat", "the", "dog"]).tolist() == [1, 2, 1]


VECTORS = "good 1 2.5\nbad -1 0.5\nother 7 7\n"


@pytest.fixture
def glove(tmp_path):
    path = tmp_path / "glove" / "glove.6B.2d.txt.gz"
    path.parent.mkdir()
    path.write_bytes(gzip.compress(VECTORS.encode()))
    return path


def test_word_vectors_stand_at_their_words(glove):
    vocabulary = Vocabulary(("<pad>", "<unk>", "bad", "missing", "good"))
    expected = [[0, 0], [0, 0], [-1, 0.5], [0, 0], [1, 2.5]]
    assert np.array_equal(word_vectors(vocabulary, 2, glove.parent.parent), np.array(expected, dtype=np.float32))


GOOD_AND_BAD = [[0, 0], [0, 0], [1, 2.5], [-1, 0.5]]


@pytest.mark.parametrize(
    "text",
    [
        VECTORS,
        "3 2\n" + VECTORS,  # the heading of word2vec and fastText: words, dimension
        VECTORS.replace(" ", "\t"),
        VECTORS.replace("\n", " \n"),
        VECTORS.replace("\n", "\r\n"),
        "\ufeff" + VECTORS,
        VECTORS + "<unk> 9 9\n<pad> 9 9\n",
        VECTORS + "good and bad 9 9\n. . 9 9\nother 7",  # words of several parts; a cut line that nobody needs
    ],
)
def test_other_ways_to_write_word_vectors_are_read_alike(glove, text):
    glove.write_bytes(gzip.compress(text.encode()))
    found = word_vectors(Vocabulary(("<pad>", "<unk>", "good", "bad")), 2, glove.parent.parent)
    assert np.array_equal(found, np.array(GOOD_AND_BAD, dtype=np.float32))


@pytest.mark.parametrize("line", ["bad 4", "bad", "bad 1 2 3", "bad 1 x", "bad 1 nan", "bad\t", "bad 1,2 3"])
def test_a_damaged_line_is_refused_with_its_number(glove, line):
    glove.write_bytes(gzip.compress(f"good 1 2.5\n{line}\n".encode()))
    with pytest.raises(CorpusError, match=r'cannot be read \(line 2, of the word "bad", does not hold 2 numbers\): place'):
        word_vectors(Vocabulary(("<pad>", "<unk>", "good", "bad")), 2, glove.parent.parent)


def test_vectors_of_other_words_are_refused(glove):
    with pytest.raises(CorpusError, match="no line begins with a word of the vocabulary"):
        word_vectors(Vocabulary(("<pad>", "<unk>", "gut")), 2, glove.parent.parent)


@pytest.mark.parametrize("share", [0.0, 0.5, 0.9])
def test_damaged_word_vectors_are_refused(glove, share):
    content = glove.read_bytes()
    at = int(share * len(content))
    glove.write_bytes(content[:at] + bytes(255 - byte for byte in content[at:]))
    with pytest.raises(CorpusError, match=r"cannot be read .* place glove/glove\.6B\.2d\.txt\.gz under DATA_DIR"):
        word_vectors(Vocabulary(("<pad>", "<unk>", "good")), 2, glove.parent.parent)


def test_truncated_word_vectors_are_refused(glove):
    glove.write_bytes(glove.read_bytes()[:-12])
    with pytest.raises(CorpusError, match="2-dimensional GloVe vectors cannot be read"):
        word_vectors(Vocabulary(("<pad>", "<unk>", "good")), 2, glove.parent.parent)


def test_missing_word_vectors_are_refused(tmp_path):
    with pytest.raises(CorpusError, match="unset DATA_DIR to fetch them"):
        word_vectors(Vocabulary(("<pad>", "<unk>")), 100, tmp_path)


@pytest.mark.parametrize("dimension", [50, 100])
def test_real_word_vectors_cover_common_words(data_dir, dimension):
    vectors = word_vectors(Vocabulary(("<pad>", "<unk>", "the", "movie", "!")), dimension, data_dir)
    assert vectors.shape == (5, dimension)
    assert (np.abs(vectors).sum(1) > 0).tolist() == [False, False, True, True, True]
