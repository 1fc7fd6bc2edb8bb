"""Queues by how long their work may wait, not by app."""

INBOUND = "inbound"  # a shop or carrier has told us something: seconds
EVENTS = "events"  # facts to their handlers: seconds
SEND = "send"  # messages that are due: seconds
HOOKS = "hooks"  # calls to merchants' own machines, which may take their time: seconds, and in nobody's way
POLL = "poll"  # asking carriers: minutes
BULK = "bulk"  # health, housekeeping, exports: whenever
QUEUES = (INBOUND, EVENTS, SEND, HOOKS, POLL, BULK)
