"""A function that does what its event says; asked by a Config rule, it judges as the rule's parameters say."""

import datetime
import json
import os
import time
import urllib.request

API = "http://%s/2018-06-01/runtime/" % os.environ["AWS_LAMBDA_RUNTIME_API"]


def call(path, body=None):
    return urllib.request.urlopen(urllib.request.Request(API + path, data=body))


def aws(service, target, body):
    key, region = os.environ["AWS_ACCESS_KEY_ID"], os.environ["AWS_REGION"]
    scope = "%s/20260101/%s/%s/aws4_request" % (key, region, service)
    headers = {
        "Authorization": "AWS4-HMAC-SHA256 Credential=%s, SignedHeaders=host, Signature=0" % scope,
        "X-Amz-Target": target,
    }
    request = urllib.request.Request(os.environ["AWS_ENDPOINT_URL"], data=json.dumps(body).encode(), headers=headers)
    return json.load(urllib.request.urlopen(request))


def update_document(name):
    content = {"schemaVersion": "1.0", "sessionType": "Standard_Stream", "inputs": {"idleSessionTimeout": "7"}}
    aws("ssm", "AmazonSSM.UpdateDocument", {"Name": name, "DocumentVersion": "$LATEST", "Content": json.dumps(content)})


def judge(event):
    told, wish = json.loads(event["invokingEvent"]), json.loads(event["ruleParameters"])
    item = told.get("configurationItem") or told.get("configurationItemSummary")
    is_gone = event["eventLeftScope"] or (item and item["configurationItemStatus"] == "ResourceDeleted")
    evaluation = {
        "ComplianceResourceType": item["resourceType"] if item else "AWS::::Account",
        "ComplianceResourceId": item["resourceId"] if item else event["accountId"],
        "ComplianceType": "NOT_APPLICABLE" if is_gone else wish.get("verdict", "COMPLIANT"),
        "Annotation": told["messageType"],
        "OrderingTimestamp": seconds(item["configurationItemCaptureTime"] if item else told["notificationCreationTime"]),
    }
    return aws(
        "config",
        "StarlingDoveService.PutEvaluations",
        {"Evaluations": [evaluation], "ResultToken": event["resultToken"], "TestMode": wish.get("test") == "yes"},
    )


def seconds(written):
    return datetime.datetime.strptime(written, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=datetime.timezone.utc).timestamp()


def answer(event):
    wish = event.get("do") if isinstance(event, dict) else None
    if wish == "exit":
        os._exit(3)
    if wish == "sleep":
        time.sleep(60)
    if wish == "update":
        update_document(event["name"])
    if isinstance(event, dict) and "invokingEvent" in event:
        return judge(event)
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
