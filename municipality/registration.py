"""What the ground floor offers: decisions that are due, kinds of files, notices, navigation,
settings, daily jobs.
"""

from __future__ import annotations

from dataclasses import replace

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from municipality.accounts.notices import ACCOUNT_NOTICES, ACCOUNT_VERBS
from municipality.accounts.operations.onboarding import tell_of_endings
from municipality.audit.events import ACCESS_VERBS
from municipality.core.refusals import anyone
from municipality.core.registry import Nav, Registration
from municipality.decisions.deadlines import DEADLINES
from municipality.decisions.notices import DECISION_NOTICES, DECISION_VERBS
from municipality.decisions.operations.stalled_steps import watch_turns
from municipality.decisions.setting_words import DECISION_SETTING_WORDS
from municipality.directory.events import DIRECTORY_VERBS
from municipality.imports.departments import DEPARTMENTS
from municipality.imports.events import IMPORT_VERBS
from municipality.imports.holidays import HOLIDAYS
from municipality.imports.kinds import ImportKind
from municipality.imports.operations.worker import forget_old_files
from municipality.imports.rules import may_hand_in, may_import
from municipality.organisation.events import ORGANISATION_VERBS
from municipality.organisation.operations.departments import apply_versions
from municipality.organisation.operations.employment_kinds import keep_employment_kinds
from municipality.organisation.rules import is_office, may_see_people
from municipality.organisation.setting_history import ORGANISATION_SETTING_WORDS
from municipality.records.notices import RECORD_NOTICES, RECORD_VERBS
from municipality.records.operations.daily_check import verify_daily
from municipality.records.operations.disposals import carry_out
from municipality.records.rules import may_see_log
from municipality.records.setting_words import RECORD_SETTING_WORDS
from municipality.reminders.notices import REMINDER_NOTICES, REMINDER_VERBS
from municipality.setup.events import SETUP_VERBS
from municipality.setup.operations.setup import note_ready
from municipality.setup.settings_pages import PAGES
from municipality.transfers.handover_items import HAND_OVERS
from municipality.transfers.notices import TRANSFER_NOTICES, TRANSFER_VERBS
from municipality.transfers.operations.handover import hand_over
from municipality.transfers.operations.reorganisation import follow_successors
from municipality.transfers.presenters.staff_list import staff_list_context
from municipality.transfers.staff_list import PEOPLE
from municipality.web.sent_once import forget_sent_forms

IMPORTS: tuple[ImportKind, ...] = (DEPARTMENTS, replace(PEOPLE, shows=staff_list_context), HOLIDAYS)
"""Kinds of files that the ground floor takes in."""


NAVIGATION = (
    Nav("top", pgettext_lazy("案内", "部署"), "municipality:departments", anyone, order=30),
    Nav("top", pgettext_lazy("案内", "決裁"), "municipality:decisions", anyone, order=40),
    Nav("manage", _("職員と組織"), "municipality:people", may_see_people, order=10),
    Nav(
        "manage", pgettext_lazy("案内", "人事異動"), "municipality:transfers", may_import, order=15
    ),
    Nav("manage", pgettext_lazy("案内", "取込み"), "municipality:imports", may_hand_in, order=20),
    Nav("manage", _("アクセスログ"), "municipality:log", may_see_log, order=30),
    Nav("manage", pgettext_lazy("案内", "設定"), "municipality:settings_home", is_office, order=40),
)


registration = Registration(
    name="municipality",
    deadlines=DEADLINES,
    imports=IMPORTS,
    notices=DECISION_NOTICES
    + REMINDER_NOTICES
    + tuple(replace(kind, security=True) for kind in ACCOUNT_NOTICES)
    + RECORD_NOTICES
    + TRANSFER_NOTICES,
    navigation=NAVIGATION,
    daily=(
        apply_versions,
        keep_employment_kinds,
        follow_successors,
        hand_over,
        note_ready,
        watch_turns,
        forget_old_files,
        forget_sent_forms,
        carry_out,
        verify_daily,
        tell_of_endings,
    ),
    verbs={
        **ORGANISATION_VERBS,
        **IMPORT_VERBS,
        **DIRECTORY_VERBS,
        **RECORD_VERBS,
        **DECISION_VERBS,
        **SETUP_VERBS,
        **ACCESS_VERBS,
        **TRANSFER_VERBS,
        **ACCOUNT_VERBS,
        **REMINDER_VERBS,
    },
    settings=PAGES,
    setting_words={
        **ORGANISATION_SETTING_WORDS,
        **DECISION_SETTING_WORDS,
        **RECORD_SETTING_WORDS,
    },
    hand_overs=HAND_OVERS,
)
