"""The paper's numbers, read off its figures.

Contents
--------
Recovered       what recovered.json holds
recovered       read it
"""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, final

_FILE = Path(__file__).with_name("recovered.json")


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Recovered:
    """Numbers of the paper, with where they were read.

    Parameters
    ----------
    provenance : str
        Where, and how well.
    leading_share : dict
        sigma_1^2 / sum sigma_i^2 of the Fisher matrix, by image set (Table 2).
    matrix : dict
        Shape of the layer, by image set (Table 1).
    curves : dict
        Loss at ranks 1 to 20, by image set and method (Figure 2, Tables 3 to 5).
    synthetic : dict
        Loss and seconds by method.
    """

    provenance: str
    leading_share: dict[str, float]
    matrix: dict[str, list[int]]
    curves: dict[str, dict[str, list[float]]]
    synthetic: dict[str, dict[str, float]]


@lru_cache
def recovered() -> Recovered:
    """Read the numbers."""
    document: dict[str, Any] = json.loads(_FILE.read_text(encoding="utf-8"))
    return Recovered(**document)
