"""What clients may rely on in the layout."""

from collections.abc import Mapping

from ocr_app.engine.types import Json

LAYOUT_SCHEMA: Mapping[str, Json] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["pages"],
    "properties": {
        "pages": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["index", "width", "height", "blocks"],
                "properties": {
                    "index": {"type": "integer", "minimum": 0},
                    "width": {"type": "integer", "minimum": 1},
                    "height": {"type": "integer", "minimum": 1},
                    "blocks": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "additionalProperties": False,
                            "required": ["label", "text", "boxes"],
                            "properties": {
                                "label": {"type": "string"},
                                "text": {"type": "string"},
                                "boxes": {
                                    "type": "array",
                                    "items": {
                                        "type": "array",
                                        "items": {"type": "integer", "minimum": 0},
                                        "minItems": 4,
                                        "maxItems": 4,
                                    },
                                },
                                "problems": {"type": "array", "items": {"type": "string"}},
                            },
                        },
                    },
                },
            },
        }
    },
}
"""JSON Schema of the text that output kind `layout` answers with."""
