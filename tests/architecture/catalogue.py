"""Questions to PostgreSQL's own catalogue, each with what a bad answer looks like. A table made tomorrow is asked too."""

from dataclasses import dataclass

GLOBAL = {  # reviewed: no merchant's data
    "django_migrations": "Django's own list of what has run",
    "django_content_type": "names of models",
    "django_session": "log-ins of people, who may work for several merchants",
    "auth_group": "unused, comes with Django",
    "auth_permission": "unused, comes with Django",
    "auth_group_permissions": "unused, comes with Django",
    "tenancy_user": "people, who may work for several merchants",
    "tenancy_user_groups": "unused, comes with Django",
    "tenancy_user_user_permissions": "unused, comes with Django",
    "tenancy_merchant": "the tenants themselves",
    "account_emailaddress": "addresses of people, who may work for several merchants, and whether they are confirmed",
    "account_emailconfirmation": "unused, comes with allauth: the links in its mails are signed",
    "mfa_authenticator": "second factors of people; their secrets are sealed",
    "usersessions_usersession": "log-ins of people, which they can look at and end",
    "tenancy_attempts": "counts of tries to sign in and codes that were used, before any merchant is known",
    "post_letter": "mails to people about their account or their team; what they say is sealed, and dropped when they leave",
    "tenancy_ratecount": "digests of attempts that come before any merchant is known",
}
LOOSE_IDS = {  # reviewed: uuid columns that no foreign key covers
    "events_domainevent.subject": "the row that a fact is about, of any table",
    "events_domainevent.thread": "the order, which is on a floor above",
    "integrations_inbounddelivery.lease_token": "a fencing token",
    "integrations_replay.reached": "the delivery that it has come to, which may be forgotten before it ends",
    "integrations_webhookdelivery.event_id": "the fact that it tells; a test event's is nowhere else",
    "integrations_webhookdelivery.lease_token": "a fencing token",
    "notifications_enrolment.subject": "the order or the shipment, as the flow says; both also have their key",
    "notifications_preference.late_only": "the orders that it is about; one that is gone is asked for by nobody",
    "notifications_message.lease_token": "a fencing token",
    "notifications_attempt.token": "a fencing token",
    "desk_step.message": "what was written to the shopper, which may be forgotten before the case is",
    "transfers_import.lease_token": "a fencing token",
    "transfers_export.lease_token": "a fencing token",
    "backtest_backtest.lease_token": "a fencing token",
    "backtest_outcome.subject": "the order or the parcel, as the flow's key says",
    "tracking_carriercode.redo_after": "the parcel that reading anew has come to",
    "desk_usualorder.revalue_after": "the case that valuing anew has come to",
    "bulk_job.lease_token": "a fencing token",
    "bulk_refusal.row": "the order, parcel or message, as the job's subject says; a refusal outlives it",
}
GATES = {
    "gate_api_key", "gate_membership", "gate_merchants_of", "gate_portal_host", "gate_inbound", "gate_message", "gate_tracking_page",
    "gate_invitation", "gate_logo", "gate_sms", "gate_link",
}  # fmt: skip
POLICY = "(merchant_id = ( SELECT app_merchant() AS app_merchant))"

PUBLIC = "relnamespace = 'public'::regnamespace"
TABLES = f"""
SELECT c.relname, c.relrowsecurity, c.relforcerowsecurity, array_agg(p.polcmd::text || p.polpermissive::text || p.polroles::text),
  min(pg_get_expr(p.polqual, c.oid)), min(pg_get_expr(p.polwithcheck, c.oid)),
  (SELECT attnotnull FROM pg_attribute WHERE attrelid = c.oid AND attname = 'merchant_id')
FROM pg_class c LEFT JOIN pg_policy p ON p.polrelid = c.oid
WHERE c.relkind IN ('r', 'p', 'm', 'f') AND c.{PUBLIC} GROUP BY c.oid ORDER BY 1"""
GUARDED = [True, True, ["*true{0}"], POLICY, POLICY, True]

UNIQUE_INDEXES = f"""
SELECT c.relname || '.' || i.relname, x.indkey[0] = (SELECT attnum FROM pg_attribute WHERE attrelid = c.oid AND attname = 'merchant_id')
FROM pg_index x JOIN pg_class c ON c.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid
WHERE c.{PUBLIC} AND c.relrowsecurity AND (x.indisunique OR x.indisexclusion) AND NOT x.indisprimary"""
FOREIGN_KEYS = """
SELECT conrelid::regclass::text || '.' || conname, array_length(conkey, 1) = 2 AND condeferred AND convalidated
  AND conkey[1] = (SELECT attnum FROM pg_attribute WHERE attrelid = conrelid AND attname = 'merchant_id')
  AND confkey[1] = (SELECT attnum FROM pg_attribute WHERE attrelid = confrelid AND attname = 'merchant_id')
FROM pg_constraint k JOIN pg_class t ON t.oid = k.confrelid WHERE contype = 'f' AND t.relrowsecurity"""
MERCHANT_KEYS = f"""
SELECT c.relname || '.merchant_id', EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'f' AND k.convalidated
  AND k.confrelid = 'tenancy_merchant'::regclass)
FROM pg_class c WHERE c.relkind = 'r' AND c.{PUBLIC} AND c.relrowsecurity"""
UUIDS = f"""
SELECT c.relname || '.' || a.attname,
  EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'f' AND a.attnum = ANY (k.conkey))
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
WHERE c.{PUBLIC} AND c.relkind = 'r' AND c.relrowsecurity AND a.atttypid IN ('uuid'::regtype, 'uuid[]'::regtype) AND a.attname <> 'id'"""
VIEWS = f"SELECT relname, coalesce('security_invoker=true' = ANY (reloptions), false) FROM pg_class WHERE relkind = 'v' AND {PUBLIC}"
DEFINERS = """
SELECT proname, proowner = (SELECT oid FROM pg_roles WHERE rolname = %(platform)s)
  AND EXISTS (SELECT FROM unnest(proconfig) c WHERE c LIKE 'search_path=pg_catalog%%')
  AND NOT EXISTS (SELECT FROM aclexplode(proacl) a WHERE a.grantee = 0)
FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace"""
APP_ROLE = """
SELECT rolsuper OR rolbypassrls OR rolinherit OR rolcreaterole OR rolcreatedb, pg_has_role(rolname, %(platform)s, 'USAGE'),
  EXISTS (SELECT FROM pg_class WHERE relowner = r.oid) OR EXISTS (SELECT FROM pg_proc WHERE proowner = r.oid),
  has_schema_privilege(rolname, 'public', 'CREATE'), has_table_privilege(rolname, 'django_migrations', 'INSERT, UPDATE, DELETE')
FROM pg_roles r WHERE rolname = %(app)s"""


@dataclass(frozen=True)
class Question:
    """`sql` answers (name, keeps the rule?) for everything there is; `reviewed` may break it."""

    name: str
    sql: str
    bad: tuple[str, ...]  # statements that make an object called bad..., which must be seen
    reviewed: frozenset[str] = frozenset()


QUESTIONS = [
    Question(
        "unique indexes start with merchant",
        UNIQUE_INDEXES,
        (
            "CREATE UNIQUE INDEX bad ON orders_customer (phone)",
            "CREATE UNIQUE INDEX bad ON orders_customer (lower(phone), merchant_id)",
            "ALTER TABLE orders_customer ADD CONSTRAINT bad UNIQUE (phone, merchant_id)",
        ),
        frozenset({"domains_domain.domains_one_portal"}),  # a host name answers for one merchant, whoever else wants it
    ),
    Question(
        "foreign keys to tenant tables compare the merchants",
        FOREIGN_KEYS,
        (
            "ALTER TABLE orders_line ADD CONSTRAINT bad FOREIGN KEY (order_id) REFERENCES orders_order (id)",
            "ALTER TABLE orders_line ADD CONSTRAINT bad FOREIGN KEY (merchant_id, order_id) REFERENCES orders_order (merchant_id, id)",
            "CREATE TABLE bad (order_id uuid REFERENCES orders_order (id))",
        ),
    ),
    Question(
        "the merchant exists",
        MERCHANT_KEYS,
        ("CREATE TABLE bad (id uuid PRIMARY KEY, merchant_id uuid NOT NULL); ALTER TABLE bad ENABLE ROW LEVEL SECURITY",),
    ),
    Question(
        "ids are foreign keys",
        UUIDS,
        (
            "ALTER TABLE orders_customer ADD bad_id uuid",
            "ALTER TABLE orders_customer ADD bad_ids uuid[]",
            "ALTER TABLE orders_line ADD bad uuid",
        ),
        frozenset(LOOSE_IDS),
    ),
    Question("views run with the caller's rights", VIEWS, ("CREATE VIEW bad AS SELECT 1",)),
]
