"""The client against the sandbox's Horde, which is a second reading of the same API."""

import pytest

from bot.errors import FeatureMissing, RequestRejected
from bot.horde.accounts import SharedKeyInput
from bot.horde.client import HordeClient
from bot.horde.job_payloads import ImageInput, ImageParams, RatingInput
from bot.horde.style_editing.style_inputs import (
    CollectionInput,
    ExampleInput,
    ImageStyleInput,
    TextStyleInput,
)
from bot.horde.worker_api.worker_messages import WorkerMessageInput
from bot.horde.workers import TeamInput, TeamUpdate, WorkerUpdate
from sandbox.horde.newer.versions import NEWER, OLDER, VERSIONS, HordeVersion
from tests.support.credentials import RICH
from tests.support.horde.local_horde import LocalHorde

FOX = ImageInput(
    prompt="a fox",
    params=ImageParams(n=2, seed="7", steps=20),
    nsfw=False,
    censor_nsfw=True,
    models=("Deliberate",),
)
BOTH = pytest.mark.parametrize("version", VERSIONS)


def client_of(local: LocalHorde) -> HordeClient:
    return HordeClient(local.http, local.server.url, client_agent="a:1:b")


async def test_newer_routes_of_the_newer_server() -> None:
    async with LocalHorde(version=NEWER) as local:
        client = client_of(local)
        submitted = await client.submit_image(FOX, key=RICH)
        found = await client.get_image_request(submitted.id, key=RICH)
        assert (found.prompt, found.params.seed, found.params.n, found.params.steps) == (
            "a fox",
            "7",
            2,
            20,
        )
        assert found.models == ("Deliberate",)
        assert (await client.check_image(submitted.id)).eligible_workers is not None
        constraints = await client.get_sampler_constraints()
        assert len(constraints.samplers) == 41
        assert constraints.hard_constraints.rejected_sampler_scheduler_pairings
        contract = await client.get_style_contract()
        assert contract.text.ceiling_parameters["max_length"].maximum
        shared = await client.create_shared_key(SharedKeyInput(name="club"), key=RICH)
        assert (await client.get_shared_key(shared.id)).active_usage is None
        usage = (await client.get_shared_key(shared.id, key=RICH)).active_usage
        assert usage is not None
        assert usage.image.requests == 0


async def test_newer_routes_of_the_older_server_are_missing() -> None:
    async with LocalHorde(version=OLDER) as local:
        client = client_of(local)
        for _ in range(2):
            with pytest.raises(FeatureMissing):
                await client.get_sampler_constraints()
            with pytest.raises(FeatureMissing):
                await client.get_style_contract()
            with pytest.raises(FeatureMissing):
                await client.get_text_request("00000000-0000-0000-0000-000000000000", key=RICH)
        submitted = await client.submit_image(FOX, key=RICH)
        assert (await client.check_image(submitted.id)).eligible_workers is None
        with pytest.raises(RequestRejected) as caught:
            await client.rate_image(submitted.id, RatingInput(best=submitted.id), key=RICH)
        assert caught.value.rc != ""


@BOTH
async def test_owner_of_a_team(version: HordeVersion) -> None:
    async with LocalHorde(version=version) as local:
        client = client_of(local)
        team = await client.create_team(TeamInput(name="Keepers", info="of lights"), key=RICH)
        changed = await client.update_team(team.id, TeamUpdate(info="of lamps"), key=RICH)
        assert changed.info == "of lamps"
        assert (await client.get_team(team.id)).info == "of lamps"
        assert team.id in {each.id for each in await client.list_teams()}
        assert (await client.delete_team(team.id, key=RICH)).deleted_id == team.id


@BOTH
async def test_owner_of_a_worker(version: HordeVersion) -> None:
    async with LocalHorde(version=version) as local:
        client = client_of(local)
        owner = await client.find_user(key=RICH)
        worker_id = next(iter(owner.worker_ids))
        change = WorkerUpdate(maintenance=True, maintenance_msg="a new card", info="in a cellar")
        assert (await client.update_worker(worker_id, change, key=RICH)).maintenance is True
        assert (await client.get_worker(worker_id)).maintenance_mode
        wanted = WorkerMessageInput(message="Please update.", worker_id=worker_id)
        message = await client.create_worker_message(wanted, key=RICH)
        assert message.message == "Please update."
        listed = await client.list_worker_messages(key=RICH, worker_id=worker_id)
        assert [each.message for each in listed] == ["Please update."]


@BOTH
async def test_maker_of_styles_and_collections(version: HordeVersion) -> None:
    async with LocalHorde(version=version) as local:
        client = client_of(local)
        prints = ImageStyleInput(name="woodcut", models=("Deliberate",), tags=("print",))
        image = await client.create_image_style(prints, key=RICH)
        await client.update_image_style(image.id, prints, key=RICH)
        example = ExampleInput(url="https://example.org/1.webp", primary=False)
        await client.create_style_example(image.id, example, key=RICH)
        style = await client.get_image_style(image.id)
        assert (style.name, style.tags) == ("woodcut", ("print",))
        (shown,) = style.examples
        first = ExampleInput(url=shown.url, primary=True)
        await client.update_style_example(image.id, shown.id, first, key=RICH)
        wanted = CollectionInput(name="prints", styles=("woodcut",))
        collection = await client.create_collection(wanted, key=RICH)
        found = await client.get_collection(collection.id)
        assert ([each.name for each in found.styles], found.type) != ([], "")
        assert collection.id in {each.id for each in await client.list_collections()}
        await client.delete_collection(collection.id, key=RICH)
        await client.delete_style_example(image.id, shown.id, key=RICH)
        await client.delete_image_style(image.id, key=RICH)
        model = "koboldcpp/gemma-3-12b-it"
        tales = TextStyleInput(name="tales", models=(model,), prompt="Tell: {p}")
        text = await client.create_text_style(tales, key=RICH)
        assert (await client.get_text_style(text.id)).prompt == "Tell: {p}"
        await client.delete_text_style(text.id, key=RICH)
