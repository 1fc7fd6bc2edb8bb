"""Kills senders at every point of their work, and counts what arrived."""
