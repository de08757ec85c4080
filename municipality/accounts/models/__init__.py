"""The tables of accounts: who signs in, with which second factor, and how somebody gets or regains
access.
"""

from .credential_resets import Renewal
from .invitations import Invitation
from .providers import IdentityProvider
from .second_factor import (
    LONGEST_WAIT,
    TABLE_SIZE,
    TOTP_STEP,
    Authenticator,
    CodeTable,
    GuardedDevice,
    RecoveryCode,
    RecoverySheet,
    counter_of,
    fresh_code,
    plain_code,
    table_code,
)
from .users import Identity, User

__all__ = [
    "LONGEST_WAIT",
    "TABLE_SIZE",
    "TOTP_STEP",
    "Authenticator",
    "CodeTable",
    "GuardedDevice",
    "Identity",
    "IdentityProvider",
    "Invitation",
    "RecoveryCode",
    "RecoverySheet",
    "Renewal",
    "User",
    "counter_of",
    "fresh_code",
    "plain_code",
    "table_code",
]
