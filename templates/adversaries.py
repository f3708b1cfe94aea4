"""Two players that learn from each other: how their turns are drawn, and the stage in which they take them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from nodes.adversarial_loss import AdversarialLoss, Kind
from nodes.objective import Detach
from studio.core.builder import Added, GraphBuilder, Source
from studio.core.graph import Graph
from studio.core.project import Stage

GENERATOR, DISCRIMINATOR = "Generator", "Discriminator"
TELLING, FOOLING, LOOK = "Discriminator's turn", "Generator's turn", "Samples"
"""Objectives: the discriminator learns to tell, the generator to fool it, and a person looks."""

FIRST_WEIGHTS = "normal:0.02"
"""How networks begin since DCGAN."""


def tell_apart(net: GraphBuilder, discriminator: Graph, kind: Kind, real: Source, made: Source) -> tuple[Added, Added]:
    """Both losses of a discriminator's turn, from which nothing comes back to the generator."""
    shown = net.add(Detach(), made)
    of_real = net.add_graph("Scores of real", DISCRIMINATOR, discriminator, real)
    of_made = net.add_graph("Scores of generated", DISCRIMINATOR, discriminator, shown)
    return (
        net.add(AdversarialLoss(kind=kind, side="real"), of_real, name="Real"),
        net.add(AdversarialLoss(kind=kind, side="generated"), of_made, name="Generated"),
    )


def fool(net: GraphBuilder, discriminator: Graph, kind: Kind, made: Source) -> Added:
    """The loss of a generator's turn."""
    scores = net.add_graph("Scores of generated", DISCRIMINATOR, discriminator, made)
    return net.add(AdversarialLoss(kind=kind, side="fooling"), scores, name="Fooling")


def turns(stage: Stage, **settings: Any) -> Stage:
    """The stage in which both take turns; the last weights are kept, since no loss tells which are best."""
    return replace(
        stage,
        objectives=(TELLING, FOOLING),
        learns=(f"{TELLING}: {DISCRIMINATOR}", f"{FOOLING}: {GENERATOR}"),
        measures=(LOOK,),
        restore_best=False,
        **settings,
    )


def beginning(*networks: str) -> Mapping[str, str]:
    """That these networks begin with the weights usual since DCGAN."""
    return dict.fromkeys(networks, FIRST_WEIGHTS)
