"""The documentation as it is written: its links lead to files, its pictures are small, no page is missing."""

import re
from pathlib import Path

import pytest

from docs.draw_gallery import SHOWN
from docs.draw_pages import SHOTS
from pages import SCREENS
from tests.house import ROOT

DOCS = ROOT / "docs"
PAGES = sorted(DOCS.glob("*.md"))
MOST_BYTES, MOST_TOGETHER = 120_000, 1_500_000
PICTURES = sorted(
    path for path in DOCS.rglob("*") if path.suffix in {".png", ".webp", ".svg"} and "look" not in path.parts
)
LINK = re.compile(r"\]\(([^()\s]+)\)")


def links(page: Path) -> list[str]:
    """Where links and pictures of a page lead, code aside."""
    text = re.sub(r"```.*?```|`[^`\n]*`", "", page.read_text(encoding="utf-8"), flags=re.S)
    return LINK.findall(text)


def test_readme_is_short_and_begins_with_two_commands():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert text.count("\n") < 150
    assert "\n    pip install -r requirements.txt && streamlit run app.py\n" in text
    assert "\n    pip install -r requirements-dev.txt && pytest\n" in text


@pytest.mark.parametrize("page", [ROOT / "README.md", *PAGES], ids=lambda page: page.name)
def test_links_lead_to_files_and_away_only_to_this_machine(page):
    for link in links(page):
        if "://" in link:
            assert link.startswith("http://localhost:")
        else:
            assert (page.parent / link.partition("#")[0]).exists(), link


def test_front_page_leads_to_every_page():
    other = {"index.md", "benchmarks.md"}
    assert {*links(DOCS / "index.md")} >= {page.name for page in PAGES} - other | {"../benchmarks/README.md"}


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.file)
def test_every_page_of_the_app_is_shown(screen):
    text = (DOCS / "pages.md").read_text(encoding="utf-8")
    part = text.partition(f"\n## {screen.title}\n")[2].partition("\n## ")[0]
    assert f"(pictures/{screen.file}.webp)" in part
    assert screen.file in SHOTS


def test_gallery_is_the_one_that_its_script_wrote():
    text = (DOCS / "gallery.md").read_text(encoding="utf-8")
    for shown in SHOWN:
        for caption, command in shown.made:
            assert f"<br>{caption}; " in text
            assert f"<br>`{command}`" in text
    files = {path.name for path in (DOCS / "pictures" / "gallery").iterdir()}
    assert {Path(link).name for link in links(DOCS / "gallery.md")} == files


def test_pictures_are_small():
    sizes = {path.name: path.stat().st_size for path in PICTURES}
    assert {name: size for name, size in sizes.items() if size > MOST_BYTES} == {}
    assert sum(sizes.values()) < MOST_TOGETHER
