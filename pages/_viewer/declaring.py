"""Components of this app, as Streamlit has them, but without the half a second and the memory of pandas."""

from collections.abc import Callable
from typing import Any

import streamlit as st


def declare(name: str, **parts: Any) -> Callable[..., Any]:
    """Register a component, and return what shows it.

    Streamlit looks for tables in a dictionary, and in what is no collection, and imports pandas and pyarrow
    to know one: 60 MB of a server that needs neither. It does not look into a list. So what is no bytes
    travels as the only item of one: a script begins with ``{ data: [data] }``.

    Parameters
    ----------
    name : str
        Which no other component has.
    **parts
        What ``streamlit.components.v2.component`` takes: html, css, js, isolate_styles.
    """
    component = st.components.v2.component(name, **parts)

    def show(*, data: Any = None, **rest: Any) -> Any:
        return component(data=data if isinstance(data, bytes | None) else [data], **rest)

    return show
