"""A block of every kind, with words in it, and what a reader then sees."""

from typing import Any

BLOCKS: dict[str, tuple[dict[str, Any], str]] = {
    "header": ({}, "Northlight"),
    "text": (
        {"title": "Hello {{ order.first_name }}", "text": 'See <a href="https://a.example/b">this</a>\nand <b>that</b>'},
        "Hello Anna",
    ),
    "summary": ({"title": "Order {{ order.number }}", "address": True}, "Lindenstraße 12, Hinterhaus"),
    "tracking": ({"stage": "auto", "note": "On its way"}, "On its way"),
    "items": ({"title": "Inside"}, "00340434161094042557"),
    "recommendations": (
        {
            "title": "More",
            "products": [{"title": "Blanket", "image": "https://a.example/i.png", "url": "https://a.example/p", "price": "€20"}],
        },
        "Blanket",
    ),
    "coupon": ({"title": "Thanks", "code": "TRAIL10", "text": "Until <i>May</i>"}, "TRAIL10"),
    "points": ({"title": "Points", "text": "You have 120."}, "You have 120."),
    "review": ({"title": "How was it?", "url": "https://a.example/r"}, "How was it?"),
    "image": ({"image": "https://a.example/i.png", "alt": "A blanket", "url": "https://a.example/p"}, "A blanket"),
    "button": ({"label": "Follow {{ order.number }}", "url": "{{ tracking_url }}"}, "Follow #1043"),
    "social": ({"profiles": [{"title": "Instagram", "url": "https://instagram.com/n"}]}, "Instagram"),
    "faq": ({"title": "Asked often", "questions": [{"title": "Why?", "text": "Because {{ order.number }}."}]}, "Because #1043."),
    "divider": ({"look": "line"}, ""),
    "footer": ({"text": "See you"}, "See you"),
}
