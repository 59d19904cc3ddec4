"""A network in the browser: `network.js` against torch and against the tokenizer, in Chromium."""

import sys
import unicodedata

import numpy as np
import pytest
import torch
from browsers import in_a_browser
from hypothesis import given
from hypothesis import strategies as st
from tokenizer_cases import EXAMPLES, REVIEWS

from lib.book import browser
from lib.book.searches import drift_speed, fixed_points
from lib.dynamics import CELLS
from lib.text import Vocabulary, tokenize
from lib.training import ROOT, Network

NAMES = ["imdb-gru-seed0", "imdb-vanilla-seed0", "yelp-gru-seed0"]
STATIC = ROOT / "book" / "_static"
LOGITS = "documents => documents.map(ids => network.read(ids).slice(1).map(state => network.logit(state)))"


@pytest.fixture(scope="module")
def tab(chromium):
    """A page that holds `network.js` and nothing else."""
    page = chromium.new_page()
    page.add_script_tag(path=STATIC / "network.js")
    return page


def read_in_python(network, documents):
    """The logit after each token."""
    return [network.logit(network.states(torch.as_tensor(ids)[:, None])[0][:, 0]).tolist() for ids in documents]


def assert_same_logits(found, expected):
    assert [len(one) for one in found] == [len(one) for one in expected]
    assert max(np.abs(np.subtract(*pair)).max() for pair in zip(found, expected, strict=True)) < 1e-3


def test_the_weights_are_those_of_the_frequent_words_rounded_to_16_bits(reading):
    full, cut = reading["imdb-gru-seed0"].network, browser.in_16_bits(reading["imdb-gru-seed0"].network, 100)
    assert torch.equal(cut.embedding.weight, full.embedding.weight[:100])
    assert torch.equal(cut.readout.weight, full.readout.weight.half().float())
    assert not torch.equal(cut.readout.weight, full.readout.weight)
    assert 0 < browser.rounding(reading["imdb-gru-seed0"]) < 1e-3


def test_a_stack_and_a_network_of_more_classes_are_refused():
    for more in ({"n_layers": 2}, {"n_classes": 3}):
        with pytest.raises(ValueError, match="one layer and two classes"):
            browser.in_16_bits(Network("gru", 5, 3, 4, **more), 5)


def test_words_of_praise_push_up_and_words_of_blame_down(reading):
    pushes = {}
    for name, one in reading.items():
        direction = browser.push(one, fixed_points(one, tolerance=drift_speed(one)))
        push = dict(zip(one.vocabulary.words, (one.network.embedding.weight @ direction).tolist(), strict=True))
        assert min(push[word] for word in ("wonderful", "excellent", "perfect")) > 0
        assert max(push[word] for word in ("terrible", "awful", "worst")) < 0
        pushes[name] = push
    assert pushes["yelp-gru-seed0"]["dirty"] < 0 < pushes["imdb-gru-seed0"]["dirty"]  # as a preset's note says


def test_in_the_grus_the_first_axis_is_the_logit_and_a_word_moves_the_state_little_as_the_page_says(reading):
    along = {name: abs(browser.readout_along_first_axis(saved)) for name, saved in reading.items()}
    stride = {name: browser.stride(saved) for name, saved in reading.items()}
    for name in ("imdb-gru-seed0", "yelp-gru-seed0"):
        assert along[name] > 0.99 and stride[name] < 0.25
    assert along["imdb-vanilla-seed0"] < 0.2 and stride["imdb-vanilla-seed0"] > 1


def test_the_density_counts_the_visits_of_either_valence(reading):
    found = browser.density(reading["imdb-gru-seed0"], bins=(6, 4))
    cells = np.array(found["cells"])
    assert (cells[:, :2] >= 0).all() and (cells[:, 0] < 6).all() and (cells[:, 1] < 4).all()
    assert cells[:, 2:].max() == 1
    positive, negative = ((cells[:, 0] * cells[:, k] ** 2).sum() / (cells[:, k] ** 2).sum() for k in (2, 3))
    assert positive > negative  # the first axis is turned towards the positive end of the readout


def test_three_networks_take_at_most_6_megabytes(scripts):
    assert sum(len(text.encode()) for text in scripts.values()) <= 6e6


def test_the_documents_have_the_words_of_the_corpus_and_those_that_are_cut_are_unknown(reading):
    documents = browser.typical_documents(reading["yelp-gru-seed0"], n_words=500)
    assert len(documents) == 200 and {len(one) for one in documents} <= set(range(1, 61))
    tokens = np.concatenate(documents)
    assert tokens.max() < 500
    share = browser.unknown_share(reading["yelp-gru-seed0"], n_words=500)
    assert np.isclose((tokens == 1).mean(), share, atol=0.03)


@pytest.mark.parametrize("name", NAMES)
def test_the_presets_get_the_verdicts_that_are_stated(reading, name):
    network, vocabulary = browser.in_16_bits(reading[name].network, browser.N_WORDS), reading[name].vocabulary.words
    for preset in browser.presets():
        ids = Vocabulary(vocabulary[: browser.N_WORDS]).encode(tokenize(preset.text))
        assert preset.verdicts[name] == ("positive" if read_in_python(network, [ids])[0][-1] > 0 else "negative"), preset.name


def test_among_the_presets_are_one_that_all_get_right_and_one_that_all_get_wrong():
    right = {preset.name: {preset.truth == verdict for verdict in preset.verdicts.values()} for preset in browser.presets()}
    assert right["a clear one"] == {True} and right["one that all get wrong"] == {False}


@pytest.mark.parametrize("name", ["imdb-gru-seed0", "yelp-gru-seed0"])
def test_in_the_negation_not_is_blame_and_weakens_the_praise_after_it_as_its_note_says(reading, name):
    text = next(preset.text for preset in browser.presets() if preset.name == "a negation")
    steps = {}
    for words in (tokenize(text), tokenize(text.replace("not ", ""))):
        logits = read_in_python(reading[name].network, [reading[name].vocabulary.encode(words)])[0]
        steps |= {(word, "not" in words): step for word, step in zip(words, np.diff(logits, prepend=0), strict=True)}
    assert steps["not", True] < 0
    assert all(0 < steps[word, True] < steps[word, False] for word in ("great", "funny", "recommend"))


@in_a_browser
@pytest.mark.parametrize("architecture", CELLS)
def test_every_cell_steps_as_in_torch(tab, architecture):
    network = Network(architecture, n_words=20, n_input=5, n_units=7).eval().requires_grad_(False)
    weights, words = browser.weights_of(network, 20), [f"word{i}" for i in range(20)]
    documents = [np.arange(20), np.array([3, 3, 1])]
    tab.evaluate(
        "holds => { globalThis.network = new Network(holds) }",
        {"architecture": architecture, "words": words, "weights": weights},
    )
    found = tab.evaluate(LOGITS, [one.tolist() for one in documents])
    expected = read_in_python(browser.in_16_bits(network, 20), documents)
    assert np.abs(np.subtract(np.concatenate(found), np.concatenate(expected))).max() < 1e-5


@in_a_browser
@pytest.mark.parametrize("name", NAMES)
def test_logits_agree_with_torch_on_200_documents(tab, reading, scripts, name):
    tab.add_script_tag(content=scripts[name])
    tab.evaluate("() => { globalThis.network = new Network(published.at(-1)) }")
    documents = browser.typical_documents(reading[name], browser.N_WORDS)
    assert len(documents) == 200
    found = tab.evaluate(LOGITS, [one.tolist() for one in documents])
    assert_same_logits(found, read_in_python(browser.in_16_bits(reading[name].network, browser.N_WORDS), documents))


@in_a_browser
def test_words_get_the_ids_of_the_vocabulary(tab, reading, scripts):
    tab.add_script_tag(content=scripts["imdb-gru-seed0"])
    words = [
        *reading["imdb-gru-seed0"].vocabulary.words[2:5],
        "unheard-of",
        reading["imdb-gru-seed0"].vocabulary.words[browser.N_WORDS],
    ]
    assert tab.evaluate("words => new Network(published.at(-1)).encode(words)", words) == [2, 3, 4, 1, 1]


def in_the_browser(tab, texts):
    return tab.evaluate("texts => texts.map(text => tokenize(text).map(({word}) => word))", texts)


@in_a_browser
def test_the_browser_cuts_the_stated_examples(tab):
    texts, expected = zip(*EXAMPLES, strict=True)
    assert in_the_browser(tab, texts) == [tokens.split() for tokens in expected]


@in_a_browser
@given(texts=st.lists(REVIEWS, max_size=30))
def test_the_browser_cuts_texts_as_python_does(tab, texts):
    assert in_the_browser(tab, texts) == [tokenize(text) for text in texts]


@in_a_browser
def test_the_browser_takes_every_character_for_what_python_does(tab):
    known = [chr(i) for i in range(sys.maxunicode) if unicodedata.category(chr(i)) not in ("Cn", "Cs", "Co")]
    texts = [f"a{character}b{character}{character}" for character in known]
    wrong = [text for text, found in zip(texts, in_the_browser(tab, texts), strict=True) if found != tokenize(text)]
    assert wrong == []


@in_a_browser
@given(text=REVIEWS)
def test_a_word_is_said_to_stand_where_it_does(tab, text):
    lowered = text.lower().replace("’", "'")
    for token in tab.evaluate("text => tokenize(text)", text):
        at = len(lowered.encode("utf-16-le")[: 2 * token["start"]].decode("utf-16-le"))
        assert lowered.startswith(token["word"], at)
