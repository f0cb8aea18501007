"""The registry: built-in oracles, those of others, and what is said of broken ones."""

import importlib.metadata
import subprocess
import sys
from collections.abc import Iterator

import pytest

from semialgebraic.errors import (
    InvalidInputError,
    OracleUnavailableError,
    UnknownOracleError,
)
from semialgebraic.oracles import registry
from semialgebraic.oracles.protocol import Oracle
from semialgebraic.oracles.registry import BUILT_IN, get_oracle, names, why_broken
from semialgebraic.systems import System

PLUG_IN = """
from semialgebraic.decisions import Undecided
from semialgebraic.oracles.protocol import Capabilities

class Echo:
    name = "echo"
    references = ()
    capabilities = Capabilities(scope="none", most_variables=1,
        proves_satisfiable=False, proves_unsatisfiable=False)
    def missing(self): return ""
    def accepts(self, system): return ""
    def decide(self, system, *, budget):
        return Undecided(reason="an echo.", advice="none.", by="echo")

class Misnamed(Echo):
    name = "another"

class Incomplete:
    name = "incomplete"

class Raising(Echo):
    def __init__(self): raise RuntimeError("no licence")
"""


@pytest.fixture
def installed(tmp_path, monkeypatch) -> Iterator[None]:
    """A distribution with plug-ins, installed for one test."""
    (tmp_path / "echo_plug_in.py").write_text(PLUG_IN, encoding="utf-8")
    info = tmp_path / "echo_plug_in-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: echo-plug-in\nVersion: 1.0\n", encoding="utf-8"
    )
    classes = {
        "echo": "Echo",
        "misnamed": "Misnamed",
        "incomplete": "Incomplete",
        "raising": "Raising",
        "absent": "NotThere",
    }
    lines = [f"{name} = echo_plug_in:{made}" for name, made in classes.items()]
    (info / "entry_points.txt").write_text(
        f"[{registry.ENTRY_POINTS}]\n" + "\n".join(lines) + "\n", encoding="utf-8"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    registry._load.cache_clear()
    yield
    registry._load.cache_clear()
    sys.modules.pop("echo_plug_in", None)


def test_the_built_in_names_come_first() -> None:
    assert names()[: len(BUILT_IN)] == tuple(BUILT_IN)


def test_listing_names_imports_no_oracle() -> None:
    script = (
        "import sys; from semialgebraic.oracles.registry import names; names(); "
        "print([m for m in sys.modules if m.startswith('semialgebraic.oracles.')])"
    )
    printed = subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, text=True
    ).stdout
    assert set(eval(printed)) == {  # noqa: S307
        "semialgebraic.oracles.registry",
        "semialgebraic.oracles.protocol",
    }


def test_an_unknown_name_is_refused_with_a_list_of_names() -> None:
    with pytest.raises(UnknownOracleError, match=r"no oracle 'crystal'.*cad"):
        get_oracle("crystal")


def test_an_oracle_is_made_once() -> None:
    assert get_oracle("portfolio") is get_oracle("portfolio")


@pytest.mark.usefixtures("installed")
def test_an_oracle_of_others_is_found_by_its_entry_point() -> None:
    echo = get_oracle("echo")
    assert isinstance(echo, Oracle)
    assert echo.name == "echo"
    assert why_broken("echo") == ""


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("misnamed", "another name"),
        ("incomplete", "protocol"),
        ("raising", "RuntimeError: no licence"),
        ("absent", "NotThere"),
    ],
)
def test_a_broken_oracle_keeps_its_name_and_shows_its_error(name, words) -> None:
    assert name in names()
    assert words in why_broken(name)
    with pytest.raises(OracleUnavailableError, match=words):
        get_oracle(name)


@pytest.mark.parametrize("taken", ["cad", "twice"])
def test_a_name_is_registered_once(monkeypatch, taken: str) -> None:
    point = importlib.metadata.EntryPoint(taken, "m:C", registry.ENTRY_POINTS)
    monkeypatch.setattr(registry, "entry_points", lambda group: [point, point])  # noqa: ARG005
    with pytest.raises(
        InvalidInputError, match=f"two oracles are registered as '{taken}'"
    ):
        names()


@pytest.mark.usefixtures("installed")
def test_an_oracle_of_others_can_be_asked_through_the_front_door() -> None:
    from semialgebraic.deciding import decide
    from semialgebraic.polynomials import polynomial_ring

    (x,) = polynomial_ring(["x"]).gens()
    assert decide(System.of((x, "<")), oracle="echo").reason == "an echo."
