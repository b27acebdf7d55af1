"""/worker: a user's own workers at the Horde. All answers are private."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.client.bot import HordecordBot
from bot.errors import BadOption
from bot.horde.worker_api.worker_messages import WorkerMessage, WorkerMessageInput
from bot.horde.workers import Worker, WorkerUpdate
from bot.i18n import _
from bot.ui.browse.buttons import open_list
from bot.ui.browse.horde_lists import worker_details
from bot.ui.browse.view import SEARCH_MAX, entry_card, list_page_of
from bot.ui.components.answers import answer_with_card
from bot.ui.workers import questions, worker_questions
from bot.ui.workers.questions import Question
from bot.ui.workers.worker_messages import SHOWN_MAX, messages_card
from cogs._autocomplete import own_workers

WORKER_MAX = 100  # characters of a name or an id
WorkerName = app_commands.Range[str, 1, WORKER_MAX]
MESSAGE_MAX, INFO_MAX = 500, 1_000  # characters
HOURS_MAX = 720  # of a message to a worker: docs/horde-api.md


class WorkerCog(
    commands.GroupCog, group_name="worker", group_description="Your own workers at the AI Horde"
):
    """Each change is confirmed by a button."""

    def __init__(self, bot: HordecordBot) -> None:
        self._bot = bot

    @app_commands.command()
    @app_commands.describe(search="Part of the name, of a model or of a form")
    async def list(
        self,
        interaction: discord.Interaction[Any],
        search: app_commands.Range[str, 1, SEARCH_MAX] = "",
    ) -> None:
        """List your workers with their state, models and kudos."""
        await open_list(interaction, "own_worker", search)

    @app_commands.command()
    @app_commands.describe(worker="Name of your worker")
    @app_commands.autocomplete(worker=own_workers)
    async def show(self, interaction: discord.Interaction[Any], worker: WorkerName) -> None:
        """Show one of your workers with all details."""
        found = await self._found(interaction, worker)
        where, catalog = await self._bot.context(interaction), self._bot.services.catalog
        details = worker_details(found, catalog, where)
        await answer_with_card(interaction, entry_card(list_page_of("own_worker"), details))

    @app_commands.command()
    @app_commands.describe(
        worker="Name of your worker",
        on="Start maintenance, or end it",
        message="Message that the software of the worker shows",
    )
    @app_commands.autocomplete(worker=own_workers)
    async def maintenance(
        self,
        interaction: discord.Interaction[Any],
        worker: WorkerName,
        on: bool = True,
        message: app_commands.Range[str, 1, MESSAGE_MAX] = "",
    ) -> None:
        """Stop new requests for one of your workers, or accept them again."""
        found = await self._found(interaction, worker)
        update = WorkerUpdate(maintenance=on, maintenance_msg=message or None if on else None)
        question = worker_questions.maintenance(found, on=on, message=message)
        await self._ask(interaction, found, question, update)

    @app_commands.command()
    @app_commands.describe(worker="Name of the worker", on="Pause the worker, or end the pause")
    @app_commands.autocomplete(worker=own_workers)
    async def pause(
        self, interaction: discord.Interaction[Any], worker: WorkerName, on: bool = True
    ) -> None:
        """Pause a worker without notice to its software. For moderators of the AI Horde."""
        found = await self._found(interaction, worker)
        question = worker_questions.pause(found, on=on)
        await self._ask(interaction, found, question, WorkerUpdate(paused=on))

    @app_commands.command()
    @app_commands.describe(worker="Name of your worker", name="New name")
    @app_commands.autocomplete(worker=own_workers)
    async def rename(
        self,
        interaction: discord.Interaction[Any],
        worker: WorkerName,
        name: app_commands.Range[str, 5, 100],
    ) -> None:
        """Give one of your workers another name."""
        found, name = await self._found(interaction, worker), " ".join(name.split())
        question = worker_questions.rename(found, name)
        await self._ask(interaction, found, question, WorkerUpdate(name=name))

    @app_commands.command()
    @app_commands.describe(
        worker="Name of your worker", text="New description. Leave it empty to remove it"
    )
    @app_commands.autocomplete(worker=own_workers)
    async def info(
        self,
        interaction: discord.Interaction[Any],
        worker: WorkerName,
        text: app_commands.Range[str, 1, INFO_MAX] = "",
    ) -> None:
        """Change the description that everyone sees of one of your workers."""
        found = await self._found(interaction, worker)
        question = worker_questions.describe_worker(found, text)
        await self._ask(interaction, found, question, WorkerUpdate(info=text))

    @app_commands.command()
    @app_commands.describe(
        worker="Name of your worker",
        text="Text for the software of the worker. Leave it empty to list the messages",
        hours="How long the message waits for the worker. Default: 24",
        delete="Number of the message to delete, as the list shows it",
    )
    @app_commands.autocomplete(worker=own_workers)
    async def messages(
        self,
        interaction: discord.Interaction[Any],
        worker: WorkerName,
        text: app_commands.Range[str, 1, MESSAGE_MAX] = "",
        hours: app_commands.Range[int, 1, HOURS_MAX] = 24,
        delete: app_commands.Range[int, 1, SHOWN_MAX] | None = None,
    ) -> None:
        """List the messages that wait for one of your workers, send one, or delete one."""
        found, user_id = await self._found(interaction, worker), interaction.user.id
        if text:
            await self._write(interaction, found, text, hours)
            return
        waiting = await self._bot.services.community.workers.messages(user_id, found.id)
        if delete is None:
            await answer_with_card(interaction, messages_card(found, waiting))
            return
        if delete > len(waiting):
            raise BadOption(_("`delete`: there is no message with this number."))
        await self._delete_message(interaction, found, waiting[delete - 1])

    @app_commands.command()
    @app_commands.describe(worker="Name of your worker")
    @app_commands.autocomplete(worker=own_workers)
    async def delete(self, interaction: discord.Interaction[Any], worker: WorkerName) -> None:
        """Delete one of your workers from the AI Horde permanently."""
        found, user_id = await self._found(interaction, worker), interaction.user.id

        async def change() -> str:
            await self._bot.services.community.workers.delete(user_id, found.id)
            return _("The worker is deleted.")

        await questions.ask(interaction, worker_questions.delete(found), change)

    async def _write(
        self, interaction: discord.Interaction[Any], worker: Worker, text: str, hours: int
    ) -> None:
        wanted = WorkerMessageInput(message=text, worker_id=worker.id, expiry=hours)
        user_id = interaction.user.id

        async def change() -> str:
            await self._bot.services.community.workers.write(user_id, wanted)
            return _("The message is sent. `/worker messages` lists it until the worker has it.")

        await questions.ask(interaction, worker_questions.message(worker, text, hours), change)

    async def _delete_message(
        self, interaction: discord.Interaction[Any], worker: Worker, message: WorkerMessage
    ) -> None:
        user_id = interaction.user.id

        async def change() -> str:
            await self._bot.services.community.workers.delete_message(user_id, message.id)
            return _("The message is deleted.")

        question = worker_questions.delete_message(worker, message.message)
        await questions.ask(interaction, question, change)

    async def _found(self, interaction: discord.Interaction[Any], named: str) -> Worker:
        """The user's worker of that name, read now."""
        await interaction.response.defer(ephemeral=True)  # the Horde is called
        return await self._bot.services.community.workers.find(interaction.user.id, named)

    async def _ask(
        self,
        interaction: discord.Interaction[Any],
        worker: Worker,
        question: Question,
        update: WorkerUpdate,
    ) -> None:
        user_id = interaction.user.id

        async def change() -> str:
            await self._bot.services.community.workers.change(user_id, worker.id, update)
            return _("The worker is changed. `/worker show` shows it.")

        await questions.ask(interaction, question, change)


async def setup(bot: HordecordBot) -> None:
    """Called by discord.py when the module is loaded."""
    questions.register(bot)
    await bot.add_cog(WorkerCog(bot))
