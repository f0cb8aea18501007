"""What makes a site out of docs/ and notebooks/, and pages that no one should write.

Contents
--------
staging         pages and notebooks gathered for Sphinx, their links set right
sections        which page stands in which section
literature      references.bib as a page of citations
command_line    the page of the commands and options, from the commands themselves
modules         a page for every module
docstrings      the headers of modules as Sphinx likes them
"""
