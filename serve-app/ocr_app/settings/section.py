"""What every section of the settings shares."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Seconds = Annotated[float, Field(gt=0, le=86_400)]
"""A time in seconds: above 0, at most a day."""


class Section(BaseModel):
    """A part of the settings: unknown names are refused, and nothing changes after the start."""

    model_config = ConfigDict(extra="forbid", frozen=True)
