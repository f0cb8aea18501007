"""The communication game of weighted low rank approximation, played with real bytes.

Alice has A and W, Bob has W; she sends bits, he outputs a matrix. Alice's side proves,
in rational arithmetic, what Bob's matrix costs before she sends anything.

Contents
--------
bits                integers as bits
messages            columns and coefficients as bits, counted by part
public_inputs       what both players know
receiver            Bob
sender              Alice
column_selection    columns that span a good approximation
tails               proved lower bounds of tails of singular values
channels            players as processes, pipes with a limit on time
games               two players: the upper bound
hard_instances      two players: the lower bound
servers             m servers, one message each
column_holders      what a server of the adaptive protocol knows
adaptive_columns    m servers, rounds of adaptive sampling, common columns
"""
