"""Serve one peer with uvicorn on a free port of 127.0.0.1, which is printed.

python serve.py PEER WORK_FOLDER
"""

from __future__ import annotations

import importlib
import logging
import socket
import sys

import uvicorn


def main(peer: str, work: str) -> None:
    sys.path.append(work)
    logging.disable(logging.CRITICAL)
    app = importlib.import_module(f"peers.{peer}").plain()
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(256)
    print(listener.getsockname()[1], flush=True)
    config = uvicorn.Config(app, loop="uvloop", http="httptools", ws="none", access_log=False)
    uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    main(*sys.argv[1:])
