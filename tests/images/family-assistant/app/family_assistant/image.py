"""What this image is: its tag and how it differs from a well-behaved one (written by the image store)."""

import dataclasses
import json
import os
import pathlib

APP = pathlib.Path(__file__).resolve().parent.parent


@dataclasses.dataclass(frozen=True)
class Image:
    tag: str
    crash_at_start: bool = False
    crash_after_seconds: float | None = None
    start_seconds: float = 0
    stop_seconds: float = 0
    conflict_stops_polling: bool = False
    always_initializing: bool = False
    unhealthy_after_seconds: float | None = None

    @staticmethod
    def load() -> "Image":
        description = json.loads((APP / "image.json").read_text())
        known = {field.name for field in dataclasses.fields(Image)}
        values = {name: value for name, value in description.items() if name in known}
        # A test may make an image quicker or slower.
        for name in known:
            if name.endswith("_seconds") and values.get(name) and (override := os.environ.get("STANDIN_" + name.upper())):
                values[name] = float(override)
        return Image(**values)
