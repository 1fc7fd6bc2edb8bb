"""What is wrong with a draft: its own faults and what the check of its messages found, in the words of the editor."""

from dataclasses import dataclass, field

from dashboard import flow_words, wording
from notifications import lint
from notifications.definition import Definition, Problem
from notifications.editing import publish

Texts = dict[str, list[str]]  # by step; '' for the whole flow


@dataclass
class Told:
    """By step: faults forbid to publish, doubts do not."""

    faults: Texts = field(default_factory=dict)
    doubts: Texts = field(default_factory=dict)

    def add(self, step: str, text: str, *, fault: bool) -> None:
        """One more; said once at a step."""
        found = (self.faults if fault else self.doubts).setdefault(step, [])
        if text not in found:
            found.append(text)


def seen(plan: Definition) -> Told:
    """All that shows without trying its messages on orders: for the editor, which asks after each edit."""
    return _told(plan, publish.problems_of(plan), lint.flow(plan, orders=()))


def tried(plan: Definition) -> Told:
    """The same, with its messages tried on the newest orders: may take seconds. A flow with faults of its own is not tried."""
    problems = publish.problems_of(plan)
    return _told(plan, problems, lint.flow(plan, orders=() if problems else None))


def refused(plan: Definition, problems: list[Problem]) -> Told:
    """What a publication was refused for."""
    return _told(plan, problems, [])


def text(problem: Problem) -> str:
    """A fault with what it names as the editor calls it."""
    return problem.said.told(_word)


def _told(plan: Definition, problems: list[Problem], findings: list[lint.AtStep]) -> Told:
    steps, told = {step.id for step in plan.steps}, Told()
    for one in problems:
        told.add(one.step if one.step in steps else "", text(one), fault=True)
    for step, finding in findings:
        told.add(step, f"{finding.text} {finding.fix}", fault=finding.severity == lint.ERROR)
    return told


def _word(kind: str, code: str | int) -> str | int:
    """What a code that a fault names is called in the editor."""
    if not isinstance(code, str):
        return code
    if kind == "check":
        return str(wording.CHECKS[code][1]) if code in wording.CHECKS else code
    if kind == "ops":
        return ", ".join(str(flow_words.OPS.get(op, op)) for op in code.split(", "))
    known = {"anchor": flow_words.ANCHORS, "field": flow_words.ASKED, "event": wording.EVENTS, "op": flow_words.OPS}.get(kind, {})
    return str(known.get(code) or code)
