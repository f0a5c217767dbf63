"""The one text form of each IR: for tests, for `show`, and for crash reports."""

from __future__ import annotations

from flama_compile.ir.text_facts import facts_text
from flama_compile.ir.text_plan import plan_text
from flama_compile.ir.text_routes import routes_text

__all__ = ["facts_text", "plan_text", "routes_text"]
