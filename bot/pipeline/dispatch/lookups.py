"""Looks up a request whose submit was lost, until it is found, submitted again or given up."""

import logging
from collections.abc import Callable
from dataclasses import replace

from bot.accounts.credentials import Credentials
from bot.backends.outage_monitor import OutageMonitor
from bot.backends.values import Receipt
from bot.domain.records import Record
from bot.errors import BackendError, StoreError, Transient, VaultError
from bot.pipeline.dispatch.explicit_seed import with_seed
from bot.pipeline.dispatch.lost_submits import LostSubmits
from bot.pipeline.dispatch.submit_result import SubmitResult
from bot.pipeline.dispatch.submit_results import SubmitResults

log = logging.getLogger(__name__)
LOOKUP_PAUSE, LOOKUP_PAUSE_MAX = 5.0, 30.0  # seconds between lookups of a lost submit
OUTAGE_PAUSE = 1.0


class Lookups:
    """Settles the lost submits of one backend. `webhook_url`: by the id of a request."""

    def __init__(
        self,
        lost: LostSubmits,
        results: SubmitResults,
        outage_monitor: OutageMonitor,
        credentials: Credentials,
        webhook_url: Callable[[int], str],
    ) -> None:
        self._lost = lost
        self._results = results
        self._outage_monitor = outage_monitor
        self._credentials = credentials
        self._webhook_url = webhook_url

    async def settle(self, record: Record) -> SubmitResult:
        """The submit was lost: adopt the request when the backend has it, else submit again."""
        self._lost.begin(record)
        try:
            key = await self._credentials.key_of(record)
            wanted = replace(record, request=with_seed(record))
            found = await self._lost.look_up(wanted, key, self._webhook_url(record.id))
        except Transient as error:
            if await self._outage_monitor.is_outage(error):
                return SubmitResult.retry_in(OUTAGE_PAUSE)
            if not self._lost.give_up(record):
                pause = min(error.retry_after or LOOKUP_PAUSE, LOOKUP_PAUSE_MAX)
                return SubmitResult.retry_in(pause)
            log.warning("#%d: the account does not show whether it was accepted", record.id)
            result = await self._results.not_found(record)
        except (BackendError, VaultError) as error:
            log.info("#%d cannot be looked up: %s", record.id, error)
            result = await self._results.not_found(record)
        except StoreError:
            raise
        except Exception:  # all requests of the account wait for the result
            log.exception("#%d: its lookup failed", record.id)
            result = await self._results.not_found(record)
        else:
            if found.again_in:
                return SubmitResult.retry_in(found.again_in)
            if found.remote_id:
                log.info("#%d was found at the backend", record.id)
                result = await self._results.accepted(record, Receipt(found.remote_id))
            else:
                result = await self._results.not_found(record, may_exist=found.may_exist)
        self._lost.end(record.id)
        return result
