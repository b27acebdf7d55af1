"""Values that many tests need, with usual content unless a test says otherwise."""

from io import BytesIO

from PIL import Image


def png(width: int = 320, height: int = 200) -> bytes:
    out = BytesIO()
    Image.new("RGB", (width, height), (30, 90, 160)).save(out, "PNG")
    return out.getvalue()
