"""Who is left out of every campaign: a share of all customers, drawn from a seed, the same as long as it runs."""

from __future__ import annotations

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from regulars.web.core.conflict import Versioned

MOST = Decimal("0.10")


class UniversalHoldout(Versioned):
    """One row: the share, and the experiment whose control group the customers are; none while it is switched off."""

    share = models.DecimalField(
        _("universal hold-out"),
        max_digits=5,
        decimal_places=4,
        default=Decimal(0),
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(MOST)],
    )
    seed = models.CharField(max_length=40, blank=True, editable=False)
    holdout = models.ForeignKey("tasks.Holdout", models.SET_NULL, null=True, editable=False, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="campaigns_universal_one_row"),
            models.CheckConstraint(
                condition=models.Q(share__gte=0, share__lte=MOST), name="campaigns_universal_share_is_small"
            ),
        ]

    def __str__(self) -> str:
        return str(self.share)

    @classmethod
    def current(cls) -> UniversalHoldout:
        """Return the setting; switched off where none was saved."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)
