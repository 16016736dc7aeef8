"""A question to the browser, answered after a while: how do your controls stand?"""

from collections.abc import Callable

from pages._viewer.assets import read
from pages._viewer.declaring import declare

_component = declare("quantize_answer", html="<p hidden></p>", js=read("answer.js"))


def ask(number: int, on_answer: Callable[[], None]) -> None:
    """Ask, unless this number or a higher one was asked before; 0 asks nothing."""
    _component(key="answer", data=number, on_answer_change=on_answer)
