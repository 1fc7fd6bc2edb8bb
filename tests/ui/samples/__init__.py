"""Sample contexts: every page template with everything it wants, in plain dicts. Now is Mon 23 Nov 2026, 14:20 in Gothenburg."""

from tests.ui.samples.dashboard import DASHBOARD
from tests.ui.samples.design import DESIGN
from tests.ui.samples.parts import LONE
from tests.ui.samples.portal import PORTAL

PAGES: dict[str, tuple[str, dict[str, object]]] = {**DESIGN, **LONE, **PORTAL, **DASHBOARD}
