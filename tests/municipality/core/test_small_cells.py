"""Small cells: what is shown never tells of fewer people than the threshold, by subtraction or by
knowing the rule.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import permutations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from municipality.core.small_cells import Gate, Suppression, secret_order, suppress

COUNTS = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=1, max_size=15)


def numbered(parts: Sequence[tuple[int, ...]]) -> dict[int, tuple[int, ...]]:
    """The parts by their place."""
    return dict(enumerate(parts))


def test_parts_of_five_or_more_stay_as_they_are():
    assert suppress(numbered([(6, 5), (12, 0), (30, 9)]), 5, [0, 1, 2]) == Suppression(
        frozenset(), total=False
    )


def test_a_small_part_takes_another_with_it():
    assert suppress(numbered([(6, 5), (3, 9), (30, 9)]), 5, [2, 0, 1]) == Suppression(
        frozenset({1, 2}), total=False
    )


def test_the_other_side_of_a_share_counts_as_well():
    assert suppress(numbered([(6, 1), (9, 9)]), 5, [0, 1]).hidden == {0, 1}


def test_nobody_is_not_a_small_number():
    assert suppress(numbered([(0, 12), (8, 8)]), 5, [0, 1]) == Suppression(frozenset(), total=False)


def test_further_parts_follow_until_the_hidden_ones_are_enough_together():
    assert suppress(numbered([(0, 0), (1, 0), (9, 9), (7, 7)]), 5, [0, 2, 3, 1]).hidden == {0, 1, 2}


def test_too_few_people_in_all_hide_everything():
    assert suppress(numbered([(1, 0), (2, 0)]), 5, [0, 1]).total is True


@settings(max_examples=600, deadline=None)
@given(parts=COUNTS, least=st.integers(3, 10), context=st.text(max_size=8))
def test_no_difference_of_shown_numbers_is_made_of_fewer_people(parts, least, context):
    found = suppress(numbered(parts), least, secret_order(range(len(parts)), context))
    shown = [
        part for place, part in enumerate(parts) if place not in found.hidden and not found.total
    ]
    assert all(count == 0 or count >= least for part in shown for count in part)
    if not found.total:
        for column in range(2):
            rest = sum(part[column] for part in parts) - sum(part[column] for part in shown)
            assert rest == 0 or rest >= least


@settings(max_examples=300, deadline=None)
@given(parts=COUNTS, least=st.integers(3, 10))
def test_what_is_hidden_is_never_alone(parts, least):
    found = suppress(numbered(parts), least, range(len(parts)))
    assert found.total or len(found.hidden) != 1


@pytest.mark.parametrize(
    ("parts", "top", "least", "columns"),
    [(2, 8, 3, 1), (3, 8, 3, 1), (4, 7, 3, 1), (3, 10, 5, 1), (2, 5, 3, 2), (3, 3, 3, 2)],
)
def test_whoever_knows_the_rule_cannot_work_out_a_small_number(parts, top, least, columns):
    """Every body of so many parts, in every order of hiding: no answer leaves a small hidden count
    one value only.
    """
    seen = defaultdict(list)
    cells = list(product(range(top + 1), repeat=columns))
    for body in product(cells, repeat=parts):
        for order in permutations(range(parts)):
            seen[published(body, suppress(numbered(body), least, order))].append(body)
    for shown, bodies in seen.items():
        for place in (place for place, part in enumerate(shown[1:]) if part is None):
            for column in range(columns):
                values = {body[place][column] for body in bodies}
                assert len(values) > 1 or not 0 < next(iter(values)) < least


def published(body, found: Suppression):
    """The totals (None when hidden), then each part (None when hidden)."""
    total = None if found.total else tuple(map(sum, zip(*body, strict=True)))
    return (
        total,
        *(
            None if found.total or place in found.hidden else part
            for place, part in enumerate(body)
        ),
    )


@pytest.mark.selfcheck
def test_without_the_further_part_the_small_number_would_be_found():
    parts, hidden = [(3, 9), (8, 8)], {0}
    total, shown = (
        sum(part[0] for part in parts),
        sum(part[0] for place, part in enumerate(parts) if place not in hidden),
    )
    assert total - shown == 3
    assert suppress(numbered(parts), 5, [0, 1]).hidden != hidden


def test_the_order_is_the_same_for_the_same_context_and_another_for_the_next():
    names = range(12)
    assert secret_order(names, "993018:staff") == secret_order(names, "993018:staff")
    assert secret_order(names, "993018:staff") != secret_order(names, "993026:staff")


@given(names=st.lists(st.integers(), unique=True, min_size=2), context=st.text(max_size=4))
def test_one_more_name_leaves_the_order_of_the_others_as_it_is(names, context):
    def in_order(names):
        return secret_order(names, context)

    more, *others = names
    assert [name for name in in_order(names) if name != more] == in_order(others)


def test_a_further_department_changes_nothing_of_what_is_hidden():
    parts = {number: (9, 9 + number) for number in range(3, 12)} | {1: (2, 9)}
    before = Gate(5).parts(parts, "x").hidden
    assert len(before) == 2
    for more in range(20, 40):
        hidden = Gate(5).parts({more: (30, 30), **parts}, "x").hidden
        assert hidden in (before, {1, more}), "the further one hides itself, or nothing changes"


# --- the gate -------------------------------------------------------------------------------------


def test_an_open_gate_hides_nothing():
    gate = Gate()
    assert (gate.hides([1, 2]), gate.shown(3), gate.differ_by_few([30], [29])) == (False, 3, False)
    assert gate.parts({7: (1,), 8: (2,)}, "x") == Suppression(frozenset(), total=False)


def test_a_value_of_few_people_is_the_mark():
    assert [Gate(5).shown(count) for count in (0, 1, 4, 5)] == [0, "＊", "＊", 5]
    assert Gate(5).shown("60%", [6, 4]) == "＊"


@pytest.mark.parametrize(
    ("one", "other", "few"),
    [
        ([30], [30], False),
        ([30], [29], True),
        ([30], [25], False),
        ([30, 12], [30, 9], True),
        ([30, 12], [30], True),
        ([], [], False),
    ],
)
def test_two_tellings_that_differ_by_few_people(one, other, few):
    assert Gate(5).differ_by_few(one, other) is few


def test_a_part_that_is_hidden_elsewhere_takes_another_with_it():
    hidden = Gate(5).parts({7: (9, 9), 8: (8, 8), 9: (7, 7)}, "x", known=[8]).hidden
    assert len(hidden) == 2
    assert 8 in hidden


def test_a_part_that_is_known_to_be_zero_hides_nobody_elses_number():
    """未提出 says that 8 is zero: of 7 and 8 together the number would be that of 7. With 9 there are
    two that are not known.
    """
    parts = {7: (9, 3), 8: (0, 20), 9: (12, 20)}
    assert Gate(5).parts(parts, "x", zeros=[8]).hidden >= {7, 9}
    assert Gate(5).parts({7: (9, 3), 8: (0, 20)}, "x", zeros=[8]).total
    assert not Gate(5).parts({7: (9, 3), 8: (1, 20)}, "x").total


def test_a_small_part_that_is_known_to_be_zero_hides_two_others():
    """総務課 未提出, 12 of 26 together: without a third department its neighbour would be found."""
    assert Gate(5).parts({7: (12, 11), 8: (0, 3)}, "x", zeros=[8]).total
    cut = Gate(5).parts({7: (12, 11), 8: (0, 3), 9: (7, 9)}, "x", zeros=[8])
    assert (cut.hidden, cut.total) == ({7, 8, 9}, False)
