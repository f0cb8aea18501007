"""The page of the commands and options, from the commands themselves.

Contents
--------
page        the page, in Markdown: what `exact-wlra COMMAND --help` says
"""

_HEAD = """# Command line

What `exact-wlra COMMAND --help` says; this page is made by asking the commands when the
site is built. What the files hold, and the exit statuses: [Interface](interface.md).
"""


def page() -> str:
    """Return the page.

    Examples
    --------
    >>> "## solve" in page() and "--gap GAP" in page()
    True
    """
    from typer.testing import CliRunner

    from exact_wlra.cli import app

    runner = CliRunner()
    names = [
        command.name or command.callback.__name__.replace("_", "-")
        for command in app.registered_commands
        if command.callback is not None
    ]
    parts = [_HEAD]
    for name in names:
        shown = runner.invoke(
            app,
            [name, "--help"],
            prog_name="exact-wlra",
            env={"COLUMNS": "80", "NO_COLOR": "1", "TERM": "dumb"},
        )
        parts.append(f"## {name}\n\n```text\n{shown.output.strip()}\n```\n")
    return "\n".join(parts)
