"""What finds nothing in a session must be able to find something."""

from pathlib import Path

import pytest

from tests.support.discord import openapi_check
from tests.support.discord.openapi_check import VARIABLE, Exchanges, SpecChecker, checker
from tests.support.json_types import Json


class TestChecker:
    """What finds nothing in a session must be able to find something."""

    def test_a_request(self, spec: SpecChecker):
        path = "/webhooks/1/token/messages/@original"
        assert spec.check_request("PATCH", path, {"content": "x", "attachments": [{"id": 0}]}) == []
        nested = {"flags": 1 << 15, "components": [{"type": 17, "components": [{"type": 2}]}]}
        assert spec.check_request("PATCH", path, nested) == [
            "components.0.components.0: type 2 is none of [1, 9, 10, 12, 13, 14]"
        ]
        assert spec.check_request("PATCH", path, {"content": "x" * 2001}) == [
            "content: … is too long"
        ]

    def test_an_answer(self, spec: SpecChecker):
        assert spec.check_response("GET", "/users/@me?x=1", 200, {"id": 5})[:2] == [
            "body: 'avatar' is a required property",
            "body: 'discriminator' is a required property",
        ]
        assert spec.check_response("POST", "/channels/1/typing", 204, None) == []
        assert spec.check_response("POST", "/channels/1/typing", 204, {}) != []
        assert spec.check_response("POST", "/channels/1/typing", 302, None) != []
        assert spec.check_response("POST", "/channels/1/typing", 502, "<html>") == []

    def test_a_refusal(self, spec: SpecChecker):
        fault = {"code": "BASE_TYPE_REQUIRED", "message": "This field is required"}
        refused = {"code": 50035, "message": "Invalid Form Body"}
        errors: Json = {"content": {"_errors": [fault]}}
        where = ("POST", "/channels/1/messages", 400)
        assert spec.check_response(*where, {**refused, "errors": errors}) == []
        mixed = {**errors, "_errors": [fault]}
        assert spec.check_response(*where, {**refused, "errors": mixed}) != []
        assert spec.check_response(*where, {"code": 50035}) != []

    def test_operations(self, spec: SpecChecker):
        assert spec.check_request("GET", "/users", None) == ["no such operation"]
        assert spec.check_response("PUT", "/users/@me", 200, {}) == ["no such operation"]
        assert spec.check_request("POST", "/channels/1/messages", None) == ["body: missing"]
        assert spec.check_request("GET", "/users/@me", {}) == ["body: this operation takes none"]
        assert spec.name("POST", "/interactions/1/secret/callback").count("secret") == 0

    def test_an_event(self, spec: SpecChecker):
        event = {"data": {"resolved": {"attachments": {"5": {"id": "5", "size": 1}}}}, "user": {}}
        findings = spec.check_event("INTERACTION_CREATE", event)
        assert "data.resolved.attachments.5.body: 'url' is a required property" in findings
        assert "user.body: 'id' is a required property" in findings
        assert spec.check_event("TYPING_START", {}) == []
        assert spec.check_message({"id": "1"}) != []

    def test_formats(self, spec: SpecChecker):
        embed = {"type": "rich", "timestamp": "2026-01-01", "url": "nowhere", "color": 2**31}
        assert [
            line.split(":")[0] for line in spec.check_schema("MessageEmbedResponse", embed)
        ] == [
            "color",
            "timestamp",
            "url",
        ]

    def test_findings_name_the_operation_and_not_the_token(self, spec: SpecChecker):
        exchanges = Exchanges()
        exchanges("POST", "/interactions/1/secret/callback", {"type": 99}, 204, None)
        exchanges("POST", "/interactions/1/secret/callback", {"type": 99}, 400, {})
        callback = "POST /interactions/{interaction_id}/{interaction_token}/callback"
        assert exchanges.findings(spec) == [
            f"{callback} asked body: type 99 is none of [1, 4, 5, 6, 7, 8, 9, 12, 13]",
            f"{callback} answered 400 body: 'code' is a required property",
            f"{callback} answered 400 body: 'message' is a required property",
        ]


class TestWithoutTheFile:
    @pytest.fixture(autouse=True)
    def no_file(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.setenv(VARIABLE, str(tmp_path / "none.json"))
        monkeypatch.setattr(openapi_check, "_loaded", SpecChecker.load)

    def test_it_skips(self):
        with pytest.raises(pytest.skip.Exception, match=VARIABLE):
            checker()
