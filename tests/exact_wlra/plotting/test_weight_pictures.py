"""Pictures of weights, and what all figures have in common."""

import ast
import inspect
from pathlib import Path

import numpy as np
import pytest

from exact_wlra import compare, plotting
from exact_wlra.driver import solve
from exact_wlra.plotting import patterns, spectrum, support_graph
from exact_wlra.problem import Problem
from exact_wlra.reading import read
from reductions.errors import NotApplicableError

SMALL = Problem([[1, -2, 4], [3, 5, -1]], weights=[[2, 1, 3], [1, 4, 2]], rank=1)
BLOCKS = Problem(
    [
        [3, 1, None, None],
        [1, 2, None, None],
        [None, None, 5, 1],
        [None, None, 1, 1],
        [None, None, None, None],
    ],
    rank=1,
)


@pytest.mark.parametrize(
    ("problem", "after"),
    [
        (SMALL, "2 x 3"),
        (BLOCKS, "2 x 2 + 2 x 2"),
        (read("dataset:missing-2x2", rank=1), "nothing: OPT is 0"),
        (read("dataset:airquality", rank=1), "18 x 6"),
        (Problem([[1, 2]], weights=[[0, 0]], rank=1), "nothing: OPT is 0"),
        (Problem(np.arange(1800).reshape(900, 2) % 7, rank=1), "2 x 2"),
    ],
)
def test_patterns_are_drawn_before_and_after(problem: Problem, after: str) -> None:
    figure = patterns(problem)
    assert figure.get_suptitle().endswith(f"compressed to {after}")
    assert len(figure._repr_png_()) < 100_000


def test_strips_color_the_classes() -> None:
    weights = [[1, 2], [2, 4], [3, 1]]
    problem = Problem([[1, 2], [3, 4], [0, 1]], squared_weights=weights, rank=1)
    data = patterns(problem).axes[0]
    strips = [p for p in data.patches if p.get_x() < 0 and p.get_height() >= 1]
    colors = [patch.get_facecolor() for patch in strips]
    # Rows 1 and 2 are proportional: one strip of height two, and another.
    assert sorted(patch.get_height() for patch in strips) == [1, 2]
    assert len(set(colors)) == 2


def test_spectrum_of_a_patterned_problem_is_that_of_the_whole() -> None:
    labels = {"row_labels": [0, 1, 0, 0], "column_labels": [0, 1, 1]}
    core = np.array([[1, 2], [3, 5]])
    problem = Problem.patterned(**labels, data_core=core, weight_core=core, rank=1)
    whole = core[np.ix_(labels["row_labels"], labels["column_labels"])]
    # Up to zeros: the core has as many values as the whole matrix has of these.
    drawn = spectrum(problem).axes[0].collections[1].get_offsets()[:, 1]
    assert np.allclose(drawn, np.linalg.svd(whole, compute_uv=False)[:2])
    assert "4 x 3" in spectrum(problem).get_suptitle()


def test_spectrum_tells_rank_and_share() -> None:
    assert (
        "100.0 % of the squared norm; rank 1"
        in spectrum(np.ones((3, 4))).get_suptitle()
    )
    assert "50.0 % of the squared norm; rank 2" in spectrum(np.eye(2)).get_suptitle()
    with pytest.raises(NotApplicableError, match="all weights are zero"):
        spectrum(np.zeros((2, 2)))


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        (BLOCKS, "2 components, 1 node without weight"),
        (SMALL, "1 component"),
        (read("dataset:airquality", rank=1), "1 component"),
        (Problem(np.eye(100), weights=np.ones((100, 100)), rank=1), "1 component"),
        (Problem([[1, 2]], weights=[[0, 0]], rank=1), "0 components, 3 nodes without"),
    ],
)
def test_support_graphs_are_drawn(problem: Problem, words: str) -> None:
    assert words in support_graph(problem).get_suptitle()


def test_support_of_too_many_kinds_is_refused() -> None:
    with pytest.raises(
        NotApplicableError, match="100 kinds of rows and 100 of columns"
    ):
        support_graph(Problem(np.eye(100), weights=np.eye(100), rank=1))


def all_figures() -> dict[str, tuple[object, ...]]:
    solution = solve(SMALL)
    two = [[3, -1, 2, 4], [1, 5, -2, 0], [2, 2, 7, 1], [-1, 3, 1, 6]]
    weights = [[3, 1, 1, 3], [1, 2, 2, 1], [1, 2, 2, 1], [3, 1, 1, 3]]
    searched = solve(
        Problem(two, weights=weights, rank=1), gap=1e-3, method="simplicial"
    )
    return {
        "landscape": (SMALL,),
        "bracket": ([], solution),
        "pattern_space": (searched,),
        "comparison": (compare(SMALL, methods=["svd"], seeds=1, title="x"),),
        "patterns": (SMALL,),
        "spectrum": (SMALL,),
        "support_graph": (SMALL,),
    }


FIGURES = all_figures()


@pytest.mark.parametrize("name", FIGURES)
def test_every_figure_has_a_title_a_file_and_shows_itself(
    name: str, tmp_path: Path
) -> None:
    draw, arguments = getattr(plotting, name), FIGURES[name]
    path = tmp_path / "p.png"
    figure = draw(*arguments, path=path, title="my title")
    assert figure.get_suptitle() == "my title"
    assert draw(*arguments).get_suptitle() not in ("", "my title")
    for content in (path.read_bytes(), figure._repr_png_()):
        assert content.startswith(b"\x89PNG")
    assert len(figure._repr_png_()) < 100_000
    with pytest.raises(ValueError, match="supported formats"):
        draw(*arguments, path=tmp_path / "p.docx")


def test_figures_are_shown_by_notebooks_without_pyplot() -> None:
    formatters = pytest.importorskip("IPython.core.formatters")
    data, _ = formatters.DisplayFormatter().format(spectrum(SMALL))
    assert data["image/png"].startswith(b"\x89PNG")


def test_every_picture_is_listed() -> None:
    tree = ast.parse(inspect.getsource(plotting))
    listed = (ast.get_docstring(tree) or "").split("Contents")[1]
    assert all(name in listed for name in plotting.__all__)
    assert set(FIGURES) <= set(plotting.__all__)
