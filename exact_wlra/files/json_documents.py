"""JSON documents whose numbers stay exact.

Contents
--------
json_document       nested lists and dictionaries; decimals become Fractions

Notes on the implementation
---------------------------
The reader of the standard library makes floats of decimals; here the text of each
number goes through `parse_rational`, so that 0.1 is one tenth.
"""

import json
from pathlib import Path
from typing import Any

from exact_wlra.errors import ProblemFileError
from semialgebraic.errors import InvalidInputError
from semialgebraic.rationals import parse_rational


def json_document(path: Path, *, name: str) -> Any:
    """Return the document in a .json file.

    Parameters
    ----------
    path : Path
    name : str
        How messages call the file.

    Raises
    ------
    ProblemFileError
        If the file is not JSON, or gives a name twice; the message says where.
    """
    try:
        return json.loads(
            path.read_text(encoding="utf-8-sig"),
            parse_float=parse_rational,
            object_pairs_hook=_distinct,
        )
    except json.JSONDecodeError as error:
        raise ProblemFileError(
            f"{name}, line {error.lineno}, column {error.colno}: the text is not JSON; "
            "write nested lists of numbers, or the names that the documentation lists."
        ) from None
    except UnicodeDecodeError:
        raise ProblemFileError(
            f"{name}: the file is not text in UTF-8; save it as plain text."
        ) from None
    except RecursionError:
        raise ProblemFileError(
            f"{name}: the lists are nested too deeply; write one list for each row."
        ) from None
    except InvalidInputError as error:
        raise ProblemFileError(f"{name}: {error}") from None
    except ValueError:
        raise ProblemFileError(
            f"{name}: a number has too many digits; write at most 4000."
        ) from None


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return the dictionary of the pairs; a name that is given twice is refused."""
    document: dict[str, Any] = {}
    for key, value in pairs:
        if key in document:
            raise InvalidInputError(f"{key[:40]!r} is given twice; give it once.")
        document[key] = value
    return document
