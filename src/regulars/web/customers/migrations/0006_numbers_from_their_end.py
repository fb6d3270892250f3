from typing import Any

from django.db import migrations, models

import regulars.web.customers.models.ends

LENGTHS = {"customers_contactpoint": 20, "customers_card": 60}


def fill(apps: Any, schema_editor: Any) -> None:
    """Fill the new columns in one statement a table: SQLite is lent the function that it lacks."""
    connection = schema_editor.connection
    backwards = "left(reverse(key), {})"
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        connection.connection.create_function(
            "regulars_backwards", 2, lambda text, length: text[::-1][:length], deterministic=True
        )
        backwards = "regulars_backwards(key, {})"
    for table, length in LENGTHS.items():
        schema_editor.execute(f'UPDATE {table} SET "end" = {backwards.format(length)}')  # noqa: S608 - our own names


def index_names(apps: Any, schema_editor: Any) -> None:
    """PostgreSQL orders names by its language and needs an index of its own for what they begin with."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            "CREATE INDEX customers_by_name_start ON customers_customer (name_key varchar_pattern_ops)"
        )


def drop_index(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX customers_by_name_start")


class Migration(migrations.Migration):
    dependencies = [("customers", "0005_merged_by_a_few")]

    operations = [
        migrations.AddField(
            model_name="card",
            name="end",
            field=regulars.web.customers.models.ends.EndField(default="", editable=False, max_length=60, of="key"),
        ),
        migrations.AddField(
            model_name="contactpoint",
            name="end",
            field=regulars.web.customers.models.ends.EndField(default="", editable=False, max_length=20, of="key"),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="card",
            index=models.Index(fields=["end"], name="customers_card_by_end", opclasses=["varchar_pattern_ops"]),
        ),
        migrations.AddIndex(
            model_name="contactpoint",
            index=models.Index(fields=["end"], name="customers_point_by_end", opclasses=["varchar_pattern_ops"]),
        ),
        migrations.RunPython(index_names, drop_index),
    ]
