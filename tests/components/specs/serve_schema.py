"""Reads serveConfigV2 as YAML and prints, as JSON, the keys that Ray's own schema does not know.

Ray drops or keeps unknown keys silently, so a misspelling would only show as a default that stays in force.
"""

import json
import sys
from typing import Any

import yaml
from pydantic import BaseModel
from ray.serve.config import AutoscalingConfig
from ray.serve.schema import (
    DeploymentSchema,
    HTTPOptionsSchema,
    LoggingConfig,
    RayActorOptionsSchema,
    ServeApplicationSchema,
    ServeDeploySchema,
)


def unknown(value: dict[str, Any], model: type[BaseModel], path: str) -> list[str]:
    """Return the keys of `value` that `model` has no field for, each with `path` before it."""
    return [f"{path}{key}" for key in value if key not in model.model_fields]


def main() -> None:
    """Read standard input, print a JSON list."""
    config = yaml.safe_load(sys.stdin)
    ServeDeploySchema(**config)
    found = unknown(config, ServeDeploySchema, "")
    found += unknown(config["http_options"], HTTPOptionsSchema, "http_options.")
    found += unknown(config["logging_config"], LoggingConfig, "logging_config.")
    for application in config["applications"]:
        found += unknown(application, ServeApplicationSchema, "application.")
        for deployment in application["deployments"]:
            name = deployment["name"]
            found += unknown(deployment, DeploymentSchema, f"{name}.")
            found += unknown(deployment["ray_actor_options"], RayActorOptionsSchema, f"{name}.ray_actor_options.")
            found += unknown(deployment.get("autoscaling_config", {}), AutoscalingConfig, f"{name}.autoscaling_config.")
            if "autoscaling_config" in deployment:
                AutoscalingConfig(**deployment["autoscaling_config"])
    json.dump(found, sys.stdout)


main()
