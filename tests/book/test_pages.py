"""Which pages the book has, what each declares, and what make is told of it."""

from importlib import import_module

import pytest
import yaml

from lib.book import build, declarations
from lib.book.declarations import DeclarationError, Notebook
from lib.book.pages import Book, Page

catalogue = import_module("lib.training.catalogue")  # the face of its room has a function of that name

HEADER = "# ---\n# jupyter:\n#   book:\n#     networks: [{networks}]\n#     reads: [{reads}]\n# ---\n\n# %%\n{code}\n"


@pytest.fixture
def listing(monkeypatch, tmp_path):
    """Write another list of networks, all of which are trained."""
    networks = tmp_path / "networks"
    for module in (catalogue, declarations):
        monkeypatch.setattr(module, "NETWORKS", networks)
        monkeypatch.setattr(module, "CATALOGUE", tmp_path / "networks.yml")

    def write(text, *others):
        listed = yaml.safe_load(text)
        missing = {
            "appendix": [],
            "stacks": [],
            "sections": [],
            "stack_sections": [],
            "controls": [],
            "variants": {"glove": {}},
        }
        rest = {key: value for key, value in missing.items() if key not in listed}
        (tmp_path / "networks.yml").write_text(
            text + "\nworking_example: imdb-gru-seed0\nstack_example: imdb-gru5-glove-seed0\n" + yaml.safe_dump(rest)
        )
        for name in (*listed.get("appendix", ()), *listed.get("stacks", ()), *listed.get("controls", ()), *others):
            (networks / name).mkdir(parents=True)
            (networks / name / "evidence.safetensors").touch()

    return write


@pytest.fixture
def notebook(tmp_path):
    def write(networks="", reads="", code='network = "imdb-gru-seed0"', name="a"):
        path = tmp_path / f"{name}.py"
        path.write_text(HEADER.format(networks=networks, reads=reads, code=code))
        return Notebook.at(path)

    return write


def subpages(book):
    return [page.name for page in book.pages if page.is_of_a_network]


def test_lists_on_one_line_lose_no_pages(listing):
    listing("appendix: [sst-gru-seed0, sst-lstm-seed0]\nsections: [eigenmodes, robustness]")
    book = Book()
    assert subpages(book) == ["explored/sst-gru-seed0", "explored/sst-lstm-seed0"]
    assert [notebook.name for notebook in book.pages[-1].notebooks] == ["eigenmodes", "robustness"]


def test_stacks_of_any_depth_are_coupled_and_a_single_layer_is_not(listing):
    depths = {"imdb-gru-glove-seed0": 1, "imdb-gru2-glove-seed0": 2, "imdb-gru5-glove-seed0": 5, "imdb-gru12-glove-seed0": 12}
    listing(f"stacks: [{', '.join(depths)}]\nstack_sections: [layers, coupled]")
    of = {page.network: [notebook.name for notebook in page.notebooks] for page in Book().pages if page.is_of_a_network}
    assert of == {name: ["layers"] if depth == 1 else ["layers", "coupled"] for name, depth in depths.items()}


def test_networks_have_no_page_of_their_own_in_the_contents_and_are_taken_apart_by_their_kind(listing):
    listing("appendix: [sst-gru-seed0]\nstacks: [imdb-gru2-glove-seed0]\nsections: [eigenmodes]\nstack_sections: [layers]")
    book = Book()
    files = [chapter["file"] for part in book.toc()["parts"] for chapter in part["chapters"]]
    assert "explorer" in files and not [name for name in files if "/" in name]
    assert [(page.name, page.is_of_layers) for page in book.pages if page.is_of_a_network] == [
        ("explored/sst-gru-seed0", False),
        ("explored/imdb-gru2-glove-seed0", True),
    ]


def test_the_rule_of_a_network_runs_no_notebook_and_names_its_folder_and_its_control():
    book = Book()
    rules = {page.network: build.rule(book, page) for page in book.pages if page.is_of_a_network}
    network, stack = rules["sst-gru-seed0"], rules["imdb-gru2-glove-seed0"]
    assert network.command == "$(PY) -m lib.book.explored sst-gru-seed0 -o $@"
    assert stack.command == "$(PY) -m lib.book.explored imdb-gru2-glove-seed0 -o $@ --layers"
    assert str(stack).startswith("_build/explored/imdb-gru2-glove-seed0.json: ")
    files = set(map(build.relative, network.files))
    assert {f"networks/sst-{cell}-seed0/weights.safetensors" for cell in ("gru", "linear")} <= files
    assert {"lib/book/explored.py", "lib/book/claims.yaml", "book/reviews.yml"} <= files
    assert not {"lib/book/execution.py", "book/fixed-points.py", "book/networks.yml"} & files


def test_the_records_of_a_section_are_made_with_what_the_explorer_shows(listing):
    listing("appendix: [sst-gru-seed0, imdb-gru-seed0]\nsections: [eigenmodes]")
    assert [page.name for page in Book().makers("eigenmodes")] == ["explored/sst-gru-seed0", "explored/imdb-gru-seed0"]
    only_there = Book(working_example="yelp-gru-seed0")  # has no page of its own
    assert [page.name for page in only_there.makers("eigenmodes")] == [
        "eigenmodes",
        "explored/sst-gru-seed0",
        "explored/imdb-gru-seed0",
    ]


def test_what_a_notebook_declares_is_found_in_its_folders(listing, notebook):
    listing("appendix: [sst-gru-seed0]\ncontrols: [sst-linear-seed0, imdb-linear-seed0]", "trials", "sst-gru-short-seed0")
    assert notebook("network, control").folders("sst-lstm-seed0") == {"sst-lstm-seed0", "sst-linear-seed0"}
    assert notebook("controls, trials").folders(None) == {"sst-linear-seed0", "imdb-linear-seed0", "trials"}
    assert notebook("sst-gru-*").folders(None) == {"sst-gru-seed0", "sst-gru-short-seed0"}
    assert notebook("yelp-gru-seed5").folders(None) == set()  # is not trained yet


def test_what_is_kept_of_every_network_and_their_list_are_files_of_a_notebook_that_reads_what_was_measured(listing, notebook):
    listing("appendix: [sst-gru-seed0]")
    seed = catalogue.NETWORKS / "sst-gru-seed1"
    seed.mkdir()
    for name in ("claims.json", "metrics.json", "config.json", "other.json"):
        (seed / name).touch()
    kept = {seed / "claims.json", seed / "metrics.json", seed / "config.json", catalogue.CATALOGUE}
    assert notebook("measured").files(None) == kept
    assert notebook("network").files("sst-gru-seed1") == {seed / "other.json"} | kept - {catalogue.CATALOGUE}


def test_a_notebook_that_declares_nothing_or_what_is_not_there_is_told_so(listing, notebook, tmp_path):
    listing("appendix: [sst-gru-seed0]")
    (tmp_path / "silent.py").write_text("# %%\n1\n")
    with pytest.raises(DeclarationError, match=r"book/silent\.py: say in the header what it reads"):
        Notebook.at(tmp_path / "silent.py")
    with pytest.raises(DeclarationError, match="declares the networks papers: write network, control"):
        notebook("papers").folders(None)
    with pytest.raises(DeclarationError, match="has no parameter `network`"):
        notebook("network", code="1").folders(None)
    with pytest.raises(DeclarationError, match="page reads trainings, which is no notebook of the book"):
        Book().read_by(Page("page", (notebook(reads="trainings"),)))


def test_pages_that_read_each_other_are_told_so(monkeypatch, notebook, tmp_path):
    one, two = notebook(reads="two", name="one"), notebook(reads="one", name="two")
    book = Book()
    monkeypatch.setattr(build, "ROOT", tmp_path)
    monkeypatch.setattr(build, "code", lambda sources: sources)
    book.__dict__.update(notebooks={"one": one, "two": two}, pages=[Page("one", (one,)), Page("two", (two,))])
    with pytest.raises(DeclarationError, match=r"These pages read each other's records: (one, two|two, one)\."):
        build.write(book)


def test_a_rule_names_the_modules_behind_the_faces_and_the_data_that_they_name():
    book = Book()
    rules = {page.name: build.rule(book, page) for page in book.pages if page.name in ("low-dimensionality", "sling")}
    files = {name: set(map(build.relative, rule.files)) for name, rule in rules.items()}
    common = {"lib/book/execution.py", "lib/book/records.py", "lib/book/claims.yaml", "lib/dynamics/manifold.py"}
    assert common <= files["low-dimensionality"] & files["sling"]
    assert "book/reviews.yml" in files["low-dimensionality"] and "lib/book/paper_b.py" in files["sling"]
    assert not {"lib/book/paper_b.py", "book/networks.yml", "lib/dynamics/similarity.py"} & files["low-dimensionality"]
    assert "book/networks.yml" in files["sling"]
