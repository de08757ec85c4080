"""Rules of evaluation periods."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from evaluation.appraisal.schemes.models import EvaluationPeriod
from municipality.core.refusals import Answer, Refusal
from municipality.organisation.models import Member

NOT_HR = Refusal(_("人事の人だけが行えます。"))


def may_run_periods(member: Member, period: EvaluationPeriod | None = None) -> Answer:
    """HR may edit evaluation periods."""
    return True if member.authority.is_hr else NOT_HR
