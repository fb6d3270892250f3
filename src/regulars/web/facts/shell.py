"""What facts add to a customer's record: their orders, in the answer to what is stored about them."""

from __future__ import annotations

from regulars.web.customers import holdings as of_customers
from regulars.web.facts import holdings

of_customers.register("facts", move=of_customers.nothing, erase=of_customers.nothing, disclose=holdings.disclose)
