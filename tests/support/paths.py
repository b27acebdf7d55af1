"""Folders and files of the project."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT.parent / "shared" / "reference"  # descriptions of others, not part of the project
HORDE_SWAGGER = REFERENCE / "horde" / "swagger.json"
DOCS = ROOT / "docs"
EXAMPLE = ROOT / "config.example.toml"
PAGES = sorted([*DOCS.glob("*.md"), *ROOT.glob("*.md")])
REFERENCE_FILES = (  # public, .json
    *("models", "text_models", "styles", "categories", "previews", "enhancements"),
)
