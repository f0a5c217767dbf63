from __future__ import annotations

import dataclasses

from flama import Component, exceptions, types


@dataclasses.dataclass(slots=True)
class Editor:
    name: str
    level: int = 0


class EditorComponent(Component):
    def resolve(self, headers: types.Headers) -> Editor:
        if "authorization" not in headers:
            raise exceptions.HTTPException(401)
        return Editor(headers["authorization"])
