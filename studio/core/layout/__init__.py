"""Places for the nodes of a graph: in layers from left to right, long chains in rows like lines of text."""

from studio.core.layout.arrange import Arrangement, arrange
from studio.core.layout.body import ROOM, Bodies, Body, ports_below
from studio.core.layout.tidy import members, tidied

__all__ = ["ROOM", "Arrangement", "Bodies", "Body", "arrange", "members", "ports_below", "tidied"]
