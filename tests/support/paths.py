"""Folders and files of the project."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT.parent / "shared" / "reference"  # descriptions of others, not part of the project
EXAMPLE = ROOT / "config.example.toml"
PAGES = sorted([*(ROOT / "docs").glob("*.md"), *ROOT.glob("*.md")])
