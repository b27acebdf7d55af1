"""Forms of image alchemy and what they take and return."""
