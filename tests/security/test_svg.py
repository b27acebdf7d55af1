"""SVG from a worker: a person opens it in a browser, so it holds shapes and nothing else."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import PictureError
from bot.pictures.formats.svg import BYTES_MAX, ELEMENTS, check_svg
from sandbox.horde.workers.image_analysis import vectorized
from tests.support.builders import png

PROLOGUE = b'<?xml version="1.0" encoding="UTF-8"?>\n'
OF_POTRACE = (
    PROLOGUE
    + b'<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" '
    + b'"http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">'
    + b'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">'
    + b"<metadata>Created by potrace</metadata><defs><linearGradient id='a'/>"
    + b"<linearGradient id='b' xlink:href='#a'/></defs>"
    + b"<g transform='scale(1)' fill='url(#b)'><path d='M0 0z' style='fill:url(\"#b\")'/></g></svg>"
)


@pytest.mark.parametrize(
    "value", ["rgb(1,2,3)", "translate(0, 1) scale(.1,-.1)", "skewX(1)", "url(#a)", "url( '#a' )"]
)
def test_what_draws_may_be_called(value: str) -> None:
    check_svg(f'<svg><path style="x:{value}"/></svg>'.encode())


@pytest.mark.parametrize("data", [b"<svg/>", b"\n <SVG/>".lower(), OF_POTRACE])
def test_drawings_pass(data: bytes) -> None:
    check_svg(data)


def test_what_the_alchemists_here_draw_passes() -> None:
    check_svg(vectorized(png()).encode())


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>",
        "<x:script xmlns:x='http://www.w3.org/2000/svg'>alert(1)</x:script>",
        "<SCRIPT/>",
        "<path onclick='alert(1)'/>",
        "<path OnLoad='alert(1)'/>",
        "<a href='https://evil.test'><path/></a>",
        "<image href='https://evil.test/a.png'/>",
        "<image href='data:image/png;base64,AAAA'/>",
        "<use href='https://evil.test/a.svg#x'/>",
        "<use href='#a'/>",
        "<foreignObject><iframe src='https://evil.test'/></foreignObject>",
        "<style>@import url(https://evil.test/x.css);</style>",
        "<path style='fill:url(https://evil.test/x)'/>",
        "<path fill='url( &#34;https://evil.test/x&#34;)'/>",
        "<path style='x:j&#97;vascript:alert(1)'/>",
        "<path style='fill:\\75rl(https://evil.test/x)'/>",
        "<path style='fill:\\000075 rl(https://evil.test/x)'/>",
        "<path style='background:image-set(\"https://evil.test/x\" 1x)'/>",
        "<path style='mask:-webkit-image-set(\"https://evil.test/x\" 1x)'/>",
        "<path style='fill:src(\"https://evil.test/x\")'/>",
        "<path style='fill:url(#a) url(https://evil.test/x)'/>",
        "<path style='fill:url(\"https://evil.test/x#a\")'/>",
        "<g xml:base='https://evil.test/'><path fill='url(#a)'/></g>",
        "<animate attributeName='href' to='javascript:alert(1)'/>",
        "<set attributeName='onclick' to='alert(1)'/>",
        "<linearGradient href='https://evil.test/x#a'/>",
        "<linearGradient xlink:href=' javascript:alert(1)'/>",
        "<?xml-stylesheet href='https://evil.test/x.css'?>",
        "<html xmlns='http://www.w3.org/1999/xhtml'/>",
        "<path",
        "&nothing;",
    ],
)
def test_what_runs_or_loads_is_refused(inside: str) -> None:
    with pytest.raises(PictureError):
        check_svg(f"<svg>{inside}</svg>".encode())


@pytest.mark.parametrize(
    "document",
    [
        b'<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><svg>&b;</svg>',
        b'<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]><svg>&a;</svg>',
        b'<!DOCTYPE svg [<!ENTITY % a SYSTEM "https://evil.test/a.dtd"> %a;]><svg/>',
        b'<!DOCTYPE svg [<!ATTLIST svg onload CDATA "alert(1)">]><svg/>',
        b'<!DOCTYPE svg SYSTEM "https://evil.test/x.dtd"><svg><text>&payload;</text></svg>',
        b'<!DOCTYPE svg SYSTEM "https://evil.test/x.dtd"><svg/>',
        b'<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "https://evil.test/svg11.dtd"><svg/>',
        b'<!DOCTYPE svg SYSTEM "http://www.w3.org/Graphics/SVG/x.dtd"><svg><text>&a;</text></svg>',
        b"<html><svg/></html>",
        b"",
    ],
)
def test_a_document_with_rules_of_its_own_is_refused(document: bytes) -> None:
    with pytest.raises(PictureError):
        check_svg(PROLOGUE + document)


@pytest.mark.parametrize(
    "data", [b"", b"<svg", b"GIF89a", b"<html/>", b"\x00<svg/>", b"<svg>" + b" " * BYTES_MAX]
)
def test_what_is_no_drawing_is_refused(data: bytes) -> None:
    with pytest.raises(PictureError):
        check_svg(data)


@given(st.text(st.sampled_from("abcdefghijklmnopqrstuvwxyzIOFPG"), min_size=1, max_size=14))
def test_only_elements_that_are_known_pass(name: str) -> None:
    data = f"<svg><{name}/></svg>".encode()
    if name in ELEMENTS:
        check_svg(data)
    else:
        with pytest.raises(PictureError):
            check_svg(data)


@given(st.binary(max_size=200), st.binary(max_size=50))
def test_any_bytes_are_a_drawing_or_refused(inside: bytes, tail: bytes) -> None:
    with suppress(PictureError):  # and no other error, whatever the bytes are
        check_svg(b"<svg>" + inside + b"</svg>" + tail)
