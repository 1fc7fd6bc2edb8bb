"""Queues by how long their work may wait, not by app."""

INBOUND = "inbound"  # a shop or carrier has told us something: seconds
EVENTS = "events"  # facts to their handlers: seconds
SEND = "send"  # messages that are due: seconds
POLL = "poll"  # asking carriers: minutes
BULK = "bulk"  # health, housekeeping, exports: whenever
QUEUES = (INBOUND, EVENTS, SEND, POLL, BULK)
