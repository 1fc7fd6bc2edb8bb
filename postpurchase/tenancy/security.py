"""What PostgreSQL enforces on tenant tables, as Django constraints: makemigrations writes, orders and reverses them like any other."""

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import BaseConstraint, Model

# The inner SELECT makes it an InitPlan: asked once per statement, not once per row.
POLICY = "merchant_id = (SELECT app_merchant())"

FUNCTION = """
CREATE OR REPLACE FUNCTION app_merchant() RETURNS uuid LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE v text := current_setting('app.merchant', true);
BEGIN
  IF v IS NULL OR v = '' THEN
    RAISE EXCEPTION 'no merchant in scope' USING ERRCODE = 'insufficient_privilege', HINT = 'open in_merchant() or every_tenant()';
  END IF;
  RETURN v::uuid;
END $$"""


class _TenantConstraint(BaseConstraint):
    def validate(self, *args: Any, **kwargs: Any) -> None:
        """PostgreSQL holds it; a form has nothing to check."""

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self.deconstruct() == other.deconstruct()

    def __hash__(self) -> int:
        return hash((type(self), self.name))


class TenantTable(_TenantConstraint):
    """Row level security, and the UNIQUE (merchant_id, id) that composite foreign keys point at."""

    def constraint_sql(self, model: type[Model] | None, schema_editor: BaseDatabaseSchemaEditor | None) -> str:
        """The UNIQUE inside CREATE TABLE; the policy follows when the table stands."""
        assert model and schema_editor  # noqa: S101 - the base class allows None, the schema editor never passes it
        schema_editor.deferred_sql.append(self._security(model, schema_editor))
        return f"CONSTRAINT {schema_editor.quote_name(self.name)} UNIQUE (merchant_id, id)"

    def create_sql(self, model: type[Model] | None, schema_editor: BaseDatabaseSchemaEditor | None) -> str:
        """For a table that exists already."""
        assert model and schema_editor  # noqa: S101 - the base class allows None, the schema editor never passes it
        q = schema_editor.quote_name
        unique = f"ALTER TABLE {q(model._meta.db_table)} ADD CONSTRAINT {q(self.name)} UNIQUE (merchant_id, id);"
        return unique + self._security(model, schema_editor)

    def _security(self, model: type[Model], schema_editor: BaseDatabaseSchemaEditor) -> str:
        table = schema_editor.quote_name(model._meta.db_table)
        return (
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY; ALTER TABLE {table} FORCE ROW LEVEL SECURITY;"
            f"CREATE POLICY tenant ON {table} USING ({POLICY}) WITH CHECK ({POLICY})"
        )

    def remove_sql(self, model: type[Model] | None, schema_editor: BaseDatabaseSchemaEditor | None) -> str:
        """CASCADE takes the composite keys that point at the UNIQUE with it."""
        assert model and schema_editor  # noqa: S101 - the base class allows None, the schema editor never passes it
        q = schema_editor.quote_name
        table = q(model._meta.db_table)
        return (
            f"DROP POLICY tenant ON {table}; ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY;"
            f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY; ALTER TABLE {table} DROP CONSTRAINT {q(self.name)} CASCADE"
        )


class SameMerchant(_TenantConstraint):
    """FOREIGN KEY (merchant_id, x_id) REFERENCES x (merchant_id, id): a row can only point at its own merchant's rows."""

    def __init__(self, *, field: str, name: str) -> None:
        self.field = field
        super().__init__(name=name)

    def deconstruct(self) -> Any:
        """Named in the migration file with the field it covers."""
        path, args, kwargs = super().deconstruct()
        return path, args, kwargs | {"field": self.field}

    def create_sql(self, model: type[Model] | None, schema_editor: BaseDatabaseSchemaEditor | None) -> str | None:  # type: ignore[override]
        """Deferred to the migration's end: the UNIQUE it points at may come later in it."""
        assert model and schema_editor  # noqa: S101 - the base class allows None, the schema editor never passes it
        schema_editor.deferred_sql.append(self._create(model, schema_editor))
        return None

    constraint_sql = create_sql  # type: ignore[assignment]

    def _create(self, model: type[Model], schema_editor: BaseDatabaseSchemaEditor) -> str:
        q, field = schema_editor.quote_name, model._meta.get_field(self.field)
        target = field.remote_field.model._meta.db_table  # type: ignore[union-attr]
        return (
            f"ALTER TABLE {q(model._meta.db_table)} ADD CONSTRAINT {q(self.name)} FOREIGN KEY (merchant_id, {q(field.column)})"  # type: ignore[union-attr,arg-type]
            f" REFERENCES {q(target)} (merchant_id, id) DEFERRABLE INITIALLY DEFERRED"
        )

    def remove_sql(self, model: type[Model] | None, schema_editor: BaseDatabaseSchemaEditor | None) -> str:
        """IF EXISTS: dropping the target's UNIQUE has already taken it."""
        assert model and schema_editor  # noqa: S101 - the base class allows None, the schema editor never passes it
        q = schema_editor.quote_name
        return f"ALTER TABLE {q(model._meta.db_table)} DROP CONSTRAINT IF EXISTS {q(self.name)}"


def attach(model: type[Model], constraint: BaseConstraint) -> None:
    """Add a constraint to a concrete model as if its Meta named it. Models that migrations rebuild carry theirs from the file."""
    options = model._meta
    if options.abstract or model.__module__ == "__fake__":
        return
    options.constraints = [*options.constraints, constraint]
    options.original_attrs["constraints"] = options.constraints


def gate_sql(signature: str, returns: str, body: str, *, roles: tuple[str, str]) -> str:
    """SQL for a gate: a SECURITY DEFINER function that answers before any merchant is known. `roles`: (app, platform).

    Owned by the platform role: owned by the table owner it would be under FORCE ROW LEVEL SECURITY like everyone else.
    """
    app, platform = roles
    return f"""
CREATE FUNCTION {signature} RETURNS {returns} LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$ {body} $$;
REVOKE ALL ON FUNCTION {signature} FROM PUBLIC;
GRANT EXECUTE ON FUNCTION {signature} TO {app};
GRANT CREATE ON SCHEMA public TO {platform};
ALTER FUNCTION {signature} OWNER TO {platform};
REVOKE CREATE ON SCHEMA public FROM {platform};"""
