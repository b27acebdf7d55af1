"""`hordecord check`: what is wrong with an installation, and how to mend it. It changes nothing."""

from bot.check.disk import examine_disk
from bot.check.everything import examine
from bot.check.finding import Finding, table
from bot.check.login import DISCORD_API, application_id

__all__ = ["DISCORD_API", "Finding", "application_id", "examine", "examine_disk", "table"]
