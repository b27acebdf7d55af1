"""The public lists of models and styles: fetched, parsed, indexed."""
