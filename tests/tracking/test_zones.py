"""Zones by name."""

from tracking import zones


def test_an_unknown_zone_is_utc() -> None:
    assert zones.named("Mars/Olympus").key == "UTC"
