"""A function that does what its event says."""

import json
import os
import time
import urllib.request

API = "http://%s/2018-06-01/runtime/" % os.environ["AWS_LAMBDA_RUNTIME_API"]


def call(path, body=None):
    return urllib.request.urlopen(urllib.request.Request(API + path, data=body))


def update_document(name):
    scope = "%s/20260101/%s/ssm/aws4_request" % (os.environ["AWS_ACCESS_KEY_ID"], os.environ["AWS_REGION"])
    headers = {
        "Authorization": "AWS4-HMAC-SHA256 Credential=%s, SignedHeaders=host, Signature=0" % scope,
        "X-Amz-Target": "AmazonSSM.UpdateDocument",
    }
    content = {"schemaVersion": "1.0", "sessionType": "Standard_Stream", "inputs": {"idleSessionTimeout": "7"}}
    body = {"Name": name, "DocumentVersion": "$LATEST", "Content": json.dumps(content)}
    request = urllib.request.Request(os.environ["AWS_ENDPOINT_URL"], data=json.dumps(body).encode(), headers=headers)
    urllib.request.urlopen(request).read()


def answer(event):
    wish = event.get("do") if isinstance(event, dict) else None
    if wish == "exit":
        os._exit(3)
    if wish == "sleep":
        time.sleep(60)
    if wish == "update":
        update_document(event["name"])
    return {"label": "LABEL", "process": os.getpid(), "environment": dict(os.environ), "event": event}


print("init", flush=True)
while True:
    with call("invocation/next") as response:
        request_id = response.headers["Lambda-Runtime-Aws-Request-Id"]
        event = json.load(response)
    print("event of", request_id, flush=True)
    if isinstance(event, dict) and event.get("do") == "fail":
        error = {"errorType": "Told", "errorMessage": "told to"}
        call("invocation/%s/error" % request_id, json.dumps(error).encode())
    else:
        call("invocation/%s/response" % request_id, json.dumps(answer(event)).encode())
