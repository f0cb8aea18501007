"""Benchmarks: what is reached, in what time, and how the time grows.

Contents
--------
instances           seeded families of instances
measurement         one solve and one check, timed, with what they reached
records             results as JSON files, with the machine they come from
bench_targets       the sizes that must be reached
bench_scaling       time against the number of rows
bench_spread        many seeds of each small family
bench_families      families of instances: the gap against time
bench_scip          the same instances given to SCIP
bench_oracles       formulations and oracles, proofs by charts, critical points
almost_linear       Theorem 1.2 of the few-pattern paper: time against n; a command
families            the gap against time, seed by seed; also a command
plot_gaps           its picture
decisions           is OPT <= c? every formulation, oracle and size
refutations         proofs of nearly the best cost over all charts, replayed
critical_lists      all critical points on the plane, ours and msolve's
searches            threshold searches: questions used, and the bound on them
children            a task in a child process, with its processor time
compare_with_scip   the comparison itself; also a command
scip_models         the models SCIP gets; runs in a process of its own
render              docs/benchmarks.md from the stored results, by one command
render_scaling      its section on growth, and the picture
render_almost_linear        its section on the almost-linear claim, and the picture
render_scip         its section on SCIP
render_families     its section on families of instances
render_oracles      its section on formulations and oracles
render_algebra      its sections on proofs in charts, critical points, searches
theory              docs/theory.md from runs of the theorem laboratory; a command
tables              tables and numbers as text
paper               the reweighted paper run again, against proved optima
communication_tables  bits of the communication game; a command
"""
