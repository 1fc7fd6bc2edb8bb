"""Every route's fixture. A route that is not named here fails the suite."""

from tests.architecture.intruder import registry_accounts as accounts
from tests.architecture.intruder import registry_api as api
from tests.architecture.intruder import registry_compat as compat
from tests.architecture.intruder import registry_dashboard as dashboard
from tests.architecture.intruder import registry_desk as desk
from tests.architecture.intruder import registry_portal as portal
from tests.architecture.intruder.fixture import Fixture

FIXTURES: dict[str, Fixture] = {
    pattern: fixture for part in (api, compat, portal, dashboard, desk, accounts) for pattern, fixture in part.FIXTURES.items()
}
