"""Who opens mail without being a person: scanners of mail servers, and proxies that fetch every picture for privacy."""

import re
from datetime import timedelta

PROXIES = re.compile(r"GoogleImageProxy|YahooMailProxy|ggpht\.com|DuckDuckGo-Mail|Fastmail-Proxy", re.IGNORECASE)
APPLE = "Mozilla/5.0"  # all that Apple's Mail Privacy Protection says of itself
SCANNERS = re.compile(
    r"bot\b|crawl|spider|scan|preview|Barracuda|Mimecast|Proofpoint|Symantec|TrendMicro|Sophos|Cisco|FireEye|SafeLinks|Cloudmark"
    r"|HeadlessChrome|PhantomJS|python-requests|python-urllib|aiohttp|httpx|curl/|wget|Go-http-client|Java/|okhttp|libwww|facebookexternalhit"
    r"|WhatsApp|Microsoft Office|ms-office",
    re.IGNORECASE,
)
SOON = timedelta(seconds=2)  # after it was handed over: nobody is that fast
BURST = timedelta(seconds=5)  # in which a scanner visits every link
FEW = 3  # different links in a burst that no person follows


def why(*, agent: str, head: bool = False, trap: bool = False, since_sent: timedelta | None = None) -> str:
    """How it is known that a machine did it: trap, head, proxy, scanner, no_agent, too_soon; '' for what a person may have done.

    `trap`: the link that nobody sees was followed. `since_sent`: how long after the message was handed over.
    """
    if trap:
        return "trap"
    if head:
        return "head"
    if not agent:
        return "no_agent"
    if agent.strip() == APPLE or PROXIES.search(agent):
        return "proxy"
    if SCANNERS.search(agent):
        return "scanner"
    return "too_soon" if since_sent is not None and since_sent < SOON else ""


def is_burst(places: set[int], links: int) -> bool:
    """Whether so many different links of a message, followed within BURST, are a machine's doing. `links`: how many it has."""
    return len(places) >= min(FEW, max(links, 2))
