"""The packages know each other in one direction only, and none is too large to be looked over."""

from __future__ import annotations

from collections import Counter, defaultdict
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("desktop", "plugins", "runtime", "storage", "training")
MOST_MODULES = 20


def _package(module: str) -> str:
    """The second level of a module's name, which is a package or a module of its own."""
    return ".".join(module.split(".")[:2])


def test_no_packages_import_each_other_in_a_circle() -> None:
    graph = grimp.build_graph(*PACKAGES, cache_dir=None)
    below: dict[str, set[str]] = defaultdict(set)
    for module in graph.modules:
        for imported in graph.find_modules_directly_imported_by(module):
            if _package(module) != _package(imported):
                below[_package(module)].add(_package(imported))
    try:
        TopologicalSorter(below).prepare()
    except CycleError as error:
        pytest.fail(f"a circle of packages: {' -> '.join(error.args[1])}")


@pytest.mark.parametrize("package", [*PACKAGES, "benchmarks", "tools"])
def test_no_folder_holds_more_modules_than_can_be_looked_over(package: str) -> None:
    modules = [path for path in (ROOT / package).rglob("*.py") if not path.stem.startswith("__")]
    counts = Counter(str(path.parent.relative_to(ROOT)) for path in modules)
    assert {folder: n for folder, n in counts.items() if n > MOST_MODULES} == {}


@pytest.mark.parametrize("package", [*PACKAGES, "benchmarks", "tools", "examples"])
def test_no_file_is_longer_than_four_hundred_lines(package: str) -> None:
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text("utf-8").splitlines())
        for path in (ROOT / package).rglob("*.py")
    }
    assert {path: lines for path, lines in lengths.items() if lines > 400} == {}
