"""The endpoints of the REST API v10."""
