"""What work shows elsewhere: the navigation, the first screen, the customer's page, their timeline, the lake."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from regulars.web.core import shell
from regulars.web.customers import holdings as of_customers
from regulars.web.customers import sections
from regulars.web.facts import sync as lake
from regulars.web.journal import timeline
from regulars.web.journal.taxonomy import Section
from regulars.web.tasks import at_customer, at_home, holdings, on_timeline
from regulars.web.tasks.sync import exposures

READ = "tasks.read"

shell.add(
    shell.Entry("tasks", _("Tasks"), "checklist", "tasks", READ, order=20, tab=True, count=at_home.waiting),
    shell.Entry("control", _("Control groups"), "flask", "holdouts", READ, group="prove", order=20),
    shell.Entry(
        "alerts", _("Alerts"), "bell", "alert_rules", "tasks.rules", group=shell.SETTINGS, order=50,
        note=_("What becomes a task after a valuation, whose, by when; business days"),
    ),
    shell.Section("queue", "tasks/home/queue.html", at_home.my_queue, READ, place="main", order=10),
    shell.Section("alerts", "tasks/home/alerts.html", at_home.new_alerts, READ, place="side", order=10),
)  # fmt: skip

sections.register("left-alone", 90, READ, at_customer.left_alone_chip, place="chips")
sections.register("next-action", 10, READ, at_customer.next_action_line, place="lead")
sections.register("tasks", 10, READ, at_customer.open_tasks, place="side")
sections.register("experiments", 80, READ, at_customer.experiments, place="side")

timeline.register("tasks", {Section.TASKS}, on_timeline.provide, permission=READ)
of_customers.register("tasks", move=holdings.move, erase=holdings.erase, disclose=holdings.disclose)
lake.provide("exposures", "tasks", exposures)
