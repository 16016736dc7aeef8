"""Files can be dropped anywhere on the page: they go to a file uploader, wherever that stands."""

from pages._viewer.assets import read
from pages._viewer.declaring import declare

_component = declare("quantize_drop", html=read("drop.html"), css=read("drop.css"), js=read("drop.js"))


def drop_anywhere(uploader: str) -> None:
    """Let the uploader of this key take what is dropped on the page, but for what other uploaders take."""
    _component(key="drop", data={"input": f'.st-key-{uploader} input[type="file"]'})
