"""Styles that only the newer server can have: open parameters and template fields."""

from sandbox.horde.state.accounts import User
from sandbox.horde.state.styles import Style


def example_styles(owner: User) -> list[Style]:
    """One image style and one text style with a policy and fields."""
    return [
        Style(
            "image",
            "postage stamp",
            owner,
            "A stamp with a country and a value of your choice.",
            "postage stamp of {p}, issued by {country}, face value {value}, perforated edge{np}",
            {"steps": 20, "sampler_name": "dpmpp_2m_sde", "scheduler": "karras"},
            ["AlbedoBase XL (SDXL)"],
            ["stamp"],
            policy={
                "override": "listed",
                "overridable": ["width", "height", "steps", "seed"],
                "ceilings": {"steps": 30},
            },
            fields=[
                {"name": "country", "description": "The country", "required": True},
                {"name": "value", "description": "The face value", "required": False},
            ],
        ),
        Style(
            "text",
            "letter",
            owner,
            "A letter to a person that you name.",
            "{{[INPUT]}}\nWrite a letter to {recipient} about {p}\n{{[OUTPUT]}}\n",
            {"temperature": 0.7, "max_length": 120},
            ["koboldcpp/L3-8B-Stheno-v3.2"],
            ["letter"],
            policy={"override": "all", "ceilings": {"max_length": 400}},
            fields=[{"name": "recipient", "description": "Who gets it", "required": True}],
        ),
    ]
