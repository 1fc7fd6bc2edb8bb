"""Bodies of made-up third parties, in several ways of writing the same parcel, and mappings that read them."""

import json
from typing import Any

from integrations.carriers.custom.layout import Layout
from integrations.carriers.custom.mapping import Mapping

SOURCE = "own.0123456789ab"
CSV = (
    "Sendung;Datum;Zeit;Status;Text;Ort;Land;Vorgang\r\n"
    "N1;23.11.2026;07:10;A1;Übernommen;Köln;DE;1\r\n"
    "N1;23.11.2026;15:40;T7;Unterwegs;Hannover;DE;2\r\n"
    "N1;24.11.2026;11:05;Z9;Zugestellt;Berlin;DE;3\r\n"
)
NESTED = {
    "parcels": [
        {
            "tracking": {"number": "N1"},
            "order/no.": "#1043",
            "events": [
                {"at": "2026-11-23T07:10:00+01:00", "status": {"id": "A1"}, "site": "Köln", "photos": ["https://p.example/1.jpg"]},
                {"at": "2026-11-23T15:40:00+01:00", "status": {"id": "T7"}, "site": "Hannover"},
            ],
        },
        {"tracking": {"number": "N2"}, "events": [{"at": "2026-11-24T11:05:00+01:00", "status": {"id": "Z9"}, "site": "Berlin"}]},
    ]
}


def for_csv(**changes: Any) -> Mapping:
    """What reads CSV in Windows' encoding."""
    columns = {"number": "Sendung", "time": "Datum", "clock": "Zeit", "code": "Status", "text": "Text", "city": "Ort", "country": "Land"}
    base: dict[str, Any] = {
        "source": SOURCE,
        "layout": Layout("csv", "cp1252", ";"),
        "places": {name: (column,) for name, column in columns.items()} | {"event_id": ("Vorgang",)},
        "always": {"carrier": "Acme Post"},
    }
    return Mapping(**base | changes)


def for_nested(**changes: Any) -> Mapping:
    """What reads NESTED."""
    event = ("parcels", "events")
    base: dict[str, Any] = {
        "source": SOURCE,
        "entries": event,
        "places": {
            "number": ("parcels", "tracking", "number"),
            "order": ("parcels", "order/no."),
            "time": (*event, "at"),
            "code": (*event, "status", "id"),
            "city": (*event, "site"),
            "photo": (*event, "photos"),
        },
        "always": {"carrier": "acme_post"},
    }
    return Mapping(**base | changes)


def nested() -> bytes:
    return json.dumps(NESTED).encode()


def lines() -> bytes:
    """NESTED's parcels, one a line."""
    return "\n".join(json.dumps({"parcels": parcel}) for parcel in NESTED["parcels"]).encode()
