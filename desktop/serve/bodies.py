"""The bodies of requests: read within a limit, decoded as what a route expects.

Knows JSON and forms; knows no route.
"""

from __future__ import annotations

import re
from email.message import Message
from email.parser import BytesParser
from email.policy import HTTP
from http import HTTPStatus
from typing import TypeVar

import msgspec
from starlette.requests import ClientDisconnect, Request

from desktop.serve.errors import ApiError

T = TypeVar("T", bound=msgspec.Struct)
LARGEST = 64 * 2**20
"""Bytes of a body."""
_DRAINED = 16 * LARGEST
"""Bytes of a body that is too large which are taken and forgotten: a client that is still sending
would not hear the answer."""
_PATH = re.compile(r" - at `\$\.?(.*)`$")


async def read_body(request: Request) -> bytes:
    """The whole body.

    Raises:
        ApiError: it is larger than `LARGEST`.
        ClientDisconnect: nobody sends any more.
    """
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size <= LARGEST:
            parts.append(part)
        elif size > _DRAINED:
            break
        else:
            parts.clear()
    if size > LARGEST:
        raise ApiError(
            f"the request: expected at most {LARGEST} bytes, found more. Send less at once.",
            status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            code="request_too_large",
            headers={"Connection": "close"},
        )
    return b"".join(parts)


async def read_json(request: Request, kind: type[T]) -> T:
    """The body as a JSON object.

    Raises:
        ApiError: it is too large, no JSON, or of another shape.
        ClientDisconnect: nobody sends any more.
    """
    return decoded(await read_body(request), kind)


def decoded(body: bytes, kind: type[T]) -> T:
    """JSON as what a route expects.

    Raises:
        ApiError: it is none, or of another shape.
    """
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.ValidationError as error:
        raise _misshapen(error) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ApiError(
            f"the request: expected a JSON object, found something else ({error}).",
            code="invalid_json",
        ) from error
    except RecursionError as error:
        raise ApiError(
            "the request: expected JSON that is not nested so deep.", code="invalid_json"
        ) from error


class Form:
    """The fields of a form, files among them."""

    def __init__(self, fields: dict[str, list[str]], files: dict[str, list[tuple[str, bytes]]]):
        self._fields = fields
        self.files = files
        """Names and contents, by field."""

    def to(self, kind: type[T]) -> T:
        """The fields that are no files, as what a route expects; numbers may be written as words.

        Raises:
            ApiError: they do not fit.
        """
        many = {name.removesuffix("[]"): values for name, values in self._fields.items()}
        lists = {f.encode_name for f in msgspec.structs.fields(kind) if "list[" in str(f.type)}
        plain = {name: v if name in lists else v[-1] for name, v in many.items()}
        try:
            return msgspec.convert(plain, kind, strict=False)
        except msgspec.ValidationError as error:
            raise _misshapen(error) from error

    def file(self, name: str) -> tuple[str, bytes]:
        """The name and the contents of a file.

        Raises:
            ApiError: there is none.
        """
        found = self.files.get(name) or self.files.get(f"{name}[]")
        if not found:
            raise ApiError(f"expected a file in the field {name}, found none.", param=name)
        return found[0]


async def read_form(request: Request) -> Form:
    """The body as a form (`multipart/form-data`).

    Raises:
        ApiError: it is too large, or no such form.
        ClientDisconnect: nobody sends any more.
    """
    kind = request.headers.get("content-type", "")
    body = await read_body(request)
    if not kind.lower().startswith("multipart/form-data"):
        raise ApiError("the request: expected a form (multipart/form-data), found another body.")
    head = b"Content-Type: " + kind.encode("latin-1") + b"\r\n\r\n"
    message = BytesParser(policy=HTTP).parsebytes(head + body)
    if not message.is_multipart():
        raise ApiError("the request: expected a form (multipart/form-data), found a broken one.")
    fields: dict[str, list[str]] = {}
    files: dict[str, list[tuple[str, bytes]]] = {}
    for part in message.iter_parts():
        name, content = _field(part)
        if (file := part.get_filename()) is not None:
            files.setdefault(name, []).append((file, content))
        else:
            fields.setdefault(name, []).append(content.decode("utf-8", "replace"))
    return Form(fields, files)


def _field(part: Message) -> tuple[str, bytes]:
    name = part.get_param("name", "", "content-disposition")
    content = part.get_payload(decode=True)
    return str(name), content if isinstance(content, bytes) else b""


def _misshapen(error: msgspec.ValidationError) -> ApiError:
    said = str(error)
    found = _PATH.search(said)
    param = found[1].replace("[...]", "") if found else None
    where = f"{param}: " if param else "the request: "
    return ApiError(f"{where}{_PATH.sub('', said)}.", param=param or None)


__all__ = ["LARGEST", "ClientDisconnect", "Form", "decoded", "read_body", "read_form", "read_json"]
