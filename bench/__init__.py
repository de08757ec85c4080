"""Benchmarks: our pages beside the barest Django page that shows the same rows, on the same
database, interleaved.
"""
