"""Benchmarks: what is reached, in what time, and how the time grows.

Contents
--------
instances           seeded families of instances
measurement         one solve and one check, timed, with what they reached
records             results as JSON files, with the machine they come from
regression          slope of a log-log fit with its confidence interval
bench_targets       the sizes that must be reached
bench_scaling       time against the number of rows
bench_spread        many seeds of each small family
bench_scip          the same instances given to SCIP
compare_with_scip   the comparison itself; also a command
scip_models         the models SCIP gets; runs in a process of its own
render              docs/benchmarks.md from the stored results, by one command
render_scaling      its section on growth, and the picture
render_scip         its section on SCIP
tables              tables and numbers as text
"""
