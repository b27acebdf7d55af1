# syntax=docker/dockerfile:1
FROM python:3.12-slim AS build
RUN pip install --no-cache-dir --root-user-action=ignore uv
ENV UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never
WORKDIR /app

# The libraries first, because they change less often than the bot's code.
COPY pyproject.toml uv.lock README.md LICENSE ./
RUN --mount=type=cache,target=/root/.cache/uv \
    uv sync --frozen --no-dev --extra speed --no-install-project

COPY bot bot
COPY cogs cogs
COPY sandbox sandbox
RUN --mount=type=cache,target=/root/.cache/uv \
    uv sync --frozen --no-dev --extra speed --no-editable


FROM python:3.12-slim
RUN useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin hordecord \
    && install --directory --owner=hordecord --group=hordecord --mode=0700 /data
COPY --from=build /app/.venv /app/.venv

# The bot reads /app/config.toml if it exists. The database is always in the volume.
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1 HORDECORD_STORE__PATH=/data/hordecord.db
WORKDIR /app
USER hordecord
VOLUME /data

# The result is healthy if [http] listen is not set, because /healthz is then off.
HEALTHCHECK --interval=60s --timeout=10s --start-period=30s CMD ["hordecord", "health"]
STOPSIGNAL SIGINT
CMD ["hordecord", "run"]
