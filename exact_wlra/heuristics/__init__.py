"""Floating-point approximations: they find factors and prove nothing.

Contents
--------
alternating     alternating weighted least squares from several starts
"""
