"""The tables of the ground floor, by subject."""

from .accounts import Authenticator, CodeTable, Identity, RecoveryCode, RecoverySheet, User
from .base import BodyModel, BodyQuerySet, DatedQuerySet, DepartmentalQuerySet, States
from .calendar import ClosedDay, NationalHoliday
from .decisions import Decision, Revision, Step, Superior
from .deputies import Absence, Deputy
from .history import Chain, Checkpoint, Disposal, Entry, EntryContent, Retention, VerbGroup, Verification
from .imports import FileImport
from .notices import Mail, Notice, Pulse
from .organisation import Department, DepartmentVersion, Municipality, Post
from .papers import Attachment, Circulation
from .people import Duty, Grant, Invitation, Member, Posting
from .providers import IdentityProvider
from .reminders import Announcement, BodyHoliday, CalendarFeed, Hold, LadderVersion, MailHours, Wording
from .renewals import Renewal
from .routes import RouteStep, RouteTemplate, StepKind
from .settings import SettingVersion, SetupMark
from .transfers import Passed, Roll, Transfer

__all__ = [
    "Absence", "Announcement", "Attachment", "Authenticator", "BodyHoliday", "BodyModel", "BodyQuerySet", "CalendarFeed", "Chain",
    "Checkpoint", "Circulation", "ClosedDay", "CodeTable", "DatedQuerySet", "Decision", "Department", "DepartmentVersion",
    "DepartmentalQuerySet", "Deputy", "Disposal", "Duty", "Entry", "EntryContent", "FileImport", "Grant", "Hold", "Identity",
    "IdentityProvider", "Invitation",
    "LadderVersion", "Mail", "MailHours", "Member", "Municipality", "NationalHoliday", "Notice", "Passed", "Post", "Posting",
    "Pulse", "RecoveryCode", "RecoverySheet", "Renewal", "Retention", "Revision", "Roll", "RouteStep", "RouteTemplate", "SettingVersion",
    "SetupMark", "States", "Step", "StepKind", "Superior", "Transfer", "User", "VerbGroup", "Verification", "Wording",
]  # fmt: skip
