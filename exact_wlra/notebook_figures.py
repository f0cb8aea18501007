"""Figures that notebooks show as the result of a cell.

A bare figure of matplotlib is shown only where pyplot has been set up. This one carries
its picture with it, so that no back end is chosen and no display is needed. Import it
only to draw: it imports matplotlib.

Contents
--------
NotebookFigure      a figure with `_repr_png_`
"""

import io
from typing import final

from matplotlib.figure import Figure


@final
class NotebookFigure(Figure):
    """A figure that is shown when it is the last expression of a cell.

    Examples
    --------
    >>> NotebookFigure(figsize=(1, 1))._repr_png_()[1:4]
    b'PNG'
    """

    def _repr_png_(self) -> bytes:
        """Return the picture in 256 colors: notebooks that hold many stay small."""
        from PIL import Image

        file, small = io.BytesIO(), io.BytesIO()
        self.savefig(file, format="png", dpi=self.dpi)
        picture = Image.open(file).convert("RGB")
        picture.quantize(256, dither=Image.Dither.NONE).save(
            small, format="png", optimize=True
        )
        return small.getvalue()
