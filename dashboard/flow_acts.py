"""What the buttons of the canvas do, by the words that they post: "insert wait a.0", "shift a up", "remove a"."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from dashboard import flow_kinds as kinds
from dashboard import flow_words
from dashboard.steps import START
from notifications.definition import Definition
from notifications.editing import edit

Done = tuple[Definition, str, str]  # the flow, the step to open, what is said of it
MOVES = {"up": "up", "down": "down", "left": "left", "right": "right"}


def act(plan: Definition, do: str) -> Done:
    """Do it. Raises edit.Unfit, also for words that mean nothing."""
    verb, _space, rest = do.partition(" ")
    given = rest.split()
    acts: dict[str, tuple[int, Callable[..., Done]]] = {
        "insert": (2, _insert), "remove": (1, _remove), "move": (2, _move), "shift": (2, _shift), "duplicate": (1, _duplicate),
        "way-add": (1, _way_add), "way-drop": (2, _way_drop), "way-up": (2, _way_up),
    }  # fmt: skip
    least, run = acts.get(verb, (99, _remove))
    if len(given) < least:
        raise edit.Unfit(_("This page is out of date. Load it again."))
    return run(plan, *given[: 2 if verb == "remove" else least])


def place_of(plan: Definition, node: str) -> str:
    """Step 2 of 5; '' for what is not a step."""
    at = next((number for number, step in enumerate(plan.steps, start=1) if step.id == node), 0)
    return _("Step %(at)s of %(count)s.") % {"at": at, "count": len(plan.steps)} if at else ""


def _title(plan: Definition, node: str) -> str:
    return next((flow_words.quoted(step) for step in plan.steps if step.id == node), "")


def _told(plan: Definition, node: str, said: str) -> Done:
    return plan, node, f"{said % _title(plan, node)} {place_of(plan, node)}"


def _insert(plan: Definition, kind: str, place: str) -> Done:
    try:
        step = kinds.fresh(kind, plan)
    except KeyError as error:
        raise edit.Unfit(_("There is no such kind of step.")) from error
    after = edit.insert(plan, place, step)
    if all(one.id != step.id for one in after.steps):
        raise edit.Unfit(_("An empty flow ends already. Put another step first."))
    return _told(after, step.id, _("%s is added."))


def _remove(plan: Definition, node: str, slot: str = "") -> Done:
    after = edit.remove(plan, node, int(slot) if slot.isdecimal() else None)
    before = [step.id for step in plan.steps]
    kept = {step.id for step in after.steps}
    above = [one for one in before[: before.index(node)] if one in kept]
    gone = len(plan.steps) - len([one for one in before if one in kept])
    said = _("%s is removed.") if gone == 1 else _("%(title)s is removed, with %(count)s steps behind it.")
    title = _title(plan, node)
    told = said % title if gone == 1 else said % {"title": title, "count": gone - 1}
    return after, above[-1] if above else START, told


def _move(plan: Definition, node: str, place: str) -> Done:
    return _told(edit.move(plan, node, place), node, _("%s is moved."))


def _shift(plan: Definition, node: str, direction: str) -> Done:
    if direction not in MOVES:
        raise edit.Unfit(_("This page is out of date. Load it again."))
    return _told(edit.shift(plan, node, direction), node, _("%s is moved."))  # type: ignore[arg-type]


def _duplicate(plan: Definition, node: str) -> Done:
    after, copy = edit.duplicate(plan, node)
    return _told(after, copy, _("%s is there twice."))


def _way_add(plan: Definition, node: str) -> Done:
    return _told(edit.add_way(plan, node), node, _("%s has one way more."))


def _way_drop(plan: Definition, node: str, slot: str) -> Done:
    return _told(edit.remove_way(plan, node, int(slot) if slot.isdecimal() else -1), node, _("%s has one way less."))


def _way_up(plan: Definition, node: str, slot: str) -> Done:
    return _told(
        edit.raise_way(plan, node, int(slot) if slot.isdecimal() else -1), node, _("The branches of %s are asked in another order.")
    )
