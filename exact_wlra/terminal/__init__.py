"""The terminal face: what `exact_wlra.cli` prints and asks.

Contents
--------
arguments           options shared by commands
progress            live display, or plain lines where there is no terminal
rendering           results and tables
demo                the demonstration
verify_theorems     the command that runs the theorem laboratory
theorem_tables      its progress and tables
"""
