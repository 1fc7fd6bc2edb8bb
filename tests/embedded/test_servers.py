import json
import threading
from pathlib import Path

import psycopg2
import pytest
import redis

from postpurchase.embedded import launch, process
from postpurchase.embedded.state import AlreadyRunning, locked

ROLES = """SELECT rolname, rolcanlogin, rolsuper, rolcreatedb, rolcreaterole, rolbypassrls, rolinherit
             FROM pg_roles WHERE rolname LIKE 'postpurchase%' ORDER BY 1"""
MAIN_THREAD = "start and restart servers from the main thread: the child dies with the thread that starts it"


def ask(address: str, sql: str) -> list[tuple[object, ...]]:
    connection = psycopg2.connect(address)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(sql)
        rows = cursor.fetchall() if cursor.description else []
    connection.close()
    return rows


def test_three_roles_stand_with_exactly_their_rights(servers: launch.Running) -> None:
    found = ask(servers.env["DATABASE_URL"], ROLES)

    assert found == [  # name, login, superuser, createdb, createrole, bypassrls, inherit
        ("postpurchase_app", True, False, False, False, False, False),
        ("postpurchase_owner", True, False, True, False, True, True),
        ("postpurchase_platform", False, False, False, False, True, True),
    ]


def test_the_app_role_may_become_platform_and_may_not_make_tables(servers: launch.Running) -> None:
    address = servers.env["DATABASE_URL"]

    assert ask(address, "SET ROLE postpurchase_platform; SELECT current_user") == [("postpurchase_platform",)]
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        ask(address, "CREATE TABLE mine (id int)")


def test_the_owner_makes_tables_extensions_and_databases(servers: launch.Running) -> None:
    address = servers.env["DATABASE_OWNER_URL"]

    ask(address, "CREATE EXTENSION citext")
    ask(address, "CREATE TABLE ours (id int)")
    ask(address, "CREATE DATABASE test_trial")

    assert ask(address.removesuffix("postpurchase") + "test_trial", "SELECT current_user") == [("postpurchase_owner",)]


def test_statement_statistics_are_there_to_read(servers: launch.Running) -> None:
    assert ask(servers.env["DATABASE_URL"], "SELECT count(*) > 0 FROM pg_stat_statements") == [(True,)]


def test_making_the_roles_again_changes_nothing(servers: launch.Running) -> None:
    assert servers.postgres
    before = ask(servers.env["DATABASE_URL"], ROLES)

    servers.postgres.prepare()

    assert ask(servers.env["DATABASE_URL"], ROLES) == before


def test_committed_rows_survive_kill_9_of_postgresql(servers: launch.Running) -> None:
    assert servers.postgres
    address = servers.env["DATABASE_OWNER_URL"]
    ask(address, "CREATE TABLE kept AS SELECT generate_series(1, 1000) AS id")

    servers.postgres.kill()
    assert not servers.postgres.alive()
    servers.postgres.start()

    assert ask(address, "SELECT count(*) FROM kept") == [(1000,)]


def test_valkey_keeps_its_keys_over_kill_9(servers: launch.Running) -> None:
    assert servers.valkey
    client = redis.Redis.from_url(servers.env["REDIS_URL"])
    client.set("queue", "full")
    client.execute_command("WAITAOF", 1, 0, 5000)

    servers.valkey.kill()
    assert not servers.valkey.alive()
    servers.valkey.start()

    assert client.get("queue") == b"full"
    servers.valkey.empty()
    assert client.dbsize() == 0
    client.close()


def test_ports_passwords_and_data_stay_the_same_over_a_restart(place: Path, nothing_named: None) -> None:
    with launch.running("trial", durable=False, root=place) as first:
        ask(first.env["DATABASE_OWNER_URL"], "CREATE TABLE kept AS SELECT 7 AS id")

    with launch.running("trial", durable=False, root=place) as second:
        assert second.env == first.env
        assert ask(second.env["DATABASE_OWNER_URL"], "SELECT id FROM kept") == [(7,)]


def test_without_its_secrets_the_data_starts_empty(place: Path, nothing_named: None) -> None:
    with launch.running("trial", durable=False, root=place) as first:
        ask(first.env["DATABASE_OWNER_URL"], "CREATE TABLE kept (id int)")
    (place / ".run" / "trial" / "conf.json").unlink()

    with launch.running("trial", durable=False, root=place) as second:
        assert second.env["SECRET_KEY"] != first.env["SECRET_KEY"]
        assert ask(second.env["DATABASE_OWNER_URL"], "SELECT to_regclass('kept')") == [(None,)]


def test_a_second_start_in_the_same_folder_is_refused(servers: launch.Running) -> None:
    with pytest.raises(AlreadyRunning, match="`trial` already runs in"), launch.running("trial", root=servers.state.path.parents[1]):
        pass

    assert locked(servers.state.path)
    assert servers.postgres and servers.postgres.alive()


def test_secrets_are_readable_by_their_owner_alone(servers: launch.Running) -> None:
    conf = servers.state.path / "conf.json"

    assert conf.stat().st_mode & 0o777 == 0o600
    assert json.loads(conf.read_text())["data_key"] == servers.env["DATA_KEYS"]


def test_servers_that_the_environment_names_are_not_started(place: Path, nothing_named: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://somebody@db/else")
    monkeypatch.setenv("REDIS_URL", "redis://elsewhere")

    with launch.running("trial", root=place) as running:
        assert (running.postgres, running.valkey) == (None, None)
        assert sorted(running.env) == ["DATA_KEYS", "DEVELOPMENT", "LINK_KEY", "SECRET_KEY"]


def test_a_command_finds_its_own_servers(servers: launch.Running) -> None:
    assert launch.current() is servers


def test_the_environment_of_a_running_demo_is_found_and_of_an_ended_one_is_not(place: Path, nothing_named: None) -> None:
    with launch.running("demo", durable=False, root=place) as running:
        launch.announce(running.state, {**running.env, "BASE_URL": "http://127.0.0.1:8000"})

        assert launch.running_demo(place)["DATABASE_URL"] == running.env["DATABASE_URL"]
    assert launch.running_demo(place) == {}


def test_servers_start_in_the_main_thread_only(tmp_path: Path) -> None:
    caught: list[Exception] = []

    def start() -> None:
        try:
            process.spawn(["true"], tmp_path / "log")
        except RuntimeError as error:
            caught.append(error)

    thread = threading.Thread(target=start)
    thread.start()
    thread.join()

    assert [str(error) for error in caught] == [
        "start and restart servers from the main thread: the child dies with the thread that starts it"
    ]


def test_copies_of_the_database_stand_alone_and_go_together(servers: launch.Running) -> None:
    assert servers.postgres
    address = servers.env["DATABASE_OWNER_URL"]
    ask(address, "CREATE TABLE copied (id int)")

    name = servers.postgres.copy_database("7")
    ask(address.removesuffix("postpurchase") + name, "INSERT INTO copied VALUES (1)")

    assert ask(address, "SELECT count(*) FROM copied") == [(0,)]
    servers.postgres.drop_copies()
    assert ask(address, "SELECT count(*) FROM pg_database WHERE datname LIKE 'copy%'") == [(0,)]
