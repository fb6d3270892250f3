"""What stands in addresses of contracts: a run is nobody's record, its rows are the customers'."""

from __future__ import annotations


def contract_run(cast):
    from regulars.web.contracts.models import ContractRun

    return ContractRun.objects.create(state="failed", started_by=cast.owners["team"]).pk


SUBJECTS = {"contract_run_id": contract_run}
OPEN = {"contracts.ContractRun": "a run is everyone's who may read values; its rows are reached through facts"}
