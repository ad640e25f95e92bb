"""A model in several files is opened by its first, and every piece has to be there."""

from __future__ import annotations

from pathlib import Path

import gguf
import pytest

from plugins.errors import KnownError
from runtime.language_model.gguf_check import check_gguf
from runtime.language_model.gguf_pieces import piece_files
from runtime.language_model.model import LanguageModel
from tests import tiny_llama


@pytest.fixture(scope="module")
def pieces(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """A true model in three files, the first of which holds no tensor."""
    folder = tmp_path_factory.mktemp("pieces")
    whole = tiny_llama.write_gguf(tiny_llama.random_llama(), folder / "whole.gguf")
    in_pieces(whole, folder / "model.gguf")
    whole.unlink()
    return sorted(folder.iterdir())


def in_pieces(whole: Path, path: Path) -> None:
    """Write a model again, in a file without tensors and two with them."""
    reader = gguf.GGUFReader(whole)
    architecture = reader.fields["general.architecture"].contents()
    most = len(reader.tensors) // 2 + 1
    writer = gguf.GGUFWriter(path, architecture, split_max_tensors=most, small_first_shard=True)
    for name, field in reader.fields.items():
        if not name.startswith("GGUF.") and name != "general.architecture":
            writer.add_key_value(name, field.contents(), field.types[0], _inner(field))
    for tensor in reader.tensors:
        writer.add_tensor(tensor.name, tensor.data, raw_dtype=tensor.tensor_type)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _inner(field: gguf.ReaderField) -> gguf.GGUFValueType | None:
    return field.types[1] if len(field.types) > 1 else None


def test_llama_cpp_opens_the_pieces_by_the_first(pieces: list[Path]) -> None:
    facts = check_gguf(pieces[0], d_model=64)
    assert (len(pieces), facts.n_tensors) == (3, 21)

    model = LanguageModel(pieces[0], n_ctx=64)
    model.close()


def test_every_piece_knows_the_others(pieces: list[Path]) -> None:
    for piece in pieces:
        assert piece_files(piece) == tuple(pieces)


def test_another_piece_than_the_first_names_it(pieces: list[Path]) -> None:
    with pytest.raises(KnownError):
        check_gguf(pieces[1])


def test_a_missing_piece_is_named_before_llama_cpp_looks(pieces: list[Path]) -> None:
    away = pieces[2].rename(pieces[2].with_suffix(".away"))
    try:
        with pytest.raises(KnownError, match=r"model-00003-of-00003\.gguf is not there"):
            LanguageModel(pieces[0], n_ctx=64)
    finally:
        away.rename(pieces[2])


@pytest.mark.parametrize(
    "name",
    ["a.gguf", "a-00000-of-00002.gguf", "a-00003-of-00002.gguf", "a-00001-of-99999.gguf",
     "-00001-of-00002.gguf", "a-1-of-2.gguf"],
)  # fmt: skip
def test_a_name_that_is_no_pieces_stands_for_itself(name: str) -> None:
    assert piece_files(Path("/x") / name) == (Path("/x") / name,)
