"""Definitions by version. Versions never change, so a process reads each once."""

from functools import lru_cache
from uuid import UUID

from notifications import definition
from notifications.definition import Definition
from notifications.models import Flow, FlowVersion


@lru_cache(maxsize=4096)
def plan_of(version_id: UUID) -> Definition:
    """The definition of a version of the merchant in scope."""
    return definition.loose(FlowVersion.objects.values_list("definition", flat=True).get(pk=version_id))


@lru_cache(maxsize=4096)
def name_of(flow_id: UUID) -> str:
    """The key of a flow of the merchant in scope, by which its tests draw their arms. Keys never change."""
    return Flow.objects.values_list("key", flat=True).get(pk=flow_id)
