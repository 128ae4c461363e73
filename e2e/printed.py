"""What the browser prints: its text, and what its pages look like."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pypdfium2
from PIL import Image

MARGIN = 4


@dataclass
class Document:
    """A printed page after the other."""

    pages: list[Image.Image]
    text: str


def read(pdf: bytes) -> Document:
    """The text without the line breaks of the print, and a picture of each page."""
    document = pypdfium2.PdfDocument(pdf)
    pages, texts = [], []
    for page in document:
        pages.append(page.render(scale=1.5).to_pil().convert("RGB"))
        texts.append(page.get_textpage().get_text_bounded())
    document.close()
    return Document(pages, " ".join(" ".join(texts).split()))


def look(document: Document, place: Path) -> None:
    """Keeps the pictures, and holds that each is a page: on white, with ink, and nothing cut off
    at its edges."""
    for number, page in enumerate(document.pages, 1):
        page.save(f"{place}-{number}.png")
        grey = page.convert("L")
        width, height = grey.size
        histogram = grey.histogram()
        dark = sum(histogram[:128]) / (width * height)
        white = sum(histogram[250:]) / (width * height)
        assert dark > 0.0005, f"page {number} is empty"
        assert white > 0.75, f"page {number} is not on white"
        for box in ((0, 0, MARGIN, height), (width - MARGIN, 0, width, height)):
            assert min(grey.crop(box).tobytes()) > 200, f"page {number} is cut at its edge"
