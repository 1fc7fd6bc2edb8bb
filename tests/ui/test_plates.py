"""A plate draws what Django draws, also where names hide one another."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.template import Context, Template

from postpurchase.ui.plates import How, plate

GIVEN = {"a": "<a>", "n": 3, "rows": ["x", "<y>"], "none": None, "thing": SimpleNamespace(name='"q"', inner=None), "table": {"key": "v"}}
SOURCES = [
    """text with 'quotes', "double", {braces}, %(percent)s, \\n and a
    new line""",
    "{{ a }}{{ a|safe }}{{ missing }}{{ thing.name }}{{ thing.inner.name }}{{ table.key }}{{ table.other }}",
    "{% if n > 2 and not missing %}many{% elif n == 2 %}two{% else %}few{% endif %}",
    "{% if missing > 2 or missing <= 2 %}never{% endif %}{% if none %}{% endif %}{{ none }}",
    "{% for row in rows %}{{ forloop.counter }}{{ row }}{% if not forloop.last %}, {% endif %}{% endfor %}{{ row }}",
    "{% for row in rows %}{% for a in rows %}{{ a }}{{ forloop.first }}{% endfor %}{{ a }}{{ forloop.counter }}{% endfor %}",
    "{% with a=n %}{{ a }}{% with n=a %}{{ n }}{% endwith %}{% endwith %}{{ a }}",
    "{% if n %}{% translate 'Total' as a %}{% endif %}{{ a }}",
    "{{ a }}{% if missing %}{% translate 'Total' as a %}{% endif %}{{ a }}",
    "{% if n %}{% translate 'Total' as a %}{% else %}{% translate 'Items' as a %}{% endif %}{{ a }}",
    "{% if missing %}{% translate 'Total' as a %}{% elif n %}{% translate 'Items' as a %}{% endif %}{{ a }}",
    "{% blocktranslate with b=a %}100%% {{ b }}{{ n }}{% endblocktranslate %}",
    "{% blocktranslate count m=n %}one{% plural %}{{ m }} of {{ a }}{% endblocktranslate %}",
    "{% blocktranslate asvar b %}{{ a }}!{% endblocktranslate %}{{ b }}",
    "{% firstof missing none a n %}{% autoescape off %}{{ a }}{% endautoescape %}{{ rows|length }}",
]


@pytest.mark.parametrize("source", SOURCES)
def test_a_plate_draws_what_django_draws(source: str) -> None:
    template = Template("{% load i18n %}" + source)

    assert plate(template.nodelist)({**GIVEN}) == template.render(Context(dict(GIVEN)))


@pytest.mark.parametrize("given", ["with b=a only", "with b=a", "with a=n", ""])
def test_a_part_knows_what_it_is_given(given: str) -> None:
    part = Template("{{ a }}{{ b }}{% translate 'Total' as a %}{{ a }}")
    include: Any = Template("{% include 'part' " + given + " %}").nodelist[0]

    drawn = plate([include], How(load=lambda name: part.nodelist))({**GIVEN})

    known = {} if "only" in given else dict(GIVEN)
    assert drawn == part.render(Context(known | ({"b": GIVEN["a"]} if "b=a" in given else {"a": GIVEN["n"]} if "a=n" in given else {})))
