"""What a step of our networks takes beside torchvision's own classes: `python -m tests.benchmarks.networks`."""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from studio.engine.build import build_network
from studio.engine.pretrained import load_pretrained
from tests.torchvisions import project, torchvisions

BATCHES = {"resnet18": 4, "alexnet": 8, "googlenet": 4}
"""Photos of 224×224 in a step, so that a step takes about half a second on two cores."""

ROUNDS, WARM_UP, BUDGET = 21, 2, 1.02
AUXILIARY = 0.3

Step = Callable[[], Tensor]


def main(peers: list[str]) -> None:
    """Let both take a step in turn, the one that goes first changing, and print medians and their ratio."""
    torch.manual_seed(0)
    print(f"{'network':12}{'batch':>6}{'ours ms':>10}{'torchvision ms':>16}{'ratio':>8}   at most {BUDGET}")
    for peer in peers or BATCHES:
        other, mine = torchvisions(peer), build_network(project(peer))
        assert load_pretrained(mine, other.state_dict()).complete
        images, labels = torch.randn(BATCHES[peer], 3, 224, 224), torch.randint(1000, (BATCHES[peer],))
        steps = [step_of(network.train(), images, labels) for network in (mine, other)]
        ours, theirs = in_turn(*steps)
        ratio = statistics.median(one / two for one, two in zip(ours, theirs, strict=True))
        shown = (f"{1000 * statistics.median(times):.1f}" for times in (ours, theirs))
        print(f"{peer:12}{BATCHES[peer]:>6}{next(shown):>10}{next(shown):>16}{ratio:>8.3f}", flush=True)


def step_of(network: nn.Module, images: Tensor, labels: Tensor) -> Step:
    """Forward, backward and the optimizer; what is answered beside the scores counts 0.3, as in GoogLeNet."""
    optimizer = torch.optim.SGD(network.parameters(), 1e-4, momentum=0.9)

    def step() -> Tensor:
        answers = network(images)
        scores, *heads = answers if isinstance(answers, tuple) else (answers,)
        loss = F.cross_entropy(scores, labels) + AUXILIARY * sum(F.cross_entropy(head, labels) for head in heads)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return loss

    return step


def in_turn(first: Step, second: Step) -> tuple[list[float], list[float]]:
    """Seconds of each step of both."""
    times: tuple[list[float], list[float]] = ([], [])
    for number in range(WARM_UP + ROUNDS):
        order = ((first, times[0]), (second, times[1]))
        for step, spent in order if number % 2 else order[::-1]:
            start = time.perf_counter()
            step()
            if number >= WARM_UP:
                spent.append(time.perf_counter() - start)
    return times


if __name__ == "__main__":
    main(sys.argv[1:])
