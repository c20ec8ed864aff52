"""Settings of the language model."""

from datetime import timedelta
from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr

from bridge.config.section import Section
from bridge.config.values import Duration, Label, Text, check_endpoint


class Assistant(Section):
    """A language model at an endpoint that speaks OpenAI's chat completions; none unless this section is there.

    ``categories``: labels it may give, and what each stands for; ``min_confidence``: how sure it must be;
    ``instructions``: what drafts must know; ``lines``: those it is used on, none: all.
    """

    base_url: Annotated[Text, AfterValidator(check_endpoint)]
    model: Text
    api_key: SecretStr | None = None
    timeout: Annotated[Duration, Field(ge=timedelta(seconds=1), le=timedelta(seconds=40))] = timedelta(seconds=20)
    categories: dict[Label, Text] = Field(default={})
    min_confidence: float = Field(default=0.7, ge=0, le=1)
    instructions: Text | None = None
    lines: tuple[str, ...] = ()
