-- The three roles and the database, for an administrator: psql --dbname postgres --file roles.sql
-- Passwords come from the environment: DATABASE_OWNER_PASSWORD and DATABASE_APP_PASSWORD. Running it again changes nothing else.
\set ON_ERROR_STOP on
\set owner_password `printf %s "$DATABASE_OWNER_PASSWORD"`
\set app_password `printf %s "$DATABASE_APP_PASSWORD"`
SET client_min_messages = warning;
SET log_min_error_statement = panic; -- a failing statement must not write a password into the log

SELECT format('CREATE ROLE %I', name) FROM unnest(ARRAY['postpurchase_owner', 'postpurchase_app', 'postpurchase_platform']) AS name
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) \gexec

-- Owns every table; migrations and test databases only. BYPASSRLS, because ADD FOREIGN KEY must see the rows it checks.
ALTER ROLE postpurchase_owner LOGIN PASSWORD :'owner_password' NOSUPERUSER CREATEDB NOCREATEROLE BYPASSRLS;
-- Web, workers, commands, tests. Owns nothing; NOINHERIT, so that only an explicit SET ROLE gives it the platform's rights.
ALTER ROLE postpurchase_app LOGIN PASSWORD :'app_password' NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS NOINHERIT;
-- Work across merchants, and the owner of the look-up functions; nobody logs in as it.
ALTER ROLE postpurchase_platform NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE BYPASSRLS;
GRANT postpurchase_platform TO postpurchase_app, postpurchase_owner;

-- The default from PostgreSQL 15 on; in template1, so that test databases have it too.
\connect template1
REVOKE CREATE ON SCHEMA public FROM PUBLIC;

\connect postgres
SELECT 'CREATE DATABASE postpurchase OWNER postpurchase_owner'
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'postpurchase') \gexec

-- What only a superuser may do. Test databases do without it: its views are nobody's tables.
\connect postpurchase
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pg_stat_statements;
