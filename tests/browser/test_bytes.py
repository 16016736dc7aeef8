"""What a first visit loads, in compressed bytes, and which files: a slow line waits for each of them."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.panes import settle
from tests.browser.test_app import WAIT_MS, figures

MOST_BYTES = 1_350_000  # 3,550,000 before they were compressed; 546,000 of them are Streamlit's two fonts
HEAVY = ("PlotlyChart", "DeckGl", "ECharts", "DataFrame", "SyntaxHighlighter", "katex")


def test_a_first_visit_loads_little_and_no_charts(
    new_page: Callable[..., Page], serve: Callable[..., str]
) -> None:
    page = new_page(first=True)
    names: dict[str, str] = {}
    sizes: dict[str, int] = {}
    plain: list[str] = []

    def answered(event: dict) -> None:
        answer = event["response"]
        names[event["requestId"]] = answer["url"]
        headers = {name.lower(): value for name, value in answer["headers"].items()}
        if (
            "/static/" in answer["url"]
            and "/media/" not in answer["url"]
            and "content-encoding" not in headers
        ):
            plain.append(answer["url"])

    asked = page.context.new_cdp_session(page)
    asked.send("Network.enable")
    asked.on("Network.responseReceived", answered)
    asked.on(
        "Network.loadingFinished",
        lambda event: sizes.update({event["requestId"]: int(event["encodedDataLength"])}),
    )
    page.goto(serve("app.py"))
    figures(page)
    settle(page)
    assert 100_000 < sum(sizes.values()) < MOST_BYTES
    assert not [url for url in names.values() if any(heavy in url for heavy in HEAVY)]
    assert sum(sizes[id] for id, url in names.items() if url in plain and id in sizes) < 30_000  # short files
    page.get_by_role("link", name="Compare K").click()
    expect(page.locator(".js-plotly-plot")).to_be_visible(timeout=WAIT_MS)
    assert [url for url in names.values() if HEAVY[0] in url]
