"""Files: the treated as a list to print, or to hand to whoever sends letters or messages."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from regulars.web.campaigns.channels import Channel, register

register(
    Channel(
        "post", _("Letters"), "mail-opened", _("A list to print or to hand to a letter shop"),
        consent="post", points=("address",), as_file=True,
    )
)  # fmt: skip
register(
    Channel(
        "sms", _("Text messages"), "device-mobile-message", _("A list for the service that sends your text messages"),
        consent="sms", points=("mobile",), as_file=True,
    )
)  # fmt: skip
register(
    Channel(
        "wechat", _("WeChat"), "brand-wechat", _("A list for whoever writes to customers on WeChat"),
        consent="wechat", as_file=True,
    )
)  # fmt: skip
