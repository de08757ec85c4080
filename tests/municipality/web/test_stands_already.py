"""What the database refuses: a row that stands already is told to the person, the rest are
faults.
"""

from __future__ import annotations

import logging

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import RequestFactory
from django.urls import resolve

from municipality.organisation.models import Post
from municipality.web.middleware import AnswerMiddleware
from rollout.readiness.models import BlockerException
from tests.build.municipality import a_body, a_department, a_member, root_of

pytestmark = pytest.mark.django_db


def refused(write) -> IntegrityError:
    """The error of the database for what it does not take."""
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        write()
    return error.value


def answered(error: Exception):
    """What a page answers to the error; None where it is a fault (500)."""
    request = RequestFactory().get("/")
    request.member, request.municipality, request.user = None, None, None
    request.resolver_match = resolve("/healthz")
    return AnswerMiddleware(lambda request: None).process_exception(request, error)


def check_a_second_row(caplog) -> None:
    """409, and one line below an error."""
    body = a_body()
    post = Post.objects.filter(municipality=body).first()
    for values in ({"title": post.title}, {"pk": post.pk, "title": "別の職位"}):
        error = refused(
            lambda values=values: Post.objects.create(municipality=body, rank=9, **values)
        )
        with caplog.at_level(logging.DEBUG):
            caplog.clear()
            answer = answered(error)
        assert answer.status_code == 409
        assert "同じものがすでに登録されています。" in answer.content.decode()
        assert [row.levelno for row in caplog.records if "stands already" in row.message] == [
            logging.WARNING
        ]


def check_other_refusals() -> None:
    """A check, and a value that is missing, are faults."""
    body = a_body()
    member = a_member(root_of(body))
    values = {
        "municipality": body,
        "department": a_department(body),
        "criterion": "I2",
        "level": 1,
        "reason": "理由",
        "granted_by": member,
        "granted_as": "町長",
        "granted_at": "2026-10-01T09:00+09:00",
        "valid_until": "2026-12-01",
    }
    for wrong in ({"reason": ""}, {"valid_until": None}):
        error = refused(lambda wrong=wrong: BlockerException.objects.create(**{**values, **wrong}))
        assert answered(error) is None


def test_a_row_that_stands_already_is_told(caplog):
    check_a_second_row(caplog)


def test_what_the_database_refuses_otherwise_is_a_fault():
    check_other_refusals()


@pytest.mark.race
def test_a_row_that_stands_already_is_told_on_postgresql(caplog):
    assert connection.vendor == "postgresql"
    check_a_second_row(caplog)


@pytest.mark.race
def test_what_postgresql_refuses_otherwise_is_a_fault():
    assert connection.vendor == "postgresql"
    check_other_refusals()
