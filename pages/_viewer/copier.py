"""A text to take along, with a button that copies it."""

from pages._viewer.assets import read
from pages._viewer.declaring import declare

_component = declare(
    "quantize_copier", html=read("copier.html"), css=read("copier.css"), js=read("copier.js")
)


def copier(text: str, *, key: str, name: str, label: str, first: bool = False) -> None:
    """Show a text that can be copied.

    Parameters
    ----------
    text : str
        The whole of it.
    key : str
        Names this element; unique on its page.
    name : str
        What the text is, for screen readers.
    label : str
        What the button says.
    first : bool
        Whether it is the one of several that most people want.
    """
    _component(key=key, data={"text": text, "name": name, "label": label, "first": first})
