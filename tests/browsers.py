"""The browser of the tests, where there is one."""

import shutil

import pytest

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
in_a_browser = pytest.mark.skipif(
    CHROMIUM is None, reason="no Chromium: install it (Debian: apt-get install chromium) to test in a browser"
)
