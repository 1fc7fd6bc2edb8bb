"""Reading a page as a person does: the text, the rows, the links."""

import html
import re

from django.http import HttpResponse

TAG = re.compile(r"<[^>]+>")


def text(response: HttpResponse) -> str:
    """What is written in the page's main part, on one line."""
    whole = response.content.decode()
    main = whole[whole.index("<main") : whole.index("</main>")] if "<main" in whole else whole
    return " ".join(html.unescape(TAG.sub(" ", main)).split())


def rows(response: HttpResponse) -> list[str]:
    """The name in each row of the list."""
    body = re.search(r'<tbody id="rows">(.*?)</tbody>', response.content.decode(), re.S)
    return [html.unescape(TAG.sub("", found)).strip() for found in re.findall(r'<a class="cover[^>]*>(.*?)</a>', body[1])] if body else []


def next_page(response: HttpResponse) -> str:
    """The address behind "Load more"; '' on the last page."""
    found = re.search(r'<a class="btn" href="([^"]*)" rel="next"', response.content.decode())
    return html.unescape(found[1]) if found else ""
