"""The operators' pages, as Prometheus serves them: whole, linked, and with what is really there."""

import re
import time
from html.parser import HTMLParser

import pytest

from roles.prometheus.files import PAGES

pytestmark = pytest.mark.rehearsal

# Scraped twice, recorded, and a rate over two points.
FULL_WITHIN_S = 90

# page -> what stands on Alpha's, in the words of its cells.
CONTENT = {
    "fleet": (r"alpha-1 singapore up \d", r"postgres alpha-1 alpha-1 postgres answers"),
    "postgres": (
        r"alpha-1 17\.\d+\.0 up primary \d+\.\d % of \d+ \d+\.\d\d",
        r"campaign alpha-1 \d",
    ),
    "redis": (r"session alpha-1 8\.\S+ up primary \d+\.\d % of \d+", r"leaderboard alpha-1 8"),
    "edge": (r"alpha-1 singapore up \d+ of \d+", r"alpha-1 api alpha-1 (up|down)"),
    "zones": tuple(
        rf"{zone}-1 {zone} alpha-1 singapore up \d\S* \d+ of \d+ [\d.]+[mu]?s [\d.]+ \d+"
        for zone in ("desert", "forest", "hub", "mountain", "volcanic")
    ),
}


def load(alpha, page):
    """A page's HTML; HTTP errors are told by Python."""
    url = f"http://127.0.0.1:9090/consoles/{page}.html"
    get = f"import urllib.request as u; print(u.urlopen('{url}', timeout=20).read().decode())"
    return alpha.ok(["python3", "-c", get])


def words(html):
    """What a person reads."""
    bare = re.sub(r"<style.*?</style>|<svg.*?</svg>|<[^>]+>", " ", html, flags=re.DOTALL)
    return re.sub(r"\s+", " ", bare)


def lacks(alpha, page):
    """What is not on the page yet."""
    said = words(load(alpha, page))
    return [pattern for pattern in CONTENT[page] if not re.search(pattern, said)]


@pytest.fixture(scope="module")
def filled(deployed_alpha):
    """Alpha, once its figures have been scraped and recorded."""
    until = time.monotonic() + FULL_WITHIN_S
    while time.monotonic() < until:
        if all(lacks(deployed_alpha, page) == [] for page in PAGES):
            break
        time.sleep(3)
    return deployed_alpha


def test_every_page_is_looked_at():
    assert sorted(CONTENT) == sorted(PAGES)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_shows_what_is_there(filled, page):
    html = load(filled, page)
    assert lacks(filled, page) == [], words(html)
    for odd in ("error", "<no value>", "NaN", "%!", "map["):
        assert odd not in html, odd


@pytest.mark.parametrize("page", PAGES)
def test_a_page_leads_to_the_others_and_fetches_nothing_from_elsewhere(filled, page):
    found = []

    class Links(HTMLParser):
        def handle_starttag(self, _tag, attributes):
            found.extend(value for name, value in attributes if name in ("href", "src"))

    Links().feed(load(filled, page))
    assert {f"{other}.html" for other in PAGES if other != page} <= set(found)
    assert all(re.match(r"[a-z]+\.html$|/alerts\?", link) for link in found)
