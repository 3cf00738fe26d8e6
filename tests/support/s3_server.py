"""An S3 for tests: moto, with signatures and rights enforced.

usage: s3_server.py FOLDER REQUEST_LOG
Puts the files below FOLDER/BUCKET into buckets of these names, prints its port and the access key and secret of a user who
may list and read all of them, of one who may do nothing, (with a session token) of a guest, and of one who may write as well, on
one line, and serves until its standard input ends. Every request appends "METHOD PATH?QUERY | Range | first word of Authorization | X-Amz-Security-Token" to REQUEST_LOG. Listings
have pages of two. Ends with 77 without moto.
"""
import json
import logging
import os
import sys
import threading

logging.disable(logging.CRITICAL)
os.environ["MOTO_S3_DEFAULT_MAX_KEYS"] = "2"
try:
    import boto3
    from moto import settings
    from moto.moto_server.threaded_moto_server import ThreadedMotoServer
except ImportError:
    sys.exit(77)
os.environ.update(AWS_ACCESS_KEY_ID="x", AWS_SECRET_ACCESS_KEY="y", AWS_DEFAULT_REGION="us-east-1")
os.environ.pop("AWS_SESSION_TOKEN", None)

LOG = open(sys.argv[2], "a", buffering=1)
server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
host, port = server.get_host_and_port()
url = "http://127.0.0.1:%d" % port


def client(name):
    return boto3.client(name, endpoint_url=url)


s3, iam = client("s3"), client("iam")
for bucket in sorted(os.listdir(sys.argv[1])):
    s3.create_bucket(Bucket=bucket)
    top = os.path.join(sys.argv[1], bucket)
    for at, _, names in os.walk(top):
        for name in names:
            path = os.path.join(at, name)
            s3.upload_file(path, bucket, os.path.relpath(path, top))
keys = []
for user, actions in (("reader", ["s3:ListBucket", "s3:GetObject"]), ("nobody", ["sqs:ListQueues"]),
                      ("writer", ["s3:ListBucket", "s3:GetObject", "s3:PutObject"])):
    iam.create_user(UserName=user)
    policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": actions, "Resource": "*"}]}
    iam.put_user_policy(UserName=user, PolicyName="p", PolicyDocument=json.dumps(policy))
    key = iam.create_access_key(UserName=user)["AccessKey"]
    keys += [key["AccessKeyId"], key["SecretAccessKey"]]

# Temporary credentials, good with their session token only.
iam.create_role(RoleName="guest", AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"}]}))
iam.put_role_policy(RoleName="guest", PolicyName="p", PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Action": ["s3:ListBucket", "s3:GetObject"], "Resource": "*"}]}))
session = client("sts").assume_role(RoleArn="arn:aws:iam::123456789012:role/guest", RoleSessionName="guest")["Credentials"]
keys[4:4] = [session["AccessKeyId"], session["SecretAccessKey"], session["SessionToken"]]

# moto takes the request's path with its escapes resolved, so that no signature of a key with a space or of a prefix with a
# slash fits, boto3's included: here the signature is computed of the path as it was sent.
from moto.iam.access_control import IAMRequestBase  # noqa: E402

RAW = threading.local()
init = IAMRequestBase.__init__


def init_raw(self, *args, **kwargs):
    kwargs["path"] = RAW.path
    init(self, *args, **kwargs)


IAMRequestBase.__init__ = init_raw


def noted(application):
    def answer(environ, start):
        RAW.path = environ["RAW_URI"]
        LOG.write("%s %s?%s | %s | %s | %s\n" % (environ["REQUEST_METHOD"], environ["PATH_INFO"], environ["QUERY_STRING"],
                                            environ.get("HTTP_RANGE"),
                                            (environ.get("HTTP_AUTHORIZATION") or "None").split()[0],
                                            environ.get("HTTP_X_AMZ_SECURITY_TOKEN")))
        return application(environ, start)
    return answer


server._server.app = noted(server._server.app)
settings.INITIAL_NO_AUTH_ACTION_COUNT = 0  # from here on
print(port, *keys, flush=True)
sys.stdin.read()
