"""What is wrong with a message before anybody gets it. The same design and the same orders give the same findings."""

from notifications.lint.check import check, template
from notifications.lint.dead import dead
from notifications.lint.finding import ERROR, WARNING, Finding
from notifications.lint.whole import AtStep, flow

__all__ = ["ERROR", "WARNING", "AtStep", "Finding", "check", "dead", "flow", "template"]
