"""Forms by the names that people type."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cards.card import OPTION_MAX
from bot.domain.alchemy.alchemy_forms import FORMS, Form
from bot.domain.alchemy.form_names import form_named, forms_listed
from bot.errors import BadOption
from bot.i18n import LANGUAGES, Language, in_language
from bot.rules.guild_settings import GuildSettings
from cogs.alchemy import called, completions

LABEL_MAX = 100  # characters of a choice, and of what an option of a menu says about itself


@pytest.mark.parametrize("form", FORMS.values(), ids=lambda form: form.name)
def test_every_form_by_each_of_its_names(form: Form) -> None:
    assert (
        form_named(form.name)
        == form_named(form.short.upper())
        == form_named(form.label)
        == (form.name,)
    )
    assert len(form.label) <= LABEL_MAX
    assert len(form.about) <= LABEL_MAX


def test_a_list_keeps_its_order_and_takes_each_once() -> None:
    assert form_named("nsfw, Caption; NSFW check,caption") == ("nsfw", "caption")
    assert form_named("Upscale x4, anime (AnimeSharp), caption") == ("4x_AnimeSharp", "caption")
    assert form_named("") == form_named(" , ,") == ()


@pytest.mark.parametrize(
    "separator",
    [";", "\n", "\N{FULLWIDTH COMMA}", "\N{FULLWIDTH SEMICOLON}", "\N{IDEOGRAPHIC COMMA}"],
)
def test_forms_may_be_separated_by_other_commas_and_semicolons(separator: str) -> None:
    assert form_named(f"nsfw{separator}caption") == ("nsfw", "caption")
    assert completions(f"nsfw{separator}capt") == ["nsfw, caption"]
    assert completions(f"nsfw{separator}")[0] == "nsfw"


def test_all_means_everything_that_describes() -> None:
    looks = [form.name for form in FORMS.values() if form.group == "look"]
    assert list(form_named("all")) == looks
    assert set(form_named("GFPGAN, All")) == {*looks, "GFPGAN"}


def test_a_typo_names_the_word_and_the_nearest() -> None:
    with pytest.raises(BadOption, match=r"no form `captoin`\. Did you mean `caption`\?"):
        form_named("nsfw, captoin")
    with pytest.raises(BadOption, match=r"`RealESRGAN_x2plus`, `RealESRGAN_x4plus` or `Real"):
        form_named("caption, upscale")
    for word, meant in (("faces", "GFPGAN"), ("tags", "interrogation"), ("svg", "vectorize")):
        with pytest.raises(BadOption, match=f"Did you mean `{meant}`"):
            form_named(word)
    with pytest.raises(BadOption, match="Put commas between the forms: `caption, Palette`"):
        form_named("caption Palette")
    with pytest.raises(BadOption, match=r"no form `zzzz`\. Choose one from the list\.$"):
        form_named("zzzz")


@given(st.text(max_size=60))
def test_any_text_gives_forms_or_one_error(text: str) -> None:
    try:
        found = form_named(text)
    except BadOption:
        found = ()
    assert set(found) <= set(FORMS)


@given(st.lists(st.sampled_from([form.short for form in FORMS.values()]), unique=True))
def test_a_list_of_labels_is_cut_where_it_was_joined(shorts: list[str]) -> None:
    assert forms_listed(", ".join(shorts)) == shorts


def test_completions_go_on_with_the_list() -> None:
    assert len(completions("")) == len(FORMS)
    assert completions("capt") == ["caption"]
    assert completions("caption, ns")[0] == "caption, nsfw"
    after = completions("caption, ")
    assert after[0] == "caption"
    assert "caption, caption" not in after
    assert "caption, nsfw" in after
    assert completions("caption, zzzz") == []
    blocked = GuildSettings(models_blocked=("caption", FORMS["NMKD_Siax"].label))
    assert len(completions("", blocked)) == len(FORMS) - 2
    assert completions("capt", blocked) == []


def test_offered_forms_are_named_and_completed_too() -> None:
    offered = ("annotation:canny", "annotation:depth_anything_v2", "dance")
    typed = "Annotation (canny), annotation:depth_anything_v2; DANCE"
    assert form_named(typed, offered) == offered
    assert completions("nsfw, anno", offered=offered)[0] == "nsfw, annotation:canny"
    assert called("dance, annotation:canny", offered) == "dance, Annotation (canny)"
    with pytest.raises(BadOption, match="no form `annotation:canny`"):
        form_named("annotation:canny")


def test_completions_are_called_as_people_see_them_and_read_back_the_same() -> None:
    assert called("caption, 4x_AnimeSharp") == "Caption, Upscale x4, anime (AnimeSharp)"
    assert called("cap, caption") == "cap, Caption"  # unknown words stay
    for text in completions("") + completions("caption, 4x_AnimeSharp, "):
        assert form_named(called(text)) == form_named(text)
        assert len(called(text)) <= OPTION_MAX
    behind = completions(f"{called('caption, 4x_AnimeSharp')}, nsf")
    assert behind == ["caption, 4x_AnimeSharp, nsfw"]


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.code)
def test_forms_are_known_and_suggested_by_labels_of_the_language(language: Language) -> None:
    with in_language(language):
        for form in FORMS.values():
            assert form_named(form.shown) == form_named(f"{form.shown}, ") == (form.name,)
            assert form.name in completions(form.shown)
        shown = [form.shown for form in FORMS.values()]
        assert form_named(", ".join(shown)) == tuple(FORMS)
        assert called("GFPGAN") == FORMS["GFPGAN"].shown
