"""Calls of the Horde's API as the sandbox names them."""

SUBMIT_IMAGE = "POST /generate/async"
CHECK_IMAGE = "GET /generate/check/{id}"
IMAGE_STATUS = "GET /generate/status/{id}"
RESULT_FILE = "GET /r2/{object}"
TRANSFER_KUDOS = "POST /kudos/transfer"
