import json
import random
import shutil
from dataclasses import asdict
from fractions import Fraction

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.testing import assert_close

from lib.text.documents import pad
from lib.text.vocabulary import Vocabulary
from lib.training import evidence
from lib.training import folder as folders
from lib.training.evidence import gather
from lib.training.folder import Evidence, FolderError, load, save
from lib.training.network import Network
from lib.training.recipe import Recipe

NAME = "toy-lstm2-seed0"
FILES = ["weights.safetensors", "evidence.safetensors", "vocabulary.txt", "metrics.json"]
WORDS = Vocabulary(("<pad>", "<unk>", *"abcdefghi", "é"))


@pytest.fixture(scope="module")
def networks():
    torch.manual_seed(0)
    return Network("lstm", 12, 4, 6, n_layers=2).eval(), Network("lstm", 12, 4, 6, n_layers=2).eval()


def others_of(documents):
    return {"train": documents, "shortest": documents.take(np.arange(75))}


@pytest.fixture(scope="module")
def gathered(networks, documents):
    return gather(*networks, documents, others_of(documents))


@pytest.fixture(scope="module")
def parts(networks, gathered):
    """Everything that `save` takes after the folder."""
    config = {
        **{"name": NAME, "dataset": "toy", "title": "Toy", "architecture": "lstm", "n_layers": 2, "variant": "", "seed": 0},
        "recipe": asdict(Recipe(n_input=4, n_units=6)),
        "documents": {"train": 90, "validation": 10, "test": 9},
        "mean_length": {"whole": 16.5, "cut": 16.0},
        "unknown_share": 0.0,
        "fingerprints": {"train": "0123456789abcdef", "test": "fedcba9876543210"},
        "versions": {"python": "3.11", "torch": "2", "numpy": "2", "scikit-learn": "1"},
        **{"device": "cpu", "training_seconds": 1.5, "seconds": 2.5},
    }
    layers, transitions = gathered
    found = Evidence(layers, transitions, {"logits": torch.randn(9)}, {"true_evidence": torch.randn(12)}, torch.rand(5, 3))
    return config, {"accuracy": 0.5}, WORDS, networks[0], found


@pytest.fixture(scope="module")
def folder(parts, tmp_path_factory):
    path = tmp_path_factory.mktemp("networks") / NAME
    save(path, *parts)
    return path


@pytest.fixture
def copied(folder, tmp_path):
    return shutil.copytree(folder, tmp_path / NAME)


@pytest.fixture(scope="module")
def every_state(networks, documents):
    """For each layer the states after every token of every document, read one by one; zero before the first."""
    read = [networks[0].states(pad([tokens])[0]) for tokens in documents.tokens]
    return [[torch.cat((torch.zeros(1, 12), states[n][:, 0])).detach() for states in read] for n in range(2)]


def test_states_elsewhere_were_visited_in_the_other_documents(gathered, every_state):
    for layer, states in zip(gathered[0], every_state, strict=True):
        for found, n in zip(layer.other_states, (150, 75), strict=True):
            before = np.concatenate([document[:-1] for document in states[:n]])
            assert torch.cdist(found, torch.from_numpy(before)).amin(1).max() < 5e-3  # kept in half precision


def test_spectra_elsewhere_are_those_of_the_other_documents(gathered, every_state):
    for layer, states in zip(gathered[0], every_state, strict=True):
        for spectrum, n in zip(layer.other_spectra, (150, 75), strict=True):
            cloud = np.concatenate([document[1:] for document in states[:n]])
            assert spectrum.sum().item() == pytest.approx(cloud.var(axis=0).sum(), rel=1e-3)


def test_spectrum_is_the_variance_of_all_states(gathered, every_state):
    for layer, states in zip(gathered[0], every_state, strict=True):
        cloud = np.concatenate([document[1:] for document in states])
        variances = np.linalg.eigvalsh(np.cov(cloud.T, bias=True))[::-1]
        assert np.allclose(layer.spectrum, variances, atol=1e-6)
        assert np.allclose(layer.mean, cloud.mean(0), atol=1e-6)


def test_untrained_spectrum_is_that_of_the_other_network(networks, documents, gathered):
    swapped, _ = gather(networks[1], networks[0], documents, others_of(documents))
    for layer, other in zip(gathered[0], swapped, strict=True):
        assert_close(layer.untrained_spectrum, other.spectrum)


def test_sampled_states_are_real_transitions(documents, gathered, every_state):
    layers, facts = gathered
    for i in range(200):
        token, label, position, length = (int(x[i]) for x in (facts.tokens, facts.labels, facts.positions, facts.lengths))
        origins = [
            d
            for d, tokens in enumerate(documents.tokens)
            if len(tokens) == length and tokens[position] == token and documents.labels[d] == label
        ]
        pairs = list(zip(layers, every_state, strict=True))
        gaps = [max((layer.states[i] - states[d][position]).abs().max() for layer, states in pairs) for d in origins]
        assert min(gaps) < 1e-3


def test_density_is_a_sample_in_the_first_axes(gathered):
    for layer in gathered[0]:
        assert_close(layer.density.var(0, correction=0), layer.spectrum[:3], rtol=1e-3, atol=0)
        assert_close(layer.axes @ layer.axes.T, torch.eye(10), atol=1e-5, rtol=0)
        assert_close(layer.project(layer.mean + 2 * layer.axes[1]), 2 * torch.eye(10)[1], atol=1e-5, rtol=0)


def test_the_sample_is_limited_and_repeatable(networks, documents, monkeypatch):
    monkeypatch.setattr(evidence, "N_TRANSITIONS", 50)
    monkeypatch.setattr(evidence, "N_DOCUMENTS", 20)
    (layers, facts), (_, again) = (gather(*networks, documents, others_of(documents)) for _ in range(2))
    assert layers[0].states.shape == (50, 12)
    assert torch.equal(facts.positions, again.positions)


def test_a_saved_network_loads_as_it_was(folder, parts):
    _, metrics, vocabulary, network, found = parts
    loaded = load(folder)
    assert (loaded.name, loaded.metrics, loaded.vocabulary.words) == (NAME, metrics, vocabulary.words)
    rounded = network.embedding.weight.half().float()
    for name, value in loaded.network.state_dict().items():
        assert torch.equal(value, rounded if name == "embedding.weight" else network.state_dict()[name])
    for layer, original in zip(loaded.evidence.layers, found.layers, strict=True):
        assert torch.equal(layer.states, original.states) and torch.equal(layer.spectrum, original.spectrum)
        assert_close(layer.density @ layer.axes[:3], original.density @ original.axes[:3], rtol=0, atol=5e-4)
    for name in ("tokens", "labels", "positions", "lengths", "density_labels"):
        assert torch.equal(getattr(loaded.evidence.transitions, name), getattr(found.transitions, name))
    assert torch.equal(loaded.evidence.words["true_evidence"], found.words["true_evidence"])
    assert_close(loaded.evidence.documents["logits"], found.documents["logits"], rtol=1e-3, atol=0)
    assert_close(loaded.evidence.rollout_error, found.rollout_error, rtol=1e-3, atol=0)


def test_the_axes_of_the_top_layer_point_to_the_positive_end(folder, parts):
    top, original = load(folder).evidence.layers[-1], parts[-1].layers[-1]
    assert (top.axes @ parts[3].readout_axis >= 0).all()
    assert_close(top.axes.abs(), original.axes.abs())


def test_a_folder_holds_no_pickle_and_no_text(folder):
    assert sorted(path.name for path in folder.iterdir()) == sorted([*FILES, "config.json"])
    assert not list(folder.parent.glob(".*"))


def test_a_missing_folder_is_refused(tmp_path):
    with pytest.raises(FolderError, match=r"no network imdb-gru-seed0 .* run `make train NETWORK=imdb-gru-seed0`"):
        load(tmp_path / "imdb-gru-seed0")


@pytest.mark.parametrize("file", FILES)
def test_a_changed_file_is_named(copied, file):
    content = bytearray((copied / file).read_bytes())
    content[len(content) // 2] ^= 1
    (copied / file).write_bytes(content)
    with pytest.raises(FolderError, match=f"{NAME}/{file} is damaged .* run `make train NETWORK={NAME}`"):
        load(copied)


@pytest.mark.parametrize("file", [*FILES, "config.json"])
def test_a_deleted_file_is_refused(copied, file):
    (copied / file).unlink()
    with pytest.raises(FolderError, match=f"folder of {NAME} cannot be read .* restore it from the repository"):
        load(copied)


def config_with(**changes):
    return lambda config: json.dumps(config | changes)


@pytest.mark.parametrize(
    "change",
    [
        lambda _: "garbage",
        lambda _: "[]",
        lambda _: "{}",
        config_with(checksums=[]),
        config_with(checksums={}, n_layers=3),
        config_with(recipe=None),
        config_with(architecture="transformer"),
        config_with(n_layers="2"),
        config_with(seed=0.0),
        config_with(mean_length={"whole": 16.5, "cut": float("nan")}),
    ],
)
def test_a_config_that_makes_no_sense_is_refused(copied, change):
    config = json.loads((copied / "config.json").read_text())
    (copied / "config.json").write_text(change(config))
    with pytest.raises(FolderError, match=rf"(?s)folder of {NAME} cannot be read .* run `make train NETWORK={NAME}`\.$"):
        load(copied)


def damaged(path, place, mask):
    """The content of a file, cut at a place (mask 0) or with one byte there changed."""
    content = bytearray(path.read_bytes())
    at = int(place * len(content))
    if not mask:
        return content[:at]
    content[at] ^= mask
    return content


PLACES = st.fractions(0, Fraction(999, 1000))


@given(st.sampled_from(FILES), PLACES, st.integers(0, 255))
def test_any_damage_to_any_file_is_refused(folder, file, place, mask):
    whole = (folder / file).read_bytes()
    try:
        (folder / file).write_bytes(damaged(folder / file, place, mask))
        with pytest.raises(FolderError, match=f"{NAME}/{file} is damaged"):
            load(folder)
    finally:
        (folder / file).write_bytes(whole)


@given(PLACES, st.integers(0, 255))
def test_any_damage_to_the_config_is_refused(folder, place, mask):
    whole = (folder / "config.json").read_bytes()
    try:
        (folder / "config.json").write_bytes(damaged(folder / "config.json", place, mask))
        with pytest.raises(FolderError, match=NAME):
            load(folder)
    finally:
        (folder / "config.json").write_bytes(whole)


def fields_of(config, path=()):
    """The path of every field, those of fields among them."""
    for key, value in config.items():
        yield (*path, key)
        if isinstance(value, dict):
            yield from fields_of(value, (*path, key))


def test_a_config_without_a_field_or_with_another_value_there_is_refused_with_its_name(folder):
    """400 times; the checksum of what the config says is put right, so that it is not what refuses."""
    whole = (folder / "config.json").read_text(encoding="utf-8")
    draw = random.Random(0)
    try:
        for _ in range(400):
            config = json.loads(whole)
            *above, field = draw.choice([path for path in fields_of(config) if path[0] != "checksums"])
            place = config
            for key in above:
                place = place[key]
            others = [None, True, "", [], {}, -1, -0.5, float("nan"), {"a": 1}, ["a"]]
            place.pop(field)
            if draw.random() < 0.7:
                place[field] = draw.choice([other for other in others if not fits(other, field)])
            config["checksums"]["config.json"] = folders._said(config)
            (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
            with pytest.raises(FolderError, match=rf"folder of {NAME} cannot be read \(config\.json.*{field}.*\): restore it"):
                load(folder)
    finally:
        (folder / "config.json").write_text(whole, encoding="utf-8")


def test_a_folder_under_another_name_is_refused(copied):
    with pytest.raises(FolderError, match=f"The folder toy-gru-seed1 holds the network {NAME}: call it by that name"):
        load(copied.rename(copied.with_name("toy-gru-seed1")))


def fits(other, field):
    """Whether a value may stand in a field as well as the one that is there."""
    return (other is None and field in ("clip", "n_documents", "validation_share")) or (other == "" and field == "variant")


@pytest.mark.parametrize("step", ["weights.safetensors", "evidence.safetensors", "metrics.json"])
def test_an_interrupted_save_leaves_the_old_folder_whole(copied, parts, monkeypatch, step):
    save_file, sha256 = folders.save_file, folders._sha256

    def interrupted(write, where, path):
        if path.name == step:
            raise OSError("disk full")
        return write(*where, path)

    with monkeypatch.context() as patch:
        patch.setattr(folders, "save_file", lambda tensors, path: interrupted(save_file, (tensors,), path))
        patch.setattr(folders, "_sha256", lambda path: interrupted(sha256, (), path))
        with pytest.raises(OSError, match="disk full"):
            save(copied, *parts)
    assert load(copied).metrics == {"accuracy": 0.5}
    config, _, *rest = parts
    save(copied, config, {"accuracy": 0.6}, *rest)
    assert load(copied).metrics == {"accuracy": 0.6}
