"""Backend for the AI Horde and every server with its API."""

from dataclasses import replace

from bot.backends.base import QueuedBackend
from bot.backends.horde.accounts import account_of, allowance_of, is_shared
from bot.backends.horde.alchemy import form_results
from bot.backends.horde.free_sizes import free_side, free_tokens
from bot.backends.horde.generations import pictures, text_generations
from bot.backends.horde.health import health_of
from bot.backends.horde.limits import LIMITS, PER_SECOND
from bot.backends.horde.models import announced_forms, contexts, served_models
from bot.backends.horde.payloads import (
    alchemy_input,
    dry_run_input,
    image_input,
    placeholders,
    text_input,
)
from bot.backends.horde.server_profiles import PROFILES, ServerProfile
from bot.backends.horde.server_profiles import USUAL as USUAL_PROFILE
from bot.backends.horde.status import (
    forms_status,
    forms_status_after_cancel,
    has_ended,
    status_after_cancel,
    status_of,
)
from bot.backends.horde.styles import submit_image
from bot.backends.horde.submitted import is_same_image, is_same_text
from bot.backends.horde.warnings import no_videos, warnings_of, worker_warnings
from bot.backends.horde.workers import WorkerLimits
from bot.backends.inline_results import inline_content
from bot.backends.timing import CallTimer, timed, untimed
from bot.backends.values import Account, Allowance, Health, Model, Priced, Receipt
from bot.domain.capabilities import HORDE
from bot.domain.kudos.kudos_rules import with_wishes
from bot.domain.request_images import NO_PICTURES, Pictures
from bot.domain.requests import (
    AlchemyRequest,
    ImageRequest,
    Kind,
    Request,
    TextRequest,
    VideoRequest,
)
from bot.domain.results import Status
from bot.errors import BadReply, RequestGone, RequestRejected
from bot.horde.client import HordeClient
from bot.horde.downloads import SIZE_MAX
from bot.i18n import _


class HordeBackend(QueuedBackend):
    """The AI Horde behind the protocol of bot/backends/base.py.

    `name`: as in the settings. `profile`: how the server differs from the AI Horde. `client`: for
    what the protocol does not cover (news, workers ...).
    `seen_rate`: by kind, the per-second limit of the newest submit.
    """

    limits = LIMITS

    def __init__(
        self,
        name: str,
        client: HordeClient,
        *,
        title: str = "",
        profile: ServerProfile = PROFILES[USUAL_PROFILE],
    ) -> None:
        self.name = name
        self.capabilities = replace(
            HORDE, title=title or profile.title, results_max=profile.results_max
        )
        self.request_lifetime = profile.lifetime
        self._profile = profile
        self.seen_rate: dict[Kind, int] = {}
        self.client = client
        self.timer: CallTimer = untimed
        self._worker_limits = WorkerLimits(client)

    @timed("submit")
    async def submit(
        self,
        request: Request,
        key: str,
        *,
        pictures: Pictures = NO_PICTURES,
        webhook: str = "",
        token: str = "",  # noqa: ARG002  (the Horde makes the id)
    ) -> Receipt:
        """Submit a request with its pictures."""
        match request:
            case ImageRequest():
                image = self._profile.image_body(image_input(request, pictures, webhook))
                taken = await submit_image(self.client, request, image, key)
            case TextRequest():
                text = self._profile.text_body(text_input(request, webhook))
                taken = await self.client.submit_text(text, key=key)
            case AlchemyRequest():
                alchemy = alchemy_input(request, pictures.source, webhook)
                taken = await self.client.submit_alchemy(alchemy, key=key)
            case VideoRequest():
                raise no_videos(self.capabilities.title)
        self._learn(Kind(request.kind), taken.rate_limit)
        return Receipt(
            remote_id=taken.id,
            cost=taken.kudos,
            warnings=warnings_of(taken),
            worker_warnings=await worker_warnings(request, taken, self._worker_limits),
        )

    @timed("estimate")
    async def estimate(self, request: Priced, key: str) -> float:
        """Price by a dry run: that of one picture before the factor of the model.

        The prompt and the pictures are not sent; it costs nothing. The answer or the refusal holds
        the price. The Horde caches prices without restrictions of workers, so these are left out
        and added here: docs/horde-api.md#prices.
        """
        if not isinstance(request, ImageRequest):
            return 0.0
        try:
            dry = self._profile.image_body(dry_run_input(request))
            priced = await self.client.submit_image(dry, key=key)
        except RequestRejected as error:
            if not error.kudos:
                raise
            return with_wishes(request, error.kudos)
        self._learn(Kind.IMAGE, priced.rate_limit)
        if priced.kudos <= 0:
            raise BadReply(_("The Horde did not name a price."))
        return with_wishes(request, priced.kudos)

    @timed("load")
    async def free_side(self) -> int:
        """Side in pixels of the largest free square: docs/horde-api.md#kudos-in-advance."""
        return free_side(await self.client.get_performance())

    @timed("load")
    async def free_tokens(self) -> int:
        """The most tokens of a text without kudos: docs/horde-api.md#kudos-in-advance."""
        return free_tokens(await self.client.get_performance())

    def _learn(self, kind: Kind, rate_limit: int | None) -> None:
        # The header describes one of several limits; the one per minute is no use.
        if rate_limit in PER_SECOND:
            self.seen_rate[kind] = rate_limit

    @timed("status")
    async def status(self, remote_id: str, kind: Kind, *, n: int, full: bool = False) -> Status:
        """Poll a request. For alchemy `n` is not used: the Horde lists the forms itself."""
        match kind:
            case Kind.IMAGE:
                return await self._image_status(remote_id, n, full=full)
            case Kind.TEXT:
                answer = await self.client.get_text_status(remote_id)
                return status_of(answer, n, text_generations(answer.generations))
            case Kind.ALCHEMY:
                forms = await self.client.get_alchemy_status(remote_id)
                return forms_status(form_results(forms.forms))
            case Kind.VIDEO:
                raise no_videos(self.capabilities.title)

    async def _image_status(self, remote_id: str, n: int, *, full: bool) -> Status:
        # A poll with the pictures is allowed 10 times a minute, one without 600 times.
        if not full:
            check = await self.client.check_image(remote_id)
            if not has_ended(check, n):
                return status_of(check, n, ())
        answer = await self.client.get_image_status(remote_id)
        return status_of(answer, n, pictures(answer.generations))

    @timed("content")
    async def has_content(
        self, remote_id: str, request: Request, key: str, *, webhook: str = ""
    ) -> bool:
        """Whether that request of the account is this one. Alchemy cannot be read back."""
        try:
            match request:
                case ImageRequest():
                    image = await self.client.get_image_request(remote_id, key=key)
                    sent = image_input(request, placeholders(request))
                    return is_same_image(self._profile.image_body(sent), image)
                case TextRequest():
                    text = await self.client.get_text_request(remote_id, key=key)
                    return is_same_text(self._profile.text_body(text_input(request, webhook)), text)
                case AlchemyRequest() | VideoRequest():
                    return False
        except (RequestGone, RequestRejected):  # it has ended, or another key submitted it
            return False

    @timed("cancel")
    async def cancel(self, remote_id: str, kind: Kind, *, n: int) -> Status:
        """Cancel what has not started; a request that had ended keeps its outcome."""
        match kind:
            case Kind.IMAGE:
                image = await self.client.cancel_image(remote_id)
                return status_after_cancel(image, n, pictures(image.generations))
            case Kind.TEXT:
                text = await self.client.cancel_text(remote_id)
                return status_after_cancel(text, n, text_generations(text.generations))
            case Kind.ALCHEMY:
                forms = await self.client.cancel_alchemy(remote_id)
                return forms_status_after_cancel(form_results(forms.forms))
            case Kind.VIDEO:
                raise no_videos(self.capabilities.title)

    @timed("fetch")
    async def fetch(self, url: str, limit: int = SIZE_MAX) -> bytes:
        """Download a result of at most `limit` bytes, and of 40 MB in any case."""
        inline = inline_content(url, limit)
        return inline if inline is not None else await self.client.fetch(url, limit)

    @timed("models")
    async def models(self, kind: Kind) -> tuple[Model, ...]:
        """Models with the most workers first; for alchemy the forms that workers announce."""
        if kind is Kind.ALCHEMY:
            return announced_forms(await self.client.list_workers("interrogation"))
        if kind is Kind.IMAGE:
            return served_models(await self.client.list_models("image"), kind)
        found = await self.client.list_models("text")
        return served_models(found, kind, contexts(await self.client.list_workers("text")))

    @timed("account")
    async def account(self, key: str) -> Account:
        """The account of a key. Kudos and requests may be 30 s old, those of a shared key 60 s."""
        user = await self.client.find_user(key=key)
        return account_of(user, await self._shared(key))

    @timed("allowance")
    async def allowance(self, key: str) -> Allowance | None:
        """Limits of a shared key, up to a minute old. None for the key of an account."""
        return await self._shared(key)

    async def _shared(self, key: str) -> Allowance | None:
        return allowance_of(await self.client.get_shared_key(key)) if is_shared(key) else None

    def is_shared_key(self, key: str) -> bool:
        """A shared key is a UUID."""
        return is_shared(key)

    @timed("health")
    async def health(self) -> Health:
        """Whether the backend is up and accepts requests."""
        return await health_of(self.client)
