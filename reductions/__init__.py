"""Reductions of weighted low rank instances to smaller ones, with the way back.

Contents
--------
The modules of this package, one reduction each; `pipeline` folds them to a fixpoint.
"""
