"""Dockerfile, compose.yaml and the proxy's configuration say the same, and fit the code."""

import json
import os
import re
import shlex
import subprocess
import tomllib
from pathlib import PurePosixPath

import pytest

from deploy.dockerfile import as_command, health_command, is_ignored, read_context, read_steps
from deploy.image import Image
from deploy.local import ROOT
from pages import _host

STEPS = read_steps(ROOT / "Dockerfile")
COMPOSE = (ROOT / "compose.yaml").read_text()
PROXY = (ROOT / "deploy" / "haproxy.cfg").read_text()


def texts(word: str) -> list[str]:
    """What follows each instruction of this name."""
    return [step.text for step in STEPS if step.word == word]


def variables() -> dict[str, str]:
    """What the image sets."""
    pairs = [pair.split("=", 1) for text in texts("ENV") for pair in shlex.split(text)]
    return dict(pairs)


def test_the_script_that_tries_the_image_knows_every_instruction():
    assert [step.word for step in STEPS if not hasattr(Image, f"_do_{step.word.lower()}")] == []


def test_python_of_the_image_is_one_that_the_project_takes():
    (image,) = texts("FROM")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    least = project["requires-python"].removeprefix(">=")
    assert re.fullmatch(r"python:(\d+\.\d+)-slim", image)
    assert tuple(map(int, image[7:-5].split("."))) >= tuple(map(int, least.split(".")))


def test_everything_copied_is_there_and_nothing_else_is_seen():
    sources = [source for text in texts("COPY") for source in shlex.split(text)[:-1]]
    seen = list(read_context(ROOT))
    for source in sources:
        assert any(path.is_relative_to(source) for path in seen), source
    assert [path for path in seen if not any(path.is_relative_to(source) for source in sources)] == []
    assert not any(path.suffix in {".pyc", ".nbi", ".nbc"} for path in seen)


@pytest.mark.parametrize("name", [".streamlit/secrets.toml", ".git/config", "tests/test_deploy.py", ".env"])
def test_what_is_no_part_of_the_app_stays_outside(name):
    patterns = (ROOT / ".dockerignore").read_text().splitlines()
    assert is_ignored(PurePosixPath(name), patterns)


def test_packages_are_those_that_the_app_needs_and_come_before_the_code():
    installs = [number for number, step in enumerate(STEPS) if "pip install" in step.text]
    copies = [number for number, step in enumerate(STEPS) if step.word == "COPY"]
    assert len(installs) == 1
    assert "-r requirements.txt" in STEPS[installs[0]].text
    assert "requirements-dev.txt" not in STEPS[installs[0]].text
    assert [STEPS[number].text for number in copies if number < installs[0]] == ["requirements.txt ./"]


def test_the_extra_named_for_s3_is_that_of_the_project():
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    for text in ((ROOT / "Dockerfile").read_text(), COMPOSE):
        assert re.findall(r"s3fs[^\"]+", text) == extras["s3"]


def test_the_app_runs_as_a_user_who_owns_only_kernels_and_data():
    assert texts("USER")[-1] == "1000"
    assert "--uid 1000 app" in texts("RUN")[0]
    assert "chown -R app:app /data /kernels" in texts("RUN")[0]
    assert variables()["NUMBA_CACHE_DIR"] == "/kernels"
    assert variables()["QUANTIZE_SHARE_STORE"].startswith("/data/")


def test_every_setting_of_the_app_that_is_named_exists():
    known = {*_host.NUMBERS, *_host.TEXTS, "QUANTIZE_THREADS"}
    files = [ROOT / "Dockerfile", ROOT / "compose.yaml", ROOT / "deploy" / "entry.sh"]
    named = {name for file in files for name in re.findall(r"QUANTIZE_[A-Z_]+", file.read_text())}
    assert "QUANTIZE_SHARE_STORE" in named
    assert named <= known


def entry(**given: str) -> dict[str, str]:
    """What the image's entry makes of these variables."""
    command = ["sh", str(ROOT / "deploy" / "entry.sh"), "env"]
    lines = subprocess.check_output(command, env={"PATH": os.defpath, **given}, text=True).splitlines()
    return dict(line.split("=", 1) for line in lines)


def test_a_space_may_be_framed_by_its_site_and_takes_uploads_there():
    space = {"SPACE_ID": "me/pictures", "SPACE_HOST": "me-pictures.hf.space"}
    made = entry(**space)
    assert made["QUANTIZE_FRAME_ANCESTORS"] == "https://huggingface.co"
    assert made["QUANTIZE_URL"] == "https://me-pictures.hf.space"
    assert made["STREAMLIT_SERVER_ENABLE_XSRF_PROTECTION"] == "false"
    assert entry(**space, QUANTIZE_URL="https://example.org")["QUANTIZE_URL"] == "https://example.org"


def test_elsewhere_nothing_is_loosened():
    assert {name for name in entry() if name.startswith(("QUANTIZE_", "STREAMLIT_"))} == set()


def test_kernels_are_for_every_processor_or_for_the_one_at_hand():
    made = entry()
    assert (made.get("NUMBA_CPU_NAME"), made.get("NUMBA_CPU_FEATURES")) in {("x86-64-v3", ""), (None, None)}


def test_all_agree_on_the_port():
    (port,) = texts("EXPOSE")
    start = as_command(texts("CMD")[0])
    assert f"--server.port=${{PORT:-{port}}}" in start[-1]
    assert f'"PORT", "{port}"' in (ROOT / "deploy" / "healthy.py").read_text()
    assert f" app:{port} " in PROXY
    published, inside = re.search(r'"(\d+):(\d+)"', COMPOSE).groups()
    assert published == port
    assert f"bind :{inside}\n" in PROXY


def test_health_check_and_start_name_files_of_the_image():
    (workdir,) = texts("WORKDIR")
    seen = {f"{workdir}/{path}" for path in read_context(ROOT)}
    assert health_command(texts("HEALTHCHECK")[0])[-1] in seen
    assert json.loads(texts("ENTRYPOINT")[0])[-1] in seen
    assert "streamlit run app.py" in texts("CMD")[0]


def test_servers_share_one_store_behind_the_proxy():
    assert "replicas: 2" in COMPOSE
    assert "- shares:/data" in COMPOSE
    assert f"QUANTIZE_SHARE_STORE: {variables()['QUANTIZE_SHARE_STORE']}\n" in COMPOSE
    assert "./deploy/haproxy.cfg:/usr/local/etc/haproxy/haproxy.cfg:ro" in COMPOSE


def test_proxy_lets_pass_what_the_app_takes():
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())
    most = int(re.search(r"req\.body_size gt (\d+)", PROXY).group(1))
    assert most > config["server"]["maxUploadSize"] * 2**20 + 2**16


def test_the_page_about_hosting_lists_every_setting_of_a_host_with_its_default():
    page = (ROOT / "docs" / "hosting.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `(QUANTIZE_\w+)` \| ([^|]+) \|", page, re.M))
    assert rows.keys() == {*_host.NUMBERS, *_host.TEXTS, "QUANTIZE_THREADS"}
    for name, setting in _host.NUMBERS.items():
        assert int(re.match(r"\d+", rows[name])[0]) == setting.default
        assert (f"{setting.memory} MB of memory" in rows[name]) == bool(setting.memory)


@pytest.mark.parametrize(("limit", "cache", "jobs"), [("734003200", 87, 1), ("max", 500, 2), ("", 500, 2)])
def test_defaults_fit_the_memory_of_a_container(tmp_path, monkeypatch, limit, cache, jobs):
    (tmp_path / "memory.max").write_text(limit)
    monkeypatch.setattr(_host, "_CONTAINER", (str(tmp_path / "memory.max"), str(tmp_path / "none")))
    monkeypatch.setattr(_host.os, "sysconf", lambda name: {"SC_PAGE_SIZE": 4096}.get(name, 1_024_000))
    assert _host.memory_bytes() == min(4_194_304_000, int(limit) if limit.isdigit() else 2**40)
    for name in ("QUANTIZE_CACHE_MB", "QUANTIZE_HEAVY_JOBS"):
        monkeypatch.delenv(name, raising=False)
    assert _host.number("QUANTIZE_CACHE_MB") == cache
    assert _host.number("QUANTIZE_HEAVY_JOBS") == jobs
    monkeypatch.setenv("QUANTIZE_CACHE_MB", "300")
    assert _host.number("QUANTIZE_CACHE_MB") == 300
    monkeypatch.delenv("QUANTIZE_CACHE_MB")
    (tmp_path / "memory.max").write_text("1000000")
    assert _host.number("QUANTIZE_CACHE_MB") == 16  # less makes no sense


def test_the_proxy_bounds_headers_and_what_one_address_has_of_its_connections():
    most = int(re.search(r"^    maxconn (\d+)", PROXY, re.M)[1])
    assert int(re.search(r"timeout http-request (\d+)s", PROXY)[1]) <= 15
    assert "tcp-request connection track-sc0 src" in PROXY
    assert 4 * int(re.search(r"reject if \{ sc0_conn_cur gt (\d+) \}", PROXY)[1]) <= most
