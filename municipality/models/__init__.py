"""The tables of the ground floor, by subject."""

from municipality.accounts.models import (
    Authenticator,
    CodeTable,
    Identity,
    IdentityProvider,
    Invitation,
    RecoveryCode,
    RecoverySheet,
    Renewal,
    User,
)
from municipality.audit.models import Chain, Checkpoint, Entry, EntryContent, VerbGroup, Verification
from municipality.core.models import BodyModel, BodyQuerySet, DatedQuerySet, DepartmentalQuerySet, States
from municipality.decisions.models import (
    Absence,
    Attachment,
    Circulation,
    Decision,
    Deputy,
    Revision,
    RouteStep,
    RouteTemplate,
    Step,
    StepKind,
    Superior,
)
from municipality.imports.models import FileImport
from municipality.notifications.models import Mail, MailHours, Notice, Wording
from municipality.organisation.models import (
    BodyHoliday,
    ClosedDay,
    Department,
    DepartmentVersion,
    Duty,
    Grant,
    Member,
    Municipality,
    NationalHoliday,
    Post,
    Posting,
    SettingVersion,
)
from municipality.records.models import Disposal, Retention
from municipality.reminders.models import Announcement, CalendarFeed, Hold, LadderVersion
from municipality.setup.models import Pulse, SetupMark
from municipality.transfers.models import Passed, Roll, Transfer

__all__ = [
    "Absence", "Announcement", "Attachment", "Authenticator", "BodyHoliday", "BodyModel", "BodyQuerySet", "CalendarFeed", "Chain",
    "Checkpoint", "Circulation", "ClosedDay", "CodeTable", "DatedQuerySet", "Decision", "Department", "DepartmentVersion",
    "DepartmentalQuerySet", "Deputy", "Disposal", "Duty", "Entry", "EntryContent", "FileImport", "Grant", "Hold", "Identity",
    "IdentityProvider", "Invitation",
    "LadderVersion", "Mail", "MailHours", "Member", "Municipality", "NationalHoliday", "Notice", "Passed", "Post", "Posting",
    "Pulse", "RecoveryCode", "RecoverySheet", "Renewal", "Retention", "Revision", "Roll", "RouteStep", "RouteTemplate", "SettingVersion",
    "SetupMark", "States", "Step", "StepKind", "Superior", "Transfer", "User", "VerbGroup", "Verification", "Wording",
]  # fmt: skip
