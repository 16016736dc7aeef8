"""What is installed for whom: requirements.txt for hosts of the app, pyproject.toml for everybody else."""

import tomllib

import pytest
from packaging.requirements import Requirement

from quantize.commands.app import NEEDED
from tests.house import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
EXTRAS = PROJECT["optional-dependencies"]
ENGINE = {Requirement(line).name for line in PROJECT["dependencies"]}


def read_lines() -> list[str]:
    lines = (ROOT / "requirements.txt").read_text().splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def spelled(lines: list[str]) -> dict[str, str]:
    """Requirements by name, each in the one way in which ``packaging`` writes it."""
    found = {Requirement(line).name: str(Requirement(line)) for line in lines}
    assert len(found) == len(lines), "one is there twice"
    return found


def test_requirements_are_those_of_the_engine_and_the_app():
    assert spelled(read_lines()) == spelled([*PROJECT["dependencies"], *EXTRAS["app"]])


def test_the_engine_needs_no_screen():
    assert not ENGINE & {"streamlit", "plotly", "scikit-image", "fsspec", "platformdirs", "pandas"}


def test_the_command_looks_for_what_the_app_needs():
    assert sorted(NEEDED) == sorted(
        {"scikit-image": "skimage"}.get(name, name) for name in spelled(EXTRAS["app"])
    )


def test_all_is_every_extra():
    (everything,) = map(Requirement, EXTRAS["all"])
    assert everything.name == PROJECT["name"] == "quantize-colors"
    assert everything.extras == EXTRAS.keys() - {"all"}


@pytest.mark.parametrize("extra", sorted(EXTRAS.keys() - {"all"}))
def test_what_tests_install_is_what_an_extra_does(extra):
    named = (ROOT / "requirements-dev.txt").read_text().splitlines()
    lines = [*read_lines(), *(line for line in named if line and line[0] not in "#-")]
    pins = {Requirement(line).name: str(Requirement(line).specifier) for line in lines}
    for name, line in spelled(EXTRAS[extra]).items():
        assert pins[name] == str(Requirement(line).specifier)
