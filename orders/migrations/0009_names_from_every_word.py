"""Names are found from each of their words on, whatever their case and accents; orders of a customer stand newest first.

Generated columns are made anew (their expression cannot be altered), which writes the table of customers once.
"""

import django.db.models.deletion
from django.db import migrations, models

import postpurchase.tenancy.base

# lower() by itself is the database's, and some know no capitals but ASCII's: accents go first, then what has no accent to take off.
FOLD = r"""
CREATE FUNCTION orders_fold(told text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT btrim(replace(replace(CASE WHEN octet_length(told) = char_length(told) THEN translate(lower(told), '-''.,', ' ')
    ELSE lower(translate(replace(replace(replace(regexp_replace(normalize(lower(told), NFKD), '[\u0300-\u036f]', '', 'g'), 'ß', 'ss'),
      'æ', 'ae'), 'œ', 'oe'), 'øØłŁđĐıð-–''’ʼ.,', 'oOlLdDid  ')) END, '  ', ' '), '  ', ' '))
$$"""
KEY = """
CREATE FUNCTION orders_name_key(one text, other text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT left(public.orders_fold(one || ' ' || other), 240)
$$"""
# Most names have two words, for which the keys from the first and from the last name are all there is.
FROM = """
CREATE FUNCTION orders_name_from(first text, last text, which int) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  words text[]; from_last int := 0; seen int := 0;
BEGIN
  IF translate(first || last, ' -–', '') = first || last THEN RETURN ''; END IF;
  words := string_to_array(public.orders_fold(first || ' ' || last), ' ');
  IF first <> '' AND last <> '' THEN from_last := cardinality(string_to_array(public.orders_fold(first), ' ')) + 1; END IF;
  FOR n IN 2 .. cardinality(words) LOOP
    IF n <> from_last THEN
      seen := seen + 1;
      IF seen = which THEN RETURN left(array_to_string(words[n:], ' '), 240); END IF;
    END IF;
  END LOOP;
  RETURN '';
END $$"""


def key(*, function: str, of: tuple[str, str], which: int | None = None) -> models.GeneratedField:
    """A key of a name."""
    more = [] if which is None else [models.Value(which)]
    expression = models.Func(*of, *more, function=function)
    return models.GeneratedField(db_persist=True, expression=expression, output_field=models.CharField(db_collation="C", max_length=240))


FIRST, LAST = ("first_name", "last_name"), ("last_name", "first_name")
KEYS = {
    "name_key": key(function="orders_name_key", of=LAST),
    "first_key": key(function="orders_name_key", of=FIRST),
    "third_key": key(function="orders_name_from", of=FIRST, which=1),
    "fourth_key": key(function="orders_name_from", of=FIRST, which=2),
}


class Migration(migrations.Migration):
    dependencies = [("orders", "0008_close_gate"), ("tenancy", "0005_invitation_gates")]

    operations = [
        migrations.RunSQL(FOLD, "DROP FUNCTION orders_fold(text)"),
        migrations.RunSQL(KEY, "DROP FUNCTION orders_name_key(text, text)"),
        migrations.RunSQL(FROM, "DROP FUNCTION orders_name_from(text, text, int)"),
        migrations.RemoveIndex("customer", "customer_by_name"),
        migrations.RemoveField("customer", "name_key"),
        *(migrations.AddField("customer", name, field) for name, field in KEYS.items()),
        migrations.AddIndex("customer", models.Index(fields=["merchant", "name_key"], name="customer_by_name")),
        migrations.AddIndex("customer", models.Index(fields=["merchant", "first_key"], name="customer_by_first")),
        migrations.AddIndex(
            "customer",
            models.Index(fields=["merchant", "third_key"], name="customer_by_third", condition=models.Q(third_key__gt="")),
        ),
        migrations.AddIndex(
            "customer",
            models.Index(fields=["merchant", "fourth_key"], name="customer_by_fourth", condition=models.Q(fourth_key__gt="")),
        ),
        migrations.AlterField(
            "order",
            "customer",
            postpurchase.tenancy.base.TenantForeignKey(
                db_index=False, null=True, on_delete=django.db.models.deletion.RESTRICT, related_name="orders", to="orders.customer"
            ),
        ),
        migrations.AddIndex("order", models.Index(fields=["merchant", "customer", "-placed_at", "-id"], name="order_by_customer")),
    ]
