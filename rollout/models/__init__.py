"""The tables of the preparing stage, by subject."""

from rollout.readiness.models import Answer, Assessment, Axis, Criterion, Round

__all__ = ["Answer", "Assessment", "Axis", "Criterion", "Round"]
