"""Every route's fixture. A route that is not named here fails the suite."""

from tests.architecture.intruder import registry_accounts, registry_api, registry_compat, registry_dashboard, registry_portal
from tests.architecture.intruder.fixture import Fixture

FIXTURES: dict[str, Fixture] = registry_api.FIXTURES | registry_compat.FIXTURES | registry_portal.FIXTURES
FIXTURES |= registry_dashboard.FIXTURES | registry_accounts.FIXTURES
