from importlib import import_module

router = import_module("newsroom.desks.wires.feed").feed
