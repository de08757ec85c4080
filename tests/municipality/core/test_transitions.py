"""Changing a row that somebody else deleted meanwhile."""

from __future__ import annotations

import pytest

from municipality.core.refusals import Conflict
from municipality.core.transitions import change
from municipality.organisation.models import Post
from tests.build.municipality import a_body


@pytest.mark.django_db
def test_a_row_that_was_deleted_meanwhile_is_a_conflict():
    post = Post.objects.create(municipality=a_body(), title="参与", rank=4)
    stale = Post.objects.get(pk=post.pk)
    post.delete()
    with pytest.raises(Conflict, match="削除"):
        change(stale, edition=stale.edition, title="参事")
