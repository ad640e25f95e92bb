"""What resembles what: exact cosine over media and words."""

from __future__ import annotations

import numpy as np
import pytest

from storage import embeddings as module
from storage.errors import LibraryError, NotFoundError
from storage.library import Library
from storage.records import Attachment, Changed, Text

MODEL = "test-encoder"


def put(library: Library, conversation: int, name: str, modality: str, vector: object) -> str:
    """A medium in a message, with its vector."""
    sha = library.media.add_bytes(name.encode(), mime="x/y", modality=modality).sha256
    library.messages.add(conversation, [Attachment(sha, name)])
    library.embeddings.put_medium(sha, MODEL, vector)  # type: ignore[arg-type]
    return sha


def test_the_nearest_come_first_across_modalities(library: Library, conversation: int) -> None:
    boat = put(library, conversation, "boat", "image", [1, 0, 0])
    horn = put(library, conversation, "horn", "audio", [2, 2, 0])
    sand = put(library, conversation, "sand", "video", [0, 0, -3])

    matches = library.embeddings.similar([5.0, 0, 0], MODEL)

    assert [m.medium.sha256 for m in matches if m.medium] == [boat, horn, sand]
    assert [m.score for m in matches] == pytest.approx([1, 0.5**0.5, 0])
    assert matches[0].conversation_id == conversation
    only = library.embeddings.similar([1, 0, 0], MODEL, modalities=["audio", "video"], limit=1)
    assert [m.medium.sha256 for m in only if m.medium] == [horn]


def test_the_search_is_exact_over_many_chunks(
    library: Library, conversation: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_AT_ONCE", 7)
    vectors = np.random.default_rng(0).normal(size=(40, 16)).astype(np.float32)
    names = [put(library, conversation, str(i), "image", v) for i, v in enumerate(vectors)]
    wanted = vectors[5] + vectors[9]

    matches = library.embeddings.similar(wanted, MODEL, limit=40)

    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    expected = np.argsort(-(unit @ wanted))
    assert [m.medium.sha256 for m in matches if m.medium] == [names[i] for i in expected]


def test_words_resemble_too(library: Library, conversation: int) -> None:
    message = library.messages.add(conversation, [Text("a lighthouse")]).id
    part = library.messages.get(message).parts[0].id
    library.embeddings.put_part(part, MODEL, [0, 1])
    put(library, conversation, "boat", "image", [1, 0])

    (match,) = library.embeddings.similar([0, 1], MODEL, modalities=["text"])

    assert (match.text, match.medium, match.part_id) == ("a lighthouse", None, part)
    both = library.embeddings.similar([0, 1], MODEL, modalities=["text", "image"])
    assert [m.medium is None for m in both] == [True, False]


def test_deleted_and_unused_media_are_not_found(library: Library, conversation: int) -> None:
    put(library, conversation, "boat", "image", [1, 0])
    loose = library.media.add_bytes(b"loose", mime="x/y", modality="image").sha256
    library.embeddings.put_medium(loose, MODEL, [1, 0])

    assert len(library.embeddings.similar([1, 0], MODEL)) == 1
    library.conversations.delete(conversation)

    assert library.embeddings.similar([1, 0], MODEL) == []


def test_a_medium_in_many_messages_comes_once_with_the_newest(
    library: Library, conversation: int
) -> None:
    sha = put(library, conversation, "boat", "image", [1, 0])
    newest = library.messages.add(conversation, [Attachment(sha)]).id

    (match,) = library.embeddings.similar([1, 0], MODEL)

    assert match.message_id == newest


def test_what_has_no_vector_yet_is_listed(library: Library, conversation: int) -> None:
    put(library, conversation, "boat", "image", [1, 0])
    new = library.media.add_bytes(b"new", mime="x/y", modality="image").sha256
    library.messages.add(conversation, [Attachment(new)])
    library.media.add_bytes(b"loose", mime="x/y", modality="image")

    assert [m.sha256 for m in library.embeddings.missing(MODEL, ["image"])] == [new]
    assert len(library.embeddings.missing("another", ["image"])) == 2
    assert library.embeddings.missing(MODEL, ["audio"]) == []


def test_a_vector_comes_back_at_unit_length(
    library: Library, conversation: int, heard: list[Changed]
) -> None:
    sha = put(library, conversation, "boat", "image", [3, 4])

    vector = library.embeddings.medium_vector(sha, MODEL)

    assert vector is not None
    np.testing.assert_allclose(vector, [0.6, 0.8], rtol=1e-6)
    assert library.embeddings.medium_vector(sha, "another") is None
    library.embeddings.put_medium(sha, MODEL, [0, 1])
    assert library.embeddings.similar([0, 1], MODEL)[0].score == pytest.approx(1)
    assert heard[-1].kinds == {"embeddings"}


@pytest.mark.parametrize("bad", [[0, 0], [np.nan, 1], [np.inf, 1], [[1, 2]], []])
def test_a_vector_that_is_none_is_refused(
    library: Library, conversation: int, bad: list[float]
) -> None:
    sha = put(library, conversation, "boat", "image", [1, 0])

    with pytest.raises(LibraryError, match="expected one vector of finite numbers"):
        library.embeddings.put_medium(sha, MODEL, bad)
    with pytest.raises(LibraryError, match="expected one vector"):
        library.embeddings.similar(bad, MODEL)


def test_a_vector_of_another_model_is_refused_with_both_lengths(
    library: Library, conversation: int
) -> None:
    put(library, conversation, "boat", "image", [1, 0])

    with pytest.raises(LibraryError, match=r"have length 2.* has length 3"):
        library.embeddings.similar([1, 0, 0], MODEL)
    assert library.embeddings.similar([1, 0, 0], "another") == []
    with pytest.raises(NotFoundError, match="no medium"):
        library.embeddings.put_medium("0" * 64, MODEL, [1])
    with pytest.raises(NotFoundError, match="no part 99"):
        library.embeddings.put_part(99, MODEL, [1])
