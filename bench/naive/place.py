"""The yardsticks' own database on the bench's server."""

from bench.ground import Ground

NAME = "bench_naive"
TABLES = {"DJANGO_SETTINGS_MODULE": "bench.naive.settings"}
KEY = "naive-key"


def prepare(ground: Ground) -> dict[str, str]:
    """Make the database and its tables with one merchant; returns the environment that leads to it."""
    ground.sql(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)", database="postgres")
    ground.sql(f"CREATE DATABASE {NAME} OWNER postpurchase_owner", database="postgres")
    found = {"NAIVE_DATABASE_URL": ground.postgres.owner_url.rpartition("/")[0] + f"/{NAME}"}
    ground.manage("migrate", "--run-syncdb", "--noinput", **found, **TABLES)
    ground.sql("INSERT INTO naive_merchant (key) VALUES (%s)", [KEY], database=NAME)
    return found
