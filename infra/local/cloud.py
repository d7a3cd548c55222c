"""MiniStack, which stands for AWS: its start, the deployment of the real template, and what it leaves undone.

`infra/decisions/ministack-differences.md` tells where it differs from AWS, and why what is done about it is done here.
"""

from __future__ import annotations

import json
import os
import shutil
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from samcli.yamlhelper import yaml_dump, yaml_parse

from places import CALLS, MINISTACK, VENV
from processes import Programs, log_of, run, wait_for_port
from screen import step
from tools import architecture, environment

REGION = "ap-northeast-1"
STACK = "kairan"
_ARTEFACTS = "kairan-artefacts"
_STATE = MINISTACK / "state"
_TEMPORARY = MINISTACK / "tmp"

SCHEDULED_TIME = "<aws.scheduler.scheduled-time>"
"""Stands in a schedule's input for the time at which it is due."""

_NO_RETRIES = Config(retries={"total_max_attempts": 1})
"""MiniStack is on this machine: it answers or it is gone."""

# AWS has no such actions: the single one covers its batch. MiniStack asks for them by name.
_BATCHES = {
    "sqs:SendMessage": "sqs:SendMessageBatch",
    "sqs:DeleteMessage": "sqs:DeleteMessageBatch",
    "sqs:ChangeMessageVisibility": "sqs:ChangeMessageVisibilityBatch",
}


class Cloud:
    """The AWS of this city."""

    def __init__(self, port: int, access_key_id: str, secret_access_key: str, stack: str = STACK) -> None:
        self.port = port
        self.stack = stack
        self.url = f"http://127.0.0.1:{port}"
        self._credentials = {"AWS_ACCESS_KEY_ID": access_key_id, "AWS_SECRET_ACCESS_KEY": secret_access_key}
        self._session = boto3.Session(access_key_id, secret_access_key, region_name=REGION)

    def client(self, service: str) -> Any:
        """A boto3 client of a service."""
        return self._session.client(service, endpoint_url=self.url, config=_NO_RETRIES)

    def environment(self) -> dict[str, str]:
        """For programs that work on this AWS with the owner's rights."""
        return environment() | self._credentials | {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
        }

    def start(self, programs: Programs) -> None:
        """Starts MiniStack with what it remembers."""
        with step("Start MiniStack", log_of("ministack")):
            shutil.rmtree(_TEMPORARY, ignore_errors=True)
            _TEMPORARY.mkdir(parents=True)
            programs.start("ministack", _ministack(), self._ministack_environment())
            wait_for_port(self.port, programs, "ministack")

    def _ministack_environment(self) -> dict[str, str]:
        # The functions inherit all of this (MiniStack adds their own), so it is kept small.
        return self._credentials | {
            "PATH": os.environ.get("PATH", ""),
            "HOME": str(MINISTACK),
            "TMPDIR": str(_TEMPORARY),
            "BIND_HOST": "127.0.0.1",
            # Browsers find every name below it on this machine: the console needs a host of its own.
            "MINISTACK_HOST": "localhost",
            "GATEWAY_PORT": str(self.port),
            "MINISTACK_REGION": REGION,
            "AWS_ENDPOINT_URL": self.url,
            "AUTH": "true",
            "PERSIST_STATE": "1",
            "STATE_DIR": str(_STATE),
            "S3_PERSIST": "1",
            "S3_DATA_DIR": str(MINISTACK / "s3"),
            # Servers that nobody asked for, on fixed ports.
            "SFTP_ENABLED": "0",
            "IOT_MTLS_ENABLED": "0",
            # Lambda sets these from the template's LoggingConfig; MiniStack does not.
            "AWS_LAMBDA_LOG_FORMAT": "JSON",
            "AWS_LAMBDA_LOG_LEVEL": "INFO",
        }

    def is_deployed(self) -> bool:
        """Whether the stack is there and whole."""
        try:
            stack = self.client("cloudformation").describe_stacks(StackName=self.stack)["Stacks"][0]
        except self.client("cloudformation").exceptions.ClientError:
            return False
        return stack["StackStatus"] in ("CREATE_COMPLETE", "UPDATE_COMPLETE")

    def deploy(self, template: Path, parameters: dict[str, str]) -> None:
        """Deploys the built template, as `sam deploy` does it on AWS."""
        self._ensure_bucket()
        overrides = [f"{name}={value}" for name, value in ({"Architecture": architecture()} | parameters).items()]
        template = _without_unknown_resources(template)
        command = ["sam", "deploy", "--template-file", template, "--stack-name", self.stack, "--s3-bucket", _ARTEFACTS]
        command += ["--capabilities", "CAPABILITY_IAM", "--no-confirm-changeset", "--no-fail-on-empty-changeset", "--no-progressbar"]
        run(
            "deploy",
            [*command, "--parameter-overrides", *overrides],
            env=self.environment(),
            advice="The log names the resource. If the template is right, start afresh: infra/local/city start --fresh",
        )
        self._settle_differences(yaml_parse(template.read_text())["Resources"])

    def _ensure_bucket(self) -> None:
        s3 = self.client("s3")
        if _ARTEFACTS not in [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]]:
            s3.create_bucket(Bucket=_ARTEFACTS, CreateBucketConfiguration={"LocationConstraint": REGION})

    def outputs(self) -> dict[str, str]:
        """The stack's outputs."""
        stack = self.client("cloudformation").describe_stacks(StackName=self.stack)["Stacks"][0]
        return {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}

    def resources(self, kind: str) -> dict[str, str]:
        """The stack's resources of a kind: logical id to physical id."""
        found = self.client("cloudformation").describe_stack_resources(StackName=self.stack)["StackResources"]
        return {each["LogicalResourceId"]: each["PhysicalResourceId"] for each in found if each["ResourceType"] == kind}

    def function_url(self, url: str) -> str:
        """Where a function URL (`https://ID.lambda-url.REGION.on.aws/`) is served here."""
        return f"{self.url}/_aws/lambda-url/{url.split('://')[1].split('.')[0]}/"

    def function_site(self, url: str) -> str:
        """The same for pages: a host of its own, so that they have the paths that they have on AWS."""
        return f"http://{url.split('://')[1].split('.')[0]}.lambda-url.{REGION}.localhost:{self.port}"

    def http_api_url(self, api_id: str) -> str:
        """Where an HTTP API (`https://ID.execute-api.REGION.amazonaws.com`) is served here: a host of its own, so that
        its pages have the paths that they have on AWS."""
        return f"http://{api_id}.execute-api.localhost:{self.port}"

    def let_sign_in_at(self, pool: str, client: str, address: str) -> None:
        """Tells the user pool where the console is here; on AWS the template knows."""
        cognito = self.client("cognito-idp")
        known = cognito.describe_user_pool_client(UserPoolId=pool, ClientId=client)["UserPoolClient"]
        wanted = {"CallbackURLs": [f"{address}/sign-in/callback"], "LogoutURLs": [f"{address}/signed-out"]}
        if any(known.get(name) != value for name, value in wanted.items()):
            # What an update may not say: what is read only, and what is empty.
            kept = {name: value for name, value in known.items() if value and name not in _READ_ONLY}
            cognito.update_user_pool_client(**(kept | wanted))

    def add_person(self, pool: str, email: str, name: str, password: str) -> None:
        """Gives somebody an account in the user pool, if they have none."""
        cognito = self.client("cognito-idp")
        attributes = {"email": email, "email_verified": "true", "name": name}
        try:
            cognito.admin_create_user(
                UserPoolId=pool,
                Username=email,
                UserAttributes=[{"Name": key, "Value": value} for key, value in attributes.items()],
                MessageAction="SUPPRESS",
            )
        except cognito.exceptions.UsernameExistsException:
            pass
        cognito.admin_set_user_password(UserPoolId=pool, Username=email, Password=password, Permanent=True)

    def update_function(self, name: str, archive: bytes) -> None:
        """Replaces a function's code."""
        self.client("lambda").update_function_code(FunctionName=name, ZipFile=archive)

    def fill_secret(self, secret_id: str, value: dict[str, str]) -> None:
        """Writes a secret, if it holds something else."""
        secrets = self.client("secretsmanager")
        if json.loads(secrets.get_secret_value(SecretId=secret_id)["SecretString"]) != value:
            secrets.put_secret_value(SecretId=secret_id, SecretString=json.dumps(value))

    def timed_inputs(self) -> list[tuple[str, str]]:
        """The functions that a schedule tells the time, each with the schedule's input."""
        return [(each["Target"]["Arn"], each["Target"]["Input"]) for each in self._timed_schedules()]

    def _timed_schedules(self) -> list[dict[str, Any]]:
        scheduler = self.client("scheduler")
        names = [each["Name"] for each in scheduler.list_schedules()["Schedules"]]
        schedules = [scheduler.get_schedule(Name=name) for name in names]
        return [each for each in schedules if SCHEDULED_TIME in each["Target"].get("Input", "")]

    def _settle_differences(self, declared: dict[str, Any]) -> None:
        for logical_id, name in self.resources("AWS::DynamoDB::Table").items():
            self._set_up_table(name, declared[logical_id]["Properties"])
        for logical_id, name in self.resources("AWS::S3::Bucket").items():
            self._set_up_bucket(name, declared[logical_id]["Properties"])
            self._allow_plain_http(name)
        for name in self.resources("AWS::IAM::Role").values():
            self._allow_batches(name)
        self._count_in_numbers()
        self._leave_timed_schedules()

    def _leave_timed_schedules(self) -> None:
        """MiniStack tells nobody the time; `ticks.py` does."""
        kept = ("Name", "ScheduleExpression", "FlexibleTimeWindow", "Target")
        for schedule in self._timed_schedules():
            self.client("scheduler").update_schedule(State="DISABLED", **{name: schedule[name] for name in kept})

    def _count_in_numbers(self) -> None:
        """MiniStack keeps a MaximumConcurrency that comes from a parameter as text, and then polls no queue any more."""
        functions = self.client("lambda")
        for source in functions.get_paginator("list_event_source_mappings").paginate().search("EventSourceMappings"):
            if most := source.get("ScalingConfig", {}).get("MaximumConcurrency"):
                scaling = {"MaximumConcurrency": int(most)}
                functions.update_event_source_mapping(UUID=source["UUID"], ScalingConfig=scaling)

    def _set_up_table(self, name: str, properties: dict[str, Any]) -> None:
        dynamodb = self.client("dynamodb")
        wanted = properties.get("TimeToLiveSpecification")
        now = dynamodb.describe_time_to_live(TableName=name)["TimeToLiveDescription"]["TimeToLiveStatus"]
        if wanted and (now == "ENABLED") != wanted["Enabled"]:
            dynamodb.update_time_to_live(TableName=name, TimeToLiveSpecification=wanted)
        if recovery := properties.get("PointInTimeRecoverySpecification"):
            dynamodb.update_continuous_backups(TableName=name, PointInTimeRecoverySpecification=recovery)

    def _set_up_bucket(self, name: str, properties: dict[str, Any]) -> None:
        rules = properties.get("LifecycleConfiguration", {}).get("Rules", [])
        if rules:
            configuration = {"Rules": [_as_api_rule(rule) for rule in rules]}
            self.client("s3").put_bucket_lifecycle_configuration(Bucket=name, LifecycleConfiguration=configuration)

    def _allow_plain_http(self, bucket: str) -> None:
        s3 = self.client("s3")
        try:
            policy = json.loads(s3.get_bucket_policy(Bucket=bucket)["Policy"])
        except s3.exceptions.ClientError:
            return
        kept = [each for each in policy["Statement"] if "aws:SecureTransport" not in json.dumps(each.get("Condition", {}))]
        if kept:
            s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps(policy | {"Statement": kept}))
        else:
            s3.delete_bucket_policy(Bucket=bucket)

    def _allow_batches(self, role: str) -> None:
        iam = self.client("iam")
        batches = []
        for policy in iam.list_role_policies(RoleName=role)["PolicyNames"]:
            if policy != "batches":
                document = iam.get_role_policy(RoleName=role, PolicyName=policy)["PolicyDocument"]
                batches += [batch for statement in document["Statement"] if (batch := _batches_of(statement))]
        if batches:
            document = json.dumps({"Version": "2012-10-17", "Statement": batches})
            iam.put_role_policy(RoleName=role, PolicyName="batches", PolicyDocument=document)


def _ministack() -> list[str | Path]:
    """How MiniStack is started: as it is, or so that it counts the calls of the functions."""
    CALLS.unlink(missing_ok=True)
    if os.environ.get("KAIRAN_RECORD_CALLS") == "yes":
        # -P: what lies beside the file is no module of MiniStack's.
        return [VENV / "bin" / "python", "-P", Path(__file__).with_name("recorded.py"), CALLS]
    return [VENV / "bin" / "ministack"]


_READ_ONLY = {"ClientSecret", "CreationDate", "LastModifiedDate"}
_UNKNOWN = {
    "AWS::Chatbot::MicrosoftTeamsChannelConfiguration",
    "AWS::Chatbot::SlackChannelConfiguration",
    "AWS::Cognito::ManagedLoginBranding",
}
"""Kinds of resources that MiniStack does not know, and refuses a template for. Nothing here works differently without."""


def _without_unknown_resources(template: Path) -> Path:
    declared = yaml_parse(template.read_text())
    declared["Resources"] = {name: one for name, one in declared["Resources"].items() if one["Type"] not in _UNKNOWN}
    here = template.with_name("template-here.yaml")
    here.write_text(yaml_dump(declared))
    return here


def _as_api_rule(rule: dict[str, Any]) -> dict[str, Any]:
    """A lifecycle rule of a template in the words of the S3 API."""
    translated = {"ID": rule["Id"], "Status": rule["Status"], "Filter": {"Prefix": rule.get("Prefix", "")}}
    if days := rule.get("ExpirationInDays"):
        translated["Expiration"] = {"Days": days}
    if rule.get("ExpiredObjectDeleteMarker"):
        translated["Expiration"] = {"ExpiredObjectDeleteMarker": True}
    if versions := rule.get("NoncurrentVersionExpiration"):
        translated["NoncurrentVersionExpiration"] = versions
    if abort := rule.get("AbortIncompleteMultipartUpload"):
        translated["AbortIncompleteMultipartUpload"] = abort
    return translated


def _batches_of(statement: dict[str, Any]) -> dict[str, Any] | None:
    """The same statement for the batch actions, if it has any."""
    actions = statement["Action"]
    batches = [_BATCHES[action] for action in ([actions] if isinstance(actions, str) else actions) if action in _BATCHES]
    return {**statement, "Action": batches} if batches else None


def move_memory(old_port: int, new_port: int) -> None:
    """Corrects the addresses in what MiniStack remembers, when its port had to change: queue URLs hold it."""
    for file in _STATE.glob("*.json"):
        text = file.read_text()
        moved = text
        for host in ("127.0.0.1", "localhost"):
            moved = moved.replace(f"{host}:{old_port}", f"{host}:{new_port}")
        if moved != text:
            file.write_text(moved)


def put_json(url: str, value: dict[str, Any]) -> None:
    """Sends a JSON object to a server of this machine."""
    request = urllib.request.Request(url, json.dumps(value).encode(), {"Content-Type": "application/json"}, method="PUT")
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=10):
        pass
