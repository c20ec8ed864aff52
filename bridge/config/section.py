"""What every block of settings is."""

from pydantic import BaseModel, ConfigDict


class Section(BaseModel):
    """A block of settings: fixed once read, without a key it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)
