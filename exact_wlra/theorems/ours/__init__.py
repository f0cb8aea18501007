"""Statements of our own: reductions, bounds, counts.

Contents
--------
(one module a statement)
"""
