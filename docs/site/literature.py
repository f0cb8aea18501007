r"""references.bib as a page of citations.

Contents
--------
entries         the entries of a bibliography, field by field
page            the page, in reStructuredText: what `[Key]_` in a docstring leads to
linked          a page in Markdown whose `[Key]` are links
"""

import re
import unicodedata

# The commands of accents, and the marks that follow a letter in Unicode.
_ACCENTS = {
    "'": "\N{COMBINING ACUTE ACCENT}",
    "`": "\N{COMBINING GRAVE ACCENT}",
    "^": "\N{COMBINING CIRCUMFLEX ACCENT}",
    "~": "\N{COMBINING TILDE}",
    '"': "\N{COMBINING DIAERESIS}",
    "c": "\N{COMBINING CEDILLA}",
    "v": "\N{COMBINING CARON}",
}
_LETTERS = {"ss": "ß", "aa": "å", "l": "ł", "L": "Ł", "o": "ø", "i": "i", "&": "&"}
_CITED = re.compile(r"\[([A-Z][A-Za-z]+(?:19|20)\d\d[a-z]?)\](?![(_:])")

_CODE = re.compile(r"(?s)(```.*?```|`[^`\n]*`)")


def _plain(text: str) -> str:
    r"""Return a BibTeX value as plain text.

    Examples
    --------
    >>> _plain(r"Marie-Fran{\c{c}}oise, G{\"o}del, P{\'o}lya, Nov{\'a}k, {\v{C}}ech")
    'Marie-Françoise, Gödel, Pólya, Novák, Čech'
    """
    text = re.sub(r"\s+", " ", text)
    accented = r"""\\(?:([vc])(?:\s+|(?=\{))|(["'`^~]))\{?\\?([A-Za-z])\}?"""
    text = re.sub(
        accented, lambda found: found[3] + _ACCENTS[found[1] or found[2]], text
    )
    text = re.sub(
        r"\\(ss|aa|[lLoi&])(?![A-Za-z])", lambda found: _LETTERS[found[1]], text
    )
    text = re.sub(r"[{}$]", "", text.replace("--", "–")).replace("~", " ")
    return unicodedata.normalize("NFC", text).strip()


def entries(bibliography: str) -> dict[str, dict[str, str]]:
    r"""Return the fields of every entry.

    Examples
    --------
    >>> entries("@book{A2006,\n  author = {B, C},\n  year = {2006}\n}\n")
    {'A2006': {'author': 'B, C', 'year': '2006'}}
    """
    found = {}
    for key, body in re.findall(r"(?ms)^@\w+\{(\w+),(.*?)^\}", bibliography):
        fields = re.split(r"(?m)^\s*(\w+)\s*=\s*", body)[1:]
        found[key] = {
            name.lower(): _plain(value.strip().rstrip(","))
            for name, value in zip(fields[::2], fields[1::2], strict=True)
        }
    return found


def _reference(fields: dict[str, str]) -> str:
    people = [
        " ".join(reversed(name.split(", ", 1)))
        for name in fields["author"].split(" and ")
    ]
    # A first initial would begin a numbered list.
    parts = ["\\" + ", ".join(people), f"*{fields['title']}*"]
    where = fields.get("journal") or fields.get("booktitle") or fields.get("series")
    if where:
        volume = fields.get("volume", "")
        number = f"({fields['number']})" if volume and "number" in fields else ""
        parts.append(f"{where} {volume}{number}".strip())
    parts += [fields[name] for name in ("publisher", "edition") if name in fields]
    if "pages" in fields:
        kind = "pages" if "–" in fields["pages"] else "article"
        parts.append(f"{kind} {fields['pages']}")
    parts.append(fields["year"])
    if "note" in fields:
        parts.append(fields["note"])
    return ". ".join(part.rstrip(".") for part in parts) + "."


def page(bibliography: str) -> str:
    """Return the page of all entries, each with its citation target."""
    lines = ["Literature", "==========", ""]
    for key, fields in sorted(entries(bibliography).items()):
        lines += [f".. _{target(key)}:", "", f".. [{key}] {_reference(fields)}", ""]
    return "\n".join(lines)


def target(key: str) -> str:
    """Return the label of an entry.

    Examples
    --------
    >>> target("Mahler1964")
    'literature-mahler1964'
    """
    return f"literature-{key.lower()}"


def linked(text: str) -> str:
    r"""Return a page in Markdown with its citations as links; code is left as it is.

    Examples
    --------
    >>> linked("Roots are apart [Mahler1964].")
    'Roots are apart [[Mahler1964]](#literature-mahler1964).'
    >>> linked("`[Mahler1964]`")
    '`[Mahler1964]`'
    """
    parts = _CODE.split(text)
    return "".join(
        part
        if i % 2
        else _CITED.sub(lambda cited: f"[{cited[0]}](#{target(cited[1])})", part)
        for i, part in enumerate(parts)
    )
