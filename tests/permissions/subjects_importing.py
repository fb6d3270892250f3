"""What stands in addresses of the imports."""

from __future__ import annotations


def imports(cast):
    from regulars.web.importing.models import Import

    def one(owner):
        return Import.objects.create(
            holds="orders", source="shop", file_name="orders.csv", state="dropped", started_by=owner
        ).pk

    return {whose: one(owner) for whose, owner in cast.owners.items()}


SUBJECTS = {"import_id": imports}
PERSONAL = {"import_id"}
OPEN = {"importing.Remembered": "names of columns and what they were read as, shown to who may import"}
