"""The browser of the tests, where there is one."""

import pytest

from lib.book.printing import CHROMIUM

in_a_browser = pytest.mark.skipif(
    CHROMIUM is None, reason="no Chromium: install it (Debian: apt-get install chromium) to test in a browser"
)
