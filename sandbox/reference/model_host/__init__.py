"""A local copy of the model reference host, models.aihorde.net, with invented entries."""
