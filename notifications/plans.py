"""Definitions by version. Versions never change, so a process reads each once."""

from functools import lru_cache
from uuid import UUID

from notifications import definition
from notifications.definition import Definition
from notifications.models import FlowVersion


@lru_cache(maxsize=4096)
def plan_of(version_id: UUID) -> Definition:
    """The definition of a version of the merchant in scope."""
    return definition.loose(FlowVersion.objects.values_list("definition", flat=True).get(pk=version_id))
