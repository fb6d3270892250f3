"""What was read of an experiment, in words and pictures: the verdict first, then what it rests on."""

from regulars.web.campaigns.shown.pictures import Shown
from regulars.web.campaigns.shown.words import a_head

__all__ = ["Shown", "a_head"]
