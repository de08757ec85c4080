"""Words of the file of people and the values they mean."""

from __future__ import annotations

from municipality.organisation.models import Grant, Posting

Role = Grant.Role

ROLES = {
    "職員": Role.STAFF.value,
    "所属長": Role.MANAGER.value,
    "決裁者": Role.EXECUTIVE.value,
    "事務局": Role.OFFICE.value,
    "人事": Role.HR.value,
    "監査": Role.AUDITOR.value,
    "外部専門家": Role.CONSULTANT.value,
}

KINDS = {"本務": Posting.Kind.MAIN.value, "兼務": Posting.Kind.CONCURRENT.value}

STATUSES = {
    "在職": Posting.Status.PRESENT.value,
    "休職": Posting.Status.LEAVE.value,
    "派遣": Posting.Status.SECONDED.value,
}
