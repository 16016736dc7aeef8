"""The store of shared pictures that this server uses."""

import streamlit as st

from pages._store.store import ShareStore, open_store
from quantize import QuantizeError


@st.cache_resource(show_spinner=False)
def share_store() -> ShareStore | None:
    """Where shared pictures are, or None if this server keeps none."""
    return open_store()


def open_shares() -> ShareStore:
    """Where shared pictures are.

    Raises
    ------
    QuantizeError
        If this server keeps none.
    """
    store = share_store()
    if store is None:
        raise QuantizeError(
            "link must name a sample, as this server keeps no shared pictures, got a shared one"
        )
    return store
