"""Runs moto until standard input closes, so that it never outlives the gateway."""

import os
import sys
import threading

from moto.server import main
from moto.ssm.models import Document


def leave_with_parent():
    sys.stdin.buffer.read()
    os._exit(0)


def create_document(resource_name, cloudformation_json, *arguments, **named):
    """A stack's document without a format is in JSON, as in AWS; moto refuses it. One without a name is called after
    its place."""
    cloudformation_json["Properties"].setdefault("DocumentFormat", "JSON")
    cloudformation_json["Properties"].setdefault("Name", resource_name)
    return create_document_in(resource_name, cloudformation_json, *arguments, **named)


create_document_in = Document.create_from_cloudformation_json
Document.create_from_cloudformation_json = staticmethod(create_document)
threading.Thread(target=leave_with_parent, daemon=True).start()
main(["-H", "127.0.0.1", "-p", sys.argv[1]])
