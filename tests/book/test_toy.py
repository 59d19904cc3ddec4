"""The toy of the primer, in Chromium: its numbers by hand, the keyboard, and what is told."""

import shutil

import pytest
from browsers import in_a_browser

from lib.book.toy import toy
from lib.training import ROOT

pytestmark = in_a_browser


@pytest.fixture
def tab(chromium, tmp_path):
    shutil.copytree(ROOT / "book" / "_static", tmp_path / "_static")
    head = '<html lang="en"><meta charset="utf-8"><title>Test</title>'
    (tmp_path / "index.html").write_text(f"<!doctype html>{head}<body>{toy().data}", encoding="utf-8")
    tab, troubles = chromium.new_page(), []
    tab.on("pageerror", lambda error: troubles.append(str(error)))
    tab.goto((tmp_path / "index.html").as_uri())
    yield tab
    tab.close()
    assert troubles == []


def system(tab, **values):
    return tab.evaluate("values => { const of = toy(values); return {...of, path: of.path(of.kick)}; }", values)


def test_at_right_angles_left_and_right_eigenvectors_are_the_same(tab):
    found = system(tab, first=0.99, second=0.5, angle=90, input=30)
    assert found["left"][0] == pytest.approx([1, 0]) and found["left"][1] == pytest.approx([0, 1])
    assert found["times"] == pytest.approx([99.4992, 1.442695], rel=1e-4)
    assert found["kept"] == pytest.approx([3**0.5 / 2, 0.5])


def test_an_input_along_the_other_mode_leaves_nothing(tab):
    assert system(tab, first=1, second=0.5, angle=60, input=60)["kept"][0] == pytest.approx(0)


def test_a_tilted_mode_takes_more_of_an_input_and_the_state_ends_there(tab):
    found = system(tab, first=1, second=0.5, angle=30, input=90)
    assert found["kept"] == pytest.approx([-(3**0.5), 2])
    assert found["path"][0] == pytest.approx([0, 1]) and found["path"][-1] == pytest.approx([-(3**0.5), 0])


def test_the_keyboard_moves_an_eigenvalue_and_what_it_means_is_told(tab):
    told = tab.locator(".toy-told")
    assert told.inner_text().startswith("Mode 1 lasts 99 tokens")
    tab.locator("#toy-first").focus()
    tab.keyboard.press("ArrowRight")
    assert told.inner_text().startswith("Mode 1 lasts for ever") and told.get_attribute("aria-live") == "polite"
