"""Rows of the trail can be added and read; the database itself refuses to change or delete them."""

from __future__ import annotations

from typing import Any

from django.db import migrations

SQLITE = """
CREATE TRIGGER audit_entry_no_{event} BEFORE {event} ON audit_entry
BEGIN SELECT RAISE(ABORT, 'the audit trail only grows'); END
"""
POSTGRES_FUNCTION = """
CREATE FUNCTION audit_entry_only_grows() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the audit trail only grows' USING ERRCODE = 'integrity_constraint_violation'; END $$
"""
POSTGRES_ROW = """
CREATE TRIGGER audit_entry_no_change BEFORE UPDATE OR DELETE ON audit_entry
FOR EACH ROW EXECUTE FUNCTION audit_entry_only_grows()
"""
POSTGRES_TABLE = """
CREATE TRIGGER audit_entry_no_truncate BEFORE TRUNCATE ON audit_entry
FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_only_grows()
"""


def guard(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "sqlite":
        for event in ("UPDATE", "DELETE"):
            schema_editor.execute(SQLITE.format(event=event))
        return
    schema_editor.execute(POSTGRES_FUNCTION)
    schema_editor.execute(POSTGRES_ROW)
    schema_editor.execute(POSTGRES_TABLE)


def unguard(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "sqlite":
        for event in ("UPDATE", "DELETE"):
            schema_editor.execute(f"DROP TRIGGER audit_entry_no_{event}")
        return
    schema_editor.execute("DROP TRIGGER audit_entry_no_change ON audit_entry")
    schema_editor.execute("DROP TRIGGER audit_entry_no_truncate ON audit_entry")
    schema_editor.execute("DROP FUNCTION audit_entry_only_grows()")


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunPython(guard, unguard)]
