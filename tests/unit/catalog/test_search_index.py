"""Search by typed text."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz import process

from bot.catalog import search_index
from bot.catalog.search_index import SearchIndex, mark


@dataclass(frozen=True)
class Book:
    name: str
    about: str = ""
    id: str = ""


def finder(*books: Book) -> SearchIndex[Book]:
    return SearchIndex(
        books, name=lambda b: b.name, words=lambda b: b.about, key=lambda b: b.id or b.name
    )


def book_names(books: list[Book]) -> list[str]:
    return [book.name for book in books]


SHELF = finder(
    Book("Red Fox", "animals"),
    Book("Foxglove", "plants poison"),
    Book("Arctic Foxes", "animals snow"),
    Book("Snowdrop", "plants"),
)


def test_beginnings_then_words_then_what_it_is_about() -> None:
    assert book_names(SHELF.search("fox", 9)) == ["Foxglove", "Red Fox", "Arctic Foxes"]
    assert book_names(SHELF.search("snow", 9)) == ["Snowdrop", "Arctic Foxes"]
    assert book_names(SHELF.search("poison", 9)) == ["Foxglove"]
    assert book_names(SHELF.search("snowdrp", 9))[0] == "Snowdrop"


def test_the_best_first_without_a_word_and_only_what_fits() -> None:
    assert book_names(SHELF.search("", 2)) == ["Red Fox", "Foxglove"]
    assert book_names(SHELF.search(" ", 9, lambda b: "plants" in b.about)) == [
        "Foxglove",
        "Snowdrop",
    ]


def test_two_of_one_name_are_told_apart_by_their_keys() -> None:
    shelf = finder(Book("Fog", id="1"), Book("Fog", id="2"), Book("fog", id="3"))
    assert len(shelf.search("fog", 9)) == 3
    for key in "123":
        assert getattr(shelf.find(key), "id", "") == key
        assert getattr(shelf.marked(mark(key)), "id", "") == key
    assert getattr(shelf.find("Fog"), "id", "") == "1"
    assert getattr(shelf.find(" FOG"), "id", "") == "1"
    assert shelf.find("frog") is None
    assert shelf.marked("0" * 12) is None


def test_what_could_not_be_chosen_is_not_there() -> None:
    assert finder(Book(""), Book("x" * 101), Book("a\nb"), Book("fit")).entries == (Book("fit"),)


@given(st.lists(st.text(max_size=20), max_size=20), st.text(max_size=30))
def test_any_names_and_any_words(texts: list[str], typed: str) -> None:
    shelf = finder(*map(Book, texts))
    found = shelf.search(typed, 5)
    assert len(found) <= 5
    assert len(set(book_names(found))) == len(found)
    for entry in shelf.entries:
        assert shelf.find(entry.name) == entry
        assert shelf.marked(mark(entry.name)) == entry


def test_search_of_thousands_compares_names_once(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[int] = []

    def extract(query: str, names: Sequence[str], **options: Any) -> Any:
        compared.append(len(names))
        return process.extract(query, names, **options)

    words = ("realistic", "vision", "anime", "paper", "light", "noir", "river", "storm", "fox")
    many = list(itertools.islice(itertools.product(words, repeat=4), 2_000))
    books = [Book(" ".join(four)) for four in many]
    shelf = finder(*books)
    monkeypatch.setattr(search_index, "process", SimpleNamespace(extract=extract))
    for typed in ("r", "realistic", "anim papr", "storm fantasy 19", "zzz"):
        shelf.search(typed, 25)
    assert compared == [2_000] * 5
