"""The development surroundings: Python environment, PostgreSQL and Valkey from wheels, a mail catcher, a supervisor.

Nothing here is used in production, and nothing here imports Django: it runs before Django can.
"""
