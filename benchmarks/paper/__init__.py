"""The experiments of Woodruff and Yasuda, run again, and what could not be shown then.

``python -m benchmarks.paper`` (`make experiments`) runs them on the image sets that are
on the machine, stores records in benchmarks/results/paper_*.json, and remakes
docs/experiments.md with its pictures. ``python -m benchmarks.paper --render`` does only
the last. What the experiments are made of is in `exact_wlra.experiments`.

Contents
--------
settings        image sets, networks, ranks, trials, methods
scores          one method on one instance, scored with the weights as they are
curves          loss and time against rank, spectra
speeds          ratios of times, measured in one run
mixture         the synthetic experiment
proved          how far each method is from a proved optimum
recovered       the paper's numbers, read off its figures
claims          what the paper says of its curves, asked of the records
pictures        the figures
fisher_image    Figure 1, drawn while the networks are there
render          docs/experiments.md
render_summary  its first section, in counts and ranges
render_losses   its sections on losses, times and EM
render_claims   its section on what the paper says of its curves
render_mixture  its section on mixtures
render_proved   its section on proved optima
"""
