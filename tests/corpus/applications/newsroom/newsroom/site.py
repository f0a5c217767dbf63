from __future__ import annotations

from newsroom import desks, edge
from newsroom.foundation import Site
from newsroom.foundation.wiring import wire

site = Site(name="newsroom")

wire(site, desks.ALL)
edge.finish(site)
