"""Rewards that `mdm serve` computes, for TRL and verl."""

from .client import Client, RewardError

__version__ = "0.1.0"
__all__ = ["Client", "RewardError"]
