"""Styles and a collection that only the newer server can have: open parameters and fields."""

from sandbox.horde.state.accounts import User
from sandbox.horde.state.styles import Collection, Style


def example_styles(owner: User) -> list[Style]:
    """Image styles and a text style with policies and fields."""
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
            "image",
            "wax seal",
            owner,
            "A seal with letters of your choice, always of the same size.",
            "wax seal with {p} and the letters {letters}, macro photo{np}",
            {"steps": 16, "width": 512, "height": 512},
            ["AlbedoBase XL (SDXL)"],
            ["stamp"],
            policy={"override": "none"},
            fields=[
                {"name": "letters", "description": "The letters", "required": True},
                *(
                    {"name": f"line_{number}", "description": "A line", "required": False}
                    for number in (1, 2, 3)
                ),
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


def example_collection(owner: User, styles: list[Style]) -> Collection:
    """A collection of the image styles."""
    pair = [style for style in styles if style.kind == "image"]
    return Collection("image", "sandbox stationery", owner, "Styles that need texts.", pair)
