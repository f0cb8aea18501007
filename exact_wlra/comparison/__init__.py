"""Approximations beside the proved optimum: who reaches it, who does not.

Every method of `exact_wlra.heuristics.registry` runs on one problem, at several ranks
and from several seeds; every answer is put beside the bracket that `exact_wlra.solve`
proves. An answer whose form allows a rank above k is no rival at rank k: it stands in a
group of its own, with its rank and the numbers that it stores.

Contents
--------
comparing           `compare`, the whole of it
results             `Comparison`: what comes out, with all its faces
rank_results        what happened at one rank; summaries of methods
runs                one run of one method, scored
sessions            the runs at one rank, as long as there is time
scoring             an answer beside a bracket
minima              local minima, and which of them a matrix is near
proved_minima       all of them, where a complete list can be computed
found_minima        those that many local searches end in
time_limits         a method ended when its time is over
text_tables         tables of text with four faces
score_tables        the tables of a comparison
pictures            cost against rank and time, histogram of local minima
documents           CSV and JSON
reports             Markdown and HTML
output_files        which of them are written, and where
"""
