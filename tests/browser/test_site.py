"""The documentation as a site: built without a warning, complete, and asking no other host for anything."""

import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import partial
from html.parser import HTMLParser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import click
import pytest
from playwright.sync_api import Page, expect

import quantize
from quantize.__main__ import SUBCOMMANDS
from quantize.commands.quantize import quantize_command
from tests.browser.conftest import ROOT, is_foreign
from tests.browser.test_accessible import AXE
from tests.test_docs import links

FIND = """async () => {
  const found = await axe.run({resultTypes: ["violations"]})
  return found.violations.filter(({ impact }) => impact === "serious" || impact === "critical").flatMap(one =>
    one.nodes.map(node => `${one.id}: ${node.html.slice(0, 200)} ${node.failureSummary}`))
}"""

LOADED = {"img": "src", "script": "src", "link": "href", "iframe": "src", "source": "src", "object": "data"}
"""What a browser fetches by itself; of what people click, ``a`` alone has addresses."""


class Read(HTMLParser):
    """What a page fetches, where its links lead, and what they may lead to."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.fetched: set[str] = set()
        self.links: set[str] = set()
        self.ids: set[str] = set()
        self.feed(page.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what an element says."""
        said = {name: value or "" for name, value in attrs}
        self.ids.add(said.get("id", ""))
        if address := said.get(LOADED.get(tag, "-")):
            self.fetched.add(address)
        if tag == "a" and said.get("href"):
            self.links.add(said["href"])
        self.fetched.update(re.findall(r"url\(([^)]+)\)", said.get("style", "")))


class Quiet(SimpleHTTPRequestHandler):
    """A server of files that says nothing."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("docs") / "site"
    command = [sys.executable, "-m", "docs.build", str(folder)]
    built = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert (built.returncode, built.stderr) == (0, "")
    return folder


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[str, Read]:
    return {path.name: Read(path) for path in site.glob("*.html")}


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_every_page_is_there_and_nothing_is_fetched_elsewhere(site, pages):
    assert {f"{page.stem}.html" for page in (ROOT / "docs").glob("*.md")} <= pages.keys()
    for name, page in pages.items():
        assert {one for one in page.fetched if "//" in one and not one.startswith("data:")} == set(), name
    for style in site.rglob("*.css"):
        text = style.read_text(encoding="utf-8")
        assert "@import" not in text
        assert re.findall(r"""url\(["']?(?:https?:)?//[^)]*""", text) == []


def test_links_of_the_site_and_of_readme_lead_to_what_is_there(site, pages):
    wanted = {(name, link) for name, page in pages.items() for link in page.links}
    wanted |= {
        ("README.md", link.removeprefix("docs/").replace(".md", ".html"))
        for link in links(ROOT / "README.md")
        if link.startswith("docs/") and ".md" in link
    }
    for name, link in wanted:
        if "//" in link:
            continue
        file, _, part = link.partition("#")
        assert not file or (site / file).exists(), (name, link)
        if part and (file or name).endswith(".html"):
            assert part in pages[file or name].ids, (name, link)


def test_every_command_and_option_is_described(site):
    text = (site / "command_line.html").read_text(encoding="utf-8")
    for name, command in {"": quantize_command, **SUBCOMMANDS}.items():
        part = text.partition(f'id="{"-".join(filter(None, ("quantize", name)))}"')[2].partition("<section")[
            0
        ]
        for option in command.params:
            for said in option.opts if isinstance(option, click.Option) and not option.hidden else ():
                assert re.search(rf"<dt><code[^>]*>[^\n]*{said}\b", part), (name, said)


def test_every_public_name_is_described(pages):
    assert {f"quantize.{name}" for name in quantize.__all__} <= pages["program.html"].ids


def test_pages_fit_a_phone_and_search_finds_without_another_host(page: Page, address, pages):
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.set_viewport_size({"width": 390, "height": 800})
    for name in sorted(pages.keys() - {"genindex.html", "search.html"}):
        page.goto(f"{address}/{name}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, name
        broken = "[...document.images].filter(image => image.complete && !image.naturalWidth).map(i => i.src)"
        assert page.evaluate(broken) == [], name
    page.goto(f"{address}/search.html?q=dithering")
    expect(page.locator("#search-results li").first).to_be_visible()
    assert [url for url in asked if is_foreign(url)] == []


@pytest.mark.parametrize(("name", "scheme"), [("program", "light"), ("command_line", "dark")])
def test_axe_finds_nothing_serious_on_the_site(page: Page, address, name, scheme):
    page.emulate_media(color_scheme=scheme)
    page.goto(f"{address}/{name}.html")
    page.evaluate(AXE)
    assert page.evaluate(FIND) == []
