"""What the scope holds, in Python and in PostgreSQL alike."""

import uuid

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from integrations.models import Connection
from orders.models import Customer, Line
from postpurchase.tenancy.models import Merchant
from postpurchase.tenancy.scope import NoMerchant, every_tenant, in_merchant

pytestmark = pytest.mark.django_db


def sql(statement: str, *args: object) -> object:
    with connection.cursor() as cursor:
        cursor.execute(statement, args)
        return cursor.fetchall() if cursor.description else cursor.rowcount


@pytest.fixture
def customers(ann: Merchant, bob: Merchant) -> tuple[Customer, Customer]:
    with in_merchant(ann):
        a = Customer.objects.create(email="a@x.example")
    with in_merchant(bob):
        b = Customer.objects.create(email="b@x.example")
    return a, b


def test_tests_run_as_a_role_that_row_security_binds() -> None:
    role = sql("SELECT current_user::text, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")

    assert role == [("postpurchase_app", False, False)]


@pytest.mark.parametrize(
    "use",
    [
        lambda c: list(Customer.objects.all()),
        lambda c: Customer.objects.count(),
        lambda c: Customer.objects.filter(pk=c.pk).update(email="x"),
        lambda c: Customer.objects.filter(pk=c.pk).delete(),
        lambda c: Customer.objects.create(email="c@x.example"),
        lambda c: Customer.objects.bulk_create([Customer(email="c@x.example")]),
        lambda c: c.refresh_from_db(),
        lambda c: c.save(),
        lambda c: c.delete(),
        lambda c: list(c.orders.all()),
        lambda c: Customer._base_manager.get(pk=c.pk),
    ],
)
def test_outside_a_scope_every_use_raises_and_names_the_model(customers: tuple[Customer, Customer], use: object) -> None:
    with pytest.raises(NoMerchant, match=r"orders\.(Customer|Order)"):
        use(customers[0])  # type: ignore[operator]


def test_a_query_set_made_in_a_scope_raises_when_it_runs_outside(ann: Merchant) -> None:
    with in_merchant(ann):
        late = Customer.objects.all()

    with pytest.raises(NoMerchant):
        list(late)


def test_without_a_scope_raw_sql_is_refused(customers: object) -> None:
    with pytest.raises(DatabaseError, match="no merchant in scope"), transaction.atomic():
        sql("SELECT * FROM orders_customer")


def test_raw_sql_sees_and_changes_own_rows_only(customers: tuple[Customer, Customer], ann: Merchant) -> None:
    with in_merchant(ann):
        assert sql("SELECT email FROM orders_customer") == [("a@x.example",)]
        assert sql("UPDATE orders_customer SET phone = 'x' WHERE id = %s", customers[1].pk) == 0
        assert sql("DELETE FROM orders_customer WHERE id = %s", customers[1].pk) == 0


def test_writing_a_row_of_another_merchant_is_refused(ann: Merchant, bob: Merchant) -> None:
    with in_merchant(ann), pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        Customer(merchant=bob, email="c@x.example").save(force_insert=True)


def test_pointing_at_anothers_row_is_refused_like_a_missing_id(ann: Merchant, bob: Merchant) -> None:
    with in_merchant(bob):
        theirs = Connection.objects.get()
    messages = []
    with in_merchant(ann):
        for target in theirs.pk, uuid.uuid4():
            with pytest.raises(IntegrityError) as caught, transaction.atomic():
                sql(
                    "INSERT INTO integrations_inbounddelivery (id, merchant_id, connection_id, delivery_id, topic, headers, body,"
                    " received_at, state, due_at, attempts, parked_for, error)"
                    " VALUES (%s, %s, %s, 'd', 't', '{}', '', now(), 'due', now(), 0, '', '')",
                    uuid.uuid4(),
                    ann.pk,
                    target,
                )
                connection.check_constraints()
            messages.append(str(caught.value).replace(str(target), "?"))

    assert messages[0] == messages[1]
    assert "same_merchant" in messages[0]


def test_the_app_role_can_neither_alter_nor_turn_row_security_off(in_ann: Merchant) -> None:
    for statement in (
        "ALTER TABLE orders_customer DISABLE ROW LEVEL SECURITY",
        "DROP TABLE orders_line",
        "CREATE TABLE t (x int)",
        "UPDATE django_migrations SET name = ''",
    ):
        with pytest.raises(DatabaseError, match=r"must be owner|permission denied"), transaction.atomic():
            sql(statement)


def test_every_tenant_sees_all_and_hands_back_what_it_found(customers: object, ann: Merchant) -> None:
    with in_merchant(ann):
        with every_tenant("test"):
            assert sql("SELECT count(*), current_user::text FROM orders_customer") == [(2, "postpurchase_platform")]
        assert sql("SELECT count(*), current_user::text FROM orders_customer") == [(1, "postpurchase_app")]


def test_an_error_in_every_tenant_also_hands_back(customers: object, ann: Merchant) -> None:
    with in_merchant(ann):
        with pytest.raises(DatabaseError), every_tenant("test"):
            sql("SELECT 1/0")
        assert sql("SELECT count(*), current_user::text FROM orders_customer") == [(1, "postpurchase_app")]


def test_switching_merchant_inside_a_scope_is_refused(ann: Merchant, bob: Merchant) -> None:
    with in_merchant(ann), pytest.raises(RuntimeError, match="already in merchant"), in_merchant(bob):
        pass


@pytest.mark.django_db(transaction=True)
def test_commit_forgets_the_merchant_on_a_kept_connection(customers: object, ann: Merchant) -> None:
    with in_merchant(ann):
        pid = sql("SELECT pg_backend_pid()")

    assert sql("SELECT pg_backend_pid()") == pid
    with pytest.raises(DatabaseError, match="no merchant in scope"):
        sql("SELECT * FROM orders_customer")


@pytest.mark.django_db(transaction=True)
def test_on_commit_runs_outside_the_scope(ann: Merchant) -> None:
    seen = []

    def callback() -> None:
        with pytest.raises(NoMerchant):
            Customer.objects.count()
        with in_merchant(ann):
            seen.append(Customer.objects.count())

    with in_merchant(ann):
        Customer.objects.create(email="c@x.example")
        transaction.on_commit(callback)

    assert seen == [1]


def test_a_savepoint_rolls_back_and_the_scope_stays(in_ann: Merchant) -> None:
    with pytest.raises(ValueError), transaction.atomic():
        Customer.objects.create(email="c@x.example")
        raise ValueError

    assert Customer.objects.count() == 0
    assert Line.objects.count() == 0
