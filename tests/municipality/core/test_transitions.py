"""Who comes second is told in words what happened."""

from __future__ import annotations

from datetime import date

import pytest

from municipality.core.refusals import Conflict
from municipality.core.transitions import change, differences_of
from municipality.organisation.models import Post
from tests.build.municipality import a_body, a_department

pytestmark = pytest.mark.django_db


def test_a_row_that_was_deleted_meanwhile_is_a_conflict():
    post = Post.objects.create(municipality=a_body(), title="参与", rank=4)
    stale = Post.objects.get(pk=post.pk)
    post.delete()
    with pytest.raises(Conflict, match="削除"):
        change(stale, edition=stale.edition, title="参事")


def test_a_day_stands_beside_the_one_that_was_typed_in_words():
    department = a_department(a_body(), "税務課")
    type(department).objects.filter(pk=department.pk).update(ends_on=date(2027, 3, 31))
    [found] = differences_of(department, {"ends_on": date(2027, 1, 29)})
    assert (found.now, found.typed) == ("令和9年3月31日(水)", "令和9年1月29日(金)")
