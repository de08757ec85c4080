"""The tables of an organisation: the body, its departments and posts, its people, its calendar, its
settings.
"""

from .authority import SUBTREE, Authority, authority_on, manager_paths
from .bodies import Municipality
from .calendar import BodyHoliday, ClosedDay, NationalHoliday
from .departments import Department, DepartmentVersion, Post, after, path_after, paths_to
from .people import Duty, Member
from .postings import Grant, Posting, PostingQuerySet
from .settings import EmploymentKind, OfficeQuerySet, SettingVersion

__all__ = [
    "SUBTREE",
    "Authority",
    "BodyHoliday",
    "ClosedDay",
    "Department",
    "DepartmentVersion",
    "Duty",
    "EmploymentKind",
    "Grant",
    "Member",
    "Municipality",
    "NationalHoliday",
    "OfficeQuerySet",
    "Post",
    "Posting",
    "PostingQuerySet",
    "SettingVersion",
    "after",
    "authority_on",
    "manager_paths",
    "path_after",
    "paths_to",
]
