"""Text: where corpora come from, and how a document becomes token ids and a bag of words. Imports nothing else of lib.

- `load_corpus`: a corpus in its splits (`Corpus` of `Documents`, `SPLITS`), checked where it is known (`CORPORA`), or your own.
- `fingerprint`: the checksum by which a corpus is known; `CorpusError`: one is unknown, incomplete or another.
- `GRADED`: finer classes of some (`Grading`); `classes_of`: what the labels of a corpus stand for; `NAMES`: of all corpora.
- `synthetic`: a language whose words carry known evidence; `LANGUAGES`: such languages of more than two classes (`Language`).
- `tokenize`, `Vocabulary`: from text to words, and to token ids; `word_vectors`: GloVe's vectors of a vocabulary.
- `Encoded`: documents as token ids with their labels; `pad`, `batches`: how they reach a network.
- `BagOfWords`, `fit_bag_of_words`: the classifier that counts words; `valence_words`: the positive, negative and neutral ones;
  `class_counts`: how often each word occurs in each class.
"""

from lib.text import synthetic
from lib.text.bag_of_words import BagOfWords, class_counts, fit_bag_of_words, valence_words
from lib.text.corpora import (
    CORPORA,
    GRADED,
    NAMES,
    SPLITS,
    Corpus,
    CorpusError,
    Documents,
    Grading,
    classes_of,
    fingerprint,
    load_corpus,
)
from lib.text.documents import Encoded, batches, pad
from lib.text.languages import LANGUAGES, Language
from lib.text.vocabulary import Vocabulary, tokenize, word_vectors

__all__ = [
    "CORPORA",
    "GRADED",
    "LANGUAGES",
    "NAMES",
    "SPLITS",
    "BagOfWords",
    "Corpus",
    "CorpusError",
    "Documents",
    "Encoded",
    "Grading",
    "Language",
    "Vocabulary",
    "batches",
    "class_counts",
    "classes_of",
    "fingerprint",
    "fit_bag_of_words",
    "load_corpus",
    "pad",
    "synthetic",
    "tokenize",
    "valence_words",
    "word_vectors",
]
