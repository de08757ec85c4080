"""What changes in the pilots."""

from .deciding import request_pilot_decision
from .expanding import change_expansion, expansion_approved, request_expansion, require_draft, submit_expansion
from .participants import OPEN_TO_PARTICIPANTS, add_participants, agree, decline, remove_participant
from .planning import change_pilot, fix_criteria, plan_pilot
from .running import begin_evaluation, finish_pilot, start_pilot
from .usages import record_usages

__all__ = [
    "OPEN_TO_PARTICIPANTS", "add_participants", "agree", "begin_evaluation",
    "change_expansion", "change_pilot", "decline", "expansion_approved", "finish_pilot", "fix_criteria", "plan_pilot",
    "record_usages", "remove_participant", "request_expansion", "request_pilot_decision", "require_draft", "start_pilot",
    "submit_expansion",
]  # fmt: skip
