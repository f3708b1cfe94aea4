"""Picks the values of the next trial from what those before it reached, and gives up trials that are hopeless."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from studio.core.problem import ProjectError
from studio.training.sweeps.trials import Aim, Trial
from studio.training.sweeps.varying import Values, Varied, grid_of

if TYPE_CHECKING:
    from optuna import Study
    from optuna.distributions import BaseDistribution
    from optuna.samplers import BaseSampler
    from optuna.trial import FrozenTrial

Pick = Literal["tpe", "random", "grid"]

MISSING = "A sweep needs Optuna, which is not installed. Install it with: pip install 'layerloom[sweep]'."


@dataclass(frozen=True)
class Picker:
    """Asks Optuna, which is told all trials anew each time: what it picks depends on them and on the seed alone, so a
    sweep that was interrupted goes on as if it had not been.

    ``tpe`` is the tree-structured Parzen estimator of Bergstra et al. 2011; it begins with random values.
    """

    varied: Sequence[Varied]
    aim: Aim
    pick: Pick = "tpe"
    seed: int = 0

    def __post_init__(self) -> None:
        """Raises ProjectError where Optuna is missing."""
        try:
            import optuna
        except ImportError:
            raise ProjectError(MISSING) from None
        optuna.logging.set_verbosity(optuna.logging.WARNING)

    def values(self, number: int, others: Iterable[Trial]) -> Values:
        """The values of the trial of this number, counted from 1, beside these others."""
        if self.pick == "grid":
            return grid_of(self.varied)[number - 1]
        study = self._study(others, self._sampler(self.seed + number))
        return {name: _plain(value) for name, value in study.ask(self._distributions()).params.items()}

    def is_hopeless(self, trial: Trial, others: Iterable[Trial]) -> bool:
        """Whether its best so far is worse than the median that the others had reached at the same epoch."""
        import optuna

        pruner = optuna.pruners.MedianPruner()
        return pruner.prune(self._study(others), self._frozen(trial))

    def _sampler(self, seed: int) -> BaseSampler:
        import optuna

        if self.pick == "random":
            return optuna.samplers.RandomSampler(seed)
        # Trials that run count as bad, so that those beside them look elsewhere.
        return optuna.samplers.TPESampler(seed=seed, constant_liar=True)

    def _study(self, trials: Iterable[Trial], sampler: BaseSampler | None = None) -> Study:
        import optuna

        study = optuna.create_study(sampler=sampler)
        study.add_trials([self._frozen(trial) for trial in sorted(trials, key=lambda each: each.trial)])
        return study

    def _frozen(self, trial: Trial) -> FrozenTrial:
        """The trial as Optuna keeps it; figures are turned so that less is better."""
        import optuna

        states = optuna.trial.TrialState
        state = {"complete": states.COMPLETE, "pruned": states.PRUNED, "failed": states.FAIL}.get(trial.state)
        value = None if trial.figure is None else self.aim.turned(trial.figure)
        return optuna.trial.create_trial(
            params=dict(trial.values),
            distributions=self._distributions(),
            state=state or states.RUNNING,
            value=value if state is states.COMPLETE else None,
            intermediate_values={at: self.aim.turned(figure) for at, figure in enumerate(trial.figures)},
        )

    def _distributions(self) -> dict[str, BaseDistribution]:
        return {each.name: _distribution(each) for each in self.varied}


def _distribution(varied: Varied) -> BaseDistribution:
    import optuna.distributions as of

    if varied.listed:
        return of.CategoricalDistribution(varied.listed)
    if varied.is_whole:
        return of.IntDistribution(int(varied.low), int(varied.high), log=varied.log)
    return of.FloatDistribution(varied.low, varied.high, log=varied.log)


def _plain(value: Any) -> Any:
    """A number of Python in place of one of NumPy."""
    return value.item() if hasattr(value, "item") else value
