"""File formats: one module each, exact in both directions.

Contents
--------
text_matrices       csv, tsv, txt
array_files         npy, npz, parquet
matrix_market       mtx
json_documents      JSON with exact decimals
solution_files      what a solve writes
"""
