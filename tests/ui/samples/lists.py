"""What stands round a list, as dashboard/wanting.py gives it."""

from bulk.acts import ACTS


def around(subject: str, query: str, *kept: dict[str, object], viewer: bool = False) -> dict[str, object]:
    """saved, bulk and export of the list at the address `query`. A viewer keeps filters of their own and does no acts."""
    rows = [_kept(place, row, query, viewer) for place, row in enumerate(kept, 1)]
    new = bool(query) and not any(row["current"] for row in rows)
    words = [{"value": key, "label": one.word, "icon": one.icon} for key, one in ACTS[subject].items()]
    return {
        "saved": {"rows": rows, "add_url": "/filters/add" if new else "", "subject": subject, "query": query, "may_team": not viewer},
        "bulk": None if viewer else {"url": "/jobs/ask", "subject": subject, "query": query, "acts": words},
        "export": {} if viewer else {"url": "/exports/add", "subject": subject, "query": query},
    }


def _kept(place: int, row: dict[str, object], query: str, viewer: bool) -> dict[str, object]:
    urls = {name: f"/filters/{place}/{name.removesuffix('_url')}" for name in ("rename_url", "remove_url")}
    mine = not (row["team"] and viewer)
    return {**row, **urls, "id": str(place), "url": f"?{row['query']}", "current": row["query"] == query, "mine": mine}


def tab(label: str, view: str, count: int | None = None, *, current: bool = False) -> dict[str, object]:
    """A view of the list; the first one has no name in the address."""
    return {"label": label, "url": f"?view={view}" if view else "?", "count": count, "current": current}


def chip(name: str, label: str, **choices: str) -> dict[str, object]:
    """A filter that can be put on: {value in the address: word}."""
    said = [{"label": word, "url": f"?{name}={value}", "current": False} for value, word in choices.items()]
    return {"id": name, "label": label, "choices": said}
