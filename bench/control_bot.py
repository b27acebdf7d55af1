"""The pattern of the existing bots, to compare with: a coroutine for each request, which polls
every 5 s and edits its message through the channel. No queue, no limiter, nothing written down.
"""

import asyncio
import io
import os
from typing import Any

import aiohttp
import discord
import yarl
from discord import app_commands

POLL = 5.0
discord.http.Route.BASE = os.environ["HORDECORD_DISCORD__API"]
discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(os.environ["BENCH_GATEWAY"])
HORDE = os.environ["HORDECORD_BACKENDS__HORDE__URL"]
KEY = os.environ.get("HORDECORD_BACKENDS__HORDE__API_KEY", "0000000000")
SIZE = {"width": 512, "height": 512, "steps": 30}


class Control(discord.Client):
    def __init__(self) -> None:
        super().__init__(intents=discord.Intents.default())
        self.tree = app_commands.CommandTree(self)

    async def setup_hook(self) -> None:
        self.horde = aiohttp.ClientSession(headers={"apikey": KEY})
        await self.tree.sync()

    async def on_ready(self) -> None:
        print("ready", flush=True)

    async def ask(self, method: str, path: str, body: Any = None) -> Any:
        async with self.horde.request(method, HORDE + path, json=body) as answer:
            found = await answer.json()
            if answer.status >= 400:
                raise RuntimeError(found["message"])
            return found


bot = Control()


@bot.tree.command(description="Make a picture from words.")
async def imagine(interaction: discord.Interaction, prompt: str, model: str = "") -> None:
    answer = await interaction.response.send_message(f"{prompt}: sent")
    message = interaction.channel.get_partial_message(answer.message_id)
    try:
        body = {"prompt": prompt, "params": SIZE, "models": [model] if model else []}
        path = (await bot.ask("POST", "/generate/async", body))["id"]
        while not (seen := await bot.ask("GET", f"/generate/check/{path}"))["done"]:
            await message.edit(content=f"{prompt}: place {seen['queue_position']}")
            await asyncio.sleep(POLL)
        made = (await bot.ask("GET", f"/generate/status/{path}"))["generations"][0]
        async with bot.horde.get(made["img"]) as answer:
            file = discord.File(io.BytesIO(await answer.read()), "picture.webp")
        await message.edit(content=prompt, attachments=[file])
    except Exception as error:  # noqa: BLE001 - as they do: whatever it was ends this request
        await message.edit(content=f"Error: {prompt}: {error}")


bot.run(os.environ["HORDECORD_DISCORD__TOKEN"])
