"""What the server accepts in styles. Since 5.1.13."""

from pydantic import Field

from bot.horde.missing_features import Feature
from bot.horde.transport import Calls
from bot.http.schema import Items, Named, Wire


class CeilingRange(Wire):
    """The values that a ceiling, and the parameter itself, can have on this server."""

    minimum: float = 0.0
    maximum: float | None = None


class ProtectedPattern(Wire):
    """A regular expression of texts in a template that reach the worker as they are."""

    pattern: str
    description: str = ""


class KindContract(Wire):
    """What styles of one kind can declare."""

    placeholders: Items[str] = ()
    declared_fields_are_placeholders: bool = False
    protected_patterns: Items[ProtectedPattern] = ()
    brace_handling: str = ""
    overridable_parameters: Items[str] = ()
    ceiling_parameters: Named[CeilingRange] = Field(default_factory=dict[str, CeilingRange])
    context_fit_modes: Items[str] = ()
    style_create_rate_limits: Items[str] = ()
    style_modify_rate_limits: Items[str] = ()


class StyleContract(Wire):
    """The whole document. `schema_version` 1 is described here; another one may differ."""

    schema_version: int
    text: KindContract = Field(default_factory=KindContract)
    image: KindContract = Field(default_factory=KindContract)


class StyleContractCalls(Calls):
    """Raises FeatureMissing before 5.1.13."""

    async def get_style_contract(self) -> StyleContract:
        """What styles can declare on this server. Without a rate limit."""
        feature = Feature.STYLE_CONTRACT
        return await self._one(StyleContract, "GET", "/status/style_contract", feature=feature)
