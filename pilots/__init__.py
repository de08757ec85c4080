"""Pilots of telework: planning, participants, usage, and the expansion that follows from the
evidence.
"""
