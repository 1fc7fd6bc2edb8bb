from datetime import date, timedelta

from django import forms
from django.template import Context, Template
from django.test import RequestFactory

from postpurchase.ui import htmx
from postpurchase.ui.badges import badge_for
from postpurchase.ui.charts import Day, meter, stacked_bars


class Sample(forms.Form):
    email = forms.EmailField(label="Email", help_text="For the receipt")
    agree = forms.BooleanField(label="Agree")


def drawn(source: str, **context: object) -> str:
    return Template("{% load ui %}" + source).render(Context(context))


def test_a_field_ties_its_hint_and_its_error_to_the_control() -> None:
    html = drawn("{% field form.email placeholder='a@b.example' %}", form=Sample({"email": "nobody"}))

    assert '<label for="id_email">Email</label>' in html
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_email-hint id_email-error"' in html
    assert '<p class="hint" id="id_email-hint">For the receipt</p>' in html
    assert 'id="id_email-error"' in html
    assert 'placeholder="a@b.example"' in html


def test_a_checkbox_is_wrapped_by_its_label() -> None:
    html = drawn("{% field form.agree %}", form=Sample())

    assert '<label class="check"><input type="checkbox"' in html
    assert "aria-invalid" not in html


def test_a_badge_shows_icon_and_word_and_lets_the_word_be_replaced() -> None:
    html = drawn('{% badge "late" "Late 2 d" %}')

    assert 'data-tone="warn"' in html
    assert 'icons.svg#clock"' in html
    assert html.endswith("Late 2 d</span>")


def test_an_unknown_state_is_shown_as_it_is() -> None:
    assert str(badge_for("beamed_up").word) == "Beamed up"


def test_user_text_in_a_badge_is_escaped() -> None:
    assert "&lt;i&gt;" in drawn('{% badge "late" word %}', word="<i>")


def test_the_copy_button_waits_hidden_for_the_script() -> None:
    html = drawn('{% copy_button "0034" "Copy the number" %}')

    assert 'data-copy="0034"' in html
    assert " hidden>" in html
    assert '<span class="vh">Copy the number</span>' in html


def test_bars_stand_on_the_floor_and_fit_the_drawing() -> None:
    days = [Day(date(2026, 11, 1) + timedelta(days=n), n * 7, n % 3) for n in range(30)]

    chart = stacked_bars(days, "Parcels")

    tops = [float(bar["second"]["y"]) for bar in chart["bars"]]  # type: ignore[attr-defined]
    assert min(tops) >= 24
    assert len(chart["rows"]) == 30  # type: ignore[arg-type]
    assert chart["rows"][0] == ("Mon 30 Nov", 203, 2)  # type: ignore[index]
    assert len(chart["grid"]) <= 6  # type: ignore[arg-type]


def test_dates_under_a_chart_of_weeks_keep_apart() -> None:
    weeks = [Day(date(2026, 6, 1) + timedelta(weeks=n), 3, 1) for n in range(26)]

    bars = stacked_bars(weeks, "Parcels")["bars"]

    told = [float(bar["middle"]) for bar in bars if bar["label"]]  # type: ignore[attr-defined]
    assert len(told) > 5
    assert min(after - before for before, after in zip(told, told[1:], strict=False)) >= 64


def test_a_chart_of_nothing_is_drawn_too() -> None:
    assert stacked_bars([], "Nothing")["bars"] == []


def test_a_meter_fills_the_whole() -> None:
    parts = meter([("a", 30), ("c", 10)], 80)

    assert [(part["css"], part["x"]) for part in parts] == [("a", "0.00"), ("c", "37.50"), ("z", "50.00")]
    assert parts[-1]["width"] == "50.00"


def test_htmx_gets_the_part_and_a_browser_the_page() -> None:
    part = RequestFactory().get("/", headers={"HX-Request": "true"})
    restore = RequestFactory().get("/", headers={"HX-Request": "true", "HX-History-Restore-Request": "true"})
    page = RequestFactory().get("/")

    assert [htmx.asked_for_part(request) for request in (part, restore, page)] == [True, False, False]
