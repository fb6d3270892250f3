"""Whatever is sent, the interface never breaks and answers as it says it does."""

from __future__ import annotations

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from regulars.web.api.service import api
from regulars.web.config.wsgi import application

pytestmark = pytest.mark.django_db

DESCRIBED = api.get_openapi_schema(path_prefix="/api/v1/")
OPERATIONS = [
    (method.upper(), path) for path, item in DESCRIBED["paths"].items() for method in item if method != "parameters"
]


def test_every_operation_says_what_can_go_wrong():
    for path, item in DESCRIBED["paths"].items():
        for method, operation in item.items():
            assert {"400", "401", "403", "404", "409", "422", "429"} <= {str(s) for s in operation["responses"]}, path
            assert operation["security"], (method, path)
            assert operation["operationId"]
            assert operation["description"]


def test_the_description_is_served_to_programs_and_not_to_strangers(token_of, call, client):
    assert client.get("/api/v1/openapi.json").status_code == 401
    served = call("get", "/openapi.json", token_of("manager")).json()
    assert list(served["paths"]) == list(DESCRIBED["paths"])


@pytest.fixture
def one_connection():
    """A request of a server ends with its connection; the test goes on with it, as with the client of Django."""
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    yield
    request_started.connect(close_old_connections)
    request_finished.connect(close_old_connections)


@pytest.mark.usefixtures("one_connection")
@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_nothing_that_is_sent_breaks_it(method, path, token_of, customer, task, valuation, monkeypatch):
    monkeypatch.setattr("regulars.web.api.entrance.PER_MINUTE", 10**9)
    one = task("call", of=customer())
    valuation({one.customer: {}})
    headers = {"Authorization": f"Bearer {token_of('administrator')}"}
    described = schemathesis.openapi.from_dict(dict(DESCRIBED))
    described.app = application
    operation = described[path][method]
    known = {"customer_id": one.customer_id, "task_id": one.pk}

    @settings(
        max_examples=25, deadline=None, derandomize=True, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=operation.as_strategy(), there=st.booleans())
    def sends(case, there):
        if there:
            case.path_parameters = {**case.path_parameters, **{n: known[n] for n in case.path_parameters if n in known}}
        answer = case.call(headers=headers)
        assert answer.status_code < 500, (case.body, answer.text)
        if answer.status_code >= 400 and answer.status_code != 405:
            said = answer.json()
            assert said["error"]
            assert said["message"]
            assert "\n" not in said["message"]

    sends()
