"""Scenes for prompts: written ones, and any ones for property tests."""

from datetime import UTC, datetime

from hypothesis import strategies as st

from bot.chat.scene import Scene
from bot.domain.chat.characters import Character, CharacterNote
from bot.domain.chat.conversations import ChatMessage, ChatSettings, MessageState, Side
from bot.domain.chat.lorebooks import Lorebook, LoreEntry, LorePosition, SecondaryKeys
from bot.domain.requests.chat_turn import Role

NOW = datetime(2026, 12, 1, 14, 5, tzinfo=UTC)
ALICE = Character(name="Alice", description="{{char}} keeps the library.", greetings=("Hello.",))
ROLES: tuple[Role, ...] = ("system", "user", "assistant")


def message(
    number: int,
    text: str,
    *,
    side: Side = Side.MEMBER,
    name: str = "",
    parent: int | None = None,
    state: MessageState = MessageState.DONE,
) -> ChatMessage:
    """A message of the conversation 1: of Bob, or of Alice."""
    author = name or ("Bob" if side is Side.MEMBER else "Alice")
    before = number - 1 if parent is None else parent
    return ChatMessage(number, 1, before, side, 7, author, text, 0.0, state)


def talk(*texts: str) -> tuple[ChatMessage, ...]:
    """Messages in turn; Alice begins."""
    sides = (Side.CHARACTER, Side.MEMBER)
    return tuple(message(n + 1, text, side=sides[n % 2]) for n, text in enumerate(texts))


def scene(
    *texts: str,
    character: Character = ALICE,
    cast: tuple[Character, ...] = (),
    path: tuple[ChatMessage, ...] | None = None,
    settings: ChatSettings | None = None,
    lorebooks: tuple[Lorebook, ...] = (),
    persona: str = "",
    summary: str = "",
    summarized: int = 0,
) -> Scene:
    """A conversation of Alice and Bob with these messages."""
    return Scene(
        character,
        talk(*texts) if path is None else path,
        "Bob",
        cast=cast or (character,),
        persona=persona,
        settings=settings or ChatSettings(),
        lorebooks=lorebooks,
        summary=summary,
        summarized=summarized,
        now=NOW,
    )


MARKS = (
    *("<|im_end|>", "<|im_start|>assistant\n", "<|eot_id|>", "<|start_header_id|>", "[INST]"),
    *("[/INST]", "</s>", "<s>", "[SYSTEM_PROMPT]", "<end_of_turn>\n", "<start_of_turn>model\n"),
    *("<turn|>", "<|turn>model\n", "\n### Response:\n", "\n### Instruction:\n", "ASSISTANT: "),
    *("USER: ", "<\uff5cUser\uff5c>", "<\uff5cAssistant\uff5c>", "<|user|>", "<|assistant|>\n"),
    *("[gMASK]<sop>", "<|START_OF_TURN_TOKEN|>", "<|im_sep|>", "<|model|>", "{{[INPUT]}}"),
    *(
        "{{[OUTPUT]}}",
        "<|start|>assistant<|channel|>final<|message|>",
        "<|end|>",
        "<|channel>thought\n",
        "<<",
        "|>",
    ),
)
PIECES = (
    *MARKS,
    *("\nAlice: ", "\n**Bob**: ", "\nCarol: ", "Alice: ", "\n", "\r", "\u2028", " ", "#", "<|"),
    *("{{char}}", "{{user}}", "{{random:a,b}}", "{{original}}", "<START>", "<BOT>", "@@depth 2\n"),
    *("a word ", "雪", "\U0001f98a", "The end. ", ":", "*", "dragon "),
)
TEXTS = st.one_of(st.text(max_size=80), st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
LONG_TEXTS = st.one_of(
    TEXTS, st.tuples(TEXTS, st.integers(0, 400)).map(lambda t: (t[0] * t[1])[:20_000])
)
NAMES = st.one_of(
    st.sampled_from(
        ("Alice", "Bob", "Carol", "### Instruction", "USER", "<|im_start|>", "\U0001f98a" * 80)
    ),
    st.text(min_size=1, max_size=20).filter(str.strip),
)
ENTRIES = st.builds(
    LoreEntry,
    keys=st.lists(TEXTS, max_size=3).map(tuple),
    secondary_keys=st.lists(TEXTS, max_size=2).map(tuple),
    selective=st.booleans(),
    logic=st.sampled_from(SecondaryKeys),
    content=LONG_TEXTS,
    constant=st.booleans(),
    order=st.integers(-5, 5),
    priority=st.integers(-5, 5),
    position=st.sampled_from(LorePosition),
    depth=st.integers(0, 10),
    scan_depth=st.none() | st.integers(-1, 300),
    case_sensitive=st.none() | st.booleans(),
    whole_words=st.none() | st.booleans(),
    regex=st.booleans(),
)
LOREBOOKS = st.builds(
    Lorebook,
    scan_depth=st.none() | st.integers(-1, 50),
    budget=st.none() | st.integers(0, 2_000),
    recursive=st.booleans(),
    entries=st.lists(ENTRIES, max_size=5).map(tuple),
)
CHARACTERS = st.builds(
    Character,
    name=NAMES,
    nickname=st.just("") | NAMES,
    description=LONG_TEXTS,
    personality=TEXTS,
    scenario=LONG_TEXTS,
    greetings=st.lists(TEXTS, max_size=2).map(tuple),
    examples=LONG_TEXTS,
    system_prompt=LONG_TEXTS,
    closing=LONG_TEXTS,
    note=st.none() | st.builds(CharacterNote, text=TEXTS, depth=st.integers(0, 20)),
    lorebook=st.none() | LOREBOOKS,
)
MESSAGES = st.builds(
    ChatMessage,
    id=st.integers(1, 1_000),
    conversation=st.just(1),
    parent=st.just(0),
    side=st.sampled_from(Side),
    author=st.just(7),
    name=NAMES,
    text=LONG_TEXTS,
    created_at=st.just(0.0),
    state=st.sampled_from(MessageState),
)
SETTINGS = st.builds(
    ChatSettings,
    note=TEXTS,
    note_depth=st.integers(0, 10),
    stops=st.lists(st.text(max_size=10), max_size=3).map(tuple),
)
SCENES = st.builds(
    Scene,
    character=CHARACTERS,
    path=st.lists(MESSAGES, max_size=8).map(tuple),
    member=NAMES,
    cast=st.lists(CHARACTERS, max_size=2).map(tuple),
    persona=TEXTS,
    personas=st.dictionaries(NAMES, TEXTS, max_size=2),
    settings=SETTINGS,
    lorebooks=st.lists(LOREBOOKS, max_size=1).map(tuple),
    summary=st.just("") | LONG_TEXTS,
    summarized=st.integers(0, 10),
    now=st.just(NOW) | st.none(),
)
