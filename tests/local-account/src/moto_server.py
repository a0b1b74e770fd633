"""Runs moto until standard input closes, so that it never outlives the gateway."""

import os
import sys
import threading

from moto.server import main


def leave_with_parent():
    sys.stdin.buffer.read()
    os._exit(0)


threading.Thread(target=leave_with_parent, daemon=True).start()
main(["-H", "127.0.0.1", "-p", sys.argv[1]])
