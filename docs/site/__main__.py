"""Gather the pages of the site in a folder: `python -m docs.site FOLDER`."""

import sys
from pathlib import Path

from docs.site.staging import stage

stage(Path(sys.argv[1]))
