"""What is run: image sets, networks, ranks, trials and methods.

Contents
--------
Setting         one image set
SETTINGS        all of them, in the order of tables
METHODS         methods run at every rank
LOCAL           methods run at few ranks, because they take long
"""

from dataclasses import dataclass
from typing import final

from exact_wlra.experiments.layers import Convention
from exact_wlra.experiments.perceptron import Training

CONVENTIONS: tuple[Convention, ...] = ("importance", "root importance")
_ALL_RANKS = tuple(range(1, 21))

# As the paper names them, then ours.
PAPER = ("svd_w", "adam", "em", "greedy", "sample", "svd")
METHODS = (
    *PAPER,
    "em-zero",
    "em-svd_w",
    "adam-normalized",
    "reweighted-separable",
)
LOCAL = ("als", "lbfgs")
LOCAL_RANKS = (1, 5, 10, 20)

# The least weight that Algorithm 2 sees, as a part of the greatest.
FLOOR = 1e-2
FLOORS = (1e-12, 1e-8, 1e-6, 1e-4, 1e-3, 1e-2, 1e-1)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One image set.

    Parameters
    ----------
    name : str
        In `exact_wlra.datasets.images.IMAGE_SETS`.
    training : Training
        The network; the paper gives the number of hidden units only.
    trials : int
        Networks trained, with seeds 0, 1, ...
    ranks : tuple of int
        k.
    """

    name: str
    training: Training
    trials: int = 5
    ranks: tuple[int, ...] = _ALL_RANKS


SETTINGS = (
    Setting(name="digits", training=Training(epochs=50)),
    Setting(name="mnist", training=Training()),
    Setting(name="fashion_mnist", training=Training()),
    Setting(name="lfw-subset", training=Training(epochs=40, batch=16)),
    # Bright images and many inputs: with the usual step most units die.
    Setting(
        name="ihc-tiles",
        training=Training(epochs=100, batch=32, step_size=1e-4),
        trials=2,
        ranks=(1, 2, 3, 5, 7, 10, 15, 20),
    ),
    Setting(
        name="smallnorb",
        training=Training(n_hidden=1024, step_size=1e-4),
        trials=1,
        ranks=(1, 5, 10, 20),
    ),
    Setting(
        name="colorectal_histology",
        training=Training(n_hidden=1024, step_size=1e-5),
        trials=1,
        ranks=(1, 5, 10, 20),
    ),
)
