"""Settings for all tests."""

import gc
import os
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import settings
from streamlit.components.v2 import manifest_scanner

from quantize import ahead
from tests.callbacks import forbid_cuts
from tests.garbage import fill_scratch_memory, keep_freed_memory

# Before anything of ours allocates; tests/test_scratch.py says where this is not to be had.
fill_scratch_memory()
keep_freed_memory()

# A machine that is busy with something else is no reason to fail: where time matters, a test measures it.
# Other examples come with every run; `--hypothesis-profile=thorough` looks at more of them at once.
settings.register_profile("patient", parent=settings(), deadline=None, max_examples=50)
settings.register_profile("thorough", parent=settings(), deadline=None, max_examples=500)
settings.load_profile("patient")

# Streamlit looks for components in all that is installed whenever a test opens a page: a tenth of a second.
manifest_scanner.scan_component_manifests = cache(manifest_scanner.scan_component_manifests)


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Compile the loops of a fresh clone once, before processes that share the tests all do so."""
    is_shared = session.config.getoption("numprocesses", None) and not hasattr(session.config, "workerinput")
    if is_shared and ahead._is_first_use():
        program = [sys.executable, "-c", "import quantize; quantize.warm()"]
        subprocess.run(program, cwd=Path(__file__).parents[1], check=True)


def pytest_collection_finish() -> None:
    """Spare the collector the thousands of tests: Streamlit calls it after every run of a page."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def _memory_is_kept() -> Iterator[None]:
    """A page that starts in the tests' own process leaves its memory as they have it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pages._cache.binding.give_back_early", keep_freed_memory)
        yield


@pytest.fixture(scope="session", autouse=True)
def _shares_of_tests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Shared pictures go to a folder of this run, also of servers that tests start; never to the user's."""
    before = os.environ.get("QUANTIZE_SHARE_STORE")
    os.environ["QUANTIZE_SHARE_STORE"] = str(tmp_path_factory.mktemp("shares"))
    yield
    if before is None:
        del os.environ["QUANTIZE_SHARE_STORE"]
    else:
        os.environ["QUANTIZE_SHARE_STORE"] = before


@pytest.fixture(autouse=True)
def _callbacks_that_cannot_be_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    forbid_cuts(monkeypatch)
