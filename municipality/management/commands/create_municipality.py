"""Register a real body with its first office member."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from municipality.core.refusals import Conflict
from municipality.setup.operations.create_municipality import set_up_body


class Command(BaseCommand):
    help = "団体を登録し、最初の事務局の人への招待のアドレスを表示します。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "code", metavar="CODE", help="全国地方公共団体コード(検査数字を含む6桁)"
        )
        parser.add_argument("name", metavar="NAME", help="団体名")
        parser.add_argument(
            "--office", required=True, metavar="MAIL", help="最初の事務局の人のメールアドレス"
        )
        parser.add_argument(
            "--office-name", default="事務局", metavar="NAME", help="最初の事務局の人の氏名"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            validate_email(options["office"])
        except ValidationError:
            raise CommandError(
                _("「%(mail)s」はメールアドレスとして使えません。") % {"mail": options["office"]}
            ) from None
        try:
            body, token = set_up_body(
                options["code"],
                options["name"],
                mail=options["office"],
                person=options["office_name"],
                now=timezone.now(),
            )
        except Conflict as conflict:
            raise CommandError(str(conflict.reason)) from None
        self.stdout.write(
            _("%(code)s %(name)s を登録しました。") % {"code": body.pk, "name": body.name}
        )
        self.stdout.write(
            _("最初の事務局の人は、次のアドレスから%(days)s日以内に登録してください。")
            % {"days": settings.INVITATION_DAYS}
        )
        self.stdout.write(
            settings.BASE_URL + reverse("municipality_outside:invitation", args=[token])
        )
