"""Figure 1: the importance of the entries of each layer as an image.

Contents
--------
draw            one panel for each image set
"""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from benchmarks.paper.pictures import IMAGES, plots, save
from exact_wlra.experiments.layers import TrainedLayer

PICTURE = IMAGES / "importance.png"


def draw(layers: Mapping[str, TrainedLayer], path: Path = PICTURE) -> None:
    """Draw log10 of F over its greatest entry; what is below 1e-8 is black."""
    figure, panels = plots(1, len(layers), (2.6, 3.2))
    for panel, (name, layer) in zip(panels[0], layers.items(), strict=True):
        shares = layer.importance / layer.importance.max()
        image = panel.imshow(
            np.log10(np.maximum(shares, 1e-8)),
            aspect="auto",
            interpolation="nearest",
            vmin=-8,
            vmax=0,
        )
        panel.set_title(name, fontsize=9)
        panel.set(xlabel="hidden unit", ylabel="input")
    figure.colorbar(image, ax=panels[0][-1], label="log10 F / max F")
    save(figure, path)
