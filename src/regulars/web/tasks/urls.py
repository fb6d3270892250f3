"""Addresses of work."""

from __future__ import annotations

from django.urls import path

from regulars.web.tasks.views import control, making, many, queue, rules, single

urlpatterns = [
    path("tasks/", queue.tasks, name="tasks"),
    path("tasks/<int:task_id>/", single.task, name="task"),
    path("tasks/<int:task_id>/done/", single.finish, name="task_done"),
    path("tasks/<int:task_id>/snooze/", single.snooze, name="task_snooze"),
    path("tasks/<int:task_id>/delegate/", single.delegate, name="task_delegate"),
    path("tasks/<int:task_id>/drop/", single.drop, name="task_drop"),
    path("tasks/<int:task_id>/reopen/", single.reopen, name="task_reopen"),
    path("tasks/<int:task_id>/put-back/", single.put_back, name="task_put_back"),
    path("tasks/new/<int:customer_id>/", making.new, name="task_new"),
    path("tasks/next/<int:customer_id>/", making.take, name="task_take"),
    path("tasks/assign/", making.assign, name="tasks_assign"),
    path("tasks/change/", many.change, name="tasks_change"),
    path("tasks/undo/<int:undo_id>/", many.undo, name="tasks_undo"),
    path("control-groups/", control.holdouts, name="holdouts"),
    path("control-groups/<int:holdout_id>/", control.holdout, name="holdout"),
    path("control-groups/<int:holdout_id>/end/", control.end, name="holdout_end"),
    path("alerts/", rules.rules, name="alert_rules"),
    path("alerts/look/", rules.look, name="alerts_look"),
    path("alerts/<int:rule_id>/", rules.rule, name="alert_rule"),
    path("business-days/", rules.business_days, name="business_days"),
]
