"""Decision oracles: one algorithm a file, all behind one protocol.

Contents
--------
protocol        what an oracle is
registry        their names, and where third parties' oracles come in
"""
