"""Addresses of e-mail."""

from __future__ import annotations

from django.urls import path

from regulars.web.mail.views import campaigns, leaving, setting

ONE = "campaigns/<int:campaign_id>/"

urlpatterns = [
    path("settings/e-mail/", setting.setting, name="mail_setting"),
    path(f"{ONE}message/", campaigns.letter, name="mail_letter"),
    path(f"{ONE}message/test/", campaigns.test, name="mail_test"),
    path(f"{ONE}e-mails/", campaigns.messages, name="mail_messages"),
    path(f"{ONE}e-mails/steer/", campaigns.steer, name="mail_steer"),
    path(f"{ONE}e-mails/doubts/", campaigns.doubts, name="mail_doubts"),
    path(f"{ONE}e-mails/<int:message_id>/bounced/", campaigns.bounced, name="mail_bounced"),
    path("unsubscribe/<str:token>/", leaving.unsubscribe, name="mail_unsubscribe"),
]
