"""What reads the reader's review, in Chromium: as one has it without a mouse, on a phone, in the dark or without JavaScript."""

import shutil

import pytest
from browsers import in_a_browser

from lib.book import browser, page
from lib.training import ROOT

PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1200, "height": 900}
TOLD, TEXT, WORDS = ".own-review-told", "#own-review-text", "#own-review-words-1"

NAME_OF_FOCUSED = "(at => at.ariaLabel || at.labels?.[0]?.textContent || at.textContent)(document.activeElement)"

pytestmark = in_a_browser


@pytest.fixture(scope="module")
def address(reading, scripts, tmp_path_factory):
    """The part as a page of its own, in a folder as the built book has it."""
    folder = tmp_path_factory.mktemp("html")
    shutil.copytree(ROOT / "book" / "_static", folder / "_static")
    page.scripts("networks", scripts, folder / "_static")
    head = '<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Test</title>'
    (folder / "index.html").write_text(
        f"<!doctype html>{head}<body>{browser.own_review(list(reading.values())).data}", encoding="utf-8"
    )
    return (folder / "index.html").as_uri()


@pytest.fixture
def opened(chromium, address):
    """Opens the page; what went wrong, and what was asked of a host, is in the second value."""
    contexts = []

    def open_page(size=DESKTOP, **options):
        contexts.append(chromium.new_context(viewport=size, **options))
        tab, troubles = contexts[-1].new_page(), []
        tab.on("console", lambda message: message.type == "error" and troubles.append(message.text))
        tab.on("pageerror", lambda error: troubles.append(str(error)))
        tab.on("request", lambda request: request.url.startswith("file:") or troubles.append(request.url))
        tab.goto(address)
        return tab, troubles

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def tab(opened):
    tab, troubles = opened()
    yield tab
    assert troubles == []


def verdicts(tab):
    return [told.split(",")[0] for told in tab.locator(".own-review-verdict").all_inner_texts()]


def selected(tab):
    return tab.locator(f"{WORDS} [aria-selected=true]").all_inner_texts()


def wait_until_told(tab, *parts):
    """Until the sentence for a screen reader holds all parts."""
    told = "([place, parts]) => parts.every(part => document.querySelector(place).textContent.includes(part))"
    tab.wait_for_function(told, arg=[TOLD, parts], timeout=5_000)


@pytest.mark.parametrize("preset", browser.presets(), ids=lambda preset: preset.name)
def test_every_network_gives_a_preset_its_stated_verdict(tab, preset):
    tab.get_by_role("button", name=preset.name).click()
    assert tab.locator(TEXT).input_value() == preset.text
    assert tab.locator(".own-review-note").inner_text() == preset.note
    assert tab.locator("#own-review-network-2").input_value() == preset.beside
    for name, verdict in preset.verdicts.items():
        tab.locator("#own-review-network-2").select_option(name)
        assert verdicts(tab) == [preset.verdicts["imdb-gru-seed0"], verdict]


def test_one_steps_through_the_words_with_keys_and_with_buttons_and_each_is_told(tab):
    tab.locator(TEXT).fill("A great film.")
    assert selected(tab) == ["."]
    tab.locator(WORDS).press("ArrowLeft")
    tab.locator(WORDS).press("ArrowLeft")
    assert selected(tab) == ["great"]
    wait_until_told(tab, "Word 2 of 4, “great”.", "GRU, IMDB: positive so far, logit +", "vanilla RNN, IMDB: ")
    assert tab.locator(WORDS).get_attribute("aria-activedescendant") == "own-review-word-1-1"
    tab.locator(WORDS).press("Home")
    assert selected(tab) == []
    wait_until_told(tab, "Before the first word.")
    tab.get_by_role("button", name="Forward").click()
    assert selected(tab) == ["a"]
    tab.get_by_role("button", name="Back").click()
    tab.get_by_role("button", name="Back").click()
    assert selected(tab) == []
    tab.get_by_role("button", name="To the end").press("ArrowLeft")
    assert selected(tab) == []
    tab.get_by_role("button", name="To the end").press("Enter")
    assert selected(tab) == ["."]
    tab.locator(TEXT).press("ArrowLeft")  # moves the cursor, and nothing else
    assert selected(tab) == ["."]
    tab.locator(f"{WORDS} >> text=film").click()
    assert selected(tab) == ["film"]
    assert "so far" in tab.locator(".own-review-verdict").first.inner_text()


def test_not_and_very_go_before_the_selected_word_and_away_again(tab):
    tab.locator(TEXT).fill("It’s a GOOD film<br>!")
    tab.locator(f"{WORDS} >> text=good").click()
    pressed = {}
    for modifier, text in (
        ("very", "It’s a very GOOD film<br>!"),
        ("not", "It’s a not very GOOD film<br>!"),
        ("very", "It’s a not GOOD film<br>!"),
        ("not", "It’s a GOOD film<br>!"),
    ):
        button = tab.get_by_role("button", name=modifier)
        button.press("Space")
        pressed[modifier] = not pressed.get(modifier, False)
        assert tab.locator(TEXT).input_value() == text
        assert button.get_attribute("aria-pressed") == str(pressed[modifier]).lower()
        assert selected(tab) == ["good"]
    tab.locator(WORDS).press("Home")
    assert tab.get_by_role("button", name="not", exact=False).last.is_disabled()


def test_not_before_a_word_of_praise_lowers_the_logit(tab):
    def logit():
        return float(tab.locator(".own-review-verdict").first.inner_text().split()[-1].replace("−", "-"))

    tab.locator(TEXT).fill("It was interesting")
    before = logit()
    tab.locator("[data-modifier=not]").click()
    assert logit() < before


def test_words_have_the_colour_of_their_valence_and_unknown_ones_are_marked(tab):
    tab.locator(TEXT).fill("wonderful terrible zzyzx")
    shown = [word.get_attribute("class").split() for word in tab.locator(f"{WORDS} span").all()]
    assert "positive" in shown[0] and "negative" in shown[1] and "unknown" in shown[2]
    assert "unknown" not in [*shown[0], *shown[1]]
    strength = [
        float(word.evaluate("word => word.style.getPropertyValue('--strength')")) for word in tab.locator(f"{WORDS} span").all()
    ]
    assert strength[0] > 0.8 and strength[1] > 0.8


def test_the_path_in_the_plane_and_the_trace_grow_with_each_word(tab):
    tab.locator(TEXT).fill("Not bad at all")
    for n in (4, 3, 2):
        for drawing in ("plane", "trace"):
            points = tab.locator(f".own-review-{drawing} .path").first.get_attribute("points").split()
            assert len(points) == n + 1
        tab.locator(WORDS).press("ArrowLeft")


def test_an_empty_review_is_read_too(tab):
    tab.locator(TEXT).fill("")
    wait_until_told(tab, "Before the first word.", "GRU, IMDB: ")
    tab.locator(WORDS).press("ArrowRight")
    assert selected(tab) == []


def test_all_that_can_be_used_has_a_name_and_is_reached_with_the_tab_key(tab):
    n = tab.locator(".own-review :is(button, textarea, select, [tabindex])").count()
    reached = []
    for _ in range(n):
        tab.keyboard.press("Tab")
        reached.append(tab.evaluate(NAME_OF_FOCUSED))
    assert tab.evaluate("document.activeElement.id") == "own-review-words-2"
    assert all(name.strip() for name in reached)


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_wider_than_the_screen_and_nothing_moves_while_one_steps(opened, size, scheme):
    tab, troubles = opened(size, color_scheme=scheme)
    top = "document.querySelector('.own-review-trace').getBoundingClientRect().top + scrollY"
    tab.get_by_role("button", name="a clear one").click()
    wait_until_told(tab, "Word ")
    tops = set()
    for _ in range(6):
        tab.locator(WORDS).press("ArrowLeft")
        wait_until_told(tab, f"“{selected(tab)[0]}”")
        tops.add(tab.evaluate(top))
    assert len(tops) == 1
    assert tab.evaluate("document.documentElement.scrollWidth") <= size["width"]
    assert troubles == []


def test_without_javascript_a_sentence_says_what_is_missing(opened):
    tab, _ = opened(java_script_enabled=False)
    sentence = tab.locator(".own-review-off")
    assert sentence.is_visible() and "needs JavaScript" in sentence.text_content()
    assert not tab.locator(".own-review").is_visible()
