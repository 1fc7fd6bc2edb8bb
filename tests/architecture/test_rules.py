"""The house rules hold everywhere, and each rule is able to see what it forbids."""

import ast
import re

import pytest

from tests.architecture.rules import RULES, Rule
from tests.architecture.source import code

FORBIDDEN_NAMES = {"services", "utils", "helpers", "common", "misc", "managers", "signals"}
SWEEPS = re.compile(r"(^|/)(tasks|sweeps)(\.py$|/)")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_the_code_keeps_the_rule(rule: Rule) -> None:
    broken = []
    for source in code():
        if rule.allows(source.path) or (rule.name.startswith("every_tenant") and SWEEPS.search(source.path)):
            continue
        broken += [f"{source.path}:{line}" for line in sorted(set(rule.find(source.tree)))]

    assert broken == [], f"{rule.name}: {rule.reason}. Instead: {rule.fix}"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_the_rule_leaves_its_good_sample_alone(rule: Rule) -> None:
    assert list(rule.find(ast.parse(rule.good))) == []


@pytest.mark.parametrize(("rule", "bad"), [(rule, bad) for rule in RULES for bad in rule.bad], ids=lambda it: getattr(it, "name", it))
def test_the_rule_sees_its_bad_sample(rule: Rule, bad: str) -> None:
    assert list(rule.find(ast.parse(bad))) != []


def test_every_allowance_has_a_reason_and_names_a_place_that_may_exist() -> None:
    for rule in RULES:
        for path, why in rule.allowed.items():
            assert why
            assert path.endswith(("/", ".py")), path


def test_no_file_has_a_name_that_says_nothing() -> None:
    assert [source.path for source in code() if set(source.path.removesuffix(".py").split("/")) & FORBIDDEN_NAMES] == []
