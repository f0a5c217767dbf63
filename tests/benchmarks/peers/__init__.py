"""The same application in each framework, and its router alone.

A module here offers `plain()` and `middleware()`, which return ASGI applications,
`lookup(chosen)`, which returns a `Lookup`, and `PACKAGES`, whose versions are printed.
A peer without one of them does not take part in that section.
"""

from __future__ import annotations
