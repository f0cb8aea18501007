"""What people import has a docstring with an example that the suite runs."""

from types import ModuleType
from typing import Any

import pytest

import exact_wlra
from exact_wlra import plotting, theorems


def public(module: ModuleType, names: list[str]) -> list[Any]:
    return [
        pytest.param(getattr(module, name), id=f"{module.__name__}.{name}")
        for name in names
        if callable(getattr(module, name))
        or isinstance(getattr(module, name), ModuleType)
    ]


NAMES = [
    *public(exact_wlra, exact_wlra.__all__),
    *public(plotting, plotting.__all__),
    *public(theorems, theorems.__all__),
]


@pytest.mark.parametrize("thing", NAMES)
def test_public_name_has_an_example(thing: Any) -> None:
    assert ">>> " in (thing.__doc__ or "")


def test_the_estimator_has_one_where_scikit_learn_is_installed() -> None:
    pytest.importorskip("sklearn")
    assert ">>> " in (exact_wlra.WeightedLowRankApproximation.__doc__ or "")


def test_every_public_name_stands_in_the_header_of_its_package() -> None:
    for module in (exact_wlra, plotting, theorems):
        header = module.__doc__ or ""
        missing = [name for name in module.__all__ if name not in header]
        assert not missing, f"{module.__name__}: {missing}"
