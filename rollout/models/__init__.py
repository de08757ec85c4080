"""The tables of the preparing stage, by subject."""

from .readiness import Answer, Assessment, Axis, Criterion, Round

__all__ = ["Answer", "Assessment", "Axis", "Criterion", "Round"]
