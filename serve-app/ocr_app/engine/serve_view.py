"""Serve's public status of the Engine deployment, reduced to what this application needs."""

from dataclasses import dataclass

from ray import serve


@dataclass(frozen=True, slots=True)
class ServeView:
    """The Engine deployment, as Serve's controller sees it.

    Attributes:
        deploying: Whether a deploy is running or has failed, as opposed to scaling.
        running: Replicas that Serve gives requests to.
        coming: Replicas that are starting.
        message: Serve's own message on what is wrong or what it is doing.
    """

    deploying: bool
    running: int
    coming: int
    message: str


def view_engine(app_name: str) -> ServeView | None:
    """Ask Serve's controller, which takes a few milliseconds; None before it knows the deployment. Wakes no engine."""
    application = serve.status().applications.get(app_name)
    engine = application.deployments.get("Engine") if application else None
    if engine is None:
        return None
    # Keys and status come as enums or as their values, depending on how they were sent.
    counts = {str(getattr(state, "value", state)): count for state, count in engine.replica_states.items()}
    return ServeView(
        deploying=str(getattr(engine.status, "value", engine.status)) in ("UPDATING", "DEPLOY_FAILED"),
        running=counts.get("RUNNING", 0),
        coming=sum(counts.get(state, 0) for state in ("STARTING", "UPDATING", "RECOVERING")),
        message=engine.message,
    )
