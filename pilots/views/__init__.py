"""The pages of the pilots."""
