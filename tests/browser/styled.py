"""How many elements Chromium styles anew while something happens on a page."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page


@contextmanager
def counting_styled(page: Page) -> Iterator[list[int]]:
    """Fill the list, when left, with the number of elements of each time that styles were worked out."""
    session, events, counts, ended = page.context.new_cdp_session(page), [], [], []
    session.on("Tracing.dataCollected", lambda found: events.extend(found["value"]))
    session.on("Tracing.tracingComplete", lambda _: ended.append(True))
    session.send("Tracing.start", {"categories": "devtools.timeline", "transferMode": "ReportEvents"})
    yield counts
    session.send("Tracing.end")
    while not ended:
        page.wait_for_timeout(50)
    session.detach()
    counts += [
        event["args"]["elementCount"]
        for event in events
        if event["name"] == "UpdateLayoutTree" and "elementCount" in event.get("args", {})
    ]
