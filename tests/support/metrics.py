"""Reading of metrics."""

from bot.monitoring.metrics import Metrics


def sample_value(metrics: Metrics, name: str, **labels: str) -> float:
    return metrics.registry.get_sample_value(f"hordecord_{name}", labels) or 0.0
