"""The settings of the local web UI that can change while it runs."""

from dataclasses import dataclass
from typing import Literal

# "1.9": an unknown sampler is 404. "1.10": it is 400. "forge": it is 400, and errors are
# {"detail"} or plain text instead of the {"error", "detail", "body", "errors"} of the web UI.
WebuiVersion = Literal["1.9", "1.10", "forge"]
PROGRAM_VERSIONS: dict[WebuiVersion, str] = {
    "1.9": "v1.9.4",
    "1.10": "v1.10.1",
    "forge": "f2.0.1v1.10.1-previous-659-gc055f2d4",
}


@dataclass(slots=True)
class A1111Settings:
    """`job_seconds`: duration of one iteration (minimum, maximum).

    `auth`: "user:password" as for `--api-auth`, or None. `load_seconds`: duration of the change to
    another checkpoint. `largest_pixels`: more pixels in a batch are an out-of-memory error.
    """

    job_seconds: tuple[float, float]
    version: WebuiVersion = "1.10"
    auth: str | None = None
    load_seconds: float = 0.0
    largest_pixels: int = 4 * 2048 * 2048

    @property
    def forge(self) -> bool:
        return self.version == "forge"
