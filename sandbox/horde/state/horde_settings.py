"""The settings of the local Horde."""

from dataclasses import dataclass

from sandbox.horde.newer.versions import DEFAULT_VERSION, OLDER, HordeVersion

LIFETIME = 20 * 60.0  # seconds from the last activity of a request to its removal
AIPG_V2_LIFETIME = 24 * 3600.0
LOOP_SECONDS = 5.0  # the real loops run once a minute; the sandbox is about ten times faster
STALL_SECONDS = 60.0  # the window in which a request must fall back to get `might_stall`


@dataclass(slots=True)
class HordeSettings:
    """The settings that can change while the Horde runs.

    `aipg_v2`: the server is the retired version 2 of AI Power Grid, a Horde with lower-cased
    models, without a default for `source_processing`, where one worker must take all images of a
    request. `gone`: it answers each call as since its end.
    """

    job_seconds: tuple[float, float]
    version: HordeVersion = DEFAULT_VERSION
    wait_error: float = 0.3  # wait_time is wrong by up to this share
    wait_factor: float = 1.0  # ... and by this factor besides, as for pictures of an unusual kind
    maintenance: bool = False
    raid_mode: bool = False
    invite_only: bool = False
    outage: bool = False
    aipg_v2: bool = False
    gone: bool = False
    lifetime: float = LIFETIME
    loop_seconds: float = LOOP_SECONDS
    stall_seconds: float = STALL_SECONDS
    lease_factor: float = 1.0  # shortens the time that a worker may hold a job
    kudos_lag: float = 0.0  # seconds until a balance shows a change; about 3 on the real server

    @property
    def newer(self) -> bool:
        """Whether the server is of version 5.1.14."""
        return self.version != OLDER

    def pickup_seconds(self) -> float:
        """Seconds until an idle worker asks for a job: a seventh of a short job."""
        return min(self.job_seconds) / 7
