"""Statements of the paper on few patterns, by Li, Liang, Song and Shi.

Contents
--------
(one module a statement)
"""
