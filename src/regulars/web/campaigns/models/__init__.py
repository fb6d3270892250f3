"""Tables of campaigns."""

from regulars.web.campaigns.models.campaign import Campaign, Lesson
from regulars.web.campaigns.models.proof import Proof
from regulars.web.campaigns.models.skipped import Skipped
from regulars.web.campaigns.models.universal import UniversalHoldout

__all__ = ["Campaign", "Lesson", "Proof", "Skipped", "UniversalHoldout"]
