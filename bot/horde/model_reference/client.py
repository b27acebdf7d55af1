"""ModelReferenceClient: all calls to the host of the model reference."""

import time
from collections.abc import Callable

import aiohttp

from bot.horde.model_reference.baselines import BaselineCalls
from bot.horde.model_reference.model_records import ModelRecordCalls
from bot.horde.model_reference.model_search import ModelSearchCalls
from bot.horde.model_reference.prompt_guidance import PromptGuidanceCalls
from bot.horde.transport import Transport

URL = "https://models.aihorde.net/api/model_references/v2"


class ModelReferenceClient(ModelSearchCalls, ModelRecordCalls, BaselineCalls, PromptGuidanceCalls):
    """The host at `url`. No call needs a key. The caller closes the session.

    It has a method for each route about records, search, baselines and prompt guidance, also for
    those that the bot does not use (yet); none for licences, groups of texts and changes. `clock`:
    seconds, for how long a missing function is remembered.

    Every method raises BackendError and nothing else: RequestGone for a name that the host does not
    know, FeatureMissing for a route that it does not have.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        url: str = URL,
        *,
        client_agent: str,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(Transport(session, url, client_agent=client_agent, clock=clock))
