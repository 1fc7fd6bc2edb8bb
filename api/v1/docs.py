"""The contract as JSON and as a page."""

from functools import lru_cache
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator

Json = dict[str, Any]


@lru_cache(maxsize=1)
def contract() -> Json:
    """The OpenAPI document of version 1."""
    generator: Any = SchemaGenerator
    document: Json = generator().get_schema(request=None, public=True)
    return document


@require_safe
def openapi(request: HttpRequest) -> HttpResponse:
    """GET /api/v1/openapi.json"""
    return HttpResponse(msgspec.json.encode(contract()), content_type="application/json")


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """GET /api/v1/docs: every operation, written from the contract."""
    return render(request, "api/docs.html", {"info": contract()["info"], "groups": groups(contract()), "shapes": shapes(contract())})


def groups(document: Json) -> list[Json]:
    """Operations by resource."""
    found: dict[str, list[Json]] = {}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            found.setdefault(operation["tags"][0], []).append(_operation(path, method, operation))
    return [{"name": name, "operations": operations} for name, operations in found.items()]


def _operation(path: str, method: str, operation: Json) -> Json:
    takes = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    answers = [
        {"status": status, "text": prose(answer["description"]), "shapes": _names(_schema(answer))}
        for status, answer in operation["responses"].items()
    ]
    return {
        "id": operation["operationId"],
        "method": method.upper(),
        "path": path,
        "summary": operation["summary"],
        "description": prose(operation.get("description", "")),
        "parameters": operation.get("parameters", []),
        "takes": _names(takes),
        "answers": answers,
    }


def prose(text: str) -> SafeString:
    """Text as HTML, with what stands between backticks as code."""
    parts = text.split("`")
    return format_html_join("", "{}", ((format_html("<code>{}</code>", part) if index % 2 else part,) for index, part in enumerate(parts)))


def _schema(answer: Json) -> Json:
    content: Json = next(iter(answer.get("content", {}).values()), {})
    found: Json = content.get("schema", {})
    return found


def shapes(document: Json) -> list[Json]:
    """Every struct with its fields."""
    schemas = document["components"]["schemas"]
    return [{"name": name, "text": prose(schema.get("description", "")), **_fields(schema)} for name, schema in schemas.items()]


def _fields(schema: Json) -> Json:
    required = schema.get("required", [])
    rows = [
        {
            "name": name,
            "type": _type(field),
            "refs": _names(field),
            "required": name in required,
            "text": prose(field.get("description", "")),
        }
        for name, field in schema.get("properties", {}).items()
    ]
    return {"fields": rows, "values": schema.get("enum", [])}


def _names(schema: Json | None) -> list[str]:
    """The structs that a schema points at."""
    if not schema:
        return []
    inner = [schema.get("items"), *schema.get("oneOf", []), *schema.get("anyOf", [])]
    own = [schema["$ref"].rpartition("/")[2]] if "$ref" in schema else []
    return own + [name for part in inner if isinstance(part, dict) for name in _names(part)]


def _type(schema: Json) -> str:
    """A field's type in a few words."""
    if "anyOf" in schema:
        return " or ".join(_type(part) for part in schema["anyOf"])
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items') or {})}"
    return str(schema.get("format") or schema.get("type") or "anything")
