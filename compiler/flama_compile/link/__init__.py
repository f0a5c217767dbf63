"""Executes the facts of modules in the order Python would, and yields the route table.

How the pipeline calls it::

    workspace = Workspace(FolderTree(root), roots=("src",))      # workspace.py: the only reader
    library = Library(workspace, scan, outline, cache=Cache(root))  # library.py: facts on demand
    library.explore("shop.main")                                 # optional: scans in parallel
    table = link("shop.main:app", library, Settings(), report)   # never raises for user mistakes

`link` returns a `RouteTable`, or None when the application cannot be found (a diagnostic says why).
What is wrong with the source stands in `report`: a table that comes with errors must not be built.
Every undeclared dynamic site has a diagnostic too, with a code of `DYNAMIC_CODES`; sites that the
settings or a marker on the line declare have `DynamicSite.declared` and no diagnostic.
"""

from __future__ import annotations
