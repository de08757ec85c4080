"""Demonstration data: invented bodies with a lived-in state, the same for the same seed and day."""
