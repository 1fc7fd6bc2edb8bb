"""The frame round every sample page. Its rail and tabs are drawn from the house's own table, so that they cannot differ from it."""

from dashboard.house import DAILY, HOUSE, Room

NEED_YOU = {"orders": 6, "messages": 1}


def frame(section: str, query: str = "", *, beside: bool = False) -> dict[str, object]:
    """What dashboard/base.html wants on a page of that section; `beside`: with the tabs of the pages that share its room."""
    return {
        "merchant": {"name": "Northlight", "initial": "N"},
        "merchants": [
            {"url": "/m/northlight/", "name": "Northlight", "current": True},
            {"url": "/m/outlet/", "name": "Northlight Outlet", "current": False},
        ],
        "nav": [[_entry(room, section) for room in rooms] for rooms in (DAILY, HOUSE)],
        "tabs": next(_tabs(room, section) for room in (*DAILY, *HOUSE) if section in room.pages) if beside else None,
        "person": {"name": "Maja Lindqvist", "email": "maja@northlight.example", "initials": "ML"},
        "urls": {"search": "/search", "theme": "/theme", "shortcuts": "/shortcuts", "sign_out": "/sign-out"},
        "shortcuts": True,
        "query": query,
        "here": f"/{section}",
        "theme": "",
    }


def _entry(room: Room, section: str) -> dict[str, object]:
    first, count = next(iter(room.pages)), sum(NEED_YOU.get(name, 0) for name in room.pages)
    current = section in room.pages
    return {"label": room.words, "icon": room.icon, "url": f"/{first}", "count": count, "key": room.key, "current": current}


def _tabs(room: Room, section: str) -> dict[str, object]:
    tabs = [{"label": words, "url": f"/{name}", "count": None, "current": name == section} for name, words in room.pages.items()]
    return {"label": room.words, "tabs": tabs}
