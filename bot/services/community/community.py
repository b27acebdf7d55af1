"""The services of this package, as one attribute of the bot's services."""

from collections.abc import Mapping

from bot.horde.client import HordeClient
from bot.pictures.converter import Converter
from bot.services.community.horde_info import HordeInfo
from bot.services.community.load_chart import LoadChart


class Community:
    """Lists and the chart. `hordes`: by the backend's name."""

    def __init__(self, hordes: Mapping[str, HordeClient], converter: Converter) -> None:
        self.info = HordeInfo(hordes)
        self.chart = LoadChart(hordes, converter)
