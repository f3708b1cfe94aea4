"""Values that are picked of what the trials before reached, and trials that are hopeless beside them."""

import math
import random

from studio.compiler.figures import Figure
from studio.training.sweeps.picking import Picker
from studio.training.sweeps.trials import Aim, Trial
from studio.training.sweeps.varying import Values, Varied

ACCURACY = Aim(Figure("accuracy", "Accuracy", percent=True, higher_is_better=True), 0)
VARIED = [Varied.of(text) for text in ("learning_rate=0.0001..1:log", "width=8..512:log", "optimizer=adam,sgd")]
PICKER = Picker(VARIED, ACCURACY, seed=5)


def distance(values: Values) -> float:
    """Powers of ten between the learning rate and 0.01, which is best."""
    rate = values["learning_rate"]
    assert isinstance(rate, float)
    return abs(math.log10(rate) + 2)


def tried(picker: Picker, count: int) -> list[Trial]:
    """So many trials one after the other, of which the nearer are the better."""
    trials: list[Trial] = []
    for number in range(1, count + 1):
        values = picker.values(number, trials)
        accuracy = 1 - distance(values) / 4
        trials.append(Trial(number, values, "complete", "", accuracy, (accuracy / 2, accuracy)))
    return trials


def test_values_lie_in_their_ranges_and_are_plain_numbers() -> None:
    for trial in tried(PICKER, 15):
        rate, width, optimizer = trial.values.values()
        assert (type(rate), type(width), type(optimizer)) == (float, int, str)
        assert 0.0001 <= float(str(rate)) <= 1
        assert 8 <= int(str(width)) <= 512
        assert optimizer in ("adam", "sgd")


def test_values_depend_on_the_seed_and_the_trials_before_alone() -> None:
    trials = tried(PICKER, 14)
    shuffled = random.Random(1).sample(trials, len(trials))
    assert PICKER.values(15, shuffled) == PICKER.values(15, trials)
    assert tried(Picker(VARIED, ACCURACY, seed=5), 14) == trials
    assert tried(Picker(VARIED, ACCURACY, seed=6), 2) != trials[:2]


def test_what_did_well_is_looked_at_more_closely() -> None:
    trials = tried(PICKER, 40)
    means = [sum(distance(trial.values) for trial in part) / 10 for part in (trials[:10], trials[-10:])]
    assert means[1] < means[0] / 2
    at_random = tried(Picker(VARIED, ACCURACY, "random", 5), 40)
    assert [trial.values for trial in at_random[:10]] == [trial.values for trial in trials[:10]]
    assert [trial.values for trial in at_random[10:]] != [trial.values for trial in trials[10:]]


def test_trials_beside_each_other_get_values_of_their_own() -> None:
    running = [Trial(number, PICKER.values(number, [])) for number in (1, 2)]
    assert running[0].values != running[1].values
    assert PICKER.values(3, running) not in [trial.values for trial in running]


def test_below_the_median_of_the_others_at_the_same_epoch_there_is_no_hope() -> None:
    picked = {number: PICKER.values(number, []) for number in range(1, 6)}
    others = [Trial(number, values, "complete", "", 0.9, (0.1 * number, 0.9)) for number, values in picked.items()]
    values = PICKER.values(6, others)

    def is_hopeless(*figures: float) -> bool:
        return PICKER.is_hopeless(Trial(6, values, figures=figures), others)

    assert is_hopeless(0.29)
    assert not is_hopeless(0.31)
    assert is_hopeless(0.5, 0.89)
    assert not is_hopeless(0.2, 0.91)
    assert not PICKER.is_hopeless(Trial(6, values, figures=(0.0,)), others[:4]), "too few to say"
