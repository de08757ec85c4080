"""Trying telework out: pilots, who takes part, what was done, and the expansion that follows from
the evidence.
"""
