"""A real body from the command line: its posts, its first office member and the way in."""

from __future__ import annotations

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from municipality.accounts.models import Invitation
from municipality.core import registry
from municipality.core.registry import Registration
from municipality.organisation.models import Member, Municipality, Post, authority_on
from municipality.setup.operations.create_municipality import kind_of
from tests.build.accounts import SETUP, code_of, key_offered

pytestmark = pytest.mark.django_db
OFFICE = ["--office", "hanako@town.example.jp", "--office-name", "事務 花子"]
BETTER = "yuunagi-no-hamabe-27"


def create(*arguments: str) -> str:
    out = StringIO()
    call_command("create_municipality", *arguments, stdout=out)
    return out.getvalue()


def test_it_makes_a_real_body_with_posts_and_its_first_office_member():
    create("131016", "千代田区", *OFFICE)
    body = Municipality.objects.get()
    assert (body.pk, body.name, body.kind, body.is_demo) == ("131016", "千代田区", "ward", False)
    titles = list(Post.objects.values_list("title", flat=True))
    assert titles[:3] == ["区長", "副区長", "教育長"]
    assert titles[-1] == "主事"
    member = Member.objects.get()
    assert (member.name, member.mail, member.user) == ("事務 花子", "hanako@town.example.jp", None)
    held = authority_on(member, timezone.localdate(Invitation.objects.get().invited_at))
    assert held.is_office
    assert member.postings.get().department.is_body


def test_the_address_it_prints_leads_to_the_body():
    printed = create("131016", "千代田区", *OFFICE)
    (address,) = re.findall(r"http://127\.0\.0\.1:8000(/invitation/\S+/)", printed)
    client = Client()
    assert "事務 花子" in client.get(address, follow=True).content.decode()
    form = {"username": "hanako", "password1": BETTER, "password2": BETTER, "language": "ja"}
    assert client.post("/invitation/", form)["Location"] == SETUP
    client.post(SETUP, {"token": code_of(key_offered(client))})
    assert client.get("/")["Location"] == "/131016/"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["131017", "千代田区", *OFFICE], "検査数字"),
        (["13101", "千代田区", *OFFICE], "検査数字"),
        (["１３１０１６", "千代田区", *OFFICE], "検査数字"),
        (["131016", "千代田区", "--office", "hanako"], "メールアドレス"),
        (["131016", "", *OFFICE], "「団体名」は、1文字から60文字まで"),
        (["131016", "　 ", *OFFICE], "「団体名」は、1文字から60文字まで"),
        (["131016", "区" * 500, *OFFICE], "「団体名」は、1文字から60文字まで"),
        (["131016", "千代田\0区", *OFFICE], "目に見えない文字"),
        (["131016", "千代田\u202e区", *OFFICE], "目に見えない文字"),
        (["131016", "千代田区", *OFFICE[:3], "事務\u200b花子"], "「氏名」は、1文字から80文字まで"),
        (
            [
                "131016",
                "千代田区",
                "--office",
                f"{'a' * 60}@{'b' * 60}.{'c' * 60}.{'d' * 60}.{'e' * 60}.jp",
            ],
            "「メール」は、1文字から254文字まで",
        ),
    ],
)
def test_a_wrong_call_is_refused_with_a_sentence(arguments, words):
    with pytest.raises(CommandError, match=words) as refusal:
        create(*arguments)
    assert refusal.value.returncode == 1
    assert Municipality.objects.count() == Member.objects.count() == 0


def test_a_body_is_created_once():
    create("131016", "千代田区", *OFFICE)
    with pytest.raises(CommandError, match="登録済み"):
        create("131016", "千代田区", *OFFICE)
    assert Member.objects.count() == 1


FOUND: list[str] = []
ANOTHER = Registration(name="another", founding=(lambda body: FOUND.append(body.pk),))


@pytest.fixture
def another_app(settings):
    """One app more, registered as the others are."""
    settings.REGISTRATIONS = (*settings.REGISTRATIONS, f"{__name__}.ANOTHER")
    registry.registrations.cache_clear()
    yield
    registry.registrations.cache_clear()
    FOUND.clear()


def test_every_app_gives_the_new_body_what_it_begins_with(another_app):
    create("131016", "千代田区", *OFFICE)
    assert FOUND == ["131016"]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("東京都", "prefecture"),
        ("北海道", "prefecture"),
        ("大阪府", "prefecture"),
        ("青葉県", "prefecture"),
        ("青葉市", "city"),
        ("千代田区", "ward"),
        ("青葉町", "town"),
        ("青葉村", "village"),
        ("青葉広域連合", "union"),
        ("", "union"),
    ],
)
def test_the_kind_follows_the_name(name, kind):
    assert kind_of(name) == kind
