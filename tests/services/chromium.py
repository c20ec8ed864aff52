"""A real Chromium for tests of the page."""

import os
import shutil

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # The page must not need anything from elsewhere.
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE localhost",
)


def executable() -> str:
    """Return the browser to start: $CHROMIUM, or one on PATH."""
    named = os.environ.get("CHROMIUM")
    found = next(filter(None, map(shutil.which, (named,) if named else NAMES)), None)
    if found is None:
        pytest.fail(
            f"CHROMIUM={named} cannot be run."
            if named
            else "No Chromium on PATH. Install it (Debian: sudo apt-get install chromium) or set CHROMIUM to its path.",
            pytrace=False,
        )
    return found
