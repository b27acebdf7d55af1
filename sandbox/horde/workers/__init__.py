"""The local workers, and the images and texts that they produce."""
