"""The direction of imports: app → pages → their parts → engine, and no circle anywhere."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
# Each module may import from its own row's rows below, and from its own row if no circle comes of it.
ENGINE_LAYERS = (
    {"__main__", "__init__", "batch", "palette_command"},
    {"warmup"},
    {"curve", "comparison", "verdicts", "card"},
    {"outline"},
    {"pipeline"},
    {"selection"},
    {"settling"},
    {"settings"},
    {"methods", "samples"},
    {"finders", "dither"},
    {"few_colors"},
    {"diffusion", "ordered", "riemersma"},
    {"task", "dither_task"},
    {"swatches"},
    {"swatches_adobe", "swatches_code", "swatches_lines", "swatches_pictures", "swatches_procreate"},
    {"swatches_tokens"},
    {"swatches_reading"},
    {"palette_facts", "palette_order", "palette_pairs", "palette_vision"},
    {"similarity"},
    {"metrics", "cloud", "heat"},
    {"ciede2000"},
    {"worker", "picture", "encode", "sheet", "previews"},
    {"lettering"},
    {"worker_child", "worker_process"},
    {"worker_wire"},
    {"frames", "parts", "decode", "narrow", "profiles", "quiet", "sniff", "limits", "output"},
    {"png_file", "png_rows"},
    {"resolution"},
    {"kmeans", "nearest", "palette", "rounding", "rarity", "cube", "masks", "search", "clusters"},
    {"few_points"},
    {"wu", "median_cut", "octree"},
    {"families", "drawn"},
    {"pairs"},
    {"light", "bands"},
    {"histogram", "colorset", "spaces"},
    {"opacity"},
    {"kernels_exchange", "kernels_search", "kernels_sweep", "kernels_group", "kernels_ward", "kernels_few"},
    {"kernels_dither", "kernels_pairs", "kernels_riemersma", "kernels_cube"},
    {"kernels_count", "kernels_nearest", "kernels_lab", "kernels_ciede", "threads", "records", "errors"},
)
HEAVY = (
    "skimage",
    "scipy.ndimage",
    "streamlit",
    "pandas",
    "plotly",
    "click",
    "coloraide",
)  # numba itself loads bare scipy


def engine_files() -> list[Path]:
    return sorted((ROOT / "quantize").glob("*.py"))


def imported(path: Path, package: str) -> set[str]:
    """Modules of a package that a file imports when it runs (not those for type checkers only)."""
    tree = ast.parse(path.read_text())
    skipped = {
        node
        for test in ast.walk(tree)
        if isinstance(test, ast.If) and "TYPE_CHECKING" in ast.unparse(test.test)
        for child in test.body
        for node in ast.walk(child)
    }
    names: set[str] = set()
    for node in ast.walk(tree):
        if node in skipped:
            continue
        if isinstance(node, ast.ImportFrom) and node.module:
            if node.module == package:
                names |= {alias.name for alias in node.names}
            elif node.module.startswith(f"{package}."):
                names.add(node.module.split(".")[1])
        elif isinstance(node, ast.Import):
            names |= {
                alias.name.split(".")[1] for alias in node.names if alias.name.startswith(f"{package}.")
            }
    return names


def layer_of(module: str) -> int:
    found = [number for number, layer in enumerate(ENGINE_LAYERS) if module in layer]
    assert found, f"quantize/{module}.py has no layer: say in tests/test_layers.py where it belongs"
    return found[0]


@pytest.mark.parametrize("path", engine_files(), ids=lambda path: path.stem)
def test_engine_imports_go_down(path):
    modules = {file.stem for file in engine_files()}
    for name in imported(path, "quantize") & modules:
        assert layer_of(path.stem) <= layer_of(name), f"{path.stem} imports {name}, which is above it"


def test_engine_imports_make_no_circle():
    graph = {path.stem: imported(path, "quantize") for path in engine_files()}
    done: set[str] = set()

    def visit(module: str, trail: tuple[str, ...]) -> None:
        assert module not in trail, " → ".join((*trail, module))
        if module not in done:
            for other in graph.get(module, ()):
                visit(other, (*trail, module))
            done.add(module)

    for module in graph:
        visit(module, ())


@pytest.mark.parametrize("path", engine_files(), ids=lambda path: path.stem)
def test_engine_knows_no_screen(path):
    assert not re.search(r"^\s*(import|from)\s+(streamlit|pages)\b", path.read_text(), re.M)


def page_files() -> list[Path]:
    return [ROOT / "app.py", *sorted((ROOT / "pages").rglob("*.py"))]


@pytest.mark.parametrize("path", page_files(), ids=lambda path: path.stem)
def test_state_and_caching_have_one_home_each(path):
    text = path.read_text()
    if path.name != "_state.py":
        assert "session_state" not in text
        assert "query_params" not in text
    if path.name != "_cache.py":
        assert "st.cache_" not in text


@pytest.mark.parametrize("path", page_files(), ids=lambda path: path.stem)
def test_pages_do_not_import_each_other(path):
    pages = {file.stem for file in page_files() if not file.stem.startswith("_")} - {"app"}
    assert not imported(path, "pages") & pages


def loaded_by(program: str) -> set[str]:
    """Modules that are there when a program has run."""
    command = [sys.executable, "-c", f"{program}; import sys; print(*sys.modules)"]
    return set(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split())


def test_import_is_light():
    loaded = loaded_by("from quantize import *")
    assert "numba" in loaded
    assert not set(HEAVY) & loaded


def test_a_worker_process_imports_only_what_decoding_needs():
    loaded = loaded_by("import quantize.decoding.worker_child")
    assert "PIL.WebPImagePlugin" in loaded
    assert not {*HEAVY, "numba", "cv2", "scipy", "quantize.decoding.picture", "PIL.PsdImagePlugin"} & loaded


def test_all_names_exist_and_are_sorted():
    import quantize

    assert sorted(quantize.__all__) == quantize.__all__
    for name in quantize.__all__:
        assert hasattr(quantize, name)
