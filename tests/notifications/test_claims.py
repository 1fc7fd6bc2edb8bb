"""Claims one after another, and what a batch costs."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import translation

from notifications import claim, prepare
from notifications.cases import load
from notifications.models import Message
from notifications.render import language_of, render, together
from postpurchase.tenancy.models import Merchant
from tests.notifications.conftest import NOW
from tests.notifications.test_dispatch import Make

pytestmark = pytest.mark.django_db


@pytest.fixture
def only_above(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing below the floor is looked at while anything is above it."""
    monkeypatch.setattr(claim, "REST", 1e9)


def ago(message: Make, minutes: int) -> Message:
    return message(due_at=NOW - timedelta(minutes=minutes), dedupe_key=f"ago:{minutes}")


def test_what_comes_in_below_the_floor_is_claimed_before_nothing_is_left(message: Make, ann: Merchant, only_above: None) -> None:
    first, second = ago(message, 20), ago(message, 10)
    claims = claim.Claims()

    got = [claims.take(1)[1]]
    late = ago(message, 30)
    got += [claims.take(1)[1] for _ in range(3)]

    assert got == [{ann.pk: [first.pk]}, {ann.pk: [second.pk]}, {ann.pk: [late.pk]}, {}]


def test_claims_begin_at_the_bottom_again_after_a_while(message: Make, ann: Merchant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(claim, "REST", 0)
    first, second = ago(message, 20), ago(message, 10)
    claims = claim.Claims()

    got = [claims.take(1)[1]]
    late = ago(message, 30)
    got += [claims.take(1)[1] for _ in range(2)]

    assert got == [{ann.pk: [first.pk]}, {ann.pk: [late.pk]}, {ann.pk: [second.pk]}]


def test_making_ready_costs_the_same_for_one_and_for_twenty(message: Make, django_assert_num_queries: Any) -> None:
    ago(message, 90)
    token, found = claim.claim()
    [(merchant_id, one)] = found.items()
    for minutes in range(20):
        ago(message, minutes)
    more, rest = claim.claim()

    with django_assert_num_queries(17) as few:
        prepare.prepare(merchant_id, one, token)
    with django_assert_num_queries(len(few)):
        assert len(prepare.prepare(merchant_id, rest[merchant_id], more)) == 20


def test_messages_of_several_languages_are_drawn_each_in_its_own(message: Make) -> None:
    for number, locale in enumerate(["de", "en", "fr", "de", "ja"]):
        message(locale=locale, dedupe_key=f"in:{number}")
    cases = load(Message.objects.order_by("dedupe_key"))

    drawn = together(cases, lambda case: (case.message.pk, translation.get_language(), render(case)))

    assert [language for _, language, _ in drawn] == ["de", "de", "en", "fr", "ja"]
    assert {pk: mail for pk, _, mail in drawn} == {case.message.pk: render(case) for case in cases}
    assert {language_of(case) for case in cases} == {"de", "en", "fr", "ja"}
