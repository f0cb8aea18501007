"""Checkpoints: what was interrupted goes on as if it had not been; lies prove nothing."""

import os
import signal
import subprocess
import sys
import time
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from exact_wlra import checkpoint as module
from exact_wlra.bounds.simplicial import SimplicialSearch
from exact_wlra.bounds.simplicial_state import pack_tree, unpack_tree
from exact_wlra.budget import Budget
from exact_wlra.certificate_json import certificate_to_json
from exact_wlra.checkpoint import Arrays, Checkpoint, digest
from exact_wlra.driver import solve
from exact_wlra.errors import CheckpointError
from exact_wlra.problem import Problem
from exact_wlra.solution import Solution
from reductions.pattern_space import pattern_space
from reductions.weight_factorization import factor_weights

ROOT = Path(__file__).resolve().parents[2]
GAP = Fraction(1, 10**5)


def patterned(*, lightest: int = 1, seed: int = 3) -> Problem:
    """20 x 30, pure noise, four patterns of rows and of columns."""
    generator = np.random.default_rng(seed)
    root = generator.integers(lightest, 4, size=(4, 4)) + np.eye(4, dtype=int)
    labels = [np.arange(n) % 4 for n in (20, 30)]
    data = generator.integers(-5, 6, size=(20, 30))
    return Problem(data, weights=root[np.ix_(*labels)], rank=1)


def begun(problem: Problem, budget: Budget, name: str = "") -> SimplicialSearch:
    instance = problem.instance
    space = pattern_space(instance, factor_weights(instance.squared_weights))
    return SimplicialSearch(instance, space, budget, name=name)


def stored(path: Path, problem: Problem) -> Checkpoint:
    return Checkpoint.resume(path, instance=digest(problem.instance))


def solved(problem: Problem, path: Path | None = None, **options) -> Solution:
    given = {"gap": GAP, "time_limit": 120, "method": "simplicial"} | options
    return solve(problem, checkpoint=path, **given)


@pytest.mark.parametrize("lightest", [0, 1])
def test_a_resumed_search_ends_as_an_uninterrupted_one(tmp_path, lightest) -> None:
    problem, path = patterned(lightest=lightest), tmp_path / "search.npz"
    whole = begun(problem, Budget(time_limit=60))
    gap = 1e-4 if lightest else 0.01
    assert whole.run(gap)
    first = begun(
        problem, Budget(time_limit=60, checkpoint=stored(path, problem)), name="a"
    )
    n_interruptions = 0
    while not first.run(gap, max_nodes=first.n_nodes + 100):
        checkpoint = first._budget.checkpoint
        checkpoint.keep("a", first.state)
        checkpoint.write()
        budget = Budget(time_limit=60, checkpoint=stored(path, problem))
        first = begun(problem, budget, name="a")
        n_interruptions += 1
    assert n_interruptions > 2
    assert first.n_nodes == whole.n_nodes
    assert first.proof(1e-5) == whole.proof(1e-5)


def test_a_finished_search_is_not_searched_again(tmp_path) -> None:
    problem, path = patterned(), tmp_path / "search.npz"
    first = solved(problem, path)
    again = solved(problem, path)
    plain = solved(problem)
    assert certificate_to_json(first.certificate) == certificate_to_json(
        plain.certificate
    )
    assert certificate_to_json(again.certificate) == certificate_to_json(
        plain.certificate
    )
    assert leaves_in(path) > 100


def test_a_smaller_gap_goes_on(tmp_path) -> None:
    problem, path = patterned(), tmp_path / "search.npz"
    solved(problem, path, gap=Fraction(1, 100))
    before = leaves_in(path)
    further = solved(problem, path)
    assert further.is_proved
    assert leaves_in(path) > before


def leaves_in(path: Path) -> int:
    with np.load(path, allow_pickle=False) as archive:
        return sum(len(archive[n]) for n in archive.files if n.endswith("/bounds"))


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
def test_what_was_killed_goes_on(tmp_path) -> None:
    problem, path = patterned(), tmp_path / "search.npz"
    script = tmp_path / "script.py"
    script.write_text(
        "from pathlib import Path\n"
        "from exact_wlra import checkpoint\n"
        "from tests.exact_wlra.test_checkpoint import patterned, solved\n"
        "checkpoint._INTERVAL = checkpoint._RARITY = 0.0\n"
        f"solved(patterned(), Path({str(path)!r}), gap=1e-12)\n"
    )
    with subprocess.Popen(
        [sys.executable, str(script)], env=os.environ | {"PYTHONPATH": str(ROOT)}
    ) as child:
        deadline = time.monotonic() + 60
        while not (path.exists() and leaves_in(path) > 50):
            assert time.monotonic() < deadline
            assert child.poll() is None
            time.sleep(0.02)
        child.send_signal(signal.SIGKILL)
        child.wait()
    n_leaves = leaves_in(path)
    resumed = solved(problem, path)
    assert resumed.is_proved
    assert leaves_in(path) >= n_leaves
    plain = solved(problem)
    assert resumed.lower <= plain.upper
    assert plain.lower <= resumed.upper


def test_state_is_written_now_and_then(tmp_path, monkeypatch) -> None:
    path = tmp_path / "search.npz"
    monkeypatch.setattr(module, "_INTERVAL", 0.0)
    monkeypatch.setattr(module, "_RARITY", 0.0)
    writings = []
    written = Checkpoint.write
    monkeypatch.setattr(
        Checkpoint, "write", lambda self: (writings.append(1), written(self))[1]
    )
    solved(patterned(), path)
    assert len(writings) > 3
    assert not path.with_name(path.name + ".new").exists()


# -- files that are refused ---------------------------------------------------------


def test_the_file_of_another_instance_is_refused(tmp_path) -> None:
    path = tmp_path / "search.npz"
    solved(patterned(), path, gap=0.1)
    with pytest.raises(CheckpointError, match="another instance"):
        solved(patterned(seed=4), path)


def test_the_file_of_another_version_is_refused(tmp_path, monkeypatch) -> None:
    path = tmp_path / "search.npz"
    monkeypatch.setattr(module, "_VERSION", 2)
    stored(path, patterned())
    monkeypatch.undo()
    with pytest.raises(CheckpointError, match="version 2"):
        solved(patterned(), path)


@pytest.mark.parametrize("length", [0, 1, 100, -1])
def test_a_damaged_file_is_refused(tmp_path, length: int) -> None:
    path = tmp_path / "search.npz"
    solved(patterned(), path, gap=0.1)
    path.write_bytes(path.read_bytes()[:length])
    with pytest.raises(CheckpointError, match="damaged"):
        solved(patterned(), path)


def test_a_flipped_byte_is_refused(tmp_path) -> None:
    path = tmp_path / "search.npz"
    solved(patterned(), path, gap=0.1)
    text = bytearray(path.read_bytes())
    text[len(text) // 2] ^= 1
    path.write_bytes(text)
    with pytest.raises(CheckpointError, match="damaged"):
        solved(patterned(), path)


def rewritten(path: Path, changes: Arrays, without: str = "") -> None:
    """Replace arrays, whatever search they belong to."""
    with np.load(path, allow_pickle=False) as archive:
        arrays = {name: archive[name] for name in archive.files}
    for name in list(arrays):
        short = name.partition("/")[2]
        if short == without and without:
            del arrays[name]
        elif short in changes:
            arrays[name] = changes[short]
    with path.open("wb") as file:
        np.savez(file, **arrays)


@pytest.mark.parametrize(
    "changes",
    [
        {"bounds": np.array([np.nan])},
        {"bounds": np.zeros(3)},
        {"values": np.zeros((1, 4, 4))},
        {"edges": np.array([[0, 0]], dtype=np.int16)},
        {"edges": np.array([[0, 9]], dtype=np.int16)},
        {"edges": np.zeros((0, 2), dtype=np.int16)},
        {"edges": np.array("text")},
        {"exclusions": np.array("[1]")},
        {"exclusions": np.array('[[[0],"{}"]]')},
        {"counts": np.array([1.0])},
        {"counts": np.array([1.0, 1e9])},
        {"counts": np.array([np.nan, np.nan])},
        {"best": np.zeros(2)},
        {"best": np.array([None])},
    ],
)
def test_arrays_that_do_not_fit_are_refused(tmp_path, changes) -> None:
    path = tmp_path / "search.npz"
    solved(patterned(), path, gap=0.1)
    rewritten(path, changes)
    with pytest.raises(CheckpointError, match="damaged"):
        solved(patterned(), path)


@pytest.mark.parametrize("name", ["edges", "values", "best", "counts", "exclusions"])
def test_missing_arrays_are_noticed(tmp_path, name: str) -> None:
    path = tmp_path / "search.npz"
    solved(patterned(), path, gap=0.1)
    rewritten(path, {}, without=name)
    with pytest.raises(CheckpointError, match="damaged"):
        solved(patterned(), path)


@pytest.mark.parametrize("factor", [0.0, 0.5, 0.999, -1.0])
def test_lies_about_multipliers_and_bounds_prove_nothing(tmp_path, factor) -> None:
    problem, path = patterned(), tmp_path / "search.npz"
    honest = solved(problem, path)
    with np.load(path, allow_pickle=False) as archive:
        arrays = {name: archive[name] for name in archive.files}
    for name, array in arrays.items():
        if name.endswith(("/values", "/bounds")):
            arrays[name] = array * (factor if name.endswith("/values") else 0)
    with path.open("wb") as file:
        np.savez(file, **arrays)
    told = solved(problem, path)
    assert told.lower <= honest.upper
    assert told.lower < honest.lower


def test_a_tree_comes_back_from_its_arrays() -> None:
    search = begun(patterned(), Budget(time_limit=60))
    search.run(1e-3)
    n_groups, size = search.floats.weights.shape
    arrays = pack_tree(search.root)
    root, leaves = unpack_tree(
        arrays, size=size, order=len(search.floats.roots), n_groups=n_groups
    )
    again = pack_tree(root)
    assert arrays.keys() == again.keys()
    for name, array in arrays.items():
        assert (array == again[name]).all()
    assert len(leaves) > 10
    for leaf in leaves:
        assert leaf.vertices.sum(axis=1) == pytest.approx(1)
