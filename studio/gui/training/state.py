"""The states a training goes through, each with its sentence."""

from __future__ import annotations

from enum import Enum


class State(Enum):
    """Where the training stands."""

    IDLE = "Nothing has been trained yet."
    STARTING = "The training is being prepared."
    TRAINING = "Training."
    PAUSING = "Pausing at the next step."
    PAUSED = "Paused."
    STOPPING = "Stopping at the next step; the weights are kept."
    FINISHED = "Finished."
    FAILED = "The training failed."
    DIED = "The training process has ended unexpectedly."
    ELSEWHERE = "Another process is training this run: pause or stop it where it was started."

    @property
    def is_busy(self) -> bool:
        """Whether a training of this window is under way, be it paused."""
        return self in (State.STARTING, State.TRAINING, State.PAUSING, State.PAUSED, State.STOPPING)

    @property
    def is_under_way(self) -> bool:
        """Whether a training is under way, here or elsewhere."""
        return self.is_busy or self is State.ELSEWHERE
