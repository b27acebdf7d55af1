"""What the start of the program does before the command line is loaded."""

from pathlib import Path

import pytest

from bot import __main__ as start


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ({"REQUESTS_CA_BUNDLE": "FILE"}, "SSL_CERT_FILE"),
        ({"REQUESTS_CA_BUNDLE": "FOLDER"}, "SSL_CERT_DIR"),
        ({"REQUESTS_CA_BUNDLE": ""}, ""),
        ({"REQUESTS_CA_BUNDLE": "FILE", "SSL_CERT_FILE": "other.pem"}, ""),
        ({"REQUESTS_CA_BUNDLE": "FILE", "SSL_CERT_DIR": "certs"}, ""),
    ],
)
def test_bundle_of_certificates_is_used_where_no_other_is_named(
    given: dict[str, str], name: str, tmp_path: Path
) -> None:
    paths = {"FILE": tmp_path / "all.pem", "FOLDER": tmp_path / "certs"}
    paths["FILE"].touch()
    paths["FOLDER"].mkdir()
    env = {key: str(paths.get(value, value)) for key, value in given.items()}
    before = dict(env)
    start._use_certificates(env)
    assert env == before | ({name: env["REQUESTS_CA_BUNDLE"]} if name else {})
